package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// Store is a purser.Store in one SQLite file.
type Store struct {
	writer      *bun.DB // one connection
	reader      *bun.DB
	log         *slog.Logger
	onStatement func(ctx context.Context, statement string)
	decoded     decoded
	scans       chan struct{} // holds a token for each reading of a scan
	scanHold    time.Duration
	keepEvents  int

	mu     sync.Mutex
	closed bool
	active sync.WaitGroup // transactions in flight
}

var _ purser.Store = (*Store)(nil)

// Close implements purser.Store.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()
	s.active.Wait()
	if again {
		return nil
	}
	// The writer goes last: it moves the write-ahead log into the file and removes it, which a reader may not.
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// enter counts a transaction in; the caller calls s.active.Done at its end.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return repository.ErrClosed()
	}
	s.active.Add(1)
	return nil
}

// session is where the work of a method is done: a transaction, or the pool of readers.
type session struct {
	bun.IDB         // writes its arguments into the statement
	bound   boundDB // binds its arguments, for what is long or secret
	store   *Store
}

type boundDB interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// exec runs a statement with bound arguments.
func (c session) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	start := time.Now()
	result, err := c.bound.ExecContext(ctx, query, args...)
	c.store.observe(ctx, query, start, err)
	return result, err
}

// query runs a query with bound arguments and gives its rows to scan, one after the other.
func (c session) query(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	start := time.Now()
	rows, err := c.bound.QueryContext(ctx, query, args...)
	c.store.observe(ctx, query, start, err)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// look runs a read of one statement, which needs no transaction of its own.
func (s *Store) look(f func(c session) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.active.Done()
	return f(session{IDB: s.reader, bound: s.reader.DB, store: s})
}

// read runs a read of several statements that must see one state.
func (s *Store) read(ctx context.Context, f func(c session) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.active.Done()
	t, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return fault(ctx, "begin a read", err)
	}
	defer func() { _ = t.Rollback() }()
	return f(session{IDB: t, bound: t.Tx, store: s})
}

// Update implements purser.Store.
func (s *Store) Update(ctx context.Context, f func(tx purser.Tx) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.active.Done()
	t, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fault(ctx, "begin a transaction", err)
	}
	defer func() { _ = t.Rollback() }() // does nothing after a commit
	if err := f(&tx{session{IDB: t, bound: t.Tx, store: s}}); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fault(ctx, "commit a transaction", err)
	}
	return nil
}
