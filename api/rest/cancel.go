package rest

import (
	"net/http"

	"purser/api"
	"purser/api/hal"
)

// cancel is POST /api/release/cancel (spec/rest.md §2.17).
func (h *Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	name := o.Text("releaseName")
	if err := api.Readable(o); err != nil {
		return err
	}
	if name == nil {
		return errNoName()
	}
	accepted, err := h.engine.Cancel(r.Context(), key(*name))
	if err != nil {
		return err
	}
	return h.adapter.Plain(w, r, http.StatusOK, hal.Members{{Key: "accepted", Value: accepted}})
}
