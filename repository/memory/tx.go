package memory

import (
	"context"
	"sync/atomic"
	"time"

	"purser"
)

// tx is a write transaction over a state of its own.
type tx struct {
	state *state
	ended atomic.Bool // a transaction that somebody kept beyond its Update refuses everything
}

var _ purser.Tx = (*tx)(nil)

func (t *tx) check(ctx context.Context) error {
	if t.ended.Load() {
		return purser.Errorf(purser.CodeInternal, "the transaction has ended")
	}
	return ctx.Err()
}

func txRead[T any](ctx context.Context, t *tx, f func() (T, error)) (T, error) {
	if err := t.check(ctx); err != nil {
		var none T
		return none, err
	}
	return f()
}

func txReadList[T any](ctx context.Context, t *tx, f func() ([]T, int)) ([]T, int, error) {
	if err := t.check(ctx); err != nil {
		return nil, 0, err
	}
	list, total := f()
	return list, total, nil
}

func (t *tx) write(ctx context.Context, f func() error) error {
	if err := t.check(ctx); err != nil {
		return err
	}
	return f()
}

// FindRelease implements purser.Reader.
func (t *tx) FindRelease(ctx context.Context, key purser.ReleaseKey, version int) (purser.Release, error) {
	return txRead(ctx, t, func() (purser.Release, error) { return t.state.findRelease(key, version) })
}

// FindReleases implements purser.Reader.
func (t *tx) FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	return txReadList(ctx, t, func() ([]purser.Release, int) { return t.state.findReleases(filter) })
}

// NextVersion implements purser.Reader.
func (t *tx) NextVersion(ctx context.Context, key purser.ReleaseKey) (int, error) {
	return txRead(ctx, t, func() (int, error) { return t.state.nextVersion(key), nil })
}

// FindPackage implements purser.Reader.
func (t *tx) FindPackage(ctx context.Context, id int64) (purser.PackageMetadata, error) {
	return txRead(ctx, t, func() (purser.PackageMetadata, error) { return t.state.findPackage(id) })
}

// FindPackages implements purser.Reader.
func (t *tx) FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	return txReadList(ctx, t, func() ([]purser.PackageMetadata, int) { return t.state.findPackages(filter) })
}

// FindArchive implements purser.Reader.
func (t *tx) FindArchive(ctx context.Context, packageID int64) ([]byte, error) {
	return txRead(ctx, t, func() ([]byte, error) { return t.state.findArchive(packageID) })
}

// FindRepositories implements purser.Reader.
func (t *tx) FindRepositories(ctx context.Context, filter purser.RepositoryFilter) ([]purser.Repository, int, error) {
	return txReadList(ctx, t, func() ([]purser.Repository, int) { return t.state.findRepositories(filter) })
}

// FindOperation implements purser.Reader.
func (t *tx) FindOperation(ctx context.Context, key purser.ReleaseKey) (purser.Operation, error) {
	return txRead(ctx, t, func() (purser.Operation, error) { return t.state.findOperation(key) })
}

// FindOperations implements purser.Reader.
func (t *tx) FindOperations(ctx context.Context, filter purser.OperationFilter) ([]purser.Operation, int, error) {
	return txReadList(ctx, t, func() ([]purser.Operation, int) { return t.state.findOperations(filter) })
}

// CreateRelease implements purser.Tx.
func (t *tx) CreateRelease(ctx context.Context, r *purser.Release) error {
	return t.write(ctx, func() error { return t.state.createRelease(r) })
}

// UpdateRelease implements purser.Tx.
func (t *tx) UpdateRelease(ctx context.Context, r purser.Release) error {
	return t.write(ctx, func() error { return t.state.updateRelease(r) })
}

// UpdateStatuses implements purser.Tx.
func (t *tx) UpdateStatuses(ctx context.Context, releaseID int64, statuses []purser.AppStatus, healthyAt time.Time) error {
	return t.write(ctx, func() error { return t.state.updateStatuses(releaseID, statuses, healthyAt) })
}

// DeleteRelease implements purser.Tx.
func (t *tx) DeleteRelease(ctx context.Context, releaseID int64) error {
	return t.write(ctx, func() error { return t.state.deleteRelease(releaseID) })
}

// CreatePackage implements purser.Tx.
func (t *tx) CreatePackage(ctx context.Context, m *purser.PackageMetadata, archive []byte) error {
	return t.write(ctx, func() error { return t.state.createPackage(m, archive) })
}

// UpdateArchive implements purser.Tx.
func (t *tx) UpdateArchive(ctx context.Context, packageID int64, archive []byte) error {
	return t.write(ctx, func() error { return t.state.updateArchive(packageID, archive) })
}

// DeletePackage implements purser.Tx.
func (t *tx) DeletePackage(ctx context.Context, packageID int64) error {
	return t.write(ctx, func() error { return t.state.deletePackage(packageID) })
}

// CreateRepository implements purser.Tx.
func (t *tx) CreateRepository(ctx context.Context, r *purser.Repository) error {
	return t.write(ctx, func() error { return t.state.createRepository(r) })
}

// CreateOperation implements purser.Tx.
func (t *tx) CreateOperation(ctx context.Context, o *purser.Operation) error {
	return t.write(ctx, func() error { return t.state.createOperation(o) })
}

// UpdateOperation implements purser.Tx.
func (t *tx) UpdateOperation(ctx context.Context, o purser.Operation) error {
	return t.write(ctx, func() error { return t.state.updateOperation(o) })
}

// ClaimOperations implements purser.Tx.
func (t *tx) ClaimOperations(ctx context.Context, owner string, now, until time.Time) ([]purser.Operation, error) {
	return txRead(ctx, t, func() ([]purser.Operation, error) { return t.state.claimOperations(owner, now, until), nil })
}

// RenewLeases implements purser.Tx.
func (t *tx) RenewLeases(ctx context.Context, owner string, until time.Time) error {
	return t.write(ctx, func() error {
		t.state.renewLeases(owner, until)
		return nil
	})
}

// FindEvents implements purser.Reader.
func (t *tx) FindEvents(ctx context.Context, filter purser.EventFilter) ([]purser.Event, error) {
	return txRead(ctx, t, func() ([]purser.Event, error) { return t.state.findEvents(filter), nil })
}

// FindEventRange implements purser.Reader.
func (t *tx) FindEventRange(ctx context.Context) (oldest, newest int64, err error) {
	if err := t.check(ctx); err != nil {
		return 0, 0, err
	}
	oldest, newest = t.state.eventRange()
	return oldest, newest, nil
}

// AppendEvents implements purser.Tx.
func (t *tx) AppendEvents(ctx context.Context, events ...purser.Event) ([]purser.Event, error) {
	return txRead(ctx, t, func() ([]purser.Event, error) { return t.state.appendEvents(events), nil })
}
