package sqlite_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

// MustExec runs statements on a file without the store.
func MustExec(tb testing.TB, path string, statements ...string) {
	tb.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range statements {
		if _, err := db.ExecContext(tb.Context(), s); err != nil {
			tb.Fatalf("%s: %v", s, err)
		}
	}
}

// MustMakeStore makes a store file with some content, and closes it.
func MustMakeStore(tb testing.TB) (path string) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), "store.db")
	s, err := sqlite.Open(tb.Context(), sqlite.Options{Path: path})
	if err != nil {
		tb.Fatal(err)
	}
	storetest.MustCreateReleases(tb, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))
	storetest.MustCreatePackage(tb, s, storetest.MetadataOf("log", "1.0.0", 1), make([]byte, 100_000))
	storetest.MustCreateOperation(tb, s, storetest.OperationOf("a"))
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// folder gives the names and the hashes of the files beside path.
func folder(tb testing.TB, path string) map[string][32]byte {
	tb.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		tb.Fatal(err)
	}
	files := map[string][32]byte{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		if err != nil {
			tb.Fatal(err)
		}
		files[e.Name()] = sha256.Sum256(b)
	}
	return files
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "it's a %20 folder?#&.db")
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	release := storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))[0]
	m := storetest.MustCreatePackage(t, s, storetest.MetadataOf("log", "1.0.0", 1), []byte("archive"))
	operation := storetest.MustCreateOperation(t, s, storetest.OperationOf("a"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if files := folder(t, path); len(files) != 1 {
		t.Errorf("a closed store leaves %d files", len(files))
	}
	before := folder(t, path)

	s2 := MustOpenStore(t, sqlite.Options{Path: path})
	got, err := s2.FindRelease(t.Context(), release.Key, 1)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, release)
	gotMetadata, err := s2.FindPackage(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	same(t, gotMetadata, m)
	gotOperation, err := s2.FindOperation(t.Context(), operation.Key)
	if err != nil {
		t.Fatal(err)
	}
	same(t, gotOperation, operation)
	if archive, err := s2.FindArchive(t.Context(), m.ID); err != nil || string(archive) != "archive" {
		t.Errorf("archive %q, %v", archive, err)
	}
	if err := s2.Close(); err != nil {
		t.Fatal(err)
	}
	same(t, folder(t, path), before)
}

func TestOpenRefuses(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  error
		says  string
	}{
		{"AStoreOfANewerVersion", func(t *testing.T, path string) {
			MustExec(t, path, "INSERT INTO purser_migrations (name, group_id) VALUES ('9001', 2)")
		}, sqlite.ErrNewer, "9001"},
		{"ADatabaseOfAnotherProgram", func(t *testing.T, path string) {
			mustRemove(t, path)
			MustExec(t, path, "CREATE TABLE customers (name TEXT)")
		}, sqlite.ErrForeign, "another program"},
		{"AnotherProgramsMigrations", func(t *testing.T, path string) {
			mustRemove(t, path)
			MustExec(t, path, "CREATE TABLE purser_migrations (name TEXT)", "CREATE TABLE customers (name TEXT)")
		}, sqlite.ErrForeign, "another program"},
		{"ATextFile", func(t *testing.T, path string) { mustWrite(t, path, []byte("SQLite is a database, this is not.\n")) }, sqlite.ErrForeign, "no SQLite database"},
		{"ATinyFile", func(t *testing.T, path string) { mustWrite(t, path, []byte("S")) }, sqlite.ErrForeign, "no SQLite database"},
		{"AFileOfZeros", func(t *testing.T, path string) { mustWrite(t, path, make([]byte, 8192)) }, sqlite.ErrForeign, "no SQLite database"},
		{"OnlyTheHeader", func(t *testing.T, path string) { mustWrite(t, path, mustRead(t, path)[:100]) }, sqlite.ErrCorrupt, "damaged"},
		{"OnlyTheMagic", func(t *testing.T, path string) { mustWrite(t, path, mustRead(t, path)[:16]) }, sqlite.ErrCorrupt, "damaged"},
		{"HalfAStore", func(t *testing.T, path string) {
			b := mustRead(t, path)
			mustWrite(t, path, b[:len(b)/2])
		}, sqlite.ErrCorrupt, "damaged"},
		{"AStoreWithoutItsLastPage", func(t *testing.T, path string) {
			b := mustRead(t, path)
			mustWrite(t, path, b[:len(b)-4096])
		}, sqlite.ErrCorrupt, "damaged"},
		{"AnOverwrittenSchema", func(t *testing.T, path string) {
			b := mustRead(t, path)
			copy(b[100:], strings.Repeat("x", 3000))
			mustWrite(t, path, b)
		}, sqlite.ErrCorrupt, "damaged"},
		{"AnOverwrittenTable", func(t *testing.T, path string) {
			b := mustRead(t, path)
			copy(b[5*4096:], strings.Repeat("x", 4096))
			mustWrite(t, path, b)
		}, sqlite.ErrCorrupt, "damaged"},
		{"ANonsensicalPageSize", func(t *testing.T, path string) {
			b := mustRead(t, path)
			b[16], b[17] = 0x12, 0x34
			mustWrite(t, path, b)
		}, sqlite.ErrCorrupt, "damaged"},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := MustMakeStore(t)
			row.spoil(t, path)
			before := folder(t, path)
			for range 2 {
				s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
				if err == nil {
					_ = s.Close()
					t.Fatal("it was opened")
				}
				if !errors.Is(err, row.want) || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), path) {
					t.Errorf("error %v", err)
				}
				same(t, folder(t, path), before)
			}
		})
	}
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	for name, o := range map[string]sqlite.Options{
		"NoPath":             {},
		"AFolder":            {Path: dir},
		"NoFolder":           {Path: filepath.Join(dir, "missing", "store.db")},
		"UnknownSynchronous": {Path: filepath.Join(dir, "store.db"), Synchronous: "SOMETIMES"},
	} {
		t.Run(name, func(t *testing.T) {
			if s, err := sqlite.Open(t.Context(), o); err == nil {
				_ = s.Close()
				t.Error("it was opened")
			}
		})
	}
	if files := folder(t, filepath.Join(dir, "x")); len(files) != 0 {
		t.Errorf("files were made: %v", files)
	}
}

func TestOpenTakesUpWhatWasLeft(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, path string){
		"Nothing":      func(*testing.T, string) {},
		"AnEmptyFile":  func(t *testing.T, path string) { mustWrite(t, path, nil) },
		"AnEmptyTable": func(t *testing.T, path string) { MustExec(t, path, "PRAGMA journal_mode = WAL") },
		"AnInterruptedStart": func(t *testing.T, path string) {
			MustExec(t, path, "PRAGMA journal_mode = WAL",
				"CREATE TABLE purser_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR, group_id INTEGER, migrated_at TIMESTAMP NOT NULL DEFAULT current_timestamp)")
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			prepare(t, path)
			s := MustOpenStore(t, sqlite.Options{Path: path})
			storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))
		})
	}
}

func TestOpenGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := sqlite.Open(ctx, sqlite.Options{Path: MustMakeStore(t)}); !errors.Is(err, context.Canceled) {
		_ = s.Close()
		t.Errorf("error %v", err)
	}
}

func TestAKilledStoreKeepsWhatWasCommitted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := MustOpenStore(t, sqlite.Options{Path: path})
	want := storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))[0]
	got, err := MustOpenStore(t, sqlite.Options{Path: sqlite.MustCopy(t, path)}).FindRelease(t.Context(), want.Key, 1)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
}

func TestAKilledStoreOfANewerVersionIsLeftAlone(t *testing.T) {
	path := MustMakeStore(t)
	s := MustOpenStore(t, sqlite.Options{Path: path})
	storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 2, purser.StageDeployed))
	MustExec(t, path, "INSERT INTO purser_migrations (name, group_id) VALUES ('9001', 2)")
	killed := sqlite.MustCopy(t, path)
	before := folder(t, killed)
	if s, err := sqlite.Open(t.Context(), sqlite.Options{Path: killed}); !errors.Is(err, sqlite.ErrNewer) {
		_ = s.Close()
		t.Fatalf("error %v", err)
	}
	after := folder(t, killed)
	for name, hash := range before {
		if after[name] != hash {
			t.Errorf("%s was changed", name)
		}
	}
}

func TestAStoreIsForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := MustOpenStore(t, sqlite.Options{Path: path})
	storetest.MustCreateReleases(t, s, storetest.ReleaseOf("a", 1, purser.StageDeployed))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", info.Name(), info.Mode())
		}
	}
}

func TestManyOpenANewStoreAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	const many = 8
	errs := make([]error, many)
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
			if err != nil {
				errs[i] = err
				return
			}
			_, _, err = s.FindReleases(t.Context(), purser.ReleaseFilter{})
			errs[i] = errors.Join(err, s.Close())
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func mustRead(tb testing.TB, path string) []byte {
	tb.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func mustWrite(tb testing.TB, path string, b []byte) {
	tb.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		tb.Fatal(err)
	}
}

func mustRemove(tb testing.TB, path string) {
	tb.Helper()
	if err := os.Remove(path); err != nil {
		tb.Fatal(err)
	}
}
