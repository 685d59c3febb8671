package akkeris

import (
	"context"
	"strings"
	"time"

	"purser"
)

// eventRelease is what hooks are told when a release begins; they are told eventReleased for each application of it that is
// live.
const eventRelease = "release"

// Outbox turns events of the engine into what the hooks of this dialect are told (spec/dialects.md §4.3).
type Outbox struct {
	Notifier purser.Notifier
	// Memory is how long deliveries are remembered after their end. What happens to releases that are older is not told: it
	// may have been.
	Memory time.Duration
}

var _ purser.Outbox = (*Outbox)(nil)

// Collect implements purser.Outbox.
func (o *Outbox) Collect(ctx context.Context, tx purser.Tx, events []purser.Event) error {
	for _, e := range events {
		if !strings.HasPrefix(e.Key.Space, Spaces) || e.Kind == purser.EventOperation {
			continue
		}
		if err := o.collect(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outbox) collect(ctx context.Context, tx purser.Tx, e purser.Event) error {
	r, ok, err := versionOf(ctx, tx, e)
	if err != nil || !ok || e.At.Sub(r.CreatedAt) >= o.Memory {
		return err
	}
	switch {
	case e.Kind == purser.EventRelease && e.Stage == purser.StageDraft:
		return o.tell(ctx, tx, e, r, "")
	case e.Stage != purser.StageDeploying && e.Stage != purser.StageDeployed:
		return nil
	case e.Kind == purser.EventApplication && e.State == purser.StateDeployed:
		return o.tell(ctx, tx, e, r, e.Application)
	case e.Kind == purser.EventRelease && r.HealthyAt.Equal(e.At): // it has just been reported
		for _, app := range r.Applications {
			if err := o.tell(ctx, tx, e, r, app.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// versionOf gives the version that an event is of, as it is in the transaction. False: it is gone.
func versionOf(ctx context.Context, tx purser.Tx, e purser.Event) (purser.Release, bool, error) {
	found, err := tx.FindVersions(ctx, purser.VersionFilter{
		Key: e.Key, After: e.Version - 1, Ascending: true, Archived: true, Light: true, Limit: 1,
	})
	if err != nil || len(found) == 0 || found[0].Version != e.Version {
		return purser.Release{}, false, err
	}
	return found[0], true, nil
}

// tell tells that a release begins or, with a dyno, that this one of its applications is live; each once.
func (o *Outbox) tell(ctx context.Context, tx purser.Tx, e purser.Event, r purser.Release, dyno string) error {
	key, err := tx.FindKey(ctx, r.Key)
	if err != nil && purser.ErrorCode(err) != purser.CodeNotFound {
		return err
	}
	m := r.Package.Metadata
	message := message{
		Action: eventRelease, App: named{key.UUID, r.Key.Name}, Space: ownName{strings.TrimPrefix(r.Key.Space, Spaces)},
		Release: toldRelease{ID: r.UUID, CreatedAt: moment(r.CreatedAt), Version: r.Version},
	}
	message.Key = message.App.Name + "-" + message.Space.Name
	if dyno == "" {
		message.Release.Result, message.Release.Description = string(purser.RolloutSucceeded), r.Notes
		message.Build = &toldBuild{ID: m.UUID(), Result: buildSucceeded, Version: m.Version}
	} else {
		released, updated := moment(e.At), moment(r.UpdatedAt)
		message.Action, message.Dyno, message.Released, message.Release.UpdatedAt = eventReleased, &toldDyno{dyno}, &released, &updated
	}
	message.Slug = toldSlug{m.UUID(), source{m.Version}}
	body, err := marshal(message)
	if err != nil {
		return err
	}
	return o.Notifier.Notify(ctx, tx, purser.Notice{Event: message.Action, Key: r.Key, Body: body, Once: r.UUID + " " + dyno})
}

// message is what a hook is sent. app.name is the short name here.
type message struct {
	Action   string      `json:"action"`
	App      named       `json:"app"`
	Space    ownName     `json:"space"`
	Key      string      `json:"key"`
	Dyno     *toldDyno   `json:"dyno,omitempty"`
	Release  toldRelease `json:"release"`
	Build    *toldBuild  `json:"build,omitempty"`
	Slug     toldSlug    `json:"slug"`
	Released *moment     `json:"released_at,omitempty"`
}

type toldDyno struct {
	Type string `json:"type"`
}

type toldRelease struct {
	ID          string  `json:"id"`
	Result      string  `json:"result,omitempty"` // always succeeded, when it begins
	CreatedAt   moment  `json:"created_at"`
	UpdatedAt   *moment `json:"updated_at,omitempty"`
	Version     int     `json:"version"`
	Description string  `json:"description,omitempty"`
}

type toldBuild struct {
	ID      string      `json:"id"`
	Result  buildStatus `json:"result"`
	Version string      `json:"version"`
}

type toldSlug struct {
	ID     string `json:"id"`
	Source source `json:"source_blob"`
}
