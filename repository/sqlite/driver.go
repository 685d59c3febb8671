package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"

	"github.com/mattn/go-sqlite3"

	"purser"
)

// This is the only file that knows which driver is used.

// connect makes a pool for a file. The pool opens connections when they are needed, each with all of the parameters.
func connect(file string, parameters url.Values) *sql.DB {
	source := (&url.URL{Scheme: "file", Path: file, RawQuery: parameters.Encode()}).String()
	return sql.OpenDB(connector{source, &sqlite3.SQLiteDriver{ConnectHook: addFunctions}})
}

// connector opens connections that have our functions.
type connector struct {
	source string
	driver driver.Driver
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.source) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }

// addFunctions makes known what migrations call.
func addFunctions(c *sqlite3.SQLiteConn) error {
	return c.RegisterFunc("package_uuid", func(repository, name, version string) string {
		return purser.PackageMetadata{RepositoryName: repository, Name: name, Version: version}.UUID()
	}, true)
}

// writerParameters are for the one connection that writes. Taking the write lock at BEGIN keeps two processes from
// blocking each other half-way, which no timeout could cure.
func writerParameters(synchronous string) url.Values {
	return url.Values{
		"_busy_timeout": {"5000"},
		"_foreign_keys": {"on"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {synchronous},
		"_txlock":       {"immediate"},
	}
}

// readerParameters are for the connections that read. Their statements repeat, so each keeps a few prepared.
func readerParameters() url.Values {
	return url.Values{
		"mode":             {"ro"},
		"_busy_timeout":    {"5000"},
		"_query_only":      {"on"},
		"_stmt_cache_size": {"32"},
	}
}

// inspectionParameters are for a look at a file that may not be ours. With immutable SQLite makes no file beside it, but
// it would miss what stands in a write-ahead log.
func inspectionParameters(immutable bool) url.Values {
	v := url.Values{"mode": {"ro"}, "_busy_timeout": {"5000"}, "_query_only": {"on"}}
	if immutable {
		v.Set("immutable", "1")
	}
	return v
}

// isTaken tells whether a statement failed because a unique index has the value already.
func isTaken(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

// isLocked tells whether another process kept the file to itself for longer than the busy timeout.
func isLocked(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

// isDamage tells whether SQLite could not make sense of the file.
func isDamage(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB || e.Code == sqlite3.ErrFormat)
}
