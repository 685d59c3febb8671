package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

func findVersion(ctx context.Context, c session, uuid string) (purser.Release, error) {
	var row releaseRow
	err := withContents(c.NewSelect().Model(&row)).Where("r.uuid = ?", text(uuid)).Where("r.uuid <> ''").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return purser.Release{}, repository.ErrNoReleaseUUID(uuid)
	}
	if err != nil {
		return purser.Release{}, fault(ctx, "find a release", err)
	}
	list, err := releasesOf(ctx, c, []releaseRow{row}, false)
	if err != nil {
		return purser.Release{}, fault(ctx, "read a release", err)
	}
	return list[0], nil
}

func findVersions(ctx context.Context, c session, f purser.VersionFilter) ([]purser.Release, error) {
	if f.Stages != nil && len(f.Stages) == 0 {
		return nil, nil
	}
	var rows []releaseRow
	q := narrowVersions(c.NewSelect().Model(&rows), f)
	if f.Light {
		q = q.ColumnExpr("?TableColumns")
	} else {
		q = withContents(q)
	}
	direction, beyond := bun.OrderDesc, "r.version < ?"
	if f.Ascending {
		direction, beyond = bun.OrderAsc, "r.version > ?"
	}
	if f.After != 0 {
		q = q.Where(beyond, f.After)
	}
	if f.Limit > 0 {
		q = q.Limit(int64(f.Limit))
	}
	if err := q.OrderBy("r.version", direction).Scan(ctx); err != nil {
		return nil, fault(ctx, "find versions", err)
	}
	list, err := releasesOf(ctx, c, rows, f.Light)
	if err != nil {
		return nil, fault(ctx, "read versions", err)
	}
	return list, nil
}

func countVersions(ctx context.Context, c session, f purser.VersionFilter) (int, error) {
	if f.Stages != nil && len(f.Stages) == 0 {
		return 0, nil
	}
	total, err := narrowVersions(c.NewSelect().Model((*releaseRow)(nil)), f).Count(ctx)
	if err != nil {
		return 0, fault(ctx, "count versions", err)
	}
	return int(total), nil
}

// narrowVersions narrows a query as the indexes on versions expect it.
func narrowVersions(q *bun.SelectQuery, f purser.VersionFilter) *bun.SelectQuery {
	q = q.Where("r.space = ?", text(f.Key.Space)).Where("r.name = ?", text(f.Key.Name))
	if !f.Archived {
		q = q.Where("r.archived = 0")
	}
	if f.Stages != nil {
		q = inStages(q, f.Stages)
	}
	return q
}

// discardRelease remembers the number of a version before the version goes.
func discardRelease(ctx context.Context, c session, id int64) error {
	const remember = "INSERT INTO release_keys (space, name, highest) SELECT space, name, version FROM releases WHERE id = ? " +
		"ON CONFLICT (space, name) DO UPDATE SET highest = max(highest, excluded.highest)"
	if _, err := c.exec(ctx, remember, id); err != nil {
		return fault(ctx, "remember a version", err)
	}
	return deleteRelease(ctx, c, id)
}
