package data

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser/api"
	"purser/api/hal"
)

// item answers GET /api/<resource>/{id}.
func (h *Handler) item(x resource) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		e, err := x.find(r.Context(), chi.URLParam(r, "id"))
		if err != nil {
			return err
		}
		return h.show(w, r, x, e)
	}
}

// show answers a GET that found one element: with the element, or with 304 when the client has it.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, x resource, e element) error {
	if notModified(r.Header, e.tag) {
		setTag(w, e.tag)
		return empty(w, http.StatusNotModified)
	}
	if err := acceptable(r); err != nil {
		return err
	}
	setTag(w, e.tag)
	return h.model(w, r, http.StatusOK, x.document(base(r), r.URL.Query().Get(paramProjection), e))
}

// itemHead answers HEAD /api/<resource>/{id} with the links of the element itself.
func (h *Handler) itemHead(x resource) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		e, err := x.find(r.Context(), chi.URLParam(r, "id"))
		if err != nil {
			return err
		}
		setTag(w, e.tag)
		var own hal.Links
		for _, l := range x.itemLinks(base(r), e) {
			if l.Rel == "self" || l.Rel == x.item {
				own = append(own, l)
			}
		}
		setLinks(w, own)
		return empty(w, http.StatusNoContent)
	}
}

// ifThere hands on to next when the element exists.
func (h *Handler) ifThere(x resource, next api.Handler) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := x.find(r.Context(), chi.URLParam(r, "id")); err != nil {
			return err
		}
		return next(w, r)
	}
}
