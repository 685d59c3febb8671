package rest

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api/skipper"
)

// install is POST /api/package/install (spec/rest.md §2.5).
func (h *Handler) install(w http.ResponseWriter, r *http.Request) error {
	request, err := skipper.ReadInstall(r)
	if err != nil {
		return err
	}
	return h.installed(w, r, request)
}

// installByID is POST /api/package/install/{id} (spec/rest.md §2.6).
func (h *Handler) installByID(w http.ResponseWriter, r *http.Request) error {
	id, err := pathNumber(chi.URLParam(r, "id"), kindLong)
	if err != nil {
		return err
	}
	request, err := skipper.ReadInstallProperties(r)
	if err != nil {
		return err
	}
	if id == 0 { // in a request 0 means that there is no id
		return purser.Errorf(purser.CodeNotFound, "Package with id='0' can not be found.")
	}
	request.PackageID = id
	return h.installed(w, r, request)
}

func (h *Handler) installed(w http.ResponseWriter, r *http.Request, request purser.InstallRequest) error {
	release, err := h.engine.Install(r.Context(), request)
	if err != nil {
		return changeFailed(err)
	}
	return h.release(w, r, http.StatusCreated, release)
}
