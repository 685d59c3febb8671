package akkeris

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"purser/api"
)

// rateLimit is what every answer says is left of the caller's requests (spec/dialects.md §4.2). Nothing is counted.
const rateLimit = "2400"

// head sets what all answers have in common.
func head(w http.ResponseWriter) {
	w.Header()["Content-Type"] = []string{api.TypeJSON}
	w.Header()["RateLimit-Remaining"] = []string{rateLimit} // spelt as the contract has it
}

// compressed says in the head that the body is, or may be, compressed. It tells whether it is.
func compressed(w http.ResponseWriter, r *http.Request) bool {
	w.Header()["Vary"] = []string{"Accept-Encoding"}
	if !acceptsGzip(r.Header.Values("Accept-Encoding")) {
		return false
	}
	w.Header()["Content-Encoding"] = []string{"gzip"}
	return true
}

// write answers with a body that is known as a whole.
func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	head(w)
	if len(body) > 0 && compressed(w, r) {
		var small bytes.Buffer
		z := gzip.NewWriter(&small)
		_, _ = z.Write(body) // a buffer takes everything
		_ = z.Close()
		body = small.Bytes()
	}
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller is gone: nobody to tell
}

// reply answers with JSON.
func reply(v *visit, status int, answer any) error {
	body, err := marshal(answer)
	if err != nil {
		return err
	}
	write(v.w, v.r, status, body)
	return nil
}

// marshal gives compact JSON in which nothing is escaped that need not be.
func marshal(answer any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(answer)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// acceptsGzip reads Accept-Encoding headers.
func acceptsGzip(headers []string) bool {
	named, others := -1.0, 0.0 // weights; below 0: not said
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		if name, value, ok := strings.Cut(parameters, "="); ok && strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				q = 0
			}
			weight = q
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			named = max(named, weight)
		case "*":
			others = weight
		}
	}
	if named >= 0 {
		return named > 0
	}
	return others > 0
}

// partSize is how much of a long answer is sent at once, in bytes before compression; partTimeout is how long the caller may
// take for it.
const (
	partSize    = 32 << 10
	partTimeout = time.Minute
)

// stream is a long answer on its way: a list, whose memory does not depend on its length. Nothing is sent before the first
// part is full, so that a failure until then can still be answered as one.
type stream struct {
	v     *visit
	part  bytes.Buffer
	body  io.Writer    // where parts go; nil before the first one
	zip   *gzip.Writer // nil: it is not compressed
	count int          // elements so far
}

// add puts an element into the list.
func (s *stream) add(element any) error {
	body, err := marshal(element)
	if err != nil {
		return err
	}
	s.part.WriteByte(map[bool]byte{true: '[', false: ','}[s.count == 0])
	s.part.Write(body)
	s.count++
	if s.part.Len() < partSize {
		return nil
	}
	s.send()
	return nil
}

// send hands the part over. A caller that does not take it ends the request.
func (s *stream) send() {
	if s.body == nil {
		s.body = s.v.w
		head(s.v.w)
		if compressed(s.v.w, s.v.r) {
			s.zip = gzip.NewWriter(s.v.w)
			s.body = s.zip
		}
		s.v.w.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(s.v.w).SetWriteDeadline(time.Now().Add(partTimeout)) // a writer that knows no deadlines waits
	if _, err := s.body.Write(s.part.Bytes()); err != nil {
		panic(http.ErrAbortHandler) // the caller is gone, which is nobody's fault
	}
	s.part.Reset()
}

// end closes the list.
func (s *stream) end() {
	if s.count == 0 {
		s.part.WriteByte('[')
	}
	s.part.WriteByte(']')
	if s.body == nil {
		write(s.v.w, s.v.r, http.StatusOK, s.part.Bytes())
		return
	}
	s.send()
	if s.zip != nil && s.zip.Close() != nil {
		panic(http.ErrAbortHandler)
	}
	_ = http.NewResponseController(s.v.w).SetWriteDeadline(time.Time{})
}

// moment is a date on the wire: in UTC, with milliseconds. The zero time is null.
type moment time.Time

const momentForm = "2006-01-02T15:04:05.000Z"

// MarshalJSON implements json.Marshaler.
func (m moment) MarshalJSON() ([]byte, error) {
	if t := time.Time(m); !t.IsZero() {
		return []byte(`"` + t.UTC().Format(momentForm) + `"`), nil
	}
	return []byte("null"), nil
}
