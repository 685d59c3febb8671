package catalog

import (
	"errors"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// download answers GET .../artifacts/{id} with the bytes of a file, or with a part of them. Those of a released version
// need no credentials.
func (h *Handler) download(w http.ResponseWriter, r *http.Request) error {
	p, known := h.project(chi.URLParam(r, "projectIdentifier"))
	var entry purser.CatalogEntry
	var missing error
	if known {
		if entry, missing = h.entry(r.Context(), p, chi.URLParam(r, "version")); missing != nil && !isNotFound(missing) {
			return missing
		}
	}
	if !entry.Stage.Frozen() {
		if _, err := h.caller(r.Context(), r, nil); err != nil {
			return err
		}
	}
	if missing != nil {
		return missing
	}
	named := chi.URLParam(r, "artifactId")
	for _, a := range entry.Artifacts {
		if strconv.FormatInt(a.ID, 10) == named {
			return translated(h.send(w, r, a))
		}
	}
	return notFound("Artifact not found: " + named)
}

func isNotFound(err error) bool {
	f, ok := errors.AsType[*api.Failure](err)
	return ok && f.Status == http.StatusNotFound
}

// send answers with the bytes. They are never shown as a page, whatever they are.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, a purser.Artifact) error {
	if a.State != purser.ArtifactUploaded {
		return notFound("Artifact " + a.Name + " is not available, its status is " + string(a.State))
	}
	content, err := h.Releases.OpenArtifact(r.Context(), a)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	name := path.Base(strings.ReplaceAll(a.Name, `\`, "/"))
	for key, value := range map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox",
		"Content-Disposition": mime.FormatMediaType("attachment", map[string]string{"filename": name}), "Etag": strconv.Quote(a.Actual),
	} {
		w.Header().Set(key, value)
	}
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}
