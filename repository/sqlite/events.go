package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"github.com/uptrace/bun"

	"purser"
	"purser/repository"
)

// eventRow is a row of events.
type eventRow struct {
	bun.BaseModel `bun:"table:events,alias:e"`

	ID           int64 `bun:",pk"`
	Space        text
	Name         text
	Kind         text
	Version      int
	At           *int64
	Detail       text
	Stage        text
	OperationID  int64
	Change       text
	Phase        text
	Outcome      text
	Application  text
	DeploymentID text
	State        text
}

func (row eventRow) event() purser.Event {
	return purser.Event{
		ID: row.ID, Kind: purser.EventKind(row.Kind), Key: purser.ReleaseKey{Space: string(row.Space), Name: string(row.Name)},
		Version: row.Version, At: instant(row.At), Detail: string(row.Detail),
		Stage: purser.Stage(row.Stage), Operation: row.OperationID, Change: purser.OperationKind(row.Change),
		Phase: purser.Phase(row.Phase), Outcome: purser.Outcome(row.Outcome),
		Application: string(row.Application), DeploymentID: string(row.DeploymentID), State: purser.AppState(row.State),
	}
}

const eventColumns = 14

var (
	insertEvents = "INSERT INTO events (space, name, kind, version, at, detail, stage, operation_id, change, phase, outcome, " +
		"application, deployment_id, state) VALUES "
	insertedEvent = "(?" + strings.Repeat(", ?", eventColumns-1) + ")"
)

// maxInserted is how many events go into one statement.
const maxInserted = 100

func appendEvents(ctx context.Context, c session, events []purser.Event) ([]purser.Event, error) {
	kept := make([]purser.Event, 0, len(events))
	for start := 0; start < len(events); start += maxInserted {
		part, err := insertSome(ctx, c, events[start:min(start+maxInserted, len(events))])
		if err != nil {
			return nil, fault(ctx, "log events", err)
		}
		kept = append(kept, part...)
	}
	if len(kept) == 0 {
		return nil, nil
	}
	if drop := repository.EventsToDrop(kept[0].ID, kept[len(kept)-1].ID, c.store.keepEvents); drop > 0 {
		if _, err := c.exec(ctx, "DELETE FROM events WHERE id <= ?", drop); err != nil {
			return nil, fault(ctx, "drop old events", err)
		}
	}
	return kept, nil
}

// insertSome stores events in one statement. SQLite gives new rows the ids behind the greatest one, in their order.
func insertSome(ctx context.Context, c session, events []purser.Event) ([]purser.Event, error) {
	args := make([]any, 0, len(events)*eventColumns)
	for _, e := range events {
		args = append(args, e.Key.Space, e.Key.Name, string(e.Kind), e.Version, millis(e.At), e.Detail, string(e.Stage), e.Operation,
			string(e.Change), string(e.Phase), string(e.Outcome), e.Application, e.DeploymentID, string(e.State))
	}
	result, err := c.exec(ctx, insertEvents+strings.TrimSuffix(strings.Repeat(insertedEvent+", ", len(events)), ", "), args...)
	if err != nil {
		return nil, err
	}
	last, err := result.LastInsertId()
	if err != nil {
		return nil, err
	}
	kept := make([]purser.Event, len(events))
	for i, e := range events {
		e.ID, e.At = last-int64(len(events)-1-i), repository.Millis(e.At)
		kept[i] = e
	}
	return kept, nil
}

func findEvents(ctx context.Context, c session, f purser.EventFilter) ([]purser.Event, error) {
	if f.Names != nil && len(f.Names) == 0 {
		return nil, nil
	}
	var rows []eventRow
	q := c.NewSelect().Model(&rows).Where("e.id > ?", f.After).OrderBy("e.id", bun.OrderAsc)
	if !f.AllSpaces {
		q = q.Where("e.space = ?", text(f.Space))
	}
	if f.Names != nil {
		q = q.Where("e.name IN ?", bun.Tuple(mapEach(f.Names, toText)))
	}
	if f.Limit > 0 {
		q = q.Limit(int64(f.Limit))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fault(ctx, "find events", err)
	}
	return mapEach(rows, eventRow.event), nil
}

func findEventRange(ctx context.Context, c session) (oldest, newest int64, err error) {
	const query = "SELECT ifnull((SELECT min(id) FROM events), 0), ifnull((SELECT max(id) FROM events), 0)"
	err = c.query(ctx, query, nil, func(rows *sql.Rows) error { return rows.Scan(&oldest, &newest) })
	if err != nil {
		return 0, 0, fault(ctx, "find the ends of the log of events", err)
	}
	return oldest, newest, nil
}
