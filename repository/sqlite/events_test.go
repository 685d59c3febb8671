package sqlite_test

import (
	"path/filepath"
	"testing"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

func TestTheLogKeepsAsManyEventsAsItShould(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{KeepEvents: 10})
	for range 30 {
		storetest.MustAppendEvents(t, s, storetest.EventOf("a", 1))
	}
	wants(t, s, "SELECT min(id) || ' ' || max(id) FROM events", "21 30")
}

// A store that was written before there were events gets their log and keeps what it has.
func TestAnOlderStoreGetsTheLogOfEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := MustOpenStore(t, sqlite.Options{Path: path})
	want := storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))[0]
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	MustExec(t, path, "DROP TABLE events", "DELETE FROM purser_migrations WHERE name = '0002'")
	for range 2 {
		s = MustOpenStore(t, sqlite.Options{Path: path})
		got, err := s.FindRelease(t.Context(), want.Key, 0)
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want)
		storetest.MustAppendEvents(t, s, storetest.EventOf("a", 1))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, MustOpenStore(t, sqlite.Options{Path: path}), "SELECT count(*) FROM events", "2")
}

func TestTwoStoresShareTheLogOfEvents(t *testing.T) {
	stores := mustOpenTwo(t)
	for i := range 20 {
		kept := storetest.MustAppendEvents(t, stores[i%2], storetest.EventOf("a", 1), storetest.EventOf("b", 1))
		if kept[0].ID != int64(2*i+1) || kept[1].ID != int64(2*i+2) {
			t.Errorf("transaction %d got the ids %d and %d", i, kept[0].ID, kept[1].ID)
		}
	}
}

func BenchmarkAppendEvents(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{})
	for b.Loop() {
		storetest.MustAppendEvents(b, s, storetest.EventOf("a", 1), storetest.EventOf("a", 2))
	}
}

func BenchmarkFindNoNewEvents(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{})
	last := storetest.MustAppendEvents(b, s, storetest.EventOf("a", 1))[0].ID
	for b.Loop() {
		if found, err := s.FindEvents(b.Context(), purser.EventFilter{After: last, AllSpaces: true}); err != nil || len(found) > 0 {
			b.Fatal(found, err)
		}
	}
}
