package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
)

// deleteRelease is DELETE /api/release/{name} (spec/rest.md §2.16).
func (h *Handler) deleteRelease(w http.ResponseWriter, r *http.Request) error {
	return h.deleted(w, r, false)
}

// deleteReleaseAndPackage is DELETE /api/release/{name}/package.
func (h *Handler) deleteReleaseAndPackage(w http.ResponseWriter, r *http.Request) error {
	return h.deleted(w, r, true)
}

func (h *Handler) deleted(w http.ResponseWriter, r *http.Request, withPackage bool) error {
	release, err := h.engine.Delete(r.Context(), purser.DeleteRequest{Key: key(chi.URLParam(r, "name")), WithPackage: withPackage})
	if err != nil {
		return err
	}
	return h.release(w, r, http.StatusOK, release)
}
