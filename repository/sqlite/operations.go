package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// The conditions of the indexes: of what is not at its end, and of that what is under way, at most one for each key.
const (
	isOpen    = "phase <> 'done'"
	isRunning = "phase <> 'done' AND phase <> 'queued'"
)

func findOperation(ctx context.Context, c session, key purser.ReleaseKey) (purser.Operation, error) {
	var row operationRow
	err := c.NewSelect().Model(&row).Where("space = ?", text(key.Space)).Where("name = ?", text(key.Name)).Where(isRunning).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return purser.Operation{}, repository.ErrNoOperation(key)
	}
	if err != nil {
		return purser.Operation{}, fault(ctx, "find an operation", err)
	}
	o, err := row.operation()
	if err != nil {
		return purser.Operation{}, fault(ctx, "read an operation", err)
	}
	return o, nil
}

func findOperations(ctx context.Context, c session, f purser.OperationFilter) ([]purser.Operation, int, error) {
	var rows []operationRow
	q := narrowOperations(c.NewSelect().Model(&rows), f)
	if f.Newest {
		q = q.OrderBy("o.id", bun.OrderDesc)
	}
	if err := sorted(q, "o", nil, nil, f.Page).Scan(ctx); err != nil {
		return nil, 0, fault(ctx, "find operations", err)
	}
	total, err := totalOf(ctx, len(rows), f.Page, func() *bun.SelectQuery {
		return narrowOperations(c.NewSelect().Model((*operationRow)(nil)), f)
	})
	if err != nil {
		return nil, 0, fault(ctx, "count operations", err)
	}
	list, err := operationsOf(rows)
	if err != nil {
		return nil, 0, fault(ctx, "read operations", err)
	}
	return list, total, nil
}

func narrowOperations(q *bun.SelectQuery, f purser.OperationFilter) *bun.SelectQuery {
	if f.ID != 0 {
		q = q.Where("id = ?", f.ID)
	}
	if f.Key != nil {
		q = q.Where("space = ?", text(f.Key.Space)).Where("name = ?", text(f.Key.Name))
	}
	if f.Space != nil {
		q = q.Where("space = ?", text(*f.Space))
	}
	if f.Open {
		q = q.Where(isOpen)
	}
	return q
}

func createOperation(ctx context.Context, c session, o *purser.Operation) error {
	row := operationRowOf(*o)
	row.ID = 0
	_, err := c.NewInsert().Model(&row).Exec(ctx)
	if isTaken(err) {
		return repository.ErrBusy(*o)
	}
	if err != nil {
		return fault(ctx, "create an operation", err)
	}
	o.ID = row.ID
	return nil
}

func updateOperation(ctx context.Context, c session, o purser.Operation) error {
	row := operationRowOf(o)
	result, err := c.NewUpdate().Model(&row).ExcludeColumn("id", "space", "name", "kind", "started_at").WherePK().Exec(ctx)
	if isTaken(err) {
		return repository.ErrBusy(o)
	}
	return changed(ctx, "update an operation", result, err, repository.ErrNoOperationID(o.ID))
}

func claimOperations(ctx context.Context, c session, owner string, now, until time.Time) ([]purser.Operation, error) {
	var rows []operationRow
	_, err := c.NewUpdate().Model(&rows).
		Set("owner = ?", text(owner)).Set("lease_until = ?", millis(until)).
		Where(isOpen).
		Where("owner = '' OR owner = ? OR lease_until IS NULL OR lease_until < ?", text(owner), now.UnixMilli()).
		Returning("*").Exec(ctx)
	if err != nil {
		return nil, fault(ctx, "claim operations", err)
	}
	slices.SortFunc(rows, func(a, b operationRow) int { return cmp.Compare(a.ID, b.ID) })
	list, err := operationsOf(rows)
	if err != nil {
		return nil, fault(ctx, "read operations", err)
	}
	return list, nil
}

func renewLeases(ctx context.Context, c session, owner string, until time.Time) error {
	_, err := c.NewUpdate().Model((*operationRow)(nil)).
		Set("lease_until = ?", millis(until)).
		Where(isOpen).Where("owner = ?", text(owner)).Where("owner <> ''").Exec(ctx)
	if err != nil {
		return fault(ctx, "renew leases", err)
	}
	return nil
}
