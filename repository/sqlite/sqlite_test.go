package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"purser"
	"purser/repository/memory"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// MustOpenStore opens a store that is closed when the test ends. Without a path it is a new one; nothing is flushed.
func MustOpenStore(tb testing.TB, o sqlite.Options) *sqlite.Store {
	tb.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(tb.TempDir(), "store.db")
	}
	if o.Synchronous == "" {
		o.Synchronous = "OFF"
	}
	s, err := sqlite.Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func open(tb testing.TB) purser.Store { return MustOpenStore(tb, sqlite.Options{}) }

func TestStore(t *testing.T) { storetest.Run(t, open) }

func TestStoreWithoutCache(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) purser.Store { return MustOpenStore(tb, sqlite.Options{CacheBytes: -1}) })
}

// same fails the test when two values differ, nil and empty included.
func same(tb testing.TB, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStoreAnswersAsTheReferenceDoes(t *testing.T) {
	storetest.Compare(t, open, func(testing.TB) purser.Store { return memory.New() })
}
