package sqlite

import (
	"context"

	"purser"
)

// FindRelease implements purser.Reader.
func (s *Store) FindRelease(ctx context.Context, key purser.ReleaseKey, version int) (found purser.Release, err error) {
	complete := false
	err = s.look(func(c session) error {
		found, complete, err = findReadyRelease(ctx, c, key, version)
		return err
	})
	if err != nil || complete {
		return found, err
	}
	err = s.read(ctx, func(c session) error {
		found, err = findRelease(ctx, c, key, version)
		return err
	})
	return found, err
}

// FindReleases implements purser.Reader.
func (s *Store) FindReleases(ctx context.Context, filter purser.ReleaseFilter) (list []purser.Release, total int, err error) {
	find := func(c session) error {
		list, total, err = findReleases(ctx, c, filter)
		return err
	}
	if isLightOne(filter) {
		err = s.look(find)
	} else {
		err = s.read(ctx, find)
	}
	return list, total, err
}

// NextVersion implements purser.Reader.
func (s *Store) NextVersion(ctx context.Context, key purser.ReleaseKey) (next int, err error) {
	err = s.look(func(c session) error {
		next, err = nextVersion(ctx, c, key)
		return err
	})
	return next, err
}

// FindPackage implements purser.Reader.
func (s *Store) FindPackage(ctx context.Context, id int64) (found purser.PackageMetadata, err error) {
	err = s.look(func(c session) error {
		found, err = findPackage(ctx, c, id)
		return err
	})
	return found, err
}

// FindPackages implements purser.Reader.
func (s *Store) FindPackages(ctx context.Context, filter purser.PackageFilter) (list []purser.PackageMetadata, total int, err error) {
	err = s.read(ctx, func(c session) error {
		list, total, err = findPackages(ctx, c, filter)
		return err
	})
	return list, total, err
}

// FindArchive implements purser.Reader.
func (s *Store) FindArchive(ctx context.Context, packageID int64) (archive []byte, err error) {
	err = s.look(func(c session) error {
		archive, err = findArchive(ctx, c, packageID)
		return err
	})
	return archive, err
}

// FindRepositories implements purser.Reader.
func (s *Store) FindRepositories(ctx context.Context, filter purser.RepositoryFilter) (list []purser.Repository, total int, err error) {
	err = s.read(ctx, func(c session) error {
		list, total, err = findRepositories(ctx, c, filter)
		return err
	})
	return list, total, err
}

// FindOperation implements purser.Reader.
func (s *Store) FindOperation(ctx context.Context, key purser.ReleaseKey) (found purser.Operation, err error) {
	err = s.look(func(c session) error {
		found, err = findOperation(ctx, c, key)
		return err
	})
	return found, err
}

// FindOperations implements purser.Reader.
func (s *Store) FindOperations(ctx context.Context, filter purser.OperationFilter) (list []purser.Operation, total int, err error) {
	err = s.read(ctx, func(c session) error {
		list, total, err = findOperations(ctx, c, filter)
		return err
	})
	return list, total, err
}

// FindEvents implements purser.Reader.
func (s *Store) FindEvents(ctx context.Context, filter purser.EventFilter) (list []purser.Event, err error) {
	err = s.look(func(c session) error {
		list, err = findEvents(ctx, c, filter)
		return err
	})
	return list, err
}

// FindEventRange implements purser.Reader.
func (s *Store) FindEventRange(ctx context.Context) (oldest, newest int64, err error) {
	err = s.look(func(c session) error {
		oldest, newest, err = findEventRange(ctx, c)
		return err
	})
	return oldest, newest, err
}
