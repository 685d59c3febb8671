package native

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/hal"
)

// difference is GET /api/purser/releases/{name}/difference: what changes from one version to another.
func (h *Handler) difference(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "name")
	q := queryOf(r)
	from, to := q.version("from", name), q.version("to", name)
	if q.err != nil {
		return q.err
	}
	d, err := h.Engine.Difference(r.Context(), key(name), from, to)
	if err != nil {
		return err
	}
	return h.Adapter.HAL(w, r, http.StatusOK, hal.Resource{
		Fields: hal.Members{
			{Key: "name", Value: name},
			{Key: "from", Value: d.From},
			{Key: "to", Value: d.To},
			{Key: "difference", Value: difference(d.Difference)},
		},
		Links: hal.Links{hal.To("self", api.Self(r))},
	})
}

// difference is what changes, on the wire.
type difference purser.Difference

// AppendFields implements hal.Fields.
func (d difference) AppendFields(w *hal.Writer) {
	w.Key("empty")
	w.Bool(purser.Difference(d).Empty())
	w.Key("applications")
	w.BeginArray()
	for _, a := range d.Apps {
		w.BeginObject()
		w.Key("name")
		w.String(a.Name)
		w.Key("change")
		w.String(changeOf(a))
		w.Key("properties")
		w.BeginArray()
		for _, p := range a.Properties {
			w.BeginObject()
			w.Key("section")
			w.String(p.Section)
			w.Key("name")
			w.String(p.Name)
			w.Key("old")
			w.Text(p.Old)
			w.Key("new")
			w.Text(p.New)
			w.EndObject()
		}
		w.EndArray()
		w.EndObject()
	}
	w.EndArray()
}

func changeOf(a purser.AppDifference) string {
	switch {
	case a.Added:
		return "added"
	case a.Removed:
		return "removed"
	default:
		return "changed"
	}
}
