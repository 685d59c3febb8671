package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"purser"
	"purser/repository"
)

const artifactColumns = "id, version_id, name, platform, size, sha256, source, executable, arguments, metadata, state, received, actual, error, " +
	"attempts, next_at, owner, lease_until"

func scanArtifact(rows *sql.Rows) (a purser.Artifact, err error) {
	var next, lease *int64
	err = rows.Scan(&a.ID, &a.VersionID, &a.Name, &a.Platform, &a.Size, &a.SHA256, &a.Source, &a.Executable, &a.Arguments, &a.Metadata,
		&a.State, &a.Received, &a.Actual, &a.Error, &a.Attempts, &next, &a.Owner, &lease)
	a.NextAt, a.LeaseUntil = instant(next), instant(lease)
	return a, err
}

func findArtifacts(ctx context.Context, c session, f purser.ArtifactFilter) (list []purser.Artifact, err error) {
	var w condition
	w.add(f.ID != 0, "id = ?", f.ID)
	w.add(f.Actual != "", "actual = ? AND actual <> ''", f.Actual)
	if err := cmp.Or(oneOf(&w, "version_id", f.Versions), oneOf(&w, "state", f.States)); err != nil {
		return nil, fault(ctx, "find artifacts", err)
	}
	query := "SELECT " + artifactColumns + " FROM artifacts" + w.String() + " ORDER BY id"
	if f.Limit > 0 {
		query, w.args = query+" LIMIT ?", append(w.args, f.Limit)
	}
	err = c.query(ctx, query, w.args, func(rows *sql.Rows) error {
		a, err := scanArtifact(rows)
		list = append(list, a)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "find artifacts", err)
	}
	return list, nil
}

func createArtifact(ctx context.Context, c session, a *purser.Artifact) error {
	result, err := c.exec(ctx, "INSERT INTO artifacts (version_id, name, platform, size, sha256, source, executable, arguments, metadata, state, "+
		"received, actual, error, attempts, next_at, owner, lease_until) "+
		"SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17 FROM package_versions WHERE id = ?1",
		a.VersionID, a.Name, a.Platform, a.Size, a.SHA256, a.Source, a.Executable, a.Arguments, a.Metadata, string(a.State),
		a.Received, a.Actual, a.Error, a.Attempts, millis(a.NextAt), a.Owner, millis(a.LeaseUntil))
	if err := changed(ctx, "create an artifact", result, err, repository.ErrNoPackageVersion(a.VersionID)); err != nil {
		return err
	}
	if a.ID, err = result.LastInsertId(); err != nil {
		return fault(ctx, "create an artifact", err)
	}
	return nil
}

func updateArtifact(ctx context.Context, c session, a purser.Artifact) error {
	result, err := c.exec(ctx, "UPDATE artifacts SET state = ?2, received = ?3, actual = ?4, error = ?5, attempts = ?6, next_at = ?7, owner = ?8, "+
		"lease_until = ?9 WHERE id = ?1",
		a.ID, string(a.State), a.Received, a.Actual, a.Error, a.Attempts, millis(a.NextAt), a.Owner, millis(a.LeaseUntil))
	return changed(ctx, "update an artifact", result, err, repository.ErrNoArtifact(a.ID))
}

func deleteArtifacts(ctx context.Context, c session, versionID int64) error {
	if _, err := c.exec(ctx, "DELETE FROM artifacts WHERE version_id = ?", versionID); err != nil {
		return fault(ctx, "delete artifacts", err)
	}
	return nil
}

func claimArtifacts(ctx context.Context, c session, owner string, now, until time.Time, limit int) (list []purser.Artifact, err error) {
	const query = "UPDATE artifacts SET owner = ?1, lease_until = ?3 WHERE id IN (SELECT id FROM artifacts WHERE state IN ('pending', 'uploading') " +
		"AND next_at <= ?2 AND (owner = '' OR owner = ?1 OR lease_until IS NULL OR lease_until < ?2) ORDER BY next_at, id LIMIT ?4) RETURNING " + artifactColumns
	err = c.query(ctx, query, []any{owner, now.UnixMilli(), millis(until), limit}, func(rows *sql.Rows) error {
		a, err := scanArtifact(rows)
		list = append(list, a)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "claim artifacts", err)
	}
	slices.SortFunc(list, func(a, b purser.Artifact) int { return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}
