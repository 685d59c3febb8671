package memory

import (
	"context"
	"sync"
	"sync/atomic"

	"purser"
	"purser/repository"
)

// Store is a purser.Store in memory.
type Store struct {
	current atomic.Pointer[state]
	writer  chan struct{} // holds a token while nobody writes

	mu     sync.Mutex
	closed bool
	active sync.WaitGroup // transactions in flight
}

var (
	_ purser.Store          = (*Store)(nil)
	_ purser.ReleaseScanner = (*Store)(nil)
)

// New makes an empty store.
func New() *Store {
	s := &Store{writer: make(chan struct{}, 1)}
	s.current.Store(&state{})
	s.writer <- struct{}{}
	return s
}

// Close implements purser.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.active.Wait()
	return nil
}

// enter counts a transaction in; the caller calls s.active.Done at its end.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return repository.ErrClosed()
	}
	s.active.Add(1)
	return nil
}

// Update implements purser.Store.
func (s *Store) Update(ctx context.Context, f func(tx purser.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.active.Done()
	select {
	case <-s.writer:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.writer <- struct{}{} }()

	t := &tx{state: s.current.Load().clone()}
	defer func() { t.ended.Store(true) }()
	if err := f(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.current.Store(t.state)
	return nil
}

// read gives the committed state to one read.
func read[T any](ctx context.Context, s *Store, f func(st *state) (T, error)) (T, error) {
	if err := s.enter(ctx); err != nil {
		var none T
		return none, err
	}
	defer s.active.Done()
	return f(s.current.Load())
}

// readList is read for lists with their totals.
func readList[T any](ctx context.Context, s *Store, f func(st *state) ([]T, int)) ([]T, int, error) {
	if err := s.enter(ctx); err != nil {
		return nil, 0, err
	}
	defer s.active.Done()
	list, total := f(s.current.Load())
	return list, total, nil
}

// FindRelease implements purser.Reader.
func (s *Store) FindRelease(ctx context.Context, key purser.ReleaseKey, version int) (purser.Release, error) {
	return read(ctx, s, func(st *state) (purser.Release, error) { return st.findRelease(key, version) })
}

// FindReleases implements purser.Reader.
func (s *Store) FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	return readList(ctx, s, func(st *state) ([]purser.Release, int) { return st.findReleases(filter) })
}

// NextVersion implements purser.Reader.
func (s *Store) NextVersion(ctx context.Context, key purser.ReleaseKey) (int, error) {
	return read(ctx, s, func(st *state) (int, error) { return st.nextVersion(key), nil })
}

// FindPackage implements purser.Reader.
func (s *Store) FindPackage(ctx context.Context, id int64) (purser.PackageMetadata, error) {
	return read(ctx, s, func(st *state) (purser.PackageMetadata, error) { return st.findPackage(id) })
}

// FindPackages implements purser.Reader.
func (s *Store) FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	return readList(ctx, s, func(st *state) ([]purser.PackageMetadata, int) { return st.findPackages(filter) })
}

// FindArchive implements purser.Reader.
func (s *Store) FindArchive(ctx context.Context, packageID int64) ([]byte, error) {
	return read(ctx, s, func(st *state) ([]byte, error) { return st.findArchive(packageID) })
}

// FindRepositories implements purser.Reader.
func (s *Store) FindRepositories(ctx context.Context, filter purser.RepositoryFilter) ([]purser.Repository, int, error) {
	return readList(ctx, s, func(st *state) ([]purser.Repository, int) { return st.findRepositories(filter) })
}

// FindOperation implements purser.Reader.
func (s *Store) FindOperation(ctx context.Context, key purser.ReleaseKey) (purser.Operation, error) {
	return read(ctx, s, func(st *state) (purser.Operation, error) { return st.findOperation(key) })
}

// FindOperations implements purser.Reader.
func (s *Store) FindOperations(ctx context.Context, filter purser.OperationFilter) ([]purser.Operation, int, error) {
	return readList(ctx, s, func(st *state) ([]purser.Operation, int) { return st.findOperations(filter) })
}

// FindEvents implements purser.Reader.
func (s *Store) FindEvents(ctx context.Context, filter purser.EventFilter) ([]purser.Event, error) {
	return read(ctx, s, func(st *state) ([]purser.Event, error) { return st.findEvents(filter), nil })
}

// FindEventRange implements purser.Reader.
func (s *Store) FindEventRange(ctx context.Context) (oldest, newest int64, err error) {
	_, err = read(ctx, s, func(st *state) (int64, error) {
		oldest, newest = st.eventRange()
		return oldest, nil
	})
	return oldest, newest, err
}
