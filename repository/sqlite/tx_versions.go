package sqlite

import (
	"context"
	"time"

	"purser"
)

// FindVersion implements purser.VersionReader.
func (t *tx) FindVersion(ctx context.Context, uuid string) (purser.Release, error) {
	return findVersion(ctx, t.session, uuid)
}

// FindVersions implements purser.VersionReader.
func (t *tx) FindVersions(ctx context.Context, filter purser.VersionFilter) ([]purser.Release, error) {
	return findVersions(ctx, t.session, filter)
}

// CountVersions implements purser.VersionReader.
func (t *tx) CountVersions(ctx context.Context, filter purser.VersionFilter) (int, error) {
	return countVersions(ctx, t.session, filter)
}

// FindKey implements purser.VersionReader.
func (t *tx) FindKey(ctx context.Context, key purser.ReleaseKey) (purser.KeyRecord, error) {
	return findKey(ctx, t.session, key)
}

// FindKeyByUUID implements purser.VersionReader.
func (t *tx) FindKeyByUUID(ctx context.Context, uuid string) (purser.KeyRecord, error) {
	return findKeyByUUID(ctx, t.session, uuid)
}

// FindChecks implements purser.VersionReader.
func (t *tx) FindChecks(ctx context.Context, releases ...string) ([]purser.Check, error) {
	return findChecks(ctx, t.session, releases)
}

// FindDeliveries implements purser.VersionReader.
func (t *tx) FindDeliveries(ctx context.Context, filter purser.DeliveryFilter) ([]purser.Delivery, error) {
	return findDeliveries(ctx, t.session, filter)
}

// DiscardRelease implements purser.VersionWriter.
func (t *tx) DiscardRelease(ctx context.Context, releaseID int64) error {
	return discardRelease(ctx, t.session, releaseID)
}

// SetKeyUUID implements purser.VersionWriter.
func (t *tx) SetKeyUUID(ctx context.Context, key purser.ReleaseKey, uuid string) error {
	return setKeyUUID(ctx, t.session, key, uuid)
}

// CreateCheck implements purser.VersionWriter.
func (t *tx) CreateCheck(ctx context.Context, c purser.Check) error {
	return createCheck(ctx, t.session, c)
}

// UpdateCheck implements purser.VersionWriter.
func (t *tx) UpdateCheck(ctx context.Context, c purser.Check) error {
	return updateCheck(ctx, t.session, c)
}

// CreateDelivery implements purser.VersionWriter.
func (t *tx) CreateDelivery(ctx context.Context, d *purser.Delivery) error {
	return createDelivery(ctx, t.session, d)
}

// UpdateDelivery implements purser.VersionWriter.
func (t *tx) UpdateDelivery(ctx context.Context, d purser.Delivery) error {
	return updateDelivery(ctx, t.session, d)
}

// ClaimDeliveries implements purser.VersionWriter.
func (t *tx) ClaimDeliveries(ctx context.Context, owner string, now, until time.Time, limit int) ([]purser.Delivery, error) {
	return claimDeliveries(ctx, t.session, owner, now, until, limit)
}

// DropDeliveries implements purser.VersionWriter.
func (t *tx) DropDeliveries(ctx context.Context, before time.Time) error {
	return dropDeliveries(ctx, t.session, before)
}
