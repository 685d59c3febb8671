package rest

import (
	"net/http"

	"purser/api/hal"
	"purser/api/skipper"
)

// cancel is POST /api/release/cancel (spec/rest.md §2.17).
func (h *Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	key, err := skipper.ReadCancel(r)
	if err != nil {
		return err
	}
	accepted, err := h.engine.Cancel(r.Context(), key)
	if err != nil {
		return err
	}
	return h.adapter.Plain(w, r, http.StatusOK, hal.Members{{Key: "accepted", Value: accepted}})
}
