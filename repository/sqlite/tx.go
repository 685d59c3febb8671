package sqlite

import (
	"context"
	"time"

	"purser"
)

// tx is a write transaction.
type tx struct{ session }

var _ purser.Tx = (*tx)(nil)

// FindRelease implements purser.Reader.
func (t *tx) FindRelease(ctx context.Context, key purser.ReleaseKey, version int) (purser.Release, error) {
	return findRelease(ctx, t.session, key, version)
}

// FindReleases implements purser.Reader.
func (t *tx) FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	return findReleases(ctx, t.session, filter)
}

// NextVersion implements purser.Reader.
func (t *tx) NextVersion(ctx context.Context, key purser.ReleaseKey) (int, error) {
	return nextVersion(ctx, t.session, key)
}

// FindPackage implements purser.Reader.
func (t *tx) FindPackage(ctx context.Context, id int64) (purser.PackageMetadata, error) {
	return findPackage(ctx, t.session, id)
}

// FindPackages implements purser.Reader.
func (t *tx) FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	return findPackages(ctx, t.session, filter)
}

// FindArchive implements purser.Reader.
func (t *tx) FindArchive(ctx context.Context, packageID int64) ([]byte, error) {
	return findArchive(ctx, t.session, packageID)
}

// FindRepositories implements purser.Reader.
func (t *tx) FindRepositories(ctx context.Context, filter purser.RepositoryFilter) ([]purser.Repository, int, error) {
	return findRepositories(ctx, t.session, filter)
}

// FindOperation implements purser.Reader.
func (t *tx) FindOperation(ctx context.Context, key purser.ReleaseKey) (purser.Operation, error) {
	return findOperation(ctx, t.session, key)
}

// FindOperations implements purser.Reader.
func (t *tx) FindOperations(ctx context.Context, filter purser.OperationFilter) ([]purser.Operation, int, error) {
	return findOperations(ctx, t.session, filter)
}

// CreateRelease implements purser.Tx.
func (t *tx) CreateRelease(ctx context.Context, r *purser.Release) error {
	return createRelease(ctx, t.session, r)
}

// UpdateRelease implements purser.Tx.
func (t *tx) UpdateRelease(ctx context.Context, r purser.Release) error {
	return updateRelease(ctx, t.session, r)
}

// UpdateStatuses implements purser.Tx.
func (t *tx) UpdateStatuses(ctx context.Context, releaseID int64, statuses []purser.AppStatus, healthyAt time.Time) error {
	return updateStatuses(ctx, t.session, releaseID, statuses, healthyAt)
}

// DeleteRelease implements purser.Tx.
func (t *tx) DeleteRelease(ctx context.Context, releaseID int64) error {
	return deleteRelease(ctx, t.session, releaseID)
}

// CreatePackage implements purser.Tx.
func (t *tx) CreatePackage(ctx context.Context, m *purser.PackageMetadata, archive []byte) error {
	return createPackage(ctx, t.session, m, archive)
}

// UpdateArchive implements purser.Tx.
func (t *tx) UpdateArchive(ctx context.Context, packageID int64, archive []byte) error {
	return updateArchive(ctx, t.session, packageID, archive)
}

// DeletePackage implements purser.Tx.
func (t *tx) DeletePackage(ctx context.Context, packageID int64) error {
	return deletePackage(ctx, t.session, packageID)
}

// CreateRepository implements purser.Tx.
func (t *tx) CreateRepository(ctx context.Context, r *purser.Repository) error {
	return createRepository(ctx, t.session, r)
}

// CreateOperation implements purser.Tx.
func (t *tx) CreateOperation(ctx context.Context, o *purser.Operation) error {
	return createOperation(ctx, t.session, o)
}

// UpdateOperation implements purser.Tx.
func (t *tx) UpdateOperation(ctx context.Context, o purser.Operation) error {
	return updateOperation(ctx, t.session, o)
}

// ClaimOperations implements purser.Tx.
func (t *tx) ClaimOperations(ctx context.Context, owner string, now, until time.Time) ([]purser.Operation, error) {
	return claimOperations(ctx, t.session, owner, now, until)
}

// RenewLeases implements purser.Tx.
func (t *tx) RenewLeases(ctx context.Context, owner string, until time.Time) error {
	return renewLeases(ctx, t.session, owner, until)
}

// FindEvents implements purser.Reader.
func (t *tx) FindEvents(ctx context.Context, filter purser.EventFilter) ([]purser.Event, error) {
	return findEvents(ctx, t.session, filter)
}

// FindEventRange implements purser.Reader.
func (t *tx) FindEventRange(ctx context.Context) (oldest, newest int64, err error) {
	return findEventRange(ctx, t.session)
}

// AppendEvents implements purser.Tx.
func (t *tx) AppendEvents(ctx context.Context, events ...purser.Event) ([]purser.Event, error) {
	return appendEvents(ctx, t.session, events)
}
