package sqlite

import (
	"context"
	"database/sql"

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
	content, ok := c.store.decoded.contents.get(string(row.PackageHash))
	if !ok {
		return purser.Release{}, false, nil
	}
	if found, err = c.store.decoded.release(&row, content); err != nil {
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
	query, args := selectRelease+latestVersion, []any{key.Space, key.Name}
	if version != 0 {
		query, args = selectRelease+thisVersion, append(args, version)
	}
	var row releaseRow
	known := false
	err := c.query(ctx, query, args, func(rows *sql.Rows) error {
		known = true
		return rows.Scan(row.columns(&row.OverrideValues, (*string)(&row.Manifest), &row.ChangeLog, (*string)(&row.PackageHash))...)
	})
	switch {
	case err != nil:
		return row, fault(ctx, "find a release", err)
	case !known:
		return row, repository.ErrNoRelease(key, version)
	}
	return row, nil
}

// What is asked for most is bound, so that its statements stay prepared. The plus keeps SQLite from looking at what is
// bound: it would compile a statement that sorts anew for each value.
const (
	selectRelease = "SELECT " + releaseColumns + ", c.override_values, c.manifest, c.change_log, c.package_hash FROM releases AS r " +
		"JOIN release_contents AS c ON c.release_id = r.id WHERE r.space = +?1 AND r.name = +?2"
	selectLightRelease = "SELECT " + releaseColumns + " FROM releases AS r WHERE r.space = +?1 AND r.name = +?2"
	thisVersion        = " AND r.version = +?3"
	noDraft            = " AND r.stage <> '" + string(purser.StageDraft) + "'"
	latestVersion      = noDraft + " ORDER BY r.version DESC LIMIT 1"
)

// isLightOne tells whether a filter asks for one light version of one release: the latest, or the one with a number.
func isLightOne(f purser.ReleaseFilter) bool {
	narrower := f.AllSpaces || f.ID != 0 || f.Tag != "" || f.NameContains != "" || f.Stages != nil || f.PackageIDs != nil || f.Page != (purser.Page{})
	return f.Light && f.Latest && len(f.Names) == 1 && !narrower
}

// findLightRelease gives the version that such a filter asks for, if it is there.
func findLightRelease(ctx context.Context, c session, f purser.ReleaseFilter) (list []purser.Release, err error) {
	query, args := selectLightRelease+latestVersion, []any{f.Space, f.Names[0]}
	if f.Version != 0 {
		query, args = selectLightRelease+thisVersion+noDraft, append(args, f.Version)
	}
	err = c.query(ctx, query, args, func(rows *sql.Rows) error {
		var row releaseRow
		if err := rows.Scan(row.columns()...); err != nil {
			return err
		}
		r, err := c.store.decoded.release(&row, purser.Package{})
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "find releases", err)
	}
	return list, nil
}

func withContents(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("?TableColumns").ColumnExpr("c.package_hash, c.override_values, c.manifest, c.change_log").
		Join("JOIN release_contents AS c ON c.release_id = r.id")
}

func findReleases(ctx context.Context, c session, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	if fitsNothing(filter) {
		return nil, 0, nil
	}
	if isLightOne(filter) {
		list, err := findLightRelease(ctx, c, filter)
		return list, len(list), err
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
		q = inStages(q, f.Stages)
	} else {
		q = q.Where("r.stage <> ?", purser.StageDraft)
	}
	if f.PackageIDs != nil {
		q = q.Where("r.package_id IN ?", bun.Tuple(f.PackageIDs))
	}
	return q
}

// inStages narrows a query to stages. One of them is said in the words of the index on what is deployed.
func inStages(q *bun.SelectQuery, stages []purser.Stage) *bun.SelectQuery {
	if len(stages) == 1 {
		return q.Where("r.stage = ?", stages[0])
	}
	return q.Where("r.stage IN ?", bun.Tuple(stages))
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
