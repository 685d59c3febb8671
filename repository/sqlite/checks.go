package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"purser"
	"purser/repository"
)

func findChecks(ctx context.Context, c session, releases []string) (list []purser.Check, err error) {
	if len(releases) == 0 {
		return nil, nil
	}
	wanted, err := json.Marshal(releases)
	if err != nil {
		return nil, fault(ctx, "find checks", err)
	}
	const query = "SELECT k.uuid, r.uuid, k.context, k.state, k.name, k.description, k.target_url, k.image_url, k.created_at, k.updated_at " +
		"FROM release_checks AS k JOIN releases AS r ON r.id = k.release_id " +
		"WHERE r.uuid IN (SELECT value FROM json_each(?)) AND r.uuid <> '' ORDER BY k.id"
	err = c.query(ctx, query, []any{string(wanted)}, func(rows *sql.Rows) error {
		var one purser.Check
		var created, updated *int64
		err := rows.Scan(&one.UUID, &one.Release, &one.Context, &one.State, &one.Name, &one.Description, &one.TargetURL, &one.ImageURL, &created, &updated)
		one.CreatedAt, one.UpdatedAt = instant(created), instant(updated)
		list = append(list, one)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "find checks", err)
	}
	return list, nil
}

func createCheck(ctx context.Context, c session, k purser.Check) error {
	result, err := c.exec(ctx, "INSERT INTO release_checks (uuid, release_id, context, state, name, description, target_url, image_url, "+
		"created_at, updated_at) SELECT ?2, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM releases WHERE uuid = ?1 AND uuid <> ''",
		k.Release, k.UUID, k.Context, string(k.State), k.Name, k.Description, k.TargetURL, k.ImageURL, millis(k.CreatedAt), millis(k.UpdatedAt))
	if isTaken(err) {
		return repository.ErrCheckExists(k)
	}
	return changed(ctx, "create a check", result, err, repository.ErrNoReleaseUUID(k.Release))
}

func updateCheck(ctx context.Context, c session, k purser.Check) error {
	result, err := c.exec(ctx, "UPDATE release_checks SET state = ?2, name = ?3, description = ?4, target_url = ?5, image_url = ?6, "+
		"updated_at = ?7 WHERE uuid = ?1", k.UUID, string(k.State), k.Name, k.Description, k.TargetURL, k.ImageURL, millis(k.UpdatedAt))
	return changed(ctx, "update a check", result, err, repository.ErrNoCheck(k.UUID))
}
