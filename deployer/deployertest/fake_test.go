package deployertest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"purser"
	"purser/deployer/deployertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func app(id string) purser.Deployment { return purser.Deployment{ID: id, Group: "g", Name: id} }

func state(t *testing.T, f *deployertest.Fake, id string) purser.AppStatus {
	t.Helper()
	s, err := f.Status(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s[0]
}

func TestFakeScript(t *testing.T) {
	for _, row := range []struct {
		script deployertest.Script
		want   purser.AppState
		final  bool
	}{
		{deployertest.Healthy, purser.StateDeployed, false},
		{deployertest.Crash, purser.StateFailed, true},
		{deployertest.Hang, purser.StateDeploying, false},
	} {
		t.Run(string(row.script), func(t *testing.T) {
			f := deployertest.NewFake("default")
			defer f.Close()
			f.Script("g.a-v1", row.script)
			if err := f.Deploy(t.Context(), app("g.a-v1")); err != nil {
				t.Fatal(err)
			}
			s := state(t, f, "g.a-v1")
			if s.State != row.want || s.FailedForGood() != row.final {
				t.Errorf("state %s, for good %v", s.State, s.FailedForGood())
			}
			f.Become("g.a-v1", purser.StateFailed, true)
			if s := state(t, f, "g.a-v1"); !s.FailedForGood() {
				t.Errorf("state %s after Become", s.State)
			}
			if got := f.Running(); len(got) != 0 {
				t.Errorf("running %v", got)
			}
		})
	}
}

func TestFakeDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := deployertest.NewFake("default")
		defer f.Close()
		f.Delay("", time.Minute)
		if err := f.Deploy(t.Context(), app("g.a-v1")); err != nil {
			t.Fatal(err)
		}
		if s := state(t, f, "g.a-v1"); s.State != purser.StateDeploying {
			t.Fatalf("state %s at once", s.State)
		}
		time.Sleep(time.Minute + time.Second)
		if s := state(t, f, "g.a-v1"); s.State != purser.StateDeployed {
			t.Fatalf("state %s after the delay", s.State)
		}
	})
}

func TestFakeFailNext(t *testing.T) {
	f := deployertest.NewFake("default")
	defer f.Close()
	boom := errors.New("boom")
	f.FailNext("deploy", boom)
	f.FailNext("deploy", nil)
	f.FailNext("deploy/after", boom)

	if err := f.Deploy(t.Context(), app("g.a-v1")); !errors.Is(err, boom) {
		t.Fatalf("the first call: %v", err)
	}
	if got := f.Deployments(); len(got) != 0 {
		t.Fatalf("a call that failed before its effect left %v", got)
	}
	if err := f.Deploy(t.Context(), app("g.a-v1")); !errors.Is(err, boom) {
		t.Fatalf("the second call: %v", err)
	}
	if diff := cmp.Diff([]string{"g.a-v1-0"}, f.Running()); diff != "" {
		t.Fatal(diff)
	}
	if err := f.Deploy(t.Context(), app("g.a-v1")); err != nil {
		t.Fatalf("the third call: %v", err)
	}
	if n := f.Calls(deployertest.OpDeploy); n != 3 {
		t.Errorf("%d calls", n)
	}
	if diff := cmp.Diff([]string{"deploy g.a-v1"}, f.History()); diff != "" {
		t.Error(diff)
	}
}

func TestFakeBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := deployertest.NewFake("default")
		defer f.Close()
		reached, release := f.Block("undeploy/before")
		if err := f.Deploy(t.Context(), app("g.a-v1")); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- f.Undeploy(context.WithoutCancel(t.Context()), "g.a-v1") }()
		if id := <-reached; id != "g.a-v1" {
			t.Fatalf("held %q", id)
		}
		if got := f.Running(); len(got) != 1 {
			t.Fatalf("running %v while held", got)
		}
		release()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if got := f.Running(); len(got) != 0 {
			t.Fatalf("running %v after release", got)
		}
	})
}

func TestFakeReopen(t *testing.T) {
	first := deployertest.NewFake("default")
	if err := first.Deploy(t.Context(), app("g.a-v1")); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Deploy(t.Context(), app("g.b-v1")); purser.ErrorCode(err) != purser.CodeUnavailable {
		t.Errorf("a closed deployer: %v", err)
	}
	second := first.Reopen()
	defer second.Close()
	if s := state(t, second, "g.a-v1"); s.State != purser.StateDeployed {
		t.Errorf("state %s after a restart", s.State)
	}
}
