package connect

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	rpc "connectrpc.com/connect"
)

// Headers of calls over Connect.
const (
	headerTimeout  = "Connect-Timeout-Ms"
	headerEncoding = "Content-Encoding"
	headerAccept   = "Accept-Encoding"
)

// unary sees to what the library reads otherwise than the protocol has it, in calls over Connect (spec/dialects.md §1.2): a
// timeout has to be a positive number, an answer is packed for those alone that accept it, whatever the request was.
func (h *Handler) unary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" && kind != "application/proto" {
			next.ServeHTTP(w, r)
			return
		}
		if err := checkTimeout(r.Header.Values(headerTimeout)); err != nil {
			_ = h.refusals.Write(w, r, err) // the caller is gone: nobody to tell
			return
		}
		if strings.EqualFold(r.Header.Get(headerEncoding), "gzip") {
			r.Header.Del(headerEncoding)
			r.Body = &unpacked{body: r.Body, limit: h.MaxBody}
		}
		accepted := "identity"
		if acceptsGzip(strings.Join(r.Header.Values(headerAccept), ",")) {
			accepted = "gzip"
		}
		r.Header.Set(headerAccept, accepted)
		next.ServeHTTP(w, r)
	})
}

// checkTimeout refuses what is not a positive number of at most ten digits.
func checkTimeout(values []string) *rpc.Error {
	for _, value := range values {
		digits := value != "" && len(value) <= 10 && strings.Trim(value, "0123456789") == ""
		if !digits || strings.Trim(value, "0") == "" {
			return invalid(headerTimeout, "'%s' is not a positive number of milliseconds with at most ten digits", excerpt(value))
		}
	}
	return nil
}

// acceptsGzip tells whether an Accept-Encoding has gzip, and likes nothing at all better.
func acceptsGzip(header string) bool {
	weights := map[string]float64{}
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		for parameter := range strings.SplitSeq(parameters, ";") {
			if key, value, _ := strings.Cut(parameter, "="); strings.EqualFold(strings.TrimSpace(key), "q") {
				w, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
				if err == nil {
					weight = w
				}
			}
		}
		weights[strings.ToLower(strings.TrimSpace(name))] = weight
	}
	gzip, named := weights["gzip"]
	if !named {
		gzip = weights["*"]
	}
	return gzip > 0 && gzip >= weights["identity"]
}

// excerpt cuts what is too long for a message.
func excerpt(text string) string {
	const longest = 100
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "..."
}
