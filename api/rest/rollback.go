package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api/skipper"
)

// rollback is POST /api/release/rollback (spec/rest.md §2.15).
func (h *Handler) rollback(w http.ResponseWriter, r *http.Request) error {
	request, err := skipper.ReadRollback(r)
	if err != nil {
		return changeFailed(err)
	}
	return h.rolledBack(w, r, request)
}

// rollbackByPath is POST /api/release/rollback/{name}/{version}; what is in its body does not count.
func (h *Handler) rollbackByPath(w http.ResponseWriter, r *http.Request) error {
	version, err := pathNumber(chi.URLParam(r, "version"), kindInt)
	if err != nil {
		return err
	}
	return h.rolledBack(w, r, purser.RollbackRequest{Key: key(chi.URLParam(r, "name")), Version: int(version)})
}

func (h *Handler) rolledBack(w http.ResponseWriter, r *http.Request, request purser.RollbackRequest) error {
	release, err := h.engine.Rollback(r.Context(), request)
	if err != nil {
		return changeFailed(err)
	}
	return h.release(w, r, http.StatusCreated, release)
}
