package sqlite

import (
	"context"
	"database/sql"
	"time"

	"purser"
	"purser/repository"
)

func createRelease(ctx context.Context, c session, r *purser.Release) error {
	row := releaseRowOf(*r)
	row.ID = 0
	_, err := c.NewInsert().Model(&row).Exec(ctx)
	if isTaken(err) {
		return taken(ctx, c, *r, err)
	}
	if err != nil {
		return fault(ctx, "create a release", err)
	}
	r.ID = row.ID
	if err := createContents(ctx, c, *r); err != nil {
		return fault(ctx, "create the contents of a release", err)
	}
	return nil
}

// taken tells what of a new version is there already.
func taken(ctx context.Context, c session, r purser.Release, err error) error {
	_, found := findReleaseRow(ctx, c, r.Key, r.Version)
	switch {
	case found == nil:
		return repository.ErrReleaseExists(r)
	case purser.ErrorCode(found) != purser.CodeReleaseNotFound:
		return found
	case r.Tag == "":
		return fault(ctx, "create a release", err)
	default:
		return repository.ErrTagExists(r)
	}
}

func updateRelease(ctx context.Context, c session, r purser.Release) error {
	row := releaseRowOf(r)
	result, err := c.NewUpdate().Model(&row).
		Column(changing...).
		WherePK().Exec(ctx)
	if err := changed(ctx, "update a release", result, err, repository.ErrNoReleaseID(r.ID)); err != nil {
		return err
	}
	if err := updateContents(ctx, c, r); err != nil {
		return fault(ctx, "update the contents of a release", err)
	}
	return nil
}

func updateStatuses(ctx context.Context, c session, id int64, statuses []purser.AppStatus, healthyAt time.Time) error {
	row := releaseRow{ID: id, Statuses: encode(statusBodies(statuses)), HealthyAt: millis(healthyAt)}
	columns := []string{"statuses", "healthy_at"}
	if healthyAt.IsZero() {
		columns = columns[:1]
	}
	result, err := c.NewUpdate().Model(&row).Column(columns...).WherePK().Exec(ctx)
	return changed(ctx, "update statuses", result, err, repository.ErrNoReleaseID(id))
}

func deleteRelease(ctx context.Context, c session, id int64) error {
	hash, err := contentHash(ctx, c, id)
	if err != nil {
		return fault(ctx, "find the contents of a release", err)
	}
	result, err := c.NewDelete().Model(&releaseRow{ID: id}).WherePK().Exec(ctx)
	if err := changed(ctx, "delete a release", result, err, repository.ErrNoReleaseID(id)); err != nil {
		return err
	}
	if err := deleteUnusedContent(ctx, c, hash); err != nil {
		return fault(ctx, "delete the contents of a release", err)
	}
	return nil
}

// changed gives none when a write found no row.
func changed(ctx context.Context, doing string, result sql.Result, err error, none *purser.Error) error {
	if err != nil {
		return fault(ctx, doing, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fault(ctx, doing, err)
	}
	if n == 0 {
		return none
	}
	return nil
}
