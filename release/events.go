package release

import (
	"context"
	"slices"
	"strings"
	"time"

	"purser"
)

// log puts events into the log, in the transaction of the change that they tell of, and tells the outbox. They are published
// after it.
func (e *Engine) log(ctx context.Context, tx purser.Tx, events []purser.Event) ([]purser.Event, error) {
	events, err := tx.AppendEvents(ctx, events...)
	if err != nil || e.Outbox == nil || len(events) == 0 {
		return events, err
	}
	return events, e.Outbox.Collect(ctx, tx, events)
}

func operationEvent(op purser.Operation, now time.Time) purser.Event {
	return purser.Event{
		Kind: purser.EventOperation, Key: op.Key, Version: op.To, At: now, Detail: op.Message,
		Operation: op.ID, Change: op.Kind, Phase: op.Phase, Outcome: op.Outcome,
	}
}

func releaseEvent(r purser.Release, operation int64, now time.Time) purser.Event {
	return purser.Event{
		Kind: purser.EventRelease, Key: r.Key, Version: r.Version, At: now, Detail: r.Description, Stage: r.Stage, Operation: operation,
	}
}

// applicationEvents tells which applications of a version have changed their state since these statuses.
func applicationEvents(r purser.Release, before []purser.AppStatus, operation int64, now time.Time) []purser.Event {
	var events []purser.Event
	for _, s := range r.Statuses {
		old := purser.AppStatus{}
		if i := slices.IndexFunc(before, func(b purser.AppStatus) bool { return b.DeploymentID == s.DeploymentID }); i >= 0 {
			old = before[i]
		}
		changes := instanceChanges(old.Instances, s.Instances)
		if old.State == s.State && len(changes) == 0 {
			continue
		}
		events = append(events, purser.Event{
			Kind: purser.EventApplication, Key: r.Key, Version: r.Version, At: now, Detail: strings.Join(changes, "; "),
			Stage: r.Stage, Operation: operation, Application: r.Application(s.DeploymentID), DeploymentID: s.DeploymentID, State: s.State,
		})
	}
	return events
}

// instanceChanges says in words which instances are in another state than before.
func instanceChanges(before, now []purser.Instance) []string {
	states := make(map[string]purser.AppState, len(before))
	for _, i := range before {
		states[i.ID] = i.State
	}
	var changes []string
	for _, i := range now {
		if states[i.ID] != i.State {
			text := i.ID + " is " + string(i.State)
			if i.Reason != "" {
				text += ": " + i.Reason
			}
			changes = append(changes, text)
		}
		delete(states, i.ID)
	}
	for _, i := range before {
		if _, left := states[i.ID]; left {
			changes = append(changes, i.ID+" is gone")
		}
	}
	return changes
}
