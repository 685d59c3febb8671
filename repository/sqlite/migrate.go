package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// Migrations go up only. A file that a released version has applied is never changed; a new one is added.
//
//go:embed migrations/*.tx.up.sql
var migrationFiles embed.FS

const (
	migrationsTable     = "purser_migrations"
	migrationLocksTable = "purser_migration_locks"
)

// errMeanwhile ends a migration that another process has done since this one looked.
var errMeanwhile = errors.New("the migration was applied meanwhile")

func discoverMigrations() (*migrate.Migrations, error) {
	m := migrate.NewMigrations()
	if err := m.Discover(migrationFiles); err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return m, nil
}

// knownMigrations lists the names of the migrations in order.
func knownMigrations() ([]string, error) {
	m, err := discoverMigrations()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, one := range m.Sorted() {
		names = append(names, one.Name)
	}
	return names, nil
}

// migrateSchema applies the migrations that the database lacks. Each runs in a write transaction that also marks it as
// applied, so that neither a crash nor a second process can have it done twice or by half. (Bun's own mark is made
// outside of the transaction, and its lock outlives a crash.)
func migrateSchema(ctx context.Context, db *bun.DB) error {
	migrations, err := discoverMigrations()
	if err != nil {
		return err
	}
	return apply(ctx, db, migrations)
}

func apply(ctx context.Context, db *bun.DB, migrations *migrate.Migrations) error {
	m := migrate.NewMigrator(db, migrations,
		migrate.WithTableName(migrationsTable), migrate.WithLocksTableName(migrationLocksTable),
		migrate.WithMarkAppliedOnSuccess(true), migrate.WithUpsert(true),
		migrate.BeforeMigration(refuseApplied), migrate.AfterMigration(markApplied))
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	for {
		_, err := m.Migrate(ctx)
		if err == nil {
			return nil
		}
		if !errors.Is(err, errMeanwhile) {
			return fmt.Errorf("migration %w", err)
		}
	}
}

func refuseApplied(ctx context.Context, db bun.IConn, m *migrate.Migration) error {
	var n int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+migrationsTable+" WHERE name = ?", m.Name).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errMeanwhile
	}
	return nil
}

func markApplied(ctx context.Context, db bun.IConn, m *migrate.Migration) error {
	_, err := db.ExecContext(ctx, "INSERT INTO "+migrationsTable+" (name, group_id) VALUES (?, ?)", m.Name, m.GroupID)
	return err
}
