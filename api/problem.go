package api

import (
	"html"
	"net/http"
	"strconv"
	"time"

	"purser/api/hal"
)

// TimeFormat is the form of dates on the wire, in UTC.
const TimeFormat = "2006-01-02T15:04:05.000-07:00"

// FormatTime gives a date in the wire's form, e.g. 2026-11-22T11:29:06.491+00:00.
func FormatTime(t time.Time) string { return t.UTC().Format(TimeFormat) }

// WriteFailure writes a failure in Skipper's form, as the request's Accept header wants it: JSON under the label asked
// for, a page for those who name HTML, and no body for those who take neither (spec/rest.md §1.1, §3.1). It implements
// ErrorWriter.
func (a *Adapter) WriteFailure(w http.ResponseWriter, r *http.Request, f *Failure) {
	accept := r.Header["Accept"]
	if f.Bare {
		w.WriteHeader(f.Status)
		return
	}
	if asksHTML(accept) {
		a.writePage(w, f)
		return
	}
	label, ok := Negotiate(accept, PlainTypes()...)
	if !ok {
		w.WriteHeader(f.Status)
		return
	}
	a.send(w, f.Status, label, hal.Compact, problem{Failure: f, at: a.clock.Now(), path: RawPath(r)})
}

// problem is the error body of Spring.
type problem struct {
	*Failure
	at   time.Time
	path string
}

// AppendFields implements hal.Fields.
func (p problem) AppendFields(w *hal.Writer) {
	w.Key("timestamp")
	w.String(FormatTime(p.at))
	w.Key("status")
	w.Int(int64(p.Status))
	w.Key("error")
	w.String(reason(p.Status))
	if p.Exception != "" {
		w.Key("exception")
		w.String(p.Exception)
	}
	w.Key("message")
	w.String(p.text())
	w.Key("path")
	w.String(p.path)
	if p.Exception == ReleaseNotFoundException {
		w.Key("releaseName")
		w.String(p.Release)
		if p.Version != nil {
			w.Key("version")
			w.Int(int64(*p.Version))
		}
	}
}

func (a *Adapter) writePage(w http.ResponseWriter, f *Failure) {
	title := strconv.Itoa(f.Status) + " " + reason(f.Status)
	page := "<!DOCTYPE html>\n<html lang=\"en\"><head><title>" + title + "</title></head>" +
		"<body><h1>" + title + "</h1><p>" + html.EscapeString(f.text()) + "</p></body></html>\n"
	reply(w, f.Status, typeHTML, []byte(page))
}

var _ hal.Fields = problem{}
