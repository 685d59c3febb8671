package release_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
	"purser/repository/storetest"
)

// logged gives the log of events since an id, each as a line, and the id of the last one.
func (w *world) logged(tb testing.TB, after int64) (lines []string, last int64) {
	tb.Helper()
	found, err := w.store.FindEvents(tb.Context(), purser.EventFilter{After: after, AllSpaces: true})
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range found {
		last = e.ID
		line := fmt.Sprintf("%s %s v%d", e.Kind, e.Key, e.Version)
		for _, part := range []string{
			string(e.Stage), string(e.Change), string(e.Phase), string(e.Outcome), e.Application, e.DeploymentID, string(e.State), e.Detail,
		} {
			if part != "" {
				line += " | " + part
			}
		}
		lines = append(lines, line)
	}
	return lines, last
}

func TestTheLogTellsTheStory(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		var last int64
		expect := func(what string, want ...string) {
			t.Helper()
			time.Sleep(time.Second)
			synctest.Wait()
			got, id := w.logged(t, last)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
			last = max(last, id)
		}
		w.platform.Delay("", 300*time.Millisecond)
		w.MustInstall(t, "web", demo("1.0.0"))
		expect("install",
			"operation web v1 | install | deploy",
			"release web v1 | deploying | Initial install underway",
			"release web v1 | deployed | Install complete",
			"application web v1 | deployed | app | web.app-v1 | deploying | web.app-v1-0 is deploying",
			"operation web v1 | install | done | succeeded",
			"application web v1 | deployed | app | web.app-v1 | deployed | web.app-v1-0 is deployed",
		)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		expect("upgrade",
			"operation web v2 | upgrade | deploy",
			"release web v2 | deploying | Upgrade install underway",
			"operation web v2 | upgrade | wait",
			"application web v2 | deploying | app | web.app-v2 | deploying | web.app-v2-0 is deploying",
			"release web v2 | deployed | Upgrade complete",
			"application web v2 | deployed | app | web.app-v2 | deployed | web.app-v2-0 is deployed",
			"operation web v2 | upgrade | remove",
			"release web v1 | superseded | Delete complete",
			"operation web v2 | upgrade | done | succeeded",
		)
		w.platform.Become("web.app-v2", purser.StateFailed, true)
		expect("crash", "application web v2 | deployed | app | web.app-v2 | failed | web.app-v2-0 is failed")
		if _, err := w.Scale(t.Context(), scaleTo("web", "app", 2)); err != nil {
			t.Fatal(err)
		}
		expect("scale",
			"operation web v2 | scale | scale",
			"operation web v2 | scale | done | succeeded",
			"application web v2 | deployed | app | web.app-v2 | deploying | web.app-v2-1 is deploying",
			"application web v2 | deployed | app | web.app-v2 | partial | web.app-v2-1 is deployed",
		)
		w.platform.Script("web.app-v3", deployertest.Hang)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("2.0.0")})
		time.Sleep(time.Second)
		if ok, err := w.Cancel(t.Context(), key("web")); !ok || err != nil {
			t.Fatal(ok, err)
		}
		expect("cancel",
			"operation web v3 | upgrade | deploy",
			"release web v3 | deploying | Upgrade install underway",
			"operation web v3 | upgrade | wait",
			"application web v3 | deploying | app | web.app-v3 | deploying | web.app-v3-0 is deploying; web.app-v3-1 is deploying",
			"operation web v3 | upgrade | wait | Cancel requested",
			"operation web v3 | upgrade | abort | Cancelled after 1000 ms.",
			"release web v3 | failed | Cancelled after 1000 ms.",
			"application web v3 | failed | app | web.app-v3 | unknown | web.app-v3-0 is gone; web.app-v3-1 is gone",
			"operation web v3 | upgrade | done | cancelled | Cancelled after 1000 ms.",
		)
		w.MustDelete(t, "web")
		expect("delete",
			"operation web v2 | delete | remove",
			"release web v2 | deleted | Delete complete",
			"operation web v2 | delete | done | succeeded",
		)
		w.platform.FailNext("deploy/before", purser.Errorf(purser.CodePlatform, "no room"))
		if _, err := w.Install(t.Context(), purser.InstallRequest{Key: key("bad"), Package: demo("1.0.0"), Platform: "default"}); err == nil {
			t.Error("no error")
		}
		const refused = "Could not install AppDeployRequest [app-v1]  to platform [default].  Error Message = [no room]"
		expect("an install that fails",
			"operation bad v1 | install | deploy",
			"release bad v1 | deploying | Initial install underway",
			"operation bad v1 | install | abort | "+refused,
			"release bad v1 | failed | "+refused,
			"operation bad v1 | install | done | failed | "+refused,
		)
		w.published(t)
	})
}

// logDiffers tells what somebody who only reads the log would get wrong about the store; "" when nothing.
func (w *world) logDiffers(tb testing.TB) string {
	tb.Helper()
	events, err1 := w.store.FindEvents(tb.Context(), purser.EventFilter{AllSpaces: true})
	versions, _, err2 := w.store.FindReleases(tb.Context(), purser.ReleaseFilter{AllSpaces: true, Stages: purser.Stages})
	operations, _, err3 := w.store.FindOperations(tb.Context(), purser.OperationFilter{})
	if err := errors.Join(err1, err2, err3); err != nil {
		return err.Error()
	}
	type deployment struct{ version, id string }
	stages, states, phases := map[string]purser.Stage{}, map[deployment]purser.AppState{}, map[int64]string{}
	for i, e := range events {
		if e.ID != int64(i+1) {
			return fmt.Sprintf("event %d stands at place %d", e.ID, i+1)
		}
		label := purser.Release{Key: e.Key, Version: e.Version}.Label()
		switch e.Kind {
		case purser.EventRelease:
			stages[label] = e.Stage
		case purser.EventOperation:
			phases[e.Operation] = fmt.Sprintf("%s v%d %s %s %s", e.Key, e.Version, e.Change, e.Phase, e.Outcome)
		case purser.EventApplication:
			states[deployment{label, e.DeploymentID}] = e.State
		}
	}
	for _, r := range versions {
		if stages[r.Label()] != r.Stage {
			return fmt.Sprintf("%s is %s, the log says %s", r.Label(), r.Stage, stages[r.Label()])
		}
		for _, s := range r.Statuses {
			if got := states[deployment{r.Label(), s.DeploymentID}]; got != s.State {
				return fmt.Sprintf("%s of %s is %s, the log says %q", s.DeploymentID, r.Label(), s.State, got)
			}
		}
	}
	for _, o := range operations {
		if want := fmt.Sprintf("%s v%d %s %s %s", o.Key, o.To, o.Kind, o.Phase, o.Outcome); phases[o.ID] != want {
			return fmt.Sprintf("operation %d is %q, the log says %q", o.ID, want, phases[o.ID])
		}
	}
	if len(phases) != len(operations) {
		return fmt.Sprintf("%d operations, the log has %d", len(operations), len(phases))
	}
	return ""
}

// published fails the test unless what was published is what is logged.
func (w *world) published(tb testing.TB) {
	tb.Helper()
	want, err := w.store.FindEvents(tb.Context(), purser.EventFilter{AllSpaces: true})
	if err != nil {
		tb.Fatal(err)
	}
	w.events.mu.Lock()
	got := slices.Clone(w.events.events)
	w.events.mu.Unlock()
	slices.SortFunc(got, func(a, b purser.Event) int { return int(a.ID - b.ID) })
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("published (-logged +published):\n%s", diff)
	}
}

// downAt makes writes fail at a point while the store is down.
func downAt(store purser.Store, point storetest.Point, down *atomic.Bool) purser.Store {
	return &storetest.Faulty{Store: store, Hook: func(p storetest.Point) error {
		if p != point || !down.Load() {
			return nil
		}
		return purser.Errorf(purser.CodeInternal, "disk full")
	}}
}

// Nobody hears of what was not committed, and each change is told once however often it had to be tried.
func TestWhatIsRolledBackIsNotTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var down atomic.Bool
		w := MustWorld(t, func(o *release.Options) {
			o.Store = downAt(o.Store, storetest.BeforeCommit, &down)
		})
		w.MustInstall(t, "web", demo("1.0.0"))
		time.Sleep(time.Second)
		before, last := w.logged(t, 0)
		down.Store(true)
		if _, err := w.Upgrade(t.Context(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")}); err == nil {
			t.Error("an upgrade was accepted that is not stored")
		}
		if _, err := w.Scale(t.Context(), scaleTo("web", "app", 2)); err == nil {
			t.Error("a scale was accepted that is not stored")
		}
		w.platform.Become("web.app-v1", purser.StateFailed, false)
		time.Sleep(time.Minute)
		if after, _ := w.logged(t, 0); len(after) != len(before) {
			t.Errorf("the log has grown:\n%s", strings.Join(after, "\n"))
		}
		w.published(t)
		down.Store(false)
		time.Sleep(time.Minute)
		want := []string{"application web v1 | deployed | app | web.app-v1 | failed | web.app-v1-0 is failed"}
		if got, _ := w.logged(t, last); !cmp.Equal(want, got) {
			t.Errorf("logged %q, want %q", got, want)
		}
		w.published(t)
	})
}
