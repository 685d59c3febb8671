package rest

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/hal"
	"purser/api/skipper"
)

// upload is POST /api/package/upload (spec/rest.md §2.4).
func (h *Handler) upload(w http.ResponseWriter, r *http.Request) error {
	o, err := api.DecodeObject(r)
	if err != nil {
		return err
	}
	request := purser.UploadRequest{
		Repository: o.Text("repoName"), Name: o.Text("name"), Version: o.Text("version"),
		Extension: o.Text("extension"), Archive: o.Bytes("packageFileAsBytes"),
	}
	if err := api.Readable(o); err != nil {
		return err
	}
	metadata, err := h.packages.Upload(r.Context(), request)
	if err != nil {
		return err
	}
	return h.adapter.HAL(w, r, http.StatusCreated, hal.Resource{
		Fields: skipper.PackageMetadata(metadata),
		Links: absolute(r, rel{"install", "/api/package/install"},
			rel{"install", "/api/package/install/" + strconv.FormatInt(metadata.ID, 10)}),
	})
}

// deletePackage is DELETE /api/package/{name} (spec/rest.md §2.7).
func (h *Handler) deletePackage(w http.ResponseWriter, r *http.Request) error {
	if err := h.packages.Delete(r.Context(), chi.URLParam(r, "name")); err != nil {
		return err
	}
	return empty(w)
}
