package sqlite_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

// Two stores on one file behave as two processes do: they share nothing but the file and its locks.
func mustOpenTwo(tb testing.TB) [2]*sqlite.Store {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "store.db")
	return [2]*sqlite.Store{MustOpenStore(tb, sqlite.Options{Path: path}), MustOpenStore(tb, sqlite.Options{Path: path})}
}

func TestTwoStoresLoseNoWrites(t *testing.T) {
	stores := mustOpenTwo(t)
	const writers, each = 3, 20
	key := purser.ReleaseKey{Name: "a"}
	errs := make([]error, 2*writers)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			s := stores[i%2]
			for range each {
				errs[i] = errors.Join(errs[i], s.Update(t.Context(), func(tx purser.Tx) error {
					next, err := tx.NextVersion(t.Context(), key)
					if err != nil {
						return err
					}
					r := storetest.ReleaseOf("a", next, purser.StageDeployed)
					return tx.CreateRelease(t.Context(), &r)
				}))
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	for _, s := range stores {
		_, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Light: true})
		if err != nil || total != 2*writers*each {
			t.Errorf("%d releases, %v", total, err)
		}
		r, err := s.FindRelease(t.Context(), key, 0)
		if err != nil || r.Version != 2*writers*each {
			t.Errorf("latest version %d, %v", r.Version, err)
		}
	}
}

func TestTwoStoresHaveOneOpenOperationOfAKey(t *testing.T) {
	stores := mustOpenTwo(t)
	errs := make([]error, 16)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			o := storetest.OperationOf("a")
			errs[i] = stores[i%2].Update(t.Context(), func(tx purser.Tx) error { return tx.CreateOperation(t.Context(), &o) })
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		switch purser.ErrorCode(err) {
		case "":
			won++
		case purser.CodeBusy:
		default:
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

func TestAStoreSeesWhatAnotherCommits(t *testing.T) {
	stores := mustOpenTwo(t)
	r := storetest.MustCreateReleases(t, stores[0], storetest.ReleaseOf("a", 1, purser.StageDeployed))[0]
	got, err := stores[1].FindRelease(t.Context(), r.Key, 0)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, r)
	if err := stores[0].Close(); err != nil {
		t.Fatal(err)
	}
	storetest.MustCreateReleases(t, stores[1], storetest.ReleaseOf("a", 2, purser.StageDeployed))
}
