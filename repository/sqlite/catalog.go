package sqlite

import (
	"context"
	"time"

	"purser"
)

// FindPackageVersions implements purser.CatalogReader.
func (s *Store) FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) (list []purser.PackageVersion, err error) {
	err = s.look(func(c session) error {
		list, err = findPackageVersions(ctx, c, filter)
		return err
	})
	return list, err
}

// FindArtifacts implements purser.CatalogReader.
func (s *Store) FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) (list []purser.Artifact, err error) {
	err = s.look(func(c session) error {
		list, err = findArtifacts(ctx, c, filter)
		return err
	})
	return list, err
}

// FindPackageVersions implements purser.CatalogReader.
func (t *tx) FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error) {
	return findPackageVersions(ctx, t.session, filter)
}

// FindArtifacts implements purser.CatalogReader.
func (t *tx) FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error) {
	return findArtifacts(ctx, t.session, filter)
}

// CreatePackageVersion implements purser.CatalogWriter.
func (t *tx) CreatePackageVersion(ctx context.Context, v *purser.PackageVersion) error {
	return createPackageVersion(ctx, t.session, v)
}

// UpdatePackageVersion implements purser.CatalogWriter.
func (t *tx) UpdatePackageVersion(ctx context.Context, v purser.PackageVersion) error {
	return updatePackageVersion(ctx, t.session, v)
}

// DeletePackageVersion implements purser.CatalogWriter.
func (t *tx) DeletePackageVersion(ctx context.Context, id int64) error {
	return deletePackageVersion(ctx, t.session, id)
}

// CreateArtifact implements purser.CatalogWriter.
func (t *tx) CreateArtifact(ctx context.Context, a *purser.Artifact) error {
	return createArtifact(ctx, t.session, a)
}

// UpdateArtifact implements purser.CatalogWriter.
func (t *tx) UpdateArtifact(ctx context.Context, a purser.Artifact) error {
	return updateArtifact(ctx, t.session, a)
}

// DeleteArtifacts implements purser.CatalogWriter.
func (t *tx) DeleteArtifacts(ctx context.Context, versionID int64) error {
	return deleteArtifacts(ctx, t.session, versionID)
}

// ClaimArtifacts implements purser.CatalogWriter.
func (t *tx) ClaimArtifacts(ctx context.Context, owner string, now, until time.Time, limit int) ([]purser.Artifact, error) {
	return claimArtifacts(ctx, t.session, owner, now, until, limit)
}
