package memory

import (
	"context"
	"time"

	"purser"
)

// FindPackageVersions implements purser.CatalogReader.
func (s *Store) FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error) {
	return read(ctx, s, func(st *state) ([]purser.PackageVersion, error) { return st.findPackageVersions(filter), nil })
}

// FindArtifacts implements purser.CatalogReader.
func (s *Store) FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error) {
	return read(ctx, s, func(st *state) ([]purser.Artifact, error) { return st.findArtifacts(filter), nil })
}

// FindPackageVersions implements purser.CatalogReader.
func (t *tx) FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error) {
	return txRead(ctx, t, func() ([]purser.PackageVersion, error) { return t.state.findPackageVersions(filter), nil })
}

// FindArtifacts implements purser.CatalogReader.
func (t *tx) FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error) {
	return txRead(ctx, t, func() ([]purser.Artifact, error) { return t.state.findArtifacts(filter), nil })
}

// CreatePackageVersion implements purser.CatalogWriter.
func (t *tx) CreatePackageVersion(ctx context.Context, v *purser.PackageVersion) error {
	return t.write(ctx, func() error { return t.state.createPackageVersion(v) })
}

// UpdatePackageVersion implements purser.CatalogWriter.
func (t *tx) UpdatePackageVersion(ctx context.Context, v purser.PackageVersion) error {
	return t.write(ctx, func() error { return t.state.updatePackageVersion(v) })
}

// DeletePackageVersion implements purser.CatalogWriter.
func (t *tx) DeletePackageVersion(ctx context.Context, id int64) error {
	return t.write(ctx, func() error { return t.state.deletePackageVersion(id) })
}

// CreateArtifact implements purser.CatalogWriter.
func (t *tx) CreateArtifact(ctx context.Context, a *purser.Artifact) error {
	return t.write(ctx, func() error { return t.state.createArtifact(a) })
}

// UpdateArtifact implements purser.CatalogWriter.
func (t *tx) UpdateArtifact(ctx context.Context, a purser.Artifact) error {
	return t.write(ctx, func() error { return t.state.updateArtifact(a) })
}

// DeleteArtifacts implements purser.CatalogWriter.
func (t *tx) DeleteArtifacts(ctx context.Context, versionID int64) error {
	return t.write(ctx, func() error {
		t.state.deleteArtifacts(versionID)
		return nil
	})
}

// ClaimArtifacts implements purser.CatalogWriter.
func (t *tx) ClaimArtifacts(ctx context.Context, owner string, now, until time.Time, limit int) ([]purser.Artifact, error) {
	return txRead(ctx, t, func() ([]purser.Artifact, error) { return t.state.claimArtifacts(owner, now, until, limit), nil })
}
