package release

import (
	"context"
	"time"

	"purser"
)

// ReportHealthy takes in a report of health that comes from outside, for platforms that tell nothing themselves
// (spec/dialects.md §4.3). Versions that are not deployed are answered as they are. CodeReleaseNotFound.
func (e *Engine) ReportHealthy(ctx context.Context, uuid string) (r purser.Release, err error) {
	err = e.write(ctx, func(ctx context.Context, tx purser.Tx, now time.Time) ([]purser.Event, error) {
		if r, err = tx.FindVersion(ctx, uuid); err != nil {
			return nil, err
		}
		if r.Stage != purser.StageDeployed && r.Stage != purser.StageDeploying {
			return nil, nil
		}
		r.HealthyAt = now
		event := releaseEvent(r, 0, now)
		event.Detail = "Healthy, as reported"
		return []purser.Event{event}, tx.UpdateStatuses(ctx, r.ID, r.Statuses, now)
	})
	return r, err
}

// KeyUUID gives the id of a release key beyond this server. It is made when it is asked for the first time, be there a
// version or not, and never changes.
func (e *Engine) KeyUUID(ctx context.Context, key purser.ReleaseKey) (string, error) {
	k, err := e.Store.FindKey(ctx, key)
	if err == nil && k.UUID != "" {
		return k.UUID, nil
	}
	if err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
		return "", err
	}
	err = e.write(ctx, func(ctx context.Context, tx purser.Tx, _ time.Time) ([]purser.Event, error) {
		k.UUID = e.NewID()
		err := tx.SetKeyUUID(ctx, key, k.UUID)
		if purser.ErrorCode(err) == purser.CodeConflict {
			k, err = tx.FindKey(ctx, key)
		}
		return nil, err
	})
	return k.UUID, err
}
