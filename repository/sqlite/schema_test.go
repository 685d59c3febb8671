package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

// wants fails the test unless the writer answers a query so.
func wants(t *testing.T, s *sqlite.Store, query, want string) {
	t.Helper()
	got, err := sqlite.AskWriter(t.Context(), s, query)
	if err != nil || got != want {
		t.Errorf("%s: %q, %v, want %q", query, got, err, want)
	}
}

func TestConnectionsAreSetUp(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{Synchronous: "FULL"})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "application_id": fmt.Sprint(0x50525352),
	} {
		wants(t, s, "PRAGMA "+pragma, want)
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "query_only": "1", "busy_timeout": "5000"} {
		if got, err := sqlite.AskReader(t.Context(), s, "PRAGMA "+pragma); err != nil || got != want {
			t.Errorf("reader's %s: %q, %v, want %q", pragma, got, err, want)
		}
	}
	if _, err := sqlite.AskReader(t.Context(), s, "DELETE FROM releases RETURNING id"); err == nil {
		t.Error("a reader may write")
	}
}

func TestTheDefaultFlushesEachCommit(t *testing.T) {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "store.db")})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, s, "PRAGMA synchronous", "2")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestAPackageIsStoredOnceForAllItsReleases(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{})
	var made []purser.Release
	for i := range 20 {
		r := storetest.ReleaseOf("a", 1+i, purser.StageDeployed)
		r.Package.Metadata.ID = int64(i) // uploaded again and again
		made = append(made, r)
	}
	other := storetest.ReleaseOf("b", 1, purser.StageDeployed)
	other.Package.Templates[0].Text = "another"
	made = storetest.MustCreateReleases(t, s, append(made, other)...)
	wants(t, s, "SELECT count(*) FROM package_contents", "2")

	remove := func(list []purser.Release) {
		storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			for _, r := range list {
				if err := tx.DeleteRelease(ctx, r.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	remove(made[1:])
	wants(t, s, "SELECT count(*) FROM package_contents", "1")
	wants(t, s, "SELECT count(*) FROM release_contents", "1")
	remove(made[:1])
	wants(t, s, "SELECT count(*) FROM package_contents", "0")
	wants(t, s, "SELECT count(*) FROM release_contents", "0")
}

func TestArchivesGoWithTheirPackages(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{})
	m := storetest.MustCreatePackage(t, s, storetest.MetadataOf("log", "1.0.0", 1), []byte("x"))
	wants(t, s, "SELECT count(*) FROM package_archives", "1")
	storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeletePackage(ctx, m.ID) })
	wants(t, s, "SELECT count(*) FROM package_archives", "0")
}

func TestAConflictLeavesNoContentBehind(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{})
	storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))
	storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
		again := storetest.ReleaseOf("a", 1, purser.StageDeployed)
		again.Package.Templates[0].Text = "another"
		if err := tx.CreateRelease(ctx, &again); purser.ErrorCode(err) != purser.CodeConflict {
			t.Errorf("error %v", err)
		}
		return nil
	})
	wants(t, s, "SELECT count(*) FROM package_contents", "1")
}

// An unknown fault of the database is internal, keeps its cause for the log and hides it from clients.
func TestFaultsAreInternal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := MustOpenStore(t, sqlite.Options{Path: path})
	MustExec(t, path, "DROP TABLE operations")
	_, _, err := s.FindOperations(t.Context(), purser.OperationFilter{})
	if purser.ErrorCode(err) != purser.CodeInternal {
		t.Fatalf("error %v", err)
	}
	const want = "the store failed to find operations: no such table: operations"
	if err.Error() != want {
		t.Errorf("text for the log %q, want %q", err, want)
	}
}
