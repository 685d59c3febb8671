package release

import (
	"context"
	"time"

	"purser"
)

// Archive sets the archived flag of a version that is not deployed; one that has it is answered as it is.
//
// CodeReleaseNotFound, CodeConflict while the version is deployed, or an operation is about to deploy it.
func (e *Engine) Archive(ctx context.Context, r purser.ArchiveRequest) (archived purser.Release, err error) {
	err = e.write(ctx, func(ctx context.Context, tx purser.Tx, now time.Time) ([]purser.Event, error) {
		if archived, err = e.idle(ctx, tx, r.Key, r.Version, "archived"); err != nil || archived.Archived {
			return nil, err
		}
		if archived, err = tx.FindRelease(ctx, r.Key, r.Version); err != nil {
			return nil, err
		}
		archived.Archived, archived.ArchivedAt, archived.ArchivedBy = true, now, r.RequestedBy
		archived.UpdatedAt, archived.UpdatedBy = now, r.RequestedBy
		event := releaseEvent(archived, 0, now)
		event.Detail = "Archived"
		return []purser.Event{event}, tx.UpdateRelease(ctx, archived)
	})
	return archived, err
}

// Discard removes a version that is not deployed, for good. Its number is not used again. When the version was replaced a
// moment ago it waits until what belonged to it is gone.
//
// CodeReleaseNotFound, CodeConflict while the version is deployed, or an operation is about to deploy it.
func (e *Engine) Discard(ctx context.Context, r purser.DiscardRequest) error {
	for {
		ended, leaving := e.turns.wait(r.Key), false
		err := e.write(ctx, func(ctx context.Context, tx purser.Tx, now time.Time) ([]purser.Event, error) {
			v, err := e.idle(ctx, tx, r.Key, r.Version, "deleted")
			if err != nil {
				return nil, err
			}
			op, err := tx.FindOperation(ctx, r.Key)
			if leaving = err == nil && op.From == r.Version; leaving {
				return nil, nil
			}
			if err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
				return nil, err
			}
			event := releaseEvent(v, 0, now)
			event.Stage, event.Detail = purser.StageDeleted, "Discarded"
			return []purser.Event{event}, tx.DiscardRelease(ctx, v.ID)
		})
		if err != nil || !leaving {
			return err
		}
		timer := time.NewTimer(longestLook)
		select {
		case <-ended:
		case <-timer.C:
		case <-ctx.Done():
			err = purser.Errorf(purser.CodeBusy, "Release [%s] version [%d] is being removed from its platform", r.Key.Name, r.Version)
		case <-e.drain.Done():
			err = errShutdown()
		}
		timer.Stop()
		if err != nil {
			return err
		}
	}
}

// idle gives a version, light, that is not deployed and that no operation is about to deploy. what completes "cannot be ...".
func (e *Engine) idle(ctx context.Context, tx purser.Tx, key purser.ReleaseKey, version int, what string) (purser.Release, error) {
	v, err := findVersion(ctx, tx, key, version)
	if err != nil {
		return v, err
	}
	if v.Stage == purser.StageDeployed || v.Stage == purser.StageDeploying {
		return v, purser.Errorf(purser.CodeConflict, "Release [%s] version [%d] cannot be %s: it is %s", key.Name, version, what, v.Stage)
	}
	open, _, err := tx.FindOperations(ctx, purser.OperationFilter{Key: &key, Open: true})
	if err != nil {
		return v, err
	}
	for _, op := range open {
		if op.To == version {
			return v, purser.Errorf(purser.CodeConflict, "Release [%s] version [%d] cannot be %s: it is about to be deployed", key.Name, version, what)
		}
	}
	return v, nil
}

// write runs a change that needs no platform, logs its events and publishes them.
func (e *Engine) write(ctx context.Context, change func(ctx context.Context, tx purser.Tx, now time.Time) ([]purser.Event, error)) error {
	e.accepting.RLock()
	defer e.accepting.RUnlock()
	if e.closed {
		return errShutdown()
	}
	ctx = context.WithoutCancel(ctx)
	var events []purser.Event
	err := e.Store.Update(ctx, func(tx purser.Tx) (err error) {
		if events, err = change(ctx, tx, e.Clock.Now()); err == nil {
			events, err = e.log(ctx, tx, events)
		}
		return err
	})
	if err == nil && len(events) > 0 {
		e.Publisher.Publish(ctx, events...)
	}
	return err
}
