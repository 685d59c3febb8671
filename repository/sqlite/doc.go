// Package sqlite is the store of a single server: one SQLite file, through Bun and database/sql, with one connection that
// writes and a few that read beside it.
//
// Invariant: what Update has committed survives the process and, unless the caller chose less, the power; a file that is
// not known to the last migration is never written to.
package sqlite
