package memory

import (
	"context"

	"purser"
)

// FindVersion implements purser.VersionReader.
func (s *Store) FindVersion(ctx context.Context, uuid string) (purser.Release, error) {
	return read(ctx, s, func(st *state) (purser.Release, error) { return st.findVersion(uuid) })
}

// FindVersions implements purser.VersionReader.
func (s *Store) FindVersions(ctx context.Context, filter purser.VersionFilter) ([]purser.Release, error) {
	return read(ctx, s, func(st *state) ([]purser.Release, error) { return st.findVersions(filter), nil })
}

// CountVersions implements purser.VersionReader.
func (s *Store) CountVersions(ctx context.Context, filter purser.VersionFilter) (int, error) {
	return read(ctx, s, func(st *state) (int, error) { return len(st.versionRows(filter)), nil })
}

// FindKey implements purser.VersionReader.
func (s *Store) FindKey(ctx context.Context, key purser.ReleaseKey) (purser.KeyRecord, error) {
	return read(ctx, s, func(st *state) (purser.KeyRecord, error) { return st.findKey(key) })
}

// FindKeyByUUID implements purser.VersionReader.
func (s *Store) FindKeyByUUID(ctx context.Context, uuid string) (purser.KeyRecord, error) {
	return read(ctx, s, func(st *state) (purser.KeyRecord, error) { return st.findKeyByUUID(uuid) })
}

// FindChecks implements purser.VersionReader.
func (s *Store) FindChecks(ctx context.Context, releases ...string) ([]purser.Check, error) {
	return read(ctx, s, func(st *state) ([]purser.Check, error) { return st.findChecks(releases), nil })
}

// FindDeliveries implements purser.VersionReader.
func (s *Store) FindDeliveries(ctx context.Context, filter purser.DeliveryFilter) ([]purser.Delivery, error) {
	return read(ctx, s, func(st *state) ([]purser.Delivery, error) { return st.findDeliveries(filter), nil })
}
