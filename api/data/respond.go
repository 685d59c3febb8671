package data

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"purser/api"
	"purser/api/hal"
)

// causedError is a failure in the shape of Data REST: {"cause": <the same, or null>, "message": "..."} (spec/rest.md
// §3.2). It is the Err of an api.Failure.
type causedError struct {
	message string
	cause   *causedError
}

// Error implements error.
func (e *causedError) Error() string { return e.message }

// AppendFields implements hal.Fields.
func (e *causedError) AppendFields(w *hal.Writer) {
	w.Key("cause")
	if e.cause == nil {
		w.Null()
	} else {
		w.Object(e.cause)
	}
	w.Key("message")
	w.String(e.message)
}

// refusal makes a 400 in the shape of Data REST. detail is what lies behind the message, "" for nothing.
func refusal(message, detail string) error {
	shown := &causedError{message: message}
	if detail != "" {
		shown.cause = &causedError{message: detail}
	}
	return &api.Failure{Status: http.StatusBadRequest, Message: message, Err: shown}
}

// writeFailure implements api.ErrorWriter: refusals in the shape of Data REST, the rest in Skipper's.
func (h *Handler) writeFailure(w http.ResponseWriter, r *http.Request, f *api.Failure) {
	shown, ok := errors.AsType[*causedError](f)
	if !ok {
		h.adapter.WriteFailure(w, r, f)
		return
	}
	if err := h.adapter.Plain(w, r, f.Status, shown); err != nil {
		w.WriteHeader(f.Status)
	}
}

// modelTypes are the labels of documents here: others that end in +json are not served (spec/rest.md §1.1). HAL-FORMS
// is HAL without forms where there is nothing to fill in.
var modelTypes = []string{api.TypeHAL, api.TypeJSON, "application/prs.hal-forms+json"}

// acceptable refuses a request that takes none of the labels, before anything was done for it.
func acceptable(r *http.Request) error {
	if _, ok := api.Negotiate(r.Header["Accept"], modelTypes...); !ok {
		return api.NotAcceptable()
	}
	return nil
}

// model answers with a HAL document.
func (h *Handler) model(w http.ResponseWriter, r *http.Request, status int, f hal.Fields) error {
	return h.adapter.As(w, r, status, f, hal.Pretty, modelTypes...)
}

// empty answers with a status and headers alone.
func empty(w http.ResponseWriter, status int) error {
	w.WriteHeader(status)
	return nil
}

// missing answers for what is not there.
func missing(http.ResponseWriter, *http.Request) error { return errMissing() }

// noContent answers a HEAD that has nothing to say.
func noContent(w http.ResponseWriter, _ *http.Request) error { return empty(w, http.StatusNoContent) }

// onlyGet answers the OPTIONS of what can be read and nothing else.
func onlyGet(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Allow", http.MethodGet)
	return empty(w, http.StatusOK)
}

// setTag sets the ETag of an item, when it has one.
func setTag(w http.ResponseWriter, tag string) {
	if tag != "" {
		w.Header()["ETag"] = []string{tag} // in the reference's spelling; Set would write Etag
	}
}

// setLinks sets the Link header of a HEAD; placeholders stay in it.
func setLinks(w http.ResponseWriter, links hal.Links) {
	parts := make([]string, 0, len(links))
	for _, l := range links {
		parts = append(parts, "<"+l.Href+`>;rel="`+l.Rel+`"`)
	}
	w.Header().Set("Link", strings.Join(parts, ","))
}

// stream answers 200 with a document that may be long; write hands over its parts as they are done. A failure before
// the first part went out is still answered as one.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request, write func(doc *hal.Writer) error) error {
	return h.adapter.StreamAs(w, r, func(_ context.Context, doc *hal.Writer) error { return write(doc) }, modelTypes...)
}
