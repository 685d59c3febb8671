package catalog

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

// exported is a release in the form that an import takes.
type exported struct {
	Name         string          `json:"name"`
	Version      string          `json:"version"`
	Tag          string          `json:"tag,omitempty"`
	CreatedAt    moment          `json:"createdAt"`
	Project      string          `json:"project"`
	Status       string          `json:"status"`
	ReleaseNotes string          `json:"releaseNotes,omitempty"`
	Author       string          `json:"author"`
	Metadata     json.RawMessage `json:"metadata,omitempty"`
	Artifacts    []exportedFile  `json:"artifacts"`
	DockerImages []exportedImage `json:"dockerImages,omitempty"`
	Dependencies []dependency    `json:"dependencies,omitempty"`
}

type exportedFile struct {
	Name         string          `json:"name"`
	Platform     string          `json:"platform,omitempty"`
	Size         int64           `json:"size"`
	SHA256       string          `json:"sha256"`
	DownloadURL  string          `json:"downloadUrl"`
	IsExecutable *bool           `json:"isExecutable,omitempty"`
	Arguments    *string         `json:"arguments,omitempty"`
	Metadata     json.RawMessage `json:"metadata,omitempty"`
}

type exportedImage struct {
	Name     string          `json:"name"`
	ImageURL string          `json:"imageUrl"`
	Platform string          `json:"platform,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

// export answers GET .../export with what an import takes. The artifacts are at this server; those of a released version
// can be fetched without credentials.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, c caller) error {
	entry, err := h.entry(r.Context(), c.project, chi.URLParam(r, "version"))
	if err != nil {
		return err
	}
	out := exported{
		Name: entry.Title, Version: entry.Version, Tag: entry.Tag, CreatedAt: moment(entry.CreatedAt), Project: c.project.Name, Status: string(entry.Stage),
		ReleaseNotes: entry.Notes, Author: entry.Author, Metadata: json.RawMessage(entry.Metadata), Artifacts: []exportedFile{},
		Dependencies: dependenciesOf(entry.PackageVersion),
	}
	for _, a := range entry.Artifacts {
		out.Artifacts = append(out.Artifacts, exportedFile{
			Name: a.Name, Platform: a.Platform, Size: a.Size, SHA256: a.SHA256, DownloadURL: downloadURL(api.Base(r), c.project, entry.Version, a),
			IsExecutable: a.Executable, Arguments: a.Arguments, Metadata: json.RawMessage(a.Metadata),
		})
	}
	for _, i := range entry.Images {
		out.DockerImages = append(out.DockerImages, exportedImage{Name: i.Name, ImageURL: i.URL, Platform: i.Platform, Metadata: json.RawMessage(i.Metadata)})
	}
	reply(w, http.StatusOK, out)
	return nil
}
