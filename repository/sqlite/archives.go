package sqlite

import (
	"context"
	"database/sql"

	"purser/repository"
)

// Archives are bound, never written into a statement: Bun would make a hexadecimal literal of them.

func findArchive(ctx context.Context, c session, packageID int64) (archive []byte, err error) {
	known := false
	err = c.query(ctx, "SELECT a.bytes FROM packages AS p LEFT JOIN package_archives AS a ON a.package_id = p.id WHERE p.id = ?",
		[]any{packageID}, func(rows *sql.Rows) error {
			known = true
			return rows.Scan(&archive)
		})
	if err != nil {
		return nil, fault(ctx, "find an archive", err)
	}
	if !known {
		return nil, repository.ErrNoPackage(packageID)
	}
	return archive, nil
}

// updateArchive replaces the archive of a package; nil takes it away.
func updateArchive(ctx context.Context, c session, packageID int64, archive []byte) error {
	if archive == nil {
		return deleteArchive(ctx, c, packageID)
	}
	result, err := c.exec(ctx, "INSERT INTO package_archives (package_id, bytes) SELECT id, ?2 FROM packages WHERE id = ?1 "+
		"ON CONFLICT (package_id) DO UPDATE SET bytes = excluded.bytes", packageID, archive)
	return changed(ctx, "store an archive", result, err, repository.ErrNoPackage(packageID))
}

func deleteArchive(ctx context.Context, c session, packageID int64) error {
	if _, err := findPackage(ctx, c, packageID); err != nil {
		return err
	}
	if _, err := c.exec(ctx, "DELETE FROM package_archives WHERE package_id = ?", packageID); err != nil {
		return fault(ctx, "delete an archive", err)
	}
	return nil
}
