package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"purser"
	"purser/repository"
)

const deliveryColumns = "id, uuid, hook, event, space, name, body, state, attempts, next_at, status, error, created_at, ended_at, owner, lease_until"

func scanDelivery(rows *sql.Rows) (d purser.Delivery, err error) {
	var next, created, ended, lease *int64
	err = rows.Scan(&d.ID, &d.UUID, &d.Hook, &d.Event, &d.Key.Space, &d.Key.Name, &d.Body, &d.State, &d.Attempts, &next, &d.Status, &d.Error,
		&created, &ended, &d.Owner, &lease)
	d.NextAt, d.CreatedAt, d.EndedAt, d.LeaseUntil = instant(next), instant(created), instant(ended), instant(lease)
	return d, err
}

func findDeliveries(ctx context.Context, c session, f purser.DeliveryFilter) (list []purser.Delivery, err error) {
	var where []string
	var args []any
	narrow := func(wanted bool, condition string, value any) {
		if wanted {
			where, args = append(where, condition), append(args, value)
		}
	}
	narrow(f.ID != 0, "id = ?", f.ID)
	narrow(f.UUID != "", "uuid = ?", f.UUID)
	narrow(f.Hook != "", "hook = ?", f.Hook)
	narrow(f.State != "", "state = ?", string(f.State))
	narrow(f.Before != 0, "id < ?", f.Before)
	query := "SELECT " + deliveryColumns + " FROM deliveries"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	query += " ORDER BY id DESC"
	if f.Limit > 0 {
		query, args = query+" LIMIT ?", append(args, f.Limit)
	}
	err = c.query(ctx, query, args, func(rows *sql.Rows) error {
		d, err := scanDelivery(rows)
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "find deliveries", err)
	}
	return list, nil
}

func createDelivery(ctx context.Context, c session, d *purser.Delivery) error {
	body := d.Body
	if body == nil {
		body = []byte{}
	}
	result, err := c.exec(ctx, "INSERT INTO deliveries (uuid, hook, event, space, name, body, state, attempts, next_at, status, error, "+
		"created_at, ended_at, owner, lease_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		d.UUID, d.Hook, d.Event, d.Key.Space, d.Key.Name, body, string(d.State), d.Attempts, millis(d.NextAt), d.Status, d.Error,
		millis(d.CreatedAt), millis(d.EndedAt), d.Owner, millis(d.LeaseUntil))
	if err != nil {
		return fault(ctx, "create a delivery", err)
	}
	if d.ID, err = result.LastInsertId(); err != nil {
		return fault(ctx, "create a delivery", err)
	}
	return nil
}

func updateDelivery(ctx context.Context, c session, d purser.Delivery) error {
	result, err := c.exec(ctx, "UPDATE deliveries SET state = ?2, attempts = ?3, next_at = ?4, status = ?5, error = ?6, ended_at = ?7, "+
		"owner = ?8, lease_until = ?9 WHERE id = ?1",
		d.ID, string(d.State), d.Attempts, millis(d.NextAt), d.Status, d.Error, millis(d.EndedAt), d.Owner, millis(d.LeaseUntil))
	return changed(ctx, "update a delivery", result, err, repository.ErrNoDelivery(d.ID))
}

func claimDeliveries(ctx context.Context, c session, owner string, now, until time.Time, limit int) (list []purser.Delivery, err error) {
	const query = "UPDATE deliveries SET owner = ?1, lease_until = ?3 WHERE id IN (SELECT id FROM deliveries WHERE state = 'pending' " +
		"AND next_at <= ?2 AND (owner = '' OR owner = ?1 OR lease_until IS NULL OR lease_until < ?2) ORDER BY next_at, id LIMIT ?4) RETURNING " + deliveryColumns
	err = c.query(ctx, query, []any{owner, now.UnixMilli(), millis(until), limit}, func(rows *sql.Rows) error {
		d, err := scanDelivery(rows)
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, fault(ctx, "claim deliveries", err)
	}
	slices.SortFunc(list, func(a, b purser.Delivery) int { return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

func dropDeliveries(ctx context.Context, c session, before time.Time) error {
	if _, err := c.exec(ctx, "DELETE FROM deliveries WHERE state <> 'pending' AND ended_at < ?", before.UnixMilli()); err != nil {
		return fault(ctx, "drop deliveries", err)
	}
	return nil
}
