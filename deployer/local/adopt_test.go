package local_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/local"
)

// shimPID reads the supervisor of the only instance with an index from the state.
func shimPID(tb testing.TB, g *ground, id, index string) int {
	tb.Helper()
	names, _ := filepath.Glob(filepath.Join(g.options.StateDir, "deployments", id, index+"-*", "state.json"))
	if len(names) != 1 {
		tb.Fatalf("states of %s: %v", id, names)
	}
	b, err := os.ReadFile(names[0])
	if err != nil {
		tb.Fatal(err)
	}
	var state struct {
		Shim struct {
			PID int `json:"pid"`
		} `json:"shim"`
	}
	if err := json.Unmarshal(b, &state); err != nil || state.Shim.PID == 0 {
		tb.Fatalf("%s: %v", b, err)
	}
	return state.Shim.PID
}

func status(tb testing.TB, d purser.Deployer, id string) purser.AppStatus {
	tb.Helper()
	got, err := d.Status(context.Background(), id)
	if err != nil {
		tb.Fatal(err)
	}
	return got[0]
}

func gone(tb testing.TB, pid int) {
	tb.Helper()
	deadline := time.Now().Add(patience)
	for {
		b, err := os.ReadFile(filepath.Join("/proc", itoa(pid), "stat"))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("process %d is still there", pid)
		}
		<-time.After(time.Millisecond)
	}
}

func TestAdoption(t *testing.T) {
	t.Run("state, logs, scale and undeploy after a restart", func(t *testing.T) {
		g := MustGround(t, nil)
		first := g.MustOpen()
		before := MustRun(t, first, app("a", "serve"), 2)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		second := g.MustOpenAndClear()
		if diff := cmp.Diff(before, MustAwait(t, second, before.DeploymentID, in(purser.StateDeployed, 2))); diff != "" {
			t.Error(diff)
		}
		text, err := second.Logs(t.Context(), before.DeploymentID)
		if err != nil || !strings.Contains(text, "hello from test.a-v1-1\n") || !strings.HasPrefix(text, "stderr:\nstderr of test.a-v1-0\n") {
			t.Errorf("logs: %q, %v", text, err)
		}
		if err := second.Scale(t.Context(), before.DeploymentID, 3, nil); err != nil {
			t.Fatal(err)
		}
		after := MustAwait(t, second, before.DeploymentID, in(purser.StateDeployed, 3))
		if diff := cmp.Diff(before.Instances, after.Instances[:2]); diff != "" {
			t.Error(diff)
		}
		if dir := after.Instances[2].Attributes["working.dir"]; dir == before.Instances[0].Attributes["working.dir"] {
			t.Errorf("the new instance has the old run folder %s", dir)
		}
		MustUndeploy(t, second, before.DeploymentID)
		for _, i := range after.Instances {
			gone(t, pid(t, i))
		}
	})

	t.Run("an application that ended while no server ran", func(t *testing.T) {
		g := MustGround(t, nil)
		first := g.MustOpen()
		before := MustRun(t, first, app("a", "serve"), 1)
		_ = first.Close()
		victim := pid(t, before.Instances[0])
		if err := syscall.Kill(victim, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		gone(t, victim)
		got := MustAwait(t, g.MustOpenAndClear(), before.DeploymentID, purser.AppStatus.FailedForGood).Instances[0]
		if got.Attributes["exitCode"] != "137" || got.Attributes["signal"] != "SIGKILL" {
			t.Errorf("%+v", got)
		}
	})

	t.Run("two servers on one folder", func(t *testing.T) {
		g := MustGround(t, nil)
		one, two := g.MustOpenAndClear(), g.MustOpen()
		a := app("a", "serve")
		var both sync.WaitGroup
		for _, d := range []*local.Deployer{one, two, one, two} {
			both.Go(func() { MustDeploy(t, d, a) })
		}
		both.Wait()
		seen1, seen2 := MustAwait(t, one, a.ID, in(purser.StateDeployed, 1)), MustAwait(t, two, a.ID, in(purser.StateDeployed, 1))
		if diff := cmp.Diff(seen1, seen2); diff != "" {
			t.Error(diff)
		}
		if n := len(g.processes()); n != 2 {
			t.Errorf("%d processes, expected a supervisor and an application", n)
		}
		if err := two.Scale(t.Context(), a.ID, 2, nil); err != nil {
			t.Fatal(err)
		}
		if got := status(t, one, a.ID); len(got.Instances) != 2 {
			t.Errorf("the first server knows of %d instances", len(got.Instances))
		}
		MustAwait(t, one, a.ID, in(purser.StateDeployed, 2))
		MustUndeploy(t, one, a.ID)
		if got := status(t, two, a.ID); got.State != purser.StateUnknown {
			t.Errorf("the second server says %s", got.State)
		}
	})
}

func TestDeath(t *testing.T) {
	t.Run("of the application is an event with its exit code", func(t *testing.T) {
		g := MustGround(t, nil)
		d := g.MustOpenAndClear()
		MustDeploy(t, d, app("a", "crash"))
		i := MustAwait(t, d, "test.a-v1", purser.AppStatus.FailedForGood).Instances[0]
		if i.Attributes["exitCode"] != "3" || i.Attributes["signal"] != "" || i.Reason == "" {
			t.Errorf("%+v", i)
		}
		text, _ := d.Logs(t.Context(), "test.a-v1")
		if !strings.Contains(text, "hello from test.a-v1-0") {
			t.Errorf("its logs: %q", text)
		}
	})

	t.Run("of the application by a signal", func(t *testing.T) {
		g := MustGround(t, nil)
		d := g.MustOpenAndClear()
		s := MustRun(t, d, app("a", "serve"), 1)
		killed := time.Now()
		if err := syscall.Kill(pid(t, s.Instances[0]), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		i := MustAwait(t, d, s.DeploymentID, purser.AppStatus.FailedForGood).Instances[0]
		t.Logf("noticed after %s", time.Since(killed))
		if i.Attributes["exitCode"] != "137" || i.Attributes["signal"] != "SIGKILL" {
			t.Errorf("%+v", i)
		}
	})

	t.Run("of the supervisor leaves the application deployed and stoppable", func(t *testing.T) {
		g := MustGround(t, nil)
		d := g.MustOpenAndClear()
		s := MustRun(t, d, app("a", "family"), 1)
		shim := shimPID(t, g, s.DeploymentID, "0")
		if err := syscall.Kill(shim, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		gone(t, shim)
		if diff := cmp.Diff(s, status(t, d, s.DeploymentID)); diff != "" {
			t.Error(diff)
		}
		again := g.MustOpen()
		if diff := cmp.Diff(s, MustAwait(t, again, s.DeploymentID, in(purser.StateDeployed, 1))); diff != "" {
			t.Errorf("after a restart:\n%s", diff)
		}
	})

	t.Run("of the supervisor and then the application", func(t *testing.T) {
		g := MustGround(t, nil)
		d := g.MustOpenAndClear()
		s := MustRun(t, d, app("a", "serve"), 1)
		shim := shimPID(t, g, s.DeploymentID, "0")
		_ = syscall.Kill(shim, syscall.SIGKILL)
		gone(t, shim)
		_ = syscall.Kill(pid(t, s.Instances[0]), syscall.SIGKILL)
		i := MustAwait(t, d, s.DeploymentID, purser.AppStatus.FailedForGood).Instances[0]
		if _, known := i.Attributes["exitCode"]; known || i.Reason == "" {
			t.Errorf("%+v", i)
		}
	})
}

func TestUndeployEndsEverything(t *testing.T) {
	for _, row := range []struct {
		rule, behaviour string
		most            time.Duration
	}{
		{"a normal application at once", "serve", 3 * time.Second}, // milliseconds, unless the machine is very busy
		{"one that hangs before it listens", "hang", 3 * time.Second},
		{"one that ignores SIGTERM, after the shutdown timeout", "stubborn", 5 * time.Second},
		{"children and grandchildren that ignore SIGTERM", "family", 5 * time.Second},
	} {
		t.Run(row.rule, func(t *testing.T) {
			t.Parallel()
			g := MustGround(t, map[string]any{"shutdown-timeout": 1})
			d := g.MustOpenAndClear()
			a := app("a", row.behaviour)
			MustDeploy(t, d, a)
			s := MustAwait(t, d, a.ID, func(s purser.AppStatus) bool {
				return s.State == purser.StateDeployed || row.behaviour == "hang" && len(s.Instances) == 1 && s.Instances[0].Attributes["pid"] != ""
			})
			all := g.processes()
			if want := map[string]int{"family": 4}[row.behaviour]; len(all) < want {
				t.Errorf("%d processes", len(all))
			}
			if !slices.Contains(all, pid(t, s.Instances[0])) {
				t.Errorf("%v does not hold the application", all)
			}
			began := time.Now()
			MustUndeploy(t, d, a.ID)
			for _, p := range all {
				gone(t, p)
			}
			took := time.Since(began)
			t.Logf("it took %s", took)
			if took > row.most {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
