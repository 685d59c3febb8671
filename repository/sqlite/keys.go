package sqlite

import (
	"context"
	"database/sql"

	"purser"
	"purser/repository"
)

const keyColumns = "SELECT space, name, uuid, highest FROM release_keys "

func findKey(ctx context.Context, c session, key purser.ReleaseKey) (purser.KeyRecord, error) {
	return findKeyRow(ctx, c, repository.ErrNoKey(key), keyColumns+"WHERE space = ? AND name = ?", key.Space, key.Name)
}

func findKeyByUUID(ctx context.Context, c session, uuid string) (purser.KeyRecord, error) {
	return findKeyRow(ctx, c, repository.ErrNoKeyUUID(uuid), keyColumns+"WHERE uuid = ? AND uuid <> ''", uuid)
}

func findKeyRow(ctx context.Context, c session, none *purser.Error, query string, args ...any) (found purser.KeyRecord, err error) {
	known := false
	err = c.query(ctx, query, args, func(rows *sql.Rows) error {
		known = true
		return rows.Scan(&found.Key.Space, &found.Key.Name, &found.UUID, &found.Highest)
	})
	switch {
	case err != nil:
		return purser.KeyRecord{}, fault(ctx, "find a release key", err)
	case !known:
		return purser.KeyRecord{}, none
	}
	return found, nil
}

func setKeyUUID(ctx context.Context, c session, key purser.ReleaseKey, uuid string) error {
	result, err := c.exec(ctx, "INSERT INTO release_keys (space, name, uuid) VALUES (?, ?, ?) "+
		"ON CONFLICT (space, name) DO UPDATE SET uuid = excluded.uuid WHERE release_keys.uuid = ''", key.Space, key.Name, uuid)
	return changed(ctx, "name a release key", result, err, repository.ErrKeyHasUUID(key))
}
