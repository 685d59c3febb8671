package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"purser"
)

// mustConnect gives a store on a file whose schema is not made yet.
func mustConnect(tb testing.TB, path string) *Store {
	tb.Helper()
	o, err := Options{Path: path}.withDefaults()
	if err != nil {
		tb.Fatal(err)
	}
	s := newStore(o, "OFF")
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := s.connect(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestProcessesThatMigrateAtOnceDoItOnce(t *testing.T) {
	for range 10 {
		path := filepath.Join(t.TempDir(), "store.db")
		errs := make([]error, 6)
		start := make(chan struct{})
		var group sync.WaitGroup
		for i := range errs {
			s := mustConnect(t, path)
			group.Go(func() {
				<-start
				errs[i] = migrateSchema(t.Context(), s.writer)
			})
		}
		close(start)
		group.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if current, err := inspect(t.Context(), path); err != nil || !current {
			t.Errorf("current %v, %v", current, err)
		}
	}
}

// moment is a query hook that calls take once, before the first statement with that text.
type moment struct {
	before string
	take   func()
	once   sync.Once
}

func (m *moment) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if strings.Contains(e.Query, m.before) {
		m.once.Do(m.take)
	}
	return ctx
}

func (*moment) AfterQuery(context.Context, *bun.QueryEvent) {}

func TestACrashAtAnyPointOfAMigrationIsMadeGood(t *testing.T) {
	for name, before := range map[string]string{
		"InTheMiddle":             "CREATE TABLE releases",
		"BeforeTheMark":           "INSERT INTO purser_migrations (name",
		"BeforeTheCommit":         "COMMIT",
		"AfterTheCommit":          "ON CONFLICT",
		"BeforeTheFirstStatement": "CREATE TABLE IF NOT EXISTS",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			killed := ""
			crash := &moment{before: before, take: func() { killed = MustCopy(t, path) }}
			s := mustConnect(t, path)
			if err := migrateSchema(t.Context(), s.writer.WithQueryHook(crash)); err != nil {
				t.Fatal(err)
			}
			if killed == "" {
				t.Fatal("the moment did not come")
			}
			s, err := Open(t.Context(), Options{Path: killed})
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = s.FindReleases(t.Context(), purser.ReleaseFilter{})
			if err := errors.Join(err, s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
}
