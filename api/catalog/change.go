package catalog

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// release answers POST .../release: a draft with all its artifacts becomes a released version.
func (h *Handler) release(w http.ResponseWriter, r *http.Request, c caller) error {
	entry, err := h.Releases.ReleaseVersion(r.Context(), h.named(r, c))
	if err != nil {
		return err
	}
	return h.show(w, r, c.project, entry)
}

// remove answers DELETE .../version/{v}: only drafts can be removed, and only those that no other release needs.
func (h *Handler) remove(w http.ResponseWriter, r *http.Request, c caller) error {
	id := h.named(r, c)
	err := h.Releases.RemoveVersion(r.Context(), id)
	switch purser.ErrorCode(err) {
	case "":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case purser.CodePackageInUse:
		return h.needed(r, id, err)
	}
	return err
}

func (h *Handler) named(r *http.Request, c caller) purser.VersionRequest {
	return purser.VersionRequest{Package: c.project.Name, Version: chi.URLParam(r, "version"), By: c.Subject}
}

// needed is the refusal for a release that others depend on, which it names.
func (h *Handler) needed(r *http.Request, id purser.VersionRequest, cause error) error {
	users, err := h.Store.FindPackageVersions(r.Context(), purser.PackageVersionFilter{
		DependsOn: &purser.PackageIdentifier{Name: id.Package, Version: id.Version},
	})
	if err != nil {
		return err
	}
	own := &refusal{text: purser.ErrorMessage(cause), code: codeDependents, cause: cause}
	for _, v := range users {
		p, ok := h.project(v.Package)
		if !ok {
			p.Name = v.Package // of a project that the configuration does not have any more
		}
		own.dependents = append(own.dependents, p.catalogID(v.Version))
	}
	return &api.Failure{Status: http.StatusBadRequest, Message: own.text, Err: own}
}
