package data

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// unchangeable answers PUT /api/packageMetadata/{id}: metadata do not change (spec/rest.md §10).
func unchangeable(http.ResponseWriter, *http.Request) error {
	return purser.Errorf(purser.CodeConflict,
		"Package metadata does not change once it is stored: delete it and store it anew, or upload another version")
}

// remove answers DELETE /api/packageMetadata/{id}. It asks neither for releases of the package nor for where it came
// from; only If-Match can stop it (spec/rest.md §2.25).
func (h *Handler) remove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := parseID(chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	err = h.store.Update(ctx, func(tx purser.Tx) error {
		m, err := tx.FindPackage(ctx, id)
		if err != nil {
			return err
		}
		if echo, failed := preconditionFailed(r.Header, entityTag(m.Revision)); failed {
			return &api.Failure{
				Status: http.StatusPreconditionFailed, Bare: true, Header: http.Header{"ETag": {echo}},
			}
		}
		return tx.DeletePackage(ctx, id)
	})
	if purser.ErrorCode(err) == purser.CodeNotFound {
		return errMissing()
	}
	if err != nil {
		return err
	}
	return empty(w, http.StatusNoContent)
}
