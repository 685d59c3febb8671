package rest

import (
	"net/http"

	"purser/api/skipper"
)

// upgrade is POST /api/release/upgrade (spec/rest.md §2.14).
func (h *Handler) upgrade(w http.ResponseWriter, r *http.Request) error {
	request, err := skipper.ReadUpgrade(r)
	if err != nil {
		return err
	}
	release, err := h.engine.Upgrade(r.Context(), request)
	if err != nil {
		return changeFailed(err)
	}
	return h.release(w, r, http.StatusCreated, release)
}
