package memory

import (
	"context"
	"time"

	"purser"
)

// FindVersion implements purser.VersionReader.
func (t *tx) FindVersion(ctx context.Context, uuid string) (purser.Release, error) {
	return txRead(ctx, t, func() (purser.Release, error) { return t.state.findVersion(uuid) })
}

// FindVersions implements purser.VersionReader.
func (t *tx) FindVersions(ctx context.Context, filter purser.VersionFilter) ([]purser.Release, error) {
	return txRead(ctx, t, func() ([]purser.Release, error) { return t.state.findVersions(filter), nil })
}

// CountVersions implements purser.VersionReader.
func (t *tx) CountVersions(ctx context.Context, filter purser.VersionFilter) (int, error) {
	return txRead(ctx, t, func() (int, error) { return len(t.state.versionRows(filter)), nil })
}

// FindKey implements purser.VersionReader.
func (t *tx) FindKey(ctx context.Context, key purser.ReleaseKey) (purser.KeyRecord, error) {
	return txRead(ctx, t, func() (purser.KeyRecord, error) { return t.state.findKey(key) })
}

// FindKeyByUUID implements purser.VersionReader.
func (t *tx) FindKeyByUUID(ctx context.Context, uuid string) (purser.KeyRecord, error) {
	return txRead(ctx, t, func() (purser.KeyRecord, error) { return t.state.findKeyByUUID(uuid) })
}

// FindChecks implements purser.VersionReader.
func (t *tx) FindChecks(ctx context.Context, releases ...string) ([]purser.Check, error) {
	return txRead(ctx, t, func() ([]purser.Check, error) { return t.state.findChecks(releases), nil })
}

// FindDeliveries implements purser.VersionReader.
func (t *tx) FindDeliveries(ctx context.Context, filter purser.DeliveryFilter) ([]purser.Delivery, error) {
	return txRead(ctx, t, func() ([]purser.Delivery, error) { return t.state.findDeliveries(filter), nil })
}

// DiscardRelease implements purser.VersionWriter.
func (t *tx) DiscardRelease(ctx context.Context, releaseID int64) error {
	return t.write(ctx, func() error { return t.state.discardRelease(releaseID) })
}

// SetKeyUUID implements purser.VersionWriter.
func (t *tx) SetKeyUUID(ctx context.Context, key purser.ReleaseKey, uuid string) error {
	return t.write(ctx, func() error { return t.state.setKeyUUID(key, uuid) })
}

// CreateCheck implements purser.VersionWriter.
func (t *tx) CreateCheck(ctx context.Context, c purser.Check) error {
	return t.write(ctx, func() error { return t.state.createCheck(c) })
}

// UpdateCheck implements purser.VersionWriter.
func (t *tx) UpdateCheck(ctx context.Context, c purser.Check) error {
	return t.write(ctx, func() error { return t.state.updateCheck(c) })
}

// CreateDelivery implements purser.VersionWriter.
func (t *tx) CreateDelivery(ctx context.Context, d *purser.Delivery) error {
	return t.write(ctx, func() error {
		t.state.createDelivery(d)
		return nil
	})
}

// UpdateDelivery implements purser.VersionWriter.
func (t *tx) UpdateDelivery(ctx context.Context, d purser.Delivery) error {
	return t.write(ctx, func() error { return t.state.updateDelivery(d) })
}

// ClaimDeliveries implements purser.VersionWriter.
func (t *tx) ClaimDeliveries(ctx context.Context, owner string, now, until time.Time, limit int) ([]purser.Delivery, error) {
	return txRead(ctx, t, func() ([]purser.Delivery, error) { return t.state.claimDeliveries(owner, now, until, limit), nil })
}

// DropDeliveries implements purser.VersionWriter.
func (t *tx) DropDeliveries(ctx context.Context, before time.Time) error {
	return t.write(ctx, func() error {
		t.state.dropDeliveries(before)
		return nil
	})
}
