package release_test

import (
	"context"
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

func TestStatus(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Script("", deployertest.Hang)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Become("web.app-v1", purser.StateDeployed, false)

		r, err := w.Status(t.Context(), key("web"), 0)
		if err != nil {
			t.Fatal(err)
		}
		if r.Statuses[0].State != purser.StateDeployed || r.Statuses[0].Instances[0].Attributes["skipper.release.version"] != "1" {
			t.Errorf("statuses %+v", r.Statuses)
		}
		if r.Manifest != "" || r.Package.Templates != nil {
			t.Error("a status carries the whole release")
		}
		if diff := cmp.Diff(r.Statuses, w.versions(t, "web")[0].Statuses); diff != "" {
			t.Errorf("what was seen is not stored: %s", diff)
		}

		for _, row := range []struct {
			name    string
			version int
			want    string
		}{
			{"nobody", 0, "Release with the name [nobody] doesn't exist"},
			{"Web", 0, "Release with the name [Web] doesn't exist"},
			{"", 0, "Release with the name [] doesn't exist"},
			{"web", 2, "Release with the name [web] and version [2] doesn't exist"},
			{"web", -1, "Release with the name [web] and version [-1] doesn't exist"},
		} {
			if _, err := w.Status(t.Context(), key(row.name), row.version); purser.ErrorCode(err) != purser.CodeReleaseNotFound || purser.ErrorMessage(err) != row.want {
				t.Errorf("status of %q %d: %v", row.name, row.version, err)
			}
		}

		w.MustDelete(t, "web")
		if r, err = w.Status(t.Context(), key("web"), 1); err != nil || r.Statuses != nil || r.Stage != purser.StageDeleted {
			t.Errorf("status of a deleted version: %+v, %v", r, err)
		}
	})
}

func TestStatusWithoutAnswerOfThePlatform(t *testing.T) {
	w := MustWorld(t)
	installed := w.MustInstall(t, "web", demo("1.0.0"))
	w.platform.FailNext("status", purser.Errorf(purser.CodePlatform, "no connection"))
	r, err := w.Status(t.Context(), key("web"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(installed.Statuses, r.Statuses); diff != "" {
		t.Error(diff)
	}
}

func TestStatusWritesOnlyChanges(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		time.Sleep(time.Minute)
		synctest.Wait()
		before := len(w.events.events)
		for range 3 {
			if _, err := w.Status(t.Context(), key("web"), 0); err != nil {
				t.Fatal(err)
			}
		}
		w.platform.Become("web.app-v1", purser.StateDeployed, false)
		time.Sleep(time.Minute)
		if n := len(w.events.events); n != before {
			t.Errorf("%d changes were stored where nothing changed", n-before)
		}
	})
}

func TestStatuses(t *testing.T) {
	w := MustWorld(t)
	w.MustInstall(t, "a", demo("1.0.0"))
	w.MustInstall(t, "b", duo("1.0.0"))
	w.MustInstall(t, "c", demo("1.0.0"))
	w.MustDelete(t, "c")

	statuses, err := w.Statuses(t.Context(), "", []string{"a", "b", "c", "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	if len(statuses) != 3 || statuses["b"].Statuses[1].DeploymentID != "b.two-v1" || statuses["c"].Stage != purser.StageDeleted {
		t.Errorf("statuses %+v", statuses)
	}
	states, err := w.States(t.Context(), "", []string{"a", "b", "c", "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]purser.AppState{
		"a": {"a.app-v1": purser.StateDeployed}, "b": {"b.one-v1": purser.StateDeployed, "b.two-v1": purser.StateDeployed}, "c": {},
	}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	for _, names := range [][]string{nil, {}, {""}, {"nobody"}} {
		if got, err := w.States(t.Context(), "", names); err != nil || len(got) != 0 {
			t.Errorf("states of %q: %v, %v", names, got, err)
		}
	}
}

func TestLogs(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "pair", duo("1.0.0"))
		w.platform.SetLogs("pair.one-v1", "one speaks")
		w.platform.SetLogs("pair.two-v1", "two speaks")
		for _, row := range []struct {
			filter string
			want   map[string]string
		}{
			{"", map[string]string{"pair.one-v1": "one speaks", "pair.two-v1": "two speaks"}},
			{"pair.two-v1", map[string]string{"pair.two-v1": "two speaks"}},
			{"PAIR.One-V1", map[string]string{"pair.one-v1": "one speaks"}},
			{"one", map[string]string{}},
		} {
			got, err := w.Logs(t.Context(), key("pair"), row.filter)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("logs of %q: %s", row.filter, diff)
			}
		}
		if _, err := w.Logs(t.Context(), key("nobody"), ""); purser.ErrorCode(err) != purser.CodeReleaseNotFound {
			t.Errorf("logs of nobody: %v", err)
		}
		w.platform.FailNext("logs", purser.Errorf(purser.CodePlatform, "no connection"))
		if _, err := w.Logs(t.Context(), key("pair"), ""); purser.ErrorCode(err) != purser.CodePlatform {
			t.Errorf("logs without a connection: %v", err)
		}

		w.platform.Script("pair.two-v2", deployertest.Crash)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1")})
		synctest.Wait()
		got, err := w.Logs(t.Context(), key("pair"), "")
		if diff := cmp.Diff(map[string]string{"pair.one-v1": "one speaks", "pair.two-v2": ""}, got); diff != "" || err != nil {
			t.Errorf("logs of a failed version: %v %s", err, diff)
		}
		w.MustDelete(t, "pair")
	})
}

func TestActuator(t *testing.T) {
	w := MustWorld(t)
	w.MustInstall(t, "web", demo("1.0.0"))
	var seen purser.ActuatorRequest
	w.platform.SetActuator(func(r purser.ActuatorRequest) (purser.ActuatorResponse, error) {
		seen = r
		return purser.ActuatorResponse{Status: 404, Body: []byte("no")}, nil
	})
	good := purser.ActuatorRequest{
		Key: key("web"), DeploymentID: "web.app-v1", InstanceGUID: "web.app-v1-0", Method: "GET", Endpoint: "/info", Authorization: "Bearer x",
	}
	answer, err := w.Actuator(t.Context(), good)
	if err != nil || answer.Status != 404 || string(answer.Body) != "no" {
		t.Errorf("answered %+v, %v", answer, err)
	}
	if diff := cmp.Diff(good, seen); diff != "" {
		t.Error(diff)
	}
	for _, row := range []struct {
		name   string
		change func(r *purser.ActuatorRequest)
		code   purser.Code
		want   string
	}{
		{"ErrUnknownRelease", func(r *purser.ActuatorRequest) { r.Key = key("nobody") }, purser.CodeReleaseNotFound, "Release with the name [nobody] doesn't exist"},
		{"ErrUnknownApplication", func(r *purser.ActuatorRequest) { r.DeploymentID = "app" }, purser.CodeNotFound, "app app is not found in release web"},
		{"ErrUnknownInstance", func(r *purser.ActuatorRequest) { r.InstanceGUID = "web.app-v1-9" }, purser.CodeNotFound, "App with deploymentId web.app-v1 and guid web.app-v1-9 not deployed"},
		{"ErrPostWithoutEndpoint", func(r *purser.ActuatorRequest) { r.Method, r.Endpoint = "POST", "" }, purser.CodeInvalid, "Actuator endpoint must not be empty"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := good
			row.change(&r)
			if _, err := w.Actuator(t.Context(), r); purser.ErrorCode(err) != row.code || purser.ErrorMessage(err) != row.want {
				t.Errorf("%s %v", purser.ErrorCode(err), err)
			}
		})
	}
	w.MustDelete(t, "web")
	if _, err := w.Actuator(t.Context(), good); purser.ErrorMessage(err) != "app web.app-v1 is not found in release web" {
		t.Errorf("a deleted release: %v", err)
	}
}

// stored gives the stored state of the first application of a version.
func (w *world) stored(tb testing.TB, name string, version int) purser.AppState {
	tb.Helper()
	r, err := w.store.FindRelease(tb.Context(), key(name), version)
	if err != nil {
		tb.Fatal(err)
	}
	if len(r.Statuses) == 0 {
		return ""
	}
	return r.Statuses[0].State
}

func TestTracker(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Delay("", 5*time.Second)
		w.MustInstall(t, "web", demo("1.0.0"))
		if got := w.stored(t, "web", 1); got != purser.StateDeploying {
			t.Errorf("after the install: %s", got)
		}
		time.Sleep(5*time.Second + 200*time.Millisecond)
		if got := w.stored(t, "web", 1); got != purser.StateDeployed {
			t.Errorf("nobody asked, and it is stored as %s", got)
		}
		w.platform.Become("web.app-v1", purser.StateFailed, true)
		time.Sleep(200 * time.Millisecond)
		if got := w.stored(t, "web", 1); got != purser.StateFailed {
			t.Errorf("after a crash: %s", got)
		}

		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		time.Sleep(200 * time.Millisecond)
		if got := w.stored(t, "web", 2); got != purser.StateDeploying {
			t.Errorf("a version under way: %s", got)
		}
		time.Sleep(5 * time.Second)
		if a, b := w.stored(t, "web", 1), w.stored(t, "web", 2); a != "" || b != purser.StateDeployed {
			t.Errorf("after the upgrade: %q and %q", a, b)
		}
		w.MustDelete(t, "web")
		time.Sleep(time.Second)
		if got := w.stored(t, "web", 2); got != "" {
			t.Errorf("after the delete: %s", got)
		}
	})
}

func TestLazyStoresWhatIsRead(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t, func(o *release.Options) { o.Lazy = true })
		w.platform.Delay("", 5*time.Second)
		w.MustInstall(t, "web", demo("1.0.0"))
		time.Sleep(10 * time.Second)
		if got := w.stored(t, "web", 1); got != purser.StateDeploying {
			t.Errorf("nobody asked, and it is stored as %s", got)
		}
		if _, err := w.Status(t.Context(), key("web"), 1); err != nil {
			t.Fatal(err)
		}
		if got := w.stored(t, "web", 1); got != purser.StateDeployed {
			t.Errorf("after a read it is stored as %s", got)
		}
	})
}

func TestTrackerFollowsWhatHasNoInstancesNow(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"), "count=0")
		time.Sleep(time.Second)
		if _, err := w.Scale(t.Context(), scaleTo("web", "app", 1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if got := w.stored(t, "web", 1); got != purser.StateDeployed {
			t.Errorf("stored as %s", got)
		}
	})
}

// watched is a platform that counts the watches that are open.
type watched struct {
	*deployertest.Fake
	open atomic.Int32
}

func (w *watched) Watch(ctx context.Context, ids ...string) (<-chan purser.AppStatus, error) {
	w.open.Add(1)
	context.AfterFunc(ctx, func() { w.open.Add(-1) })
	return w.Fake.Watch(ctx, ids...)
}

func TestTrackerLetsGo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		platform := &watched{}
		w := MustWorld(t, func(o *release.Options) {
			platform.Fake = o.Platforms["default"].(*deployertest.Fake)
			o.Platforms = purser.Platforms{"default": platform}
		})
		open := func(when string, want int32) {
			t.Helper()
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := platform.open.Load(); got != want {
				t.Errorf("%s: %d watches, want %d", when, got, want)
			}
		}
		w.MustInstall(t, "web", demo("1.0.0"))
		open("after an install", 1)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		open("after an upgrade", 1)
		w.platform.Script("web.app-v3", deployertest.Crash)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("2.0.0")})
		open("after an upgrade that failed", 1)
		w.MustDelete(t, "web")
		open("after a delete", 0)
	})
}

func TestTrackerOutlivesAStoreThatFails(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var down atomic.Bool
		w := MustWorld(t, func(o *release.Options) { o.Store = downAt(o.Store, storetest.BeforeUpdate, &down) })
		w.MustInstall(t, "web", demo("1.0.0"))
		time.Sleep(time.Second)
		down.Store(true)
		w.platform.Become("web.app-v1", purser.StateFailed, true)
		time.Sleep(time.Second)
		down.Store(false)
		time.Sleep(10 * time.Second)
		if got := w.stored(t, "web", 1); got != purser.StateFailed {
			t.Errorf("stored as %s", got)
		}
	})
}

// lingering is a platform that takes the order to remove something and needs a while for it.
type lingering struct{ *deployertest.Fake }

func (l lingering) Undeploy(context.Context, string) error { return nil }

func TestFailedVersionReadsUnknownFromTheStart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t, func(o *release.Options) {
			o.Platforms = purser.Platforms{"default": lingering{o.Platforms["default"].(*deployertest.Fake)}}
		})
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("web.app-v2", deployertest.Hang)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(0)})
		synctest.Wait()
		if got := w.stored(t, "web", 2); got != purser.StateUnknown {
			t.Errorf("stored as %s", got)
		}
	})
}

func TestTrackerFollowsWhatItFindsAtTheStart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "pair", duo("1.0.0"))
		w.platform.Script("pair.two-v2", deployertest.Crash)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1")})
		synctest.Wait()
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.platform.Become("pair.one-v1", purser.StateFailed, true)
		w.Engine = MustStart(t, w.options)
		time.Sleep(time.Second)
		for version := range 2 {
			if got := w.stored(t, "pair", version+1); got != purser.StateFailed {
				t.Errorf("v%d is stored as %s", version+1, got)
			}
		}
	})
}
