package sqlite

import (
	"context"
	"time"

	"purser"
)

// tx is a write transaction.
type tx struct{ session }

var _ purser.Tx = (*tx)(nil)

func (t *tx) FindRelease(ctx context.Context, key purser.ReleaseKey, version int) (purser.Release, error) {
	return findRelease(ctx, t.session, key, version)
}

func (t *tx) FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	return findReleases(ctx, t.session, filter)
}

func (t *tx) NextVersion(ctx context.Context, key purser.ReleaseKey) (int, error) {
	return nextVersion(ctx, t.session, key)
}

func (t *tx) FindPackage(ctx context.Context, id int64) (purser.PackageMetadata, error) {
	return findPackage(ctx, t.session, id)
}

func (t *tx) FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	return findPackages(ctx, t.session, filter)
}

func (t *tx) FindArchive(ctx context.Context, packageID int64) ([]byte, error) {
	return findArchive(ctx, t.session, packageID)
}

func (t *tx) FindRepositories(ctx context.Context, filter purser.RepositoryFilter) ([]purser.Repository, int, error) {
	return findRepositories(ctx, t.session, filter)
}

func (t *tx) FindOperation(ctx context.Context, key purser.ReleaseKey) (purser.Operation, error) {
	return findOperation(ctx, t.session, key)
}

func (t *tx) FindOperations(ctx context.Context, filter purser.OperationFilter) ([]purser.Operation, int, error) {
	return findOperations(ctx, t.session, filter)
}

func (t *tx) CreateRelease(ctx context.Context, r *purser.Release) error {
	return createRelease(ctx, t.session, r)
}

func (t *tx) UpdateRelease(ctx context.Context, r purser.Release) error {
	return updateRelease(ctx, t.session, r)
}

func (t *tx) UpdateStatuses(ctx context.Context, releaseID int64, statuses []purser.AppStatus) error {
	return updateStatuses(ctx, t.session, releaseID, statuses)
}

func (t *tx) DeleteRelease(ctx context.Context, releaseID int64) error {
	return deleteRelease(ctx, t.session, releaseID)
}

func (t *tx) CreatePackage(ctx context.Context, m *purser.PackageMetadata, archive []byte) error {
	return createPackage(ctx, t.session, m, archive)
}

func (t *tx) UpdateArchive(ctx context.Context, packageID int64, archive []byte) error {
	return updateArchive(ctx, t.session, packageID, archive)
}

func (t *tx) DeletePackage(ctx context.Context, packageID int64) error {
	return deletePackage(ctx, t.session, packageID)
}

func (t *tx) CreateRepository(ctx context.Context, r *purser.Repository) error {
	return createRepository(ctx, t.session, r)
}

func (t *tx) CreateOperation(ctx context.Context, o *purser.Operation) error {
	return createOperation(ctx, t.session, o)
}

func (t *tx) UpdateOperation(ctx context.Context, o purser.Operation) error {
	return updateOperation(ctx, t.session, o)
}

func (t *tx) ClaimOperations(ctx context.Context, owner string, now, until time.Time) ([]purser.Operation, error) {
	return claimOperations(ctx, t.session, owner, now, until)
}

func (t *tx) RenewLeases(ctx context.Context, owner string, until time.Time) error {
	return renewLeases(ctx, t.session, owner, until)
}
