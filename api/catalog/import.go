package catalog

import (
	"fmt"
	"net/http"

	"purser"
	"purser/api"
)

// importRelease answers POST .../import: a release as export gives it becomes a draft (spec/dialects.md §2.2, §2.3).
func (h *Handler) importRelease(w http.ResponseWriter, r *http.Request, c caller) error {
	o, err := readObject(w, r)
	if err != nil {
		return err
	}
	request, err := h.request(o)
	if err != nil {
		return err
	}
	v := &request.Version
	v.Package, request.By, request.Strict = c.project.Name, c.Subject, h.Strict
	for _, d := range v.Dependencies {
		if d.Package == v.Package && d.Version == v.Version {
			return conflict(fmt.Sprintf("Release %s cannot depend on itself.", v.Version))
		}
	}
	entry, err := h.Releases.Import(r.Context(), request)
	switch purser.ErrorCode(err) {
	case "":
	case purser.CodeConflict:
		return conflict(fmt.Sprintf("Release version %s already exists for project %d", v.Version, c.project.ID))
	default:
		return err
	}
	w.Header().Set("Location", api.Base(r)+versionPath(c.project, v.Version))
	reply(w, http.StatusCreated, imported(c.project, entry, request.Artifacts))
	return nil
}

// request reads what is to be imported.
func (h *Handler) request(o object) (r purser.ImportRequest, err error) {
	var found []string
	c := checker{object: o, found: &found}
	v := &r.Version
	title := c.optional("name")
	v.Version = c.version("version")
	v.Tag = value(c.optional("tag"))
	v.CreatedAt = c.moment("createdAt")
	c.needed("project") // of the server it comes from; the path counts
	c.optional("status")
	v.Notes = value(c.optional("releaseNotes"))
	v.Author = c.address("author")
	v.Metadata = c.free("metadata")
	c.each("artifacts", true, func(one checker) { r.Artifacts = append(r.Artifacts, artifactOf(one)) })
	c.each("dockerImages", false, func(one checker) {
		v.Images = append(v.Images, purser.ImageReference{
			Name: one.needed("name"), URL: one.needed("imageUrl"), Platform: value(one.optional("platform")), Metadata: one.free("metadata"),
		})
	})
	c.each("dependencies", false, func(one checker) {
		id, name := one.needed("catalogId"), one.needed("name")
		one.needed("version") // the id counts
		v.Dependencies = append(v.Dependencies, h.dependency(id, name))
	})
	v.Imported = true
	if v.Title = value(title); v.Title == "" {
		v.Title = v.Version
	}
	return r, invalid(found)
}

func artifactOf(c checker) purser.Artifact {
	return purser.Artifact{
		Name: c.needed("name"), Platform: value(c.optional("platform")), Size: c.count("size"), SHA256: c.needed("sha256"),
		Source: c.needed("downloadUrl"), Executable: c.truth("isExecutable"), Arguments: c.optional("arguments"), Metadata: c.free("metadata"),
	}
}

// value gives the text, or none.
func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
