package catalog

import (
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// list answers GET .../project/{p}: all releases of the project, the newest version first.
func (h *Handler) list(w http.ResponseWriter, r *http.Request, c caller) error {
	versions, err := h.Store.FindPackageVersions(r.Context(), purser.PackageVersionFilter{Package: c.project.Name})
	if err != nil {
		return err
	}
	ids := []int64{}
	for _, v := range versions {
		ids = append(ids, v.ID)
	}
	artifacts, err := h.Store.FindArtifacts(r.Context(), purser.ArtifactFilter{Versions: ids})
	if err != nil {
		return err
	}
	of := map[int64][]purser.Artifact{}
	for _, a := range artifacts {
		of[a.VersionID] = append(of[a.VersionID], a)
	}
	latest := purser.LatestReleased(versions)
	slices.SortStableFunc(versions, func(a, b purser.PackageVersion) int { return purser.CompareVersions(b.Version, a.Version) })
	releases := []release{}
	for _, v := range versions {
		entry := purser.CatalogEntry{PackageVersion: v, Artifacts: of[v.ID]}
		releases = append(releases, shown(c.project, entry, latest != nil && latest.Version == v.Version, api.Base(r)))
	}
	reply(w, http.StatusOK, releases)
	return nil
}

// read answers GET .../version/{v}.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, c caller) error {
	entry, err := h.entry(r.Context(), c.project, chi.URLParam(r, "version"))
	if err != nil {
		return err
	}
	return h.show(w, r, c.project, entry)
}

// show answers with a release.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, p Project, entry purser.CatalogEntry) error {
	latest, err := h.isLatest(r.Context(), entry.PackageVersion)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, shown(p, entry, latest, api.Base(r)))
	return nil
}

// entry finds a release with its artifacts.
func (h *Handler) entry(ctx context.Context, p Project, version string) (entry purser.CatalogEntry, err error) {
	var found []purser.PackageVersion
	if version != "" { // a filter without one fits all
		found, err = h.Store.FindPackageVersions(ctx, purser.PackageVersionFilter{Package: p.Name, Version: version})
	}
	if err != nil {
		return entry, err
	}
	if len(found) == 0 {
		return entry, notFound("Release not found: " + version)
	}
	entry.PackageVersion = found[0]
	entry.Artifacts, err = h.Store.FindArtifacts(ctx, purser.ArtifactFilter{Versions: []int64{found[0].ID}})
	return entry, err
}

func (h *Handler) isLatest(ctx context.Context, v purser.PackageVersion) (bool, error) {
	if v.Stage != purser.PackageReleased {
		return false, nil
	}
	released, err := h.Store.FindPackageVersions(ctx, purser.PackageVersionFilter{Package: v.Package, Stages: []purser.PackageStage{purser.PackageReleased}})
	latest := purser.LatestReleased(released)
	return latest != nil && latest.Version == v.Version, err
}
