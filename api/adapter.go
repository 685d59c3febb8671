package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"

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
	pool  sync.Pool // of *hal.Writer
}

// NewAdapter makes an Adapter. newID gives the ids by which a person finds a failure in the log.
func NewAdapter(log *slog.Logger, clock purser.Clock, newID func() string) *Adapter {
	return &Adapter{
		log: log, clock: clock, newID: newID,
		pool: sync.Pool{New: func() any { return hal.NewWriter(hal.Pretty, nil) }},
	}
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
	attrs := []slog.Attr{
		slog.String("errorId", id), slog.String("method", r.Method), slog.String("path", RawPath(r)), slog.Any("error", err),
	}
	if p, ok := errors.AsType[*panicked](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	a.log.LogAttrs(r.Context(), slog.LevelError, "request failed", attrs...)
	shown := *f
	shown.Message = f.text() + " Error id: " + id
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

// maxPooled is the size in bytes from which a buffer is not kept for the next answer.
const maxPooled = 1 << 20

func (a *Adapter) send(w http.ResponseWriter, status int, label string, style hal.Style, f hal.Fields) {
	doc := a.pool.Get().(*hal.Writer)
	doc.Reset(style)
	doc.Object(f)
	body := doc.Bytes()
	header := w.Header()
	header["Content-Type"] = []string{label}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller is gone: nobody to tell
	if cap(body) <= maxPooled {
		a.pool.Put(doc)
	}
}

// Stream answers 200 with a HAL document that may be long: f writes it, calling Flush between its parts. The memory
// needed does not depend on the length. An error after the first part has gone out cuts the connection.
func (a *Adapter) Stream(w http.ResponseWriter, r *http.Request, f func(ctx context.Context, doc *hal.Writer) error) error {
	label, err := negotiateFor(r, ModelTypes())
	if err != nil {
		return err
	}
	doc := hal.Stream(hal.Pretty, &lateHead{w: w, label: label})
	if err := f(r.Context(), doc); err != nil {
		return err
	}
	return doc.Close()
}

// lateHead writes the head of an answer together with its first bytes, so that a failure before them can still be
// answered as one.
type lateHead struct {
	w     http.ResponseWriter
	label string
	begun bool
}

func (l *lateHead) Write(p []byte) (int, error) {
	if !l.begun {
		l.begun = true
		l.w.Header()["Content-Type"] = []string{l.label}
		l.w.WriteHeader(http.StatusOK)
	}
	return l.w.Write(p)
}
