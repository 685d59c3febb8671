package local_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"purser"
)

// stuck are resources that never come.
type stuck struct{}

func (stuck) Fetch(ctx context.Context, _ string) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

// promised leaves the record of a deployment of which nothing was started, as a server that dies at once does.
func promised(t *testing.T, g *ground, a purser.Deployment) (home string) {
	t.Helper()
	usual := g.options.Resources
	g.options.Resources = stuck{}
	d := g.MustOpen()
	MustDeploy(t, d, a)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	g.options.Resources = usual
	b, err := os.ReadFile(filepath.Join(g.options.StateDir, "deployments", a.ID, "deployment.json"))
	if err != nil {
		t.Fatal(err)
	}
	var record struct {
		Instances []struct {
			Home string `json:"home"`
		} `json:"instances"`
	}
	if err := json.Unmarshal(b, &record); err != nil || len(record.Instances) != 1 {
		t.Fatalf("%s, %v", b, err)
	}
	return filepath.Join(g.options.StateDir, "deployments", a.ID, record.Instances[0].Home)
}

// stateFile finds what the supervisor of the only instance has written.
func stateFile(t *testing.T, g *ground, a purser.Deployment) string {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(g.options.StateDir, "deployments", a.ID, "0-*", "state.json"))
	if len(names) != 1 {
		t.Fatalf("states: %v", names)
	}
	return names[0]
}

// onlyOne checks that one supervisor, or none, and one application run.
func onlyOne(t *testing.T, g *ground, processes int) {
	t.Helper()
	if all := g.processes(); len(all) != processes {
		t.Errorf("processes %v, expected %d", all, processes)
	}
}

// TestCrash leaves what a server or a supervisor leaves that was killed between two steps, and opens the account again.
func TestCrash(t *testing.T) {
	a := app("a", "serve")

	t.Run("after the record: it is started", func(t *testing.T) {
		g := MustGround(t, nil)
		promised(t, g, a)
		MustAwait(t, g.MustOpenAndClear(), a.ID, in(purser.StateDeployed, 1))
		onlyOne(t, g, 2)
	})

	t.Run("after the start file: it is started", func(t *testing.T) {
		g := MustGround(t, nil)
		home := promised(t, g, a)
		if err := os.MkdirAll(home, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, "start.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		MustAwait(t, g.MustOpenAndClear(), a.ID, in(purser.StateDeployed, 1))
		onlyOne(t, g, 2)
	})

	t.Run("of a supervisor before it wrote its state: the application is found", func(t *testing.T) {
		g := MustGround(t, nil)
		first := g.MustOpen()
		before := MustRun(t, first, a, 1)
		_ = first.Close()
		shim := shimPID(t, g, a.ID, "0")
		_ = syscall.Kill(shim, syscall.SIGKILL)
		gone(t, shim)
		if err := os.Remove(stateFile(t, g, a)); err != nil {
			t.Fatal(err)
		}
		after := MustAwait(t, g.MustOpenAndClear(), a.ID, in(purser.StateDeployed, 1))
		if pid(t, before.Instances[0]) != pid(t, after.Instances[0]) {
			t.Errorf("it is another process: %+v, it was %+v", after, before)
		}
		onlyOne(t, g, 1)
	})

	t.Run("of such a supervisor during an undeploy: the application ends", func(t *testing.T) {
		g := MustGround(t, nil)
		d := g.MustOpen()
		s := MustRun(t, d, a, 1)
		shim := shimPID(t, g, a.ID, "0")
		_ = syscall.Kill(shim, syscall.SIGKILL)
		gone(t, shim)
		if err := os.Remove(stateFile(t, g, a)); err != nil {
			t.Fatal(err)
		}
		MustUndeploy(t, d, a.ID)
		gone(t, pid(t, s.Instances[0]))
	})

	t.Run("after the order to undeploy: it is finished without being asked", func(t *testing.T) {
		g := MustGround(t, map[string]any{"shutdown-timeout": 1})
		d := g.MustOpen()
		s := MustRun(t, d, app("a", "stubborn"), 2)
		MustUndeploy(t, d, a.ID)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		again := g.MustOpen()
		if got := status(t, again, a.ID); got.State != purser.StateUnknown {
			t.Errorf("it is %s", got.State)
		}
		for _, i := range s.Instances {
			gone(t, pid(t, i))
		}
	})

	t.Run("before the record: what is left is removed", func(t *testing.T) {
		g := MustGround(t, nil)
		left := filepath.Join(g.options.StateDir, "deployments", a.ID, "0-1")
		if err := os.MkdirAll(left, 0o700); err != nil {
			t.Fatal(err)
		}
		d := g.MustOpenAndClear()
		if _, err := os.Stat(filepath.Dir(left)); err == nil {
			t.Error("it is there still")
		}
		MustRun(t, d, a, 1)
	})

	t.Run("of the machine: it is started again", func(t *testing.T) {
		g := MustGround(t, nil)
		first := g.MustOpen()
		before := MustRun(t, first, a, 1)
		_ = first.Close()
		victim := pid(t, before.Instances[0])
		shim := shimPID(t, g, a.ID, "0")
		_ = syscall.Kill(shim, syscall.SIGKILL)
		gone(t, shim)
		_ = syscall.Kill(victim, syscall.SIGKILL)
		gone(t, victim)
		name := stateFile(t, g, a)
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
		if err != nil {
			t.Fatal(err)
		}
		other := strings.ReplaceAll(string(b), strings.TrimSpace(string(boot)), "another-run")
		if err := os.WriteFile(name, []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		after := MustAwait(t, g.MustOpenAndClear(), a.ID, in(purser.StateDeployed, 1))
		if pid(t, after.Instances[0]) == victim || after.Instances[0].Attributes["port"] != before.Instances[0].Attributes["port"] {
			t.Errorf("%+v, it was %+v", after, before)
		}
		onlyOne(t, g, 2)
	})

	t.Run("that damaged a record: the others are adopted", func(t *testing.T) {
		g := MustGround(t, nil)
		first := g.MustOpen()
		MustRun(t, first, a, 1)
		_ = first.Close()
		broken := filepath.Join(g.options.StateDir, "deployments", "test.broken-v1")
		if err := os.MkdirAll(broken, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(broken, "deployment.json"), []byte(`{"id":`), 0o600); err != nil {
			t.Fatal(err)
		}
		d := g.MustOpenAndClear()
		MustAwait(t, d, a.ID, in(purser.StateDeployed, 1))
		if _, err := d.Status(t.Context(), "test.broken-v1"); purser.ErrorCode(err) != purser.CodePlatform || strings.Contains(purser.ErrorMessage(err), g.dir) {
			t.Errorf("status of the broken one: %v", err)
		}
		if err := os.RemoveAll(broken); err != nil {
			t.Fatal(err)
		}
	})
}

func TestClose(t *testing.T) {
	t.Run("with StopOnExit ends the applications, and the next server starts them", func(t *testing.T) {
		g := MustGround(t, nil)
		g.options.StopOnExit = true
		first := g.MustOpen()
		before := MustRun(t, first, app("a", "serve"), 2)
		MustDeploy(t, first, app("b", "crash"))
		MustAwait(t, first, "test.b-v1", purser.AppStatus.FailedForGood)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		onlyOne(t, g, 0)
		second := g.MustOpenAndClear()
		after := MustAwait(t, second, before.DeploymentID, in(purser.StateDeployed, 2))
		for n, i := range after.Instances {
			if i.Attributes["port"] != before.Instances[n].Attributes["port"] || i.Attributes["pid"] == before.Instances[n].Attributes["pid"] {
				t.Errorf("%+v, it was %+v", i, before.Instances[n])
			}
		}
		if s := status(t, second, "test.b-v1"); !s.FailedForGood() {
			t.Errorf("the crashed one is %+v", s)
		}
	})

	t.Run("refuses what comes later", func(t *testing.T) {
		d := MustGround(t, nil).MustOpen()
		_ = d.Close()
		if err := d.Deploy(t.Context(), app("a", "serve")); purser.ErrorCode(err) != purser.CodeUnavailable {
			t.Errorf("deploy: %v", err)
		}
		if _, err := d.Watch(t.Context(), "x"); purser.ErrorCode(err) != purser.CodeUnavailable {
			t.Errorf("watch: %v", err)
		}
	})
}
