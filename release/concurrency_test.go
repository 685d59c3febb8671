package release_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
)

// Of many changes to one key at one moment one is accepted, and the others hear so at once.
func TestConcurrentChangesOfOneKey(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(w *world) error
		word string
	}{
		{"Upgrade", func(w *world) error {
			_, err := w.Upgrade(w.ctx(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			return err
		}, "UPGRADE"},
		{"Rollback", func(w *world) error {
			_, err := w.Rollback(w.ctx(), purser.RollbackRequest{Key: key("web"), Version: 1})
			return err
		}, "ROLLBACK"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "web", demo("1.0.0"))
			if row.name == "Rollback" {
				w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
				w.settle(t, "web")
			}
			before := len(w.versions(t, "web"))
			w.platform.Script("", deployertest.Hang)
			var accepted atomic.Int32
			var group sync.WaitGroup
			for range 32 {
				group.Go(func() {
					switch err := row.do(w); {
					case err == nil:
						accepted.Add(1)
					case purser.ErrorCode(err) != purser.CodeBusy || purser.ErrorMessage(err) != "Statemachine is not in state ready to do "+row.word:
						t.Errorf("refused with %v", err)
					}
				})
			}
			group.Wait()
			if accepted.Load() != 1 || len(w.versions(t, "web")) != before+1 {
				t.Errorf("%d accepted, %d versions", accepted.Load(), len(w.versions(t, "web")))
			}
			if ok, err := w.Cancel(t.Context(), key("web")); !ok || err != nil {
				t.Errorf("cancel: %v, %v", ok, err)
			}
			w.settle(t, "web")
		})
	}
}

// Of many installs of one name one wins; the losers are told that it is under way, or that it is done.
func TestConcurrentInstallsOfOneName(t *testing.T) {
	w := MustWorld(t)
	var accepted atomic.Int32
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() {
			_, err := w.Install(w.ctx(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
			switch code := purser.ErrorCode(err); code {
			case "":
				accepted.Add(1)
			case purser.CodeBusy, purser.CodeConflict:
			default:
				t.Errorf("refused with %v", err)
			}
		})
	}
	group.Wait()
	if accepted.Load() != 1 {
		t.Errorf("%d accepted", accepted.Load())
	}
	w.expect(t, "web", "deployed Install complete")
}

// A hundred releases are upgraded at once while only a few slots work on the platform, and reads go on.
func TestManyKeysAtOnce(t *testing.T) {
	const releases = 100
	w := MustWorld(t, func(o *release.Options) { o.Parallel = 4 })
	var working, most atomic.Int32
	var group errgroup.Group
	name := func(n int) string { return fmt.Sprintf("r%d", n) }
	for n := range releases {
		group.Go(func() error {
			_, err := w.Install(w.ctx(), purser.InstallRequest{Key: key(name(n)), Package: demo("1.0.0"), Platform: "default"})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	count := func(by int32) {
		now := working.Add(by)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
	}
	w.countDeploys(count)
	for n := range releases {
		group.Go(func() error {
			_, err := w.Upgrade(w.ctx(), purser.UpgradeRequest{Key: key(name(n)), Package: demo("1.0.1")})
			return err
		})
		group.Go(func() error {
			_, err := w.Status(w.ctx(), key(name(n)), 0)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for n := range releases {
		w.settle(t, name(n))
		w.expect(t, name(n), "superseded Delete complete", "deployed Upgrade complete")
	}
	if got := most.Load(); got > 4 {
		t.Errorf("%d deploys at one time", got)
	}
	if got := len(w.platform.Running()); got != releases {
		t.Errorf("%d instances run", got)
	}
}

// What happens between the plan of a change and its acceptance counts.
func TestPlanThatIsOutdated(t *testing.T) {
	upgrade := func(t *testing.T, w *world, version string) {
		t.Helper()
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo(version)})
		w.settle(t, "web")
	}
	t.Run("UpgradeIsPlannedAnew", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.packages.reading = func() { upgrade(t, w, "1.0.1") }
		upgrade(t, w, "2.0.0")
		w.expect(t, "web", "superseded Delete complete", "superseded Delete complete", "deployed Upgrade complete")
		w.running(t, "web.app-v3")
	})
	t.Run("UpgradeToTheSameHasNoDifferenceAnyMore", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.packages.reading = func() { upgrade(t, w, "1.0.1") }
		_, err := w.Upgrade(t.Context(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		if purser.ErrorCode(err) != purser.CodeNoDifference {
			t.Errorf("refused with %v", err)
		}
	})
	t.Run("NameIsTaken", func(t *testing.T) {
		w := MustWorld(t)
		w.packages.reading = func() { w.MustInstall(t, "web", demo("1.0.0")) }
		_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
		if purser.ErrorMessage(err) != "Release with the name [web] already exists and it is not deleted." {
			t.Errorf("refused with %v", err)
		}
	})
	t.Run("PackageIsGone", func(t *testing.T) {
		w := MustWorld(t)
		w.packages.reading = func() { w.forgetPackage(t, "demo", "1.0.0") }
		_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
		if purser.ErrorMessage(err) != "Can not find package 'demo', version '1.0.0'" {
			t.Errorf("refused with %v", err)
		}
	})
}

// The lease of an operation that runs while others come and go all the time is renewed.
func TestBusyServerRenewsItsLeases(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Delay("web.app-v2", time.Hour)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(7200)})
		for range 60 {
			w.MustInstall(t, "other", demo("1.0.0"))
			time.Sleep(time.Second)
			w.MustDelete(t, "other")
			if left := time.Until(operation(t, w).LeaseUntil); left < 10*time.Second {
				t.Fatalf("%v left", left)
			}
		}
	})
}
