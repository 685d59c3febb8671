package data

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser/api"
	"purser/api/hal"
)

// searchIndex answers GET /api/<resource>/search with the links of the searches.
func (h *Handler) searchIndex(x resource) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		index := base(r) + "/" + x.name + "/search/"
		var links hal.Links
		for _, s := range x.searches {
			links = append(links, hal.To(s.name, index+s.name+x.template(s)))
		}
		self := hal.Link{Rel: "self", Href: api.Self(r)}
		return h.model(w, r, http.StatusOK, hal.Resource{Links: append(links, self)})
	}
}

// search answers GET /api/<resource>/search/{search}: all elements that fit, in one list, or the one that fits.
func (h *Handler) search(x resource) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		s, ok := x.search(chi.URLParam(r, "search"))
		if !ok {
			return errMissing()
		}
		if err := acceptable(r); err != nil && !s.single {
			return err
		}
		query := r.URL.Query()
		found := elements(nothing)
		if names, named := query[paramName]; named {
			var err error
			if found, err = s.find(r.Context(), strings.Join(names, ",")); err != nil {
				return err
			}
		}
		if s.single {
			e, err := only(found)
			if err != nil {
				return err
			}
			return h.show(w, r, x, e)
		}
		self := hal.Link{Rel: "self", Href: api.Self(r)}
		return h.stream(w, r, func(out *hal.Writer) error {
			return x.write(out, base(r), query.Get(paramProjection), found, hal.Resource{Links: hal.Links{self}})
		})
	}
}

// ifSearch hands on to next when the resource has the search that the path names.
func (h *Handler) ifSearch(x resource, next api.Handler) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, ok := x.search(chi.URLParam(r, "search")); !ok {
			return errMissing()
		}
		return next(w, r)
	}
}
