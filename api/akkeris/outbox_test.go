package akkeris_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/api/akkeris"
	"purser/repository/memory"
	"purser/repository/storetest"
)

// notifier keeps what hooks would be told.
type notifier struct {
	told []string
	last purser.Notice
	err  error
}

func (n *notifier) Notify(_ context.Context, _ purser.Tx, notices ...purser.Notice) error {
	for _, one := range notices {
		var body struct {
			Action string
			Dyno   struct{ Type string }
		}
		if err := json.Unmarshal(one.Body, &body); err != nil {
			return err
		}
		n.told = append(n.told, one.Event+" "+body.Dyno.Type+" once "+one.Once)
		n.last = one
	}
	return n.err
}

// What hooks are told of an event.
func TestOutbox(t *testing.T) {
	two := func(r *purser.Release) {
		r.Applications = []purser.ReleaseApplication{{Name: "web"}, {Name: "worker"}}
	}
	event := func(change ...func(e *purser.Event)) purser.Event {
		e := purser.Event{ID: 1, Kind: purser.EventRelease, Key: shop, Version: 1, At: noon, Stage: purser.StageDeployed}
		for _, c := range change {
			c(&e)
		}
		return e
	}
	in := func(s purser.Stage) func(e *purser.Event) { return func(e *purser.Event) { e.Stage = s } }
	application := func(name string, state purser.AppState) func(e *purser.Event) {
		return func(e *purser.Event) { e.Kind, e.Application, e.State = purser.EventApplication, name, state }
	}
	release, web, work := "release  once "+idOf(1)+" ", "released web once "+idOf(1)+" web", "released worker once "+idOf(1)+" worker"
	for _, row := range []struct {
		rule    string
		version purser.Release
		event   purser.Event
		want    []string
	}{
		{"it was made", versionOf(1, 0, stage(purser.StageDraft)), event(in(purser.StageDraft)), []string{release}},
		{"it begins", versionOf(1, 0, stage(purser.StageDeploying), two), event(in(purser.StageDeploying)), nil},
		{"all of it is live", versionOf(1, 0, two, healthy), event(), []string{web, work}},
		{"it was told of while it is being deployed", versionOf(1, 0, stage(purser.StageDeploying), two, healthy), event(in(purser.StageDeploying)), []string{web, work}},
		{"it was deployed without being heard of", versionOf(1, 0, two), event(), nil},
		{"it was heard of before", versionOf(1, 1, two, func(r *purser.Release) { r.HealthyAt = noon.Add(-time.Second) }), event(), nil},
		{"one of its applications is live", versionOf(1, 0, stage(purser.StageDeploying), two), event(in(purser.StageDeploying), application("worker", purser.StateDeployed)), []string{work}},
		{"an application is not live", versionOf(1, 0, two), event(application("web", purser.StateFailed)), nil},
		{"an application of what has failed", versionOf(1, 0, stage(purser.StageFailed), two), event(in(purser.StageFailed), application("web", purser.StateDeployed)), nil},
		{"it has failed", versionOf(1, 0, stage(purser.StageFailed), two, healthy), event(in(purser.StageFailed)), nil},
		{"it was replaced", versionOf(1, 0, stage(purser.StageSuperseded), two, healthy), event(in(purser.StageSuperseded)), nil},
		{"an operation", versionOf(1, 0, two, healthy), event(func(e *purser.Event) { e.Kind = purser.EventOperation }), nil},
		{"another space", versionOf(1, 0, two, healthy), event(func(e *purser.Event) { e.Key.Space = "orgs/acme/workspaces/main" }), nil},
		{"no space", versionOf(1, 0, two, healthy), event(func(e *purser.Event) { e.Key.Space = "" }), nil},
		{"a version that is gone", versionOf(2, 0, two, healthy), event(), nil},
		{"older than the memory", versionOf(1, 60, two, healthy), event(), nil},
		{"just within the memory", versionOf(1, 59, two, healthy), event(), []string{web, work}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			store, n := memory.New(), &notifier{}
			out := &akkeris.Outbox{Notifier: n, Memory: time.Hour}
			storetest.MustUpdate(t, store, func(ctx context.Context, tx purser.Tx) error {
				if err := tx.CreateRelease(ctx, &row.version); err != nil {
					return err
				}
				if err := tx.SetKeyUUID(ctx, shop, idOf(900)); err != nil {
					return err
				}
				return out.Collect(ctx, tx, []purser.Event{row.event})
			})
			if diff := cmp.Diff(row.want, n.told); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The bodies stand in golden files.
func TestBodiesOfHooks(t *testing.T) {
	for name, change := range map[string]func(r *purser.Release){"hook-release.json": stage(purser.StageDraft), "hook-released.json": healthy} {
		t.Run(name, func(t *testing.T) {
			store, n := memory.New(), &notifier{}
			r := versionOf(3, 1, change, func(r *purser.Release) {
				r.Applications, r.Notes = []purser.ReleaseApplication{{Name: "web"}}, "The <first>"
			})
			storetest.MustUpdate(t, store, func(ctx context.Context, tx purser.Tx) error {
				if err := tx.CreateRelease(ctx, &r); err != nil {
					return err
				}
				if err := tx.SetKeyUUID(ctx, shop, idOf(900)); err != nil {
					return err
				}
				out := &akkeris.Outbox{Notifier: n, Memory: time.Hour}
				return out.Collect(ctx, tx, []purser.Event{{ID: 1, Kind: purser.EventRelease, Key: shop, Version: 3, At: noon, Stage: r.Stage}})
			})
			if n.last.Key != shop {
				t.Errorf("%+v", n.last)
			}
			golden(t, name, append(n.last.Body, '\n'))
		})
	}
}

// A notice that cannot be stored rolls the change back.
func TestOutboxRefuses(t *testing.T) {
	store := memory.New()
	out := &akkeris.Outbox{Notifier: &notifier{err: errDisk}, Memory: time.Hour}
	r := versionOf(1, 0, stage(purser.StageDraft))
	err := store.Update(t.Context(), func(tx purser.Tx) error {
		if err := tx.CreateRelease(t.Context(), &r); err != nil {
			return err
		}
		return out.Collect(t.Context(), tx, []purser.Event{{ID: 1, Kind: purser.EventRelease, Key: shop, Version: 1, At: noon, Stage: purser.StageDraft}})
	})
	if err != errDisk { //nolint:errorlint // it comes out as it is
		t.Error(err)
	}
}
