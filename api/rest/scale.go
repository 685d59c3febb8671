package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// scale is POST /api/release/scale/{name} (spec/rest.md §2.18).
func (h *Handler) scale(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	request := purser.ScaleReleaseRequest{Key: key(chi.URLParam(r, "name"))}
	missing := ""
	for _, app := range o.Objects("scale") {
		name, count := text(app.Text("name")), app.Int("count")
		if count == nil {
			missing = "Count of application '" + name + "' must not be null"
			count = new(int)
		}
		request.Apps = append(request.Apps, purser.AppScale{Name: name, Count: *count, Properties: app.TextMap("properties")})
	}
	if err := api.Readable(o); err != nil {
		return err
	}
	if missing != "" {
		if _, err := h.store.FindRelease(r.Context(), request.Key, 0); err != nil {
			return err
		}
		return changeFailed(&purser.Error{Code: purser.CodeInvalid, Message: missing})
	}
	release, err := h.engine.Scale(r.Context(), request)
	if err != nil {
		return changeFailed(err)
	}
	return h.release(w, r, http.StatusCreated, release)
}
