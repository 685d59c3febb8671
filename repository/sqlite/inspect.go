package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

const (
	magic         = "SQLite format 3\x00"
	applicationID = 0x50525352 // set by the first migration
)

// How much of a file is checked page by page when it is opened depends on its size, for a start must not take long: all
// of it up to wholeCheckBytes, all but archives and contents (the most of it) up to partCheckBytes, and beyond that only
// header and schema. What is not found here is found when it is read.
const (
	wholeCheckBytes = 8 << 20
	partCheckBytes  = 64 << 20
)

// inspect looks at a file without changing it, and tells whether it has all migrations that there are.
func inspect(ctx context.Context, file string) (current bool, err error) {
	size, err := checkHeader(file)
	if err != nil || size == 0 {
		return false, err
	}
	quiet := !isInUse(file)
	current, err = inspectDatabase(ctx, file, size, quiet)
	if quiet && errors.Is(err, ErrCorrupt) && isInUse(file) {
		// Another process began to use it during the look, which then may have seen half of a change.
		current, err = inspectDatabase(ctx, file, size, false)
	}
	return current, err
}

// checkHeader gives the size of a file that begins as a database does, 0 when there is none.
func checkHeader(file string) (int64, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, reason(err)
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%w: it is no regular file", ErrForeign)
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0) // SQLite would do with reading, and fail at the first write
	if err != nil {
		return 0, reason(err)
	}
	defer f.Close()
	if info.Size() == 0 {
		return 0, nil
	}
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(f, start); err != nil || string(start) != magic {
		return 0, fmt.Errorf("%w: it is no SQLite database", ErrForeign)
	}
	return info.Size(), nil
}

// reason is the error without the path, which Open names.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// isInUse tells whether a write-ahead log stands beside the file: a process has it open, or did not come to close it.
func isInUse(file string) bool {
	for _, suffix := range []string{"-wal", "-shm"} {
		if _, err := os.Stat(file + suffix); err == nil {
			return true
		}
	}
	return false
}

func inspectDatabase(ctx context.Context, file string, size int64, immutable bool) (current bool, err error) {
	db := connect(file, inspectionParameters(immutable))
	db.SetMaxOpenConns(1)
	current, err = inspectSchema(ctx, db)
	if err == nil {
		err = checkPages(ctx, db, size)
	}
	err = errors.Join(err, db.Close())
	if isDamage(err) {
		err = fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return current, err
}

func inspectSchema(ctx context.Context, db *sql.DB) (current bool, err error) {
	tables, err := column(ctx, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(tables, func(t string) bool { return t != migrationsTable && t != migrationLocksTable }) {
		return false, nil // its making was interrupted, or nothing was made yet
	}
	var id int64
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return false, err
	}
	if id != applicationID {
		return false, fmt.Errorf("%w: it is the SQLite database of another program", ErrForeign)
	}
	applied, err := column(ctx, db, "SELECT name FROM "+migrationsTable+" ORDER BY name")
	if err != nil {
		return false, err
	}
	known, err := knownMigrations()
	if err != nil {
		return false, err
	}
	for _, name := range applied {
		if !slices.Contains(known, name) {
			return false, fmt.Errorf("%w: it has migration %s, and the last one known here is %s", ErrNewer, name, known[len(known)-1])
		}
	}
	return len(applied) == len(known), nil
}

// checkPages looks for damage within the pages.
func checkPages(ctx context.Context, db *sql.DB, size int64) error {
	var checks []string
	switch {
	case size <= wholeCheckBytes:
		checks = []string{"PRAGMA quick_check(1)"}
	case size <= partCheckBytes:
		checks = []string{"PRAGMA quick_check('releases')", "PRAGMA quick_check('operations')", "PRAGMA quick_check('packages')"}
	}
	for _, check := range checks {
		findings, err := column(ctx, db, check)
		if err != nil {
			return err
		}
		if len(findings) != 1 || findings[0] != "ok" {
			return fmt.Errorf("%w: %s", ErrCorrupt, strings.Join(findings[:min(len(findings), 3)], "; "))
		}
	}
	return nil
}

// column reads a list of texts.
func column(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var list []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
