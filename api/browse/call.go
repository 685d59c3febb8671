package browse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

// maxAnswer is the size in bytes that an answer of the API may have to be shown.
const maxAnswer = 32 << 20

// acceptAPI is what pages ask the API for; the last entry makes it answer in its own type where it has no JSON.
const acceptAPI = "application/hal+json, application/json;q=0.9, */*;q=0.5"

// answer is what the API said to a request of a page.
type answer struct {
	status int
	header http.Header
	body   []byte
	stream bool // it is one without an end, and was left
	long   bool // it is longer than maxAnswer, and was left
}

// call sends a request to the API, in this process. body is JSON, nil for none.
func (v *visit) call(method, target string, body any) (*answer, error) {
	r, cancel, err := v.request(method, target, body)
	if err != nil {
		return nil, err
	}
	defer cancel()
	rec := &recorder{header: http.Header{}, leave: cancel}
	if err := serve(v.next, rec, r); err != nil {
		return nil, err
	}
	return &answer{status: rec.Status(), header: rec.header, body: rec.body.Bytes(), stream: rec.stream, long: rec.long}, nil
}

// get is call for reading.
func (v *visit) get(target string) (*answer, error) { return v.call(http.MethodGet, target, nil) }

// fetch reads a resource into out. False: the API refused, e.g. because there is no such thing.
func (v *visit) fetch(target string, out any) (bool, error) {
	a, err := v.get(target)
	if err != nil || a.failed() {
		return false, err
	}
	return true, a.decode(out)
}

// request makes a request to the API with the headers of the browser's.
func (v *visit) request(method, target string, body any) (*http.Request, context.CancelFunc, error) {
	path, query, _ := strings.Cut(target, "?")
	decoded, err := url.PathUnescape(path)
	if err != nil {
		decoded = path // the API says what is wrong with it
	}
	ctx, cancel := context.WithCancel(context.WithValue(v.r.Context(), chi.RouteCtxKey, chi.NewRouteContext()))
	r := v.r.Clone(ctx)
	r.Method, r.RequestURI = method, target
	r.URL = &url.URL{Path: decoded, RawPath: path, RawQuery: query}
	r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
	r.Body, r.ContentLength, r.TransferEncoding = http.NoBody, 0, nil
	for _, name := range []string{
		"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range",
		"Content-Type", "Content-Length", "Content-Encoding", "Accept-Encoding", "Expect",
	} {
		r.Header.Del(name)
	}
	r.Header.Set("Accept", acceptAPI)
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			cancel()
			return nil, nil, fmt.Errorf("writing a request to the API: %w", err)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		r.Header.Set("Content-Type", api.TypeJSON)
	}
	return r, cancel, nil
}

// serve hands a request on. An answer that was left, or broke off, is no panic of the page.
func serve(next http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		cause, ok := p.(error)
		if !ok || !errors.Is(cause, http.ErrAbortHandler) {
			panic(p)
		}
		if rec, ok := w.(*recorder); !ok || !rec.stream && !rec.long {
			err = errors.New("the answer of the API broke off")
		}
	}()
	next.ServeHTTP(w, r)
	return nil
}

func (a *answer) failed() bool { return a.status >= http.StatusBadRequest }

// decode reads the answer as JSON, and makes its texts inert.
func (a *answer) decode(out any) error {
	if a.long {
		return errLong()
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return fmt.Errorf("reading an answer of the API: %w", err)
	}
	cleanAll(out)
	return nil
}

func errLong() error {
	return &api.Failure{
		Status: http.StatusInsufficientStorage, Exception: api.SkipperException,
		Message: fmt.Sprintf("The answer is longer than %d bytes, which is more than a page shows; ask the API for it.", maxAnswer),
	}
}

// mediaType is the type of the answer without parameters.
func (a *answer) mediaType() string {
	name, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(name))
}

func (a *answer) isJSON() bool {
	name := a.mediaType()
	return name == api.TypeJSON || strings.HasSuffix(name, "+json")
}

// recorder is the writer that an answer of the API goes into.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
	leave  context.CancelFunc
	stream bool
	long   bool
}

// Header implements http.ResponseWriter.
func (rec *recorder) Header() http.Header { return rec.header }

// Status tells whether the answer has begun: 0 when it has not.
func (rec *recorder) Status() int { return rec.code }

// WriteHeader implements http.ResponseWriter. A stream has no end to wait for.
func (rec *recorder) WriteHeader(status int) {
	if rec.code != 0 {
		return
	}
	rec.code = status
	if strings.HasPrefix(rec.header.Get("Content-Type"), "text/event-stream") {
		rec.stream = true
		rec.leave()
	}
}

// Write implements io.Writer.
func (rec *recorder) Write(part []byte) (int, error) {
	rec.WriteHeader(http.StatusOK)
	if rec.stream || rec.long {
		return 0, errLeft
	}
	if rec.body.Len()+len(part) > maxAnswer {
		rec.long = true
		rec.leave()
		return 0, errLeft
	}
	return rec.body.Write(part)
}

// Flush implements http.Flusher.
func (rec *recorder) Flush() {}

var errLeft = errors.New("nobody reads this answer any more")
