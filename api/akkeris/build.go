package akkeris

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"purser"
)

// buildStatus is how far a build has come.
type buildStatus string

// The statuses.
const (
	buildSucceeded buildStatus = "succeeded"
	buildPending   buildStatus = "pending"
	buildFailed    buildStatus = "failed"
)

// build is a version of an app's package: one that can be installed, or one that is not released yet.
type build struct {
	id        string // UUID, which stays when the version is released
	packageID int64  // 0: it cannot be installed
	name      string // of the package
	version   string
	createdAt time.Time
	status    buildStatus
}

// unfinished are the stages of package versions that nobody can install yet.
var unfinished = []purser.PackageStage{purser.PackageDraft, purser.PackageInReview, purser.PackageApproved, purser.PackageError}

// draftRepository gives the name of the repository that the packages of drafts are put into when they are released: the local
// one that is called local, else the first.
func (h *Handler) draftRepository(ctx context.Context) (string, error) {
	if name := h.repository.Load(); name != nil {
		return *name, nil
	}
	all, _, err := h.Store.FindRepositories(ctx, purser.RepositoryFilter{})
	name := ""
	for _, r := range all {
		if r.Local && (name == "" || r.Name == "local") {
			name = r.Name
		}
	}
	if name == "local" { // repositories stay, so that no other one can take its place
		h.repository.Store(&name)
	}
	return name, err
}

func buildOfPackage(m purser.PackageMetadata) build {
	return build{id: m.UUID(), packageID: m.ID, name: m.Name, version: m.Version, createdAt: m.CreatedAt, status: buildSucceeded}
}

// draftID is the id that the package of a draft will have.
func draftID(repository string, d purser.PackageVersion) string {
	return purser.PackageMetadata{RepositoryName: repository, Name: d.Package, Version: d.Version}.UUID()
}

// buildsOfDrafts gives the builds of versions that are not released: pending, or failed when an artifact of theirs is in error.
func (h *Handler) buildsOfDrafts(ctx context.Context, drafts []purser.PackageVersion) ([]build, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	f := purser.ArtifactFilter{States: []purser.ArtifactState{purser.ArtifactError}}
	for _, d := range drafts {
		f.Versions = append(f.Versions, d.ID)
	}
	broken, err := h.Store.FindArtifacts(ctx, f)
	if err != nil {
		return nil, err
	}
	repository, err := h.draftRepository(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]build, 0, len(drafts))
	for _, d := range drafts {
		b := build{
			id: draftID(repository, d), name: d.Package, version: d.Version, createdAt: d.StoredAt, status: buildPending,
		}
		if d.Stage == purser.PackageError || slices.ContainsFunc(broken, func(a purser.Artifact) bool { return a.VersionID == d.ID }) {
			b.status = buildFailed
		}
		list = append(list, b)
	}
	return list, nil
}

// buildsOf gives the builds of an app, the newest first.
func (h *Handler) buildsOf(ctx context.Context, app *App) ([]build, error) {
	found, _, err := h.Store.FindPackages(ctx, purser.PackageFilter{Name: app.Package})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b purser.PackageMetadata) int { return cmp.Compare(b.ID, a.ID) })
	drafts, err := h.Store.FindPackageVersions(ctx, purser.PackageVersionFilter{Package: app.Package, Stages: unfinished})
	if err != nil {
		return nil, err
	}
	list, err := h.buildsOfDrafts(ctx, drafts)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		list = append(list, buildOfPackage(m))
	}
	slices.SortStableFunc(list, func(a, b build) int { return b.createdAt.Compare(a.createdAt) })
	return list, nil
}

// findBuild gives the build with an id, of whatever package. The text for one that is not there has the id as it was sent.
func (h *Handler) findBuild(ctx context.Context, id, shown string) (build, error) {
	found, _, err := h.Store.FindPackages(ctx, purser.PackageFilter{UUID: id})
	if err != nil {
		return build{}, err
	}
	if len(found) > 0 {
		return buildOfPackage(found[0]), nil
	}
	drafts, err := h.Store.FindPackageVersions(ctx, purser.PackageVersionFilter{Stages: unfinished})
	if err != nil {
		return build{}, err
	}
	repository, err := h.draftRepository(ctx)
	if err != nil {
		return build{}, err
	}
	drafts = slices.DeleteFunc(drafts, func(d purser.PackageVersion) bool { return draftID(repository, d) != id })
	list, err := h.buildsOfDrafts(ctx, drafts)
	if err != nil {
		return build{}, err
	}
	if len(list) > 0 {
		return list[0], nil
	}
	return build{}, refuse(http.StatusNotFound, textNoBuild, shown)
}

// latest is what may stand in place of a slug: the newest build.
const latest = "latest"

// buildForSlug gives the build that a slug names, which must be one of the app's, and finished (spec/dialects.md §4.2).
func (h *Handler) buildForSlug(ctx context.Context, app *App, slug string) (build, error) {
	if slug == latest {
		return h.latestBuild(ctx, app)
	}
	id, err := mustUUID(slug)
	if err != nil {
		return build{}, err
	}
	b, err := h.findBuild(ctx, id, slug)
	if err == nil && (b.name != app.Package || b.status != buildSucceeded) {
		err = refuse(http.StatusConflict, textUnfinished, slug)
	}
	return b, err
}

// latestBuild gives the newest build of an app, if it has succeeded.
func (h *Handler) latestBuild(ctx context.Context, app *App) (build, error) {
	builds, err := h.buildsOf(ctx, app)
	switch {
	case err != nil:
		return build{}, err
	case len(builds) == 0:
		return build{}, refuse(http.StatusNotFound, textNoPackage, app.Package, app.fullName())
	case builds[0].status != buildSucceeded:
		return build{}, refuse(http.StatusUnprocessableEntity, textNotBuilt)
	}
	return builds[0], nil
}
