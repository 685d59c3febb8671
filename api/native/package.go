package native

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/hal"
	"purser/api/skipper"
)

// packageDetails is GET /api/purser/packages/{id}: what is in a package. A remote one is fetched first.
func (h *Handler) packageDetails(w http.ResponseWriter, r *http.Request) error {
	text := chi.URLParam(r, "id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return badRequest("The id of a package is a whole number, not '" + text + "'")
	}
	found, err := h.Packages.Details(r.Context(), id)
	if err != nil {
		return missing(err)
	}
	base := api.Base(r)
	return h.Adapter.HAL(w, r, http.StatusOK, hal.Resource{
		Fields: details(found),
		Links: hal.Links{
			{Rel: "self", Href: api.Self(r)},
			{Rel: "packageMetadata", Href: base + "/api/packageMetadata/" + strconv.FormatInt(id, 10)},
			{Rel: "install", Href: base + "/api/package/install/" + strconv.FormatInt(id, 10)},
		},
	})
}

// details is a package on the wire: its metadata, and what it holds.
type details purser.PackageDetails

// AppendFields implements hal.Fields.
func (d details) AppendFields(w *hal.Writer) {
	skipper.PackageMetadata(d.Metadata).AppendFields(w)
	w.Key("values")
	w.Text(d.Values)
	w.Key("templates")
	w.BeginArray()
	for _, t := range d.Templates {
		w.BeginObject()
		w.Key("name")
		w.String(t.Name)
		w.Key("text")
		w.String(t.Text)
		w.EndObject()
	}
	w.EndArray()
	w.Key("readme")
	w.Text(d.Readme)
	w.Key("dependencies")
	w.BeginArray()
	for _, nested := range d.Nested {
		w.Object(details(nested))
	}
	w.EndArray()
}
