package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// findReadyRelease is findRelease with one statement; ready is false when the package's content has to be read as well.
func findReadyRelease(ctx context.Context, c session, key purser.ReleaseKey, version int) (found purser.Release, ready bool, err error) {
	row, err := findReleaseRow(ctx, c, key, version)
	if err != nil {
		return purser.Release{}, false, err
	}
	p, ok := c.store.contents.get(string(row.PackageHash))
	if !ok {
		return purser.Release{}, false, nil
	}
	if p.Metadata, err = row.metadata(); err == nil {
		found, err = row.release(p)
	}
	if err != nil {
		return purser.Release{}, false, fault(ctx, "read a release", err)
	}
	return found, true, nil
}

func findRelease(ctx context.Context, c session, key purser.ReleaseKey, version int) (purser.Release, error) {
	row, err := findReleaseRow(ctx, c, key, version)
	if err != nil {
		return purser.Release{}, err
	}
	list, err := releasesOf(ctx, c, []releaseRow{row}, false)
	if err != nil {
		return purser.Release{}, fault(ctx, "read a release", err)
	}
	return list[0], nil
}

func findReleaseRow(ctx context.Context, c session, key purser.ReleaseKey, version int) (releaseRow, error) {
	var row releaseRow
	q := withContents(c.NewSelect().Model(&row)).Where("r.space = ?", text(key.Space)).Where("r.name = ?", text(key.Name))
	if version != 0 {
		q = q.Where("r.version = ?", version)
	} else {
		q = q.Where("r.stage <> ?", purser.StageDraft).OrderExpr("r.version DESC").Limit(1)
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return row, repository.ErrNoRelease(key, version)
	}
	if err != nil {
		return row, fault(ctx, "find a release", err)
	}
	return row, nil
}

func withContents(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("?TableColumns").ColumnExpr("c.package_hash, c.override_values, c.manifest, c.change_log").
		Join("JOIN release_contents AS c ON c.release_id = r.id")
}

func findReleases(ctx context.Context, c session, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	if fitsNothing(filter) {
		return nil, 0, nil
	}
	narrow := narrowing(c, filter)
	var rows []releaseRow
	q := narrow(c.NewSelect().Model(&rows))
	if filter.Light {
		q = q.ColumnExpr("?TableColumns")
	} else {
		q = withContents(q)
	}
	if err := sorted(q, "r", releaseOrders, filter.Order, filter.Page).Scan(ctx); err != nil {
		return nil, 0, fault(ctx, "find releases", err)
	}
	total, err := totalOf(ctx, len(rows), filter.Page, func() *bun.SelectQuery { return narrow(c.NewSelect().Model((*releaseRow)(nil))) })
	if err != nil {
		return nil, 0, fault(ctx, "count releases", err)
	}
	list, err := releasesOf(ctx, c, rows, filter.Light)
	if err != nil {
		return nil, 0, fault(ctx, "read releases", err)
	}
	return list, total, nil
}

// fitsNothing tells whether a list of the filter is there but empty.
func fitsNothing(f purser.ReleaseFilter) bool {
	return f.Names != nil && len(f.Names) == 0 || f.Stages != nil && len(f.Stages) == 0 || f.PackageIDs != nil && len(f.PackageIDs) == 0
}

// narrowing gives what narrows a query to the versions that fit.
func narrowing(c session, filter purser.ReleaseFilter) func(q *bun.SelectQuery) *bun.SelectQuery {
	if !filter.Latest {
		return func(q *bun.SelectQuery) *bun.SelectQuery { return narrowReleases(q, filter) }
	}
	if len(filter.Names) == 1 && !filter.AllSpaces { // of one key: read backwards, however many versions it has
		highest := narrowReleases(c.NewSelect().Model((*releaseRow)(nil)), filter).ColumnExpr("r.id").OrderExpr("r.version DESC").Limit(1)
		return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.id IN (?)", highest) }
	}
	highest := narrowReleases(c.NewSelect().Model((*releaseRow)(nil)), filter).
		ColumnExpr("r.id, max(r.version)").GroupExpr("r.space, r.name")
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.id IN (SELECT id FROM (?))", highest) }
}

func narrowReleases(q *bun.SelectQuery, f purser.ReleaseFilter) *bun.SelectQuery {
	if !f.AllSpaces {
		q = q.Where("r.space = ?", text(f.Space))
	}
	if f.ID != 0 {
		q = q.Where("r.id = ?", f.ID)
	}
	if f.Tag != "" {
		q = q.Where("r.tag = ?", text(f.Tag)).Where("r.tag <> ''")
	}
	if f.Names != nil {
		q = q.Where("r.name IN ?", bun.Tuple(mapEach(f.Names, toText)))
	}
	if f.NameContains != "" {
		q = q.Where("instr(r.folded_name, ?) > 0", text(repository.Fold(f.NameContains)))
	}
	if f.Version != 0 {
		q = q.Where("r.version = ?", f.Version)
	}
	if f.Stages != nil {
		q = q.Where("r.stage IN ?", bun.Tuple(f.Stages))
	} else {
		q = q.Where("r.stage <> ?", purser.StageDraft)
	}
	if f.PackageIDs != nil {
		q = q.Where("r.package_id IN ?", bun.Tuple(f.PackageIDs))
	}
	return q
}

func nextVersion(ctx context.Context, c session, key purser.ReleaseKey) (int, error) {
	const query = "SELECT max(ifnull((SELECT max(version) FROM releases WHERE space = ?1 AND name = ?2), 0), " +
		"ifnull((SELECT highest FROM release_keys WHERE space = ?1 AND name = ?2), 0))"
	highest := 0
	err := c.query(ctx, query, []any{key.Space, key.Name}, func(rows *sql.Rows) error { return rows.Scan(&highest) })
	if err != nil {
		return 0, fault(ctx, "find the next version", err)
	}
	return highest + 1, nil
}
