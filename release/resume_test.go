package release_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
)

// story is a course of events that ends in one operation, and how that ends.
type story struct {
	name     string
	before   func(t *testing.T, w *world)
	do       func(ctx context.Context, e *release.Engine) error
	versions []string
	running  []string
	pair     []string // of a story in another space, in place of the two: as wantPair has it
}

var stories = []story{
	{
		name: "install",
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Install(ctx, purser.InstallRequest{Key: key("pair"), Package: duo("1.0.0"), Platform: "default"})
			return err
		},
		versions: []string{"deployed Install complete"},
		running:  []string{"pair.one-v1", "pair.two-v1"},
	},
	{
		name:   "install refused",
		before: func(_ *testing.T, w *world) { w.failAlways("deploy/before", "pair.two-v1") },
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Install(ctx, purser.InstallRequest{Key: key("pair"), Package: duo("1.0.0"), Platform: "default"})
			return err
		},
	},
	{
		name:     "upgrade",
		before:   func(t *testing.T, w *world) { w.MustInstall(t, "pair", duo("1.0.0")) },
		do:       upgradePair,
		versions: []string{"superseded Delete complete", "deployed Upgrade complete"},
		running:  []string{"pair.one-v1", "pair.two-v2"},
	},
	{
		name: "upgrade unhealthy",
		before: func(t *testing.T, w *world) {
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.platform.Script("pair.two-v2", deployertest.Crash)
		},
		do:       upgradePair,
		versions: []string{"deployed Install complete", "failed Did not detect apps in replacing release as healthy after 10000 ms."},
		running:  []string{"pair.one-v1", "pair.two-v1"},
	},
	{
		name: "upgrade timed out",
		before: func(t *testing.T, w *world) {
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.platform.Script("pair.two-v2", deployertest.Hang)
		},
		do:       upgradePair,
		versions: []string{"deployed Install complete", "failed Did not detect apps in replacing release as healthy after 10000 ms."},
		running:  []string{"pair.one-v1", "pair.two-v1"},
	},
	{
		name: "upgrade not deployed",
		before: func(t *testing.T, w *world) {
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.failAlways("deploy/before", "pair.two-v2")
		},
		do:       upgradePair,
		versions: []string{"deployed Install complete", "failed Could not deploy app."},
		running:  []string{"pair.one-v1", "pair.two-v1"},
	},
	{
		name: "rollback",
		before: func(t *testing.T, w *world) {
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1")})
			synctest.Wait()
		},
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Rollback(ctx, purser.RollbackRequest{Key: key("pair"), Timeout: seconds(10)})
			return err
		},
		versions: []string{"superseded Delete complete", "superseded Delete complete", "deployed Rollback complete"},
		running:  []string{"pair.one-v1", "pair.two-v3"},
	},
	{
		name:   "delete",
		before: func(t *testing.T, w *world) { w.MustInstall(t, "pair", duo("1.0.0")) },
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Delete(ctx, purser.DeleteRequest{Key: key("pair"), WithPackage: true})
			return err
		},
		versions: []string{"deleted Delete complete"},
	},
	{
		name:   "scale",
		before: func(t *testing.T, w *world) { w.MustInstall(t, "pair", duo("1.0.0")) },
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Scale(ctx, scaleTo("pair", "one", 2))
			return err
		},
		versions: []string{"deployed Install complete"},
		running:  []string{"pair.one-v1", "pair.one-v1", "pair.two-v1"},
	},
	{
		name:   "activate a draft",
		before: func(t *testing.T, w *world) { w.MustStage(t, "") },
		do:     activate(1),
		pair:   []string{"1 deployed", prefix + "pair.one-v1", prefix + "pair.two-v1"},
	},
	{
		name: "activate over another",
		before: func(t *testing.T, w *world) {
			w.MustStage(t, "")
			w.MustStage(t, "two.a=1")
			w.MustActivate(t, 1)
			synctest.Wait()
		},
		do:   activate(2),
		pair: []string{"1 superseded archived", "2 deployed", prefix + "pair.one-v1", prefix + "pair.two-v2"},
	},
	{
		name: "activate again",
		before: func(t *testing.T, w *world) {
			w.MustStage(t, "")
			w.MustStage(t, "two.a=1")
			for _, version := range []int{1, 2} {
				w.MustActivate(t, version)
				synctest.Wait()
			}
		},
		do:   activate(1),
		pair: []string{"1 deployed", "2 superseded archived", prefix + "pair.one-v1", prefix + "pair.two-v1-2"},
	},
	{
		name: "activation unhealthy",
		before: func(t *testing.T, w *world) {
			w.MustStage(t, "")
			w.MustStage(t, "two.a=1")
			w.MustActivate(t, 1)
			synctest.Wait()
			w.platform.Script(prefix+"pair.two-v2", deployertest.Crash)
		},
		do:   activate(2),
		pair: []string{"1 deployed", "2 draft", prefix + "pair.one-v1", prefix + "pair.two-v1"},
	},
	{
		name: "activation not deployed",
		before: func(t *testing.T, w *world) {
			w.MustStage(t, "")
			w.failAlways("deploy/before", prefix+"pair.two-v1")
		},
		do:   activate(1),
		pair: []string{"1 draft"},
	},
	{
		name: "submit and submit again",
		do: func(ctx context.Context, e *release.Engine) error {
			for _, values := range []string{"", "two.a=1"} {
				if _, err := e.Submit(ctx, purser.SubmitRequest{StageRequest: stagePair(values), Timeout: seconds(10)}); err != nil {
					return err
				}
			}
			return nil
		},
		pair: []string{"1 superseded", "2 deployed", prefix + "pair.one-v1", prefix + "pair.two-v2"},
	},
	{
		name: "submit what fails",
		before: func(t *testing.T, w *world) {
			if _, err := w.Submit(t.Context(), purser.SubmitRequest{StageRequest: stagePair("")}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			w.platform.Script(prefix+"pair.two-v2", deployertest.Crash)
		},
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Submit(ctx, purser.SubmitRequest{StageRequest: stagePair("two.a=1"), Timeout: seconds(10)})
			return err
		},
		pair: []string{"1 deployed", "2 failed", prefix + "pair.one-v1", prefix + "pair.two-v1"},
	},
	{
		name:   "install that is kept",
		before: func(_ *testing.T, w *world) { w.failAlways("deploy/before", prefix+"pair.two-v1") },
		do: func(ctx context.Context, e *release.Engine) error {
			_, err := e.Install(ctx, purser.InstallRequest{Key: inTenant("pair"), Package: duo("1.0.0"), Platform: "default", KeepFailed: true})
			return err
		},
		pair: []string{"1 failed"},
	},
}

func activate(version int) func(ctx context.Context, e *release.Engine) error {
	return func(ctx context.Context, e *release.Engine) error {
		_, err := e.Activate(ctx, activatePair(version))
		return err
	}
}

func upgradePair(ctx context.Context, e *release.Engine) error {
	_, err := e.Upgrade(ctx, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1"), Timeout: seconds(10)})
	return err
}

func (w *world) failAlways(step, id string) {
	w.platform.Hook(step, func(_ context.Context, other string) error {
		if other == id {
			return purser.Errorf(purser.CodePlatform, "no room left")
		}
		return nil
	})
}

// crash ends the goroutine that comes to a point, once, as the death of the server would.
type crash struct {
	mu     sync.Mutex
	at     string
	points []string // all that were passed
	dead   bool
}

func (c *crash) hook(point string) {
	c.mu.Lock()
	c.points = append(c.points, point)
	dies := !c.dead && point == c.at
	c.dead = c.dead || dies
	c.mu.Unlock()
	if dies {
		runtime.Goexit()
	}
}

func (c *crash) happened() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead
}

// play runs a story with a server that dies at the point ("" for none), and another one that comes after it under its name.
func (s story) play(t *testing.T, at string) (points []string) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		if s.before != nil {
			s.before(t, w)
		}
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		c := &crash{at: at}
		o := w.options
		o.Hook, o.LeaseTTL = c.hook, 24*time.Hour // what is dead renews nothing
		for _, op := range []deployertest.Operation{deployertest.OpDeploy, deployertest.OpUndeploy, deployertest.OpScale} {
			step := deployertest.After(op)
			w.platform.Hook(step, func(_ context.Context, id string) error {
				c.hook(step + " " + id)
				return nil
			})
		}
		first := MustStart(t, o)
		done := make(chan error, 1)
		go func() { done <- s.do(t.Context(), first) }()
		if at == "" {
			<-done
			time.Sleep(20 * time.Second)
		} else {
			synctest.Wait()
			for range 20 { // some points are only reached by time
				if c.happened() {
					break
				}
				time.Sleep(time.Second)
				synctest.Wait()
			}
			if !c.happened() {
				t.Fatalf("%s was not reached", at)
			}
			<-done
			MustStart(t, w.options)
			time.Sleep(11 * time.Second)
		}
		synctest.Wait()
		if s.pair != nil {
			w.wantPair(t, s.pair...)
		} else {
			w.expect(t, "pair", s.versions...)
			w.running(t, s.running...)
		}
		if w.open(t) != 0 {
			t.Error("an operation is open")
		}
		if d := w.logDiffers(t); d != "" {
			t.Error(d)
		}
		history := w.platform.History()
		slices.Sort(history)
		if once := slices.Compact(slices.Clone(history)); len(once) != len(history) {
			t.Errorf("something was done twice: %v", history)
		}
		points = c.points
	})
	return points
}

// A server that dies at any edge of any operation leaves nothing that the next one does not bring to its proper end.
func TestCrashAtEveryEdge(t *testing.T) {
	edges := 0
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			points := s.play(t, "")
			if len(points) < 4 {
				t.Fatalf("only the points %v", points)
			}
			for _, point := range points {
				t.Run(point, func(t *testing.T) { s.play(t, point) })
				edges++
			}
		})
	}
	t.Logf("%d edges, all resumed", edges)
}

func TestResumeKeepsTheDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("web.app-v2", deployertest.Hang)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(30)})
		time.Sleep(20 * time.Second)
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		w.Engine = MustStart(t, w.options)
		time.Sleep(5*time.Second - time.Millisecond)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "deploying Upgrade install underway")
		time.Sleep(time.Millisecond)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "failed Did not detect apps in replacing release as healthy after 30000 ms.")
	})
}

func TestResumeAfterTheDeadlineLooksOnceMore(t *testing.T) {
	for _, row := range []struct {
		state purser.AppState
		want  []string
	}{
		{purser.StateDeployed, []string{"superseded Delete complete", "deployed Upgrade complete"}},
		{purser.StateDeploying, []string{"deployed Install complete", "failed Did not detect apps in replacing release as healthy after 30000 ms."}},
	} {
		t.Run(string(row.state), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				w.platform.Script("web.app-v2", deployertest.Hang)
				w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(30)})
				if err := w.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				w.platform.Become("web.app-v2", row.state, false)
				w.Engine = MustStart(t, w.options)
				synctest.Wait()
				w.expect(t, "web", row.want...)
			})
		})
	}
}

func TestResumeHonoursACancel(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("web.app-v2", deployertest.Hang)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		synctest.Wait()
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		other := w.options // cancelled by a server that does not perform it
		other.Owner = "other"
		if ok, err := release.New(other).Cancel(t.Context(), key("web")); !ok || err != nil {
			t.Fatal(ok, err)
		}
		w.platform.Become("web.app-v2", purser.StateDeployed, false)
		w.Engine = MustStart(t, w.options)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "failed Cancelled after 2000 ms.")
	})
}

func TestClose(t *testing.T) {
	t.Run("RefusesChangesAndLeavesReads", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		for range 2 {
			if err := w.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("web")}); purser.ErrorCode(err) != purser.CodeUnavailable {
			t.Errorf("a change: %v", err)
		}
		if _, err := w.Status(t.Context(), key("web"), 0); err != nil {
			t.Errorf("a read: %v", err)
		}
	})
	t.Run("WaitsForAStepInFlight", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			reached, release := w.platform.Block("deploy/after")
			done := make(chan error, 1)
			go func() {
				_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("pair"), Package: duo("1.0.0"), Platform: "default"})
				done <- err
			}()
			<-reached
			closed := make(chan error, 1)
			go func() { closed <- w.Close(t.Context()) }()
			synctest.Wait()
			release()
			if err := <-closed; err != nil {
				t.Error(err)
			}
			if err := <-done; purser.ErrorCode(err) != purser.CodeUnavailable {
				t.Errorf("the request: %v", err)
			}
			if diff := cmp.Diff([]string{"deploy pair.one-v1"}, w.platform.History()); diff != "" {
				t.Error(diff)
			}
			w.Engine = MustStart(t, w.options)
			synctest.Wait()
			w.expect(t, "pair", "deployed Install complete")
			w.running(t, "pair.one-v1", "pair.two-v1")
		})
	})
	t.Run("BreaksOffAStepThatDoesNotEnd", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			reached, release := w.platform.Block("deploy/before")
			defer release()
			done := make(chan error, 1)
			go func() {
				_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
				done <- err
			}()
			<-reached
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			start := time.Now()
			if err := w.Close(ctx); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took != 10*time.Second {
				t.Errorf("took %v", took)
			}
			<-done
			w.expect(t, "web", "deploying Initial install underway")
		})
	})
}
