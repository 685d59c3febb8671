package sqlite

import (
	"context"
	"database/sql"
)

// Explain gives the steps of SQLite's plan for a statement.
func Explain(ctx context.Context, s *Store, statement string) (steps []string, err error) {
	c := session{IDB: s.reader, bound: s.reader.DB, store: s}
	err = c.query(ctx, "EXPLAIN QUERY PLAN "+statement, nil, func(rows *sql.Rows) error {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return err
		}
		steps = append(steps, step)
		return nil
	})
	return steps, err
}
