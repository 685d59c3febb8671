package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// Explain gives the steps of SQLite's plan for a statement.
func Explain(ctx context.Context, s *Store, statement string) (steps []string, err error) {
	c := session{IDB: s.reader, bound: s.reader.DB, store: s}
	statement = regexp.MustCompile(`\+\?\d`).ReplaceAllString(statement, "'x'") // the plan does not depend on what is bound
	err = c.query(ctx, "EXPLAIN QUERY PLAN "+statement, nil, func(rows *sql.Rows) error {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return err
		}
		steps = append(steps, step)
		return nil
	})
	return steps, err
}

// AskWriter and AskReader give the first value that a query has on a connection of that pool.
func AskWriter(ctx context.Context, s *Store, query string) (string, error) {
	return ask(ctx, s.writer, query)
}

func AskReader(ctx context.Context, s *Store, query string) (string, error) {
	return ask(ctx, s.reader, query)
}

func ask(ctx context.Context, db *bun.DB, query string) (answer string, err error) {
	err = db.DB.QueryRowContext(ctx, query).Scan(&answer)
	return answer, err
}

// MustCopy copies the file and the write-ahead log of a store that is not closed: what kill -9 leaves.
func MustCopy(tb testing.TB, path string) string {
	tb.Helper()
	killed := filepath.Join(tb.TempDir(), "store.db")
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(killed+suffix, b, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return killed
}

// MustMakeOld makes the file of a store that has the migrations up to last.
func MustMakeOld(tb testing.TB, path, last string) {
	tb.Helper()
	s := mustConnect(tb, path)
	all, err := discoverMigrations()
	if err != nil {
		tb.Fatal(err)
	}
	some := migrate.NewMigrations()
	for _, m := range all.Sorted() {
		if m.Name <= last {
			some.Add(m)
		}
	}
	if err := errors.Join(apply(tb.Context(), s.writer, some), s.Close()); err != nil {
		tb.Fatal(err)
	}
}

// SetScanHold says how long a scan waits for whoever visits before it lets the connection go.
func SetScanHold(s *Store, d time.Duration) { s.scanHold = d }
