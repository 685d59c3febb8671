package sqlite

import (
	"context"

	"purser"
)

// FindVersion implements purser.VersionReader.
func (s *Store) FindVersion(ctx context.Context, uuid string) (found purser.Release, err error) {
	err = s.read(ctx, func(c session) error {
		found, err = findVersion(ctx, c, uuid)
		return err
	})
	return found, err
}

// FindVersions implements purser.VersionReader.
func (s *Store) FindVersions(ctx context.Context, filter purser.VersionFilter) (list []purser.Release, err error) {
	err = s.read(ctx, func(c session) error {
		list, err = findVersions(ctx, c, filter)
		return err
	})
	return list, err
}

// CountVersions implements purser.VersionReader.
func (s *Store) CountVersions(ctx context.Context, filter purser.VersionFilter) (total int, err error) {
	err = s.look(func(c session) error {
		total, err = countVersions(ctx, c, filter)
		return err
	})
	return total, err
}

// FindKey implements purser.VersionReader.
func (s *Store) FindKey(ctx context.Context, key purser.ReleaseKey) (found purser.KeyRecord, err error) {
	err = s.look(func(c session) error {
		found, err = findKey(ctx, c, key)
		return err
	})
	return found, err
}

// FindKeyByUUID implements purser.VersionReader.
func (s *Store) FindKeyByUUID(ctx context.Context, uuid string) (found purser.KeyRecord, err error) {
	err = s.look(func(c session) error {
		found, err = findKeyByUUID(ctx, c, uuid)
		return err
	})
	return found, err
}

// FindChecks implements purser.VersionReader.
func (s *Store) FindChecks(ctx context.Context, releases ...string) (list []purser.Check, err error) {
	err = s.look(func(c session) error {
		list, err = findChecks(ctx, c, releases)
		return err
	})
	return list, err
}

// FindDeliveries implements purser.VersionReader.
func (s *Store) FindDeliveries(ctx context.Context, filter purser.DeliveryFilter) (list []purser.Delivery, err error) {
	err = s.look(func(c session) error {
		list, err = findDeliveries(ctx, c, filter)
		return err
	})
	return list, err
}
