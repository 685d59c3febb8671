package data

import (
	"net/http"

	"purser/api"
	"purser/api/hal"
)

// collection answers GET /api/<resource>: one page of all elements (spec/rest.md §2.21).
func (h *Handler) collection(x resource) api.Handler {
	sortable := x.sortable()
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := acceptable(r); err != nil {
			return err
		}
		query := r.URL.Query()
		p := parsePage(query, sortable)
		found, total, err := x.list(r.Context(), p)
		if err != nil {
			return err
		}
		at := base(r)
		var links hal.Links
		for _, l := range pageAddresses(api.Base(r)+api.RawPath(r), r.URL.RawQuery, p, total) {
			links = append(links, hal.Link{Rel: l.rel, Href: l.href})
		}
		page := hal.Page{Size: p.size, TotalElements: total, TotalPages: p.totalPages(total), Number: p.number}
		return h.stream(w, r, func(out *hal.Writer) error {
			return x.write(out, at, query.Get(paramProjection), found,
				hal.Resource{Links: append(links, x.collectionLinks(at)...), Page: &page})
		})
	}
}

// collectionHead answers HEAD /api/<resource>: the collection's own links, never those of its pages.
func (h *Handler) collectionHead(x resource) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		self := hal.Link{Rel: "self", Href: api.Self(r)}
		setLinks(w, append(hal.Links{self}, x.collectionLinks(base(r))...))
		return empty(w, http.StatusNoContent)
	}
}

// write writes a list of elements, each handed over as soon as it is written, and behind it the rest of the document.
func (x resource) write(w *hal.Writer, base, projection string, found elements, rest hal.Resource) error {
	w.BeginObject()
	w.Key("_embedded")
	w.BeginObject()
	w.Key(x.name)
	w.BeginArray()
	err := found(func(e element) error {
		w.Object(x.document(base, projection, e))
		return w.Flush()
	})
	if err != nil {
		return err
	}
	w.EndArray()
	w.EndObject()
	rest.AppendFields(w)
	w.EndObject()
	return nil
}

// document is an element with its links.
func (x resource) document(base, projection string, e element) hal.Resource {
	return hal.Resource{Fields: e.shown(projection), Links: x.itemLinks(base, e)}
}
