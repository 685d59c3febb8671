package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// rollback is POST /api/release/rollback (spec/rest.md §2.15).
func (h *Handler) rollback(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	name, version := o.Text("releaseName"), o.Int("version")
	request := purser.RollbackRequest{Key: key(text(name)), Timeout: timeout(o)}
	if err := api.Readable(o); err != nil {
		return err
	}
	if name == nil {
		return errNoName()
	}
	if version == nil {
		return purser.Errorf(purser.CodeInvalid, "Rollback version must not be null")
	}
	request.Version = *version
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
		return err
	}
	return h.release(w, r, http.StatusCreated, release)
}
