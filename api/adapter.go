package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"purser"
	"purser/api/hal"
)

// Handler answers a request or returns why it cannot; after an error it has written nothing.
type Handler func(w http.ResponseWriter, r *http.Request) error

// ErrorWriter writes a failure in a dialect's form. Adapter.WriteFailure is Skipper's.
type ErrorWriter func(w http.ResponseWriter, r *http.Request, f *Failure)

// Adapter stands between handlers that return errors and net/http. One Adapter serves all dialects of a server; it is
// safe for concurrent use.
type Adapter struct {
	log   *slog.Logger
	clock purser.Clock
	newID func() string
	bare  bool      // documents labelled as plain JSON have bare links
	pool  sync.Pool // of *hal.Writer
}

// AdapterOption changes how an Adapter works.
type AdapterOption func(a *Adapter)

// BareLinks makes documents that are labelled application/json have their links as a list, as the REST guide shows them
// (spec/rest.md §0.1). Without it only those do that are asked for with application/json;profile="bare".
func BareLinks(on bool) AdapterOption { return func(a *Adapter) { a.bare = on } }

// NewAdapter makes an Adapter. newID gives the ids by which a person finds a failure in the log.
func NewAdapter(log *slog.Logger, clock purser.Clock, newID func() string, options ...AdapterOption) *Adapter {
	a := &Adapter{
		log: log, clock: clock, newID: newID,
		pool: sync.Pool{New: func() any { return hal.NewWriter(hal.Pretty, nil) }},
	}
	for _, option := range options {
		option(a)
	}
	return a
}

// Handle makes a handler of net/http that answers failures in Skipper's form (spec/rest.md §3.1).
func (a *Adapter) Handle(h Handler) http.HandlerFunc { return a.HandleWith(h, a.WriteFailure) }

// HandleWith is Handle for a dialect that writes failures in another form. A panic of the handler becomes a failure
// with CodeInternal.
func (a *Adapter) HandleWith(h Handler, write ErrorWriter) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := a.call(h, w, r); err != nil {
			a.fail(w, r, err, write)
		}
	}
}

func (a *Adapter) call(h Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if cause, ok := p.(error); ok && errors.Is(cause, http.ErrAbortHandler) {
				panic(p)
			}
			err = &panicked{value: p, stack: debug.Stack()}
		}
	}()
	return h(w, r)
}

// panicked is a panic on its way to the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// fail writes an error, unless the answer has begun already: then the connection is cut, so that nobody takes half an
// answer for a whole one.
func (a *Adapter) fail(w http.ResponseWriter, r *http.Request, err error, write ErrorWriter) {
	f := FailureOf(err)
	if f.Status >= http.StatusInternalServerError && f.Status != http.StatusServiceUnavailable {
		f = a.internal(r, f, err)
	}
	if begun(w) {
		panic(http.ErrAbortHandler)
	}
	for key, values := range f.Header {
		w.Header()[key] = values
	}
	write(w, r, f)
}

// internal logs a fault of the server and gives its failure an id to ask for.
func (a *Adapter) internal(r *http.Request, f *Failure, err error) *Failure {
	id := a.newID()
	details := []any{"error_id", id, "method", r.Method, "path", RawPath(r), "error", err}
	if p, ok := errors.AsType[*panicked](err); ok {
		details = append(details, "stack", string(p.stack))
	}
	a.log.ErrorContext(r.Context(), "request failed", details...)
	shown := *f
	shown.ID, shown.Message = id, f.text()+" Error id: "+id
	return &shown
}

// begun tells whether the head of the answer went out already. Writers that cannot tell have not begun.
func begun(w http.ResponseWriter) bool {
	s, ok := w.(interface{ Status() int })
	return ok && s.Status() != 0
}

// HAL answers with a HAL document under the label that the request accepts: pretty-printed, no charset. It returns
// NotAcceptable when there is none.
func (a *Adapter) HAL(w http.ResponseWriter, r *http.Request, status int, f hal.Fields) error {
	if _, ok := f.(hal.Resource); !ok {
		f = hal.Resource{Fields: f} // in the bare form a document without links says so
	}
	return a.write(w, r, status, f, hal.Pretty, ModelTypes())
}

// Plain answers with compact JSON under the label that the request accepts. It returns NotAcceptable when there is none.
func (a *Adapter) Plain(w http.ResponseWriter, r *http.Request, status int, f hal.Fields) error {
	return a.write(w, r, status, f, hal.Compact, PlainTypes())
}

// As is HAL or Plain for answers with labels of their own, the preferred one first.
func (a *Adapter) As(w http.ResponseWriter, r *http.Request, status int, f hal.Fields, style hal.Style, types ...string) error {
	return a.write(w, r, status, f, style, types)
}

func (a *Adapter) write(w http.ResponseWriter, r *http.Request, status int, f hal.Fields, style hal.Style, types []string) error {
	label, err := negotiateFor(r, types)
	if err != nil {
		return err
	}
	a.send(w, status, label, style, f)
	return nil
}

// Verbatim answers 200 with a body that is text already, under one of these labels, the preferred one first. Plain text
// is labelled as UTF-8.
func (a *Adapter) Verbatim(w http.ResponseWriter, r *http.Request, body []byte, types ...string) error {
	label, err := negotiateFor(r, types)
	if err != nil {
		return err
	}
	if label == typeText {
		label += ";charset=UTF-8"
	}
	reply(w, http.StatusOK, label, body)
	return nil
}

// Note logs what a person should look at although the request was answered.
func (a *Adapter) Note(r *http.Request, event string, err error) {
	a.log.WarnContext(r.Context(), "request answered with a complaint", "event", event, "path", RawPath(r), "error", err)
}

// Form gives the links of a document that gets this label the form that goes with it. HAL, As and Stream do it
// themselves.
func (a *Adapter) Form(doc *hal.Writer, label string) {
	if label == TypeHAL {
		return // as most answers are
	}
	name, params, _ := strings.Cut(label, ";")
	profile, named := profileOf(params)
	if name == TypeJSON && (profile == "bare" || a.bare && !named) {
		doc.BareLinks()
	}
}

// maxPooled is the size in bytes from which a buffer is not kept for the next answer.
const maxPooled = 1 << 20

func (a *Adapter) send(w http.ResponseWriter, status int, label string, style hal.Style, f hal.Fields) {
	doc := a.pool.Get().(*hal.Writer)
	defer a.keep(doc)
	doc.Reset(style)
	a.Form(doc, label)
	doc.Object(f)
	reply(w, status, label, doc.Bytes())
}

// keep puts a Writer aside for the next answer.
func (a *Adapter) keep(doc *hal.Writer) {
	if cap(doc.Bytes()) <= maxPooled {
		doc.Reset(hal.Pretty)
		a.pool.Put(doc)
	}
}

func reply(w http.ResponseWriter, status int, label string, body []byte) {
	header := w.Header()
	values := []string{label, strconv.Itoa(len(body))}
	header["Content-Type"], header["Content-Length"] = values[:1:1], values[1:]
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller is gone: nobody to tell
}

// partTimeout is how long a caller may take to fetch one part of a long answer: what writes it may hold a connection to
// the store.
const partTimeout = time.Minute

// Stream answers 200 with a HAL document that may be long: f writes it, calling Flush between its parts. The memory
// needed does not depend on the length. An error after the first part has gone out cuts the connection.
func (a *Adapter) Stream(w http.ResponseWriter, r *http.Request, f func(ctx context.Context, doc *hal.Writer) error) error {
	return a.StreamAs(w, r, f, ModelTypes()...)
}

// StreamAs is Stream for documents with labels of their own, the preferred one first.
func (a *Adapter) StreamAs(w http.ResponseWriter, r *http.Request, f func(ctx context.Context, doc *hal.Writer) error, types ...string) error {
	label, err := negotiateFor(r, types)
	if err != nil {
		return err
	}
	parts := &partWriter{w: w, control: http.NewResponseController(w), label: label}
	doc := a.pool.Get().(*hal.Writer)
	defer a.keep(doc)
	doc.Reset(hal.Pretty)
	doc.Attach(parts)
	a.Form(doc, label)
	if err = f(r.Context(), doc); err == nil {
		err = doc.Close()
	}
	if err != nil {
		return parts.told(err)
	}
	_ = parts.control.SetWriteDeadline(time.Time{}) // a writer that knows no deadlines has none to lift
	return nil
}

// partWriter writes the head of an answer together with its first part, so that a failure before it can still be
// answered as one, and gives each part its time.
type partWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	label   string
	begun   bool
	gone    bool // the caller does not take any more
}

// Write implements io.Writer.
func (p *partWriter) Write(part []byte) (int, error) {
	if !p.begun {
		p.begun = true
		p.w.Header()["Content-Type"] = []string{p.label}
		p.w.WriteHeader(http.StatusOK)
	}
	_ = p.control.SetWriteDeadline(time.Now().Add(partTimeout)) // a writer that knows no deadlines waits
	n, err := p.w.Write(part)
	p.gone = err != nil
	return n, err
}

// told passes an error on, unless it is only that the caller has gone: that is nobody's fault and ends the request.
func (p *partWriter) told(err error) error {
	if p.gone {
		panic(http.ErrAbortHandler)
	}
	return err
}
