package release_test

import (
	"testing"
	"testing/synctest"
	"time"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
)

// An upgrade to applications that have failed for good is under way for the grace, and then it fails.
func TestFailFastGrace(t *testing.T) {
	const (
		grace     = time.Second
		installed = "deployed Install complete"
		underway  = "deploying Upgrade install underway"
		failed    = "failed Did not detect apps in replacing release as healthy after 30000 ms."
	)
	sleep := func(d time.Duration) {
		time.Sleep(d)
		synctest.Wait()
	}
	for _, row := range []struct {
		name string
		do   func(t *testing.T, w *world)
	}{
		{"FailsWhenItHasPassed", func(t *testing.T, w *world) {
			sleep(grace - time.Millisecond)
			w.expect(t, "pair", installed, underway)
			sleep(time.Millisecond)
			w.expect(t, "pair", installed, failed)
			w.running(t, "pair.one-v1", "pair.two-v1")
		}},
		{"IsMeasuredFromTheCrash", func(t *testing.T, w *world) {
			sleep(grace / 2)
			w.platform.Become("pair.two-v2", purser.StateFailed, true)
			sleep(grace / 2)
			w.expect(t, "pair", installed, failed)
		}},
		{"StateThatChangesBackResetsIt", func(t *testing.T, w *world) {
			sleep(grace / 2)
			w.platform.Become("pair.two-v2", purser.StateDeploying, false)
			sleep(3 * grace)
			w.expect(t, "pair", installed, underway)
			w.platform.Become("pair.two-v2", purser.StateFailed, true)
			sleep(grace - time.Millisecond)
			w.expect(t, "pair", installed, underway)
			sleep(time.Millisecond)
			w.expect(t, "pair", installed, failed)
		}},
		{"HealthWithinItCounts", func(t *testing.T, w *world) {
			sleep(grace / 2)
			w.platform.Become("pair.two-v2", purser.StateDeployed, false)
			sleep(grace)
			w.expect(t, "pair", "superseded Delete complete", "deployed Upgrade complete")
		}},
		{"EachApplicationHasItsOwn", func(t *testing.T, w *world) {
			sleep(grace / 2)
			w.platform.Become("pair.one-v2", purser.StateFailed, true)
			synctest.Wait()
			w.platform.Become("pair.two-v2", purser.StateDeployed, false)
			sleep(grace - time.Millisecond)
			w.expect(t, "pair", installed, underway)
			sleep(time.Millisecond)
			w.expect(t, "pair", installed, failed)
		}},
		{"CancelWithinItIsOne", func(t *testing.T, w *world) {
			sleep(grace / 2)
			if accepted, err := w.Cancel(t.Context(), key("pair")); !accepted || err != nil {
				t.Fatal(accepted, err)
			}
			synctest.Wait()
			w.expect(t, "pair", installed, "failed Cancelled after 500 ms.")
		}},
		{"RestartBeginsItAnew", func(t *testing.T, w *world) {
			sleep(grace / 2)
			w.restart(t, func(*release.Options) {})
			sleep(grace - time.Millisecond)
			w.expect(t, "pair", installed, underway)
			sleep(time.Millisecond)
			w.expect(t, "pair", installed, failed)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t, func(o *release.Options) { o.FailFastGrace = grace })
				w.MustInstall(t, "pair", duo("1.0.0"))
				w.platform.Script("pair.two-v2", deployertest.Crash)
				w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Force: true, Timeout: seconds(30)})
				synctest.Wait()
				w.expect(t, "pair", installed, underway)
				row.do(t, w)
			})
		})
	}
	t.Run("DeadlineWins", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t, func(o *release.Options) { o.FailFastGrace = time.Minute })
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.platform.Script("pair.two-v2", deployertest.Crash)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Force: true, Timeout: seconds(30)})
			sleep(30*time.Second - time.Millisecond)
			w.expect(t, "pair", installed, underway)
			sleep(time.Millisecond)
			w.expect(t, "pair", installed, failed)
		})
	})
}

// The operation tells which application is to blame, whatever the version says in the words of the contract.
func TestFailureNamesTheApplication(t *testing.T) {
	w := MustWorld(t)
	w.MustInstall(t, "pair", duo("1.0.0"))
	w.platform.Script("pair.two-v2", deployertest.Crash)
	w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.1.0"), Force: true})
	w.settle(t, "pair")
	k := key("pair")
	done, _, err := w.store.FindOperations(t.Context(), purser.OperationFilter{Key: &k, Newest: true, Page: purser.Page{Limit: 1}})
	if err != nil || len(done) != 1 || done[0].Message != "Application [two] is failed" {
		t.Errorf("%+v, %v", done, err)
	}
}
