package release_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
)

func TestCancel(t *testing.T) {
	accepted := func(t *testing.T, w *world, name string, want bool) {
		t.Helper()
		if got, err := w.Cancel(t.Context(), key(name)); got != want || err != nil {
			t.Errorf("cancel of %q: %v, %v", name, got, err)
		}
	}
	for _, row := range []struct {
		name string
		do   func(t *testing.T, w *world)
	}{
		{"WhileItWaits", func(t *testing.T, w *world) {
			w.platform.Delay("", time.Hour)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(7200)})
			time.Sleep(1500 * time.Millisecond)
			accepted(t, w, "web", true)
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "failed Cancelled after 1500 ms.")
			w.running(t, "web.app-v1")
			accepted(t, w, "web", false)
		}},
		{"OfARollback", func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			synctest.Wait()
			w.platform.Delay("", time.Hour)
			if _, err := w.Rollback(t.Context(), purser.RollbackRequest{Key: key("web")}); err != nil {
				t.Fatal(err)
			}
			accepted(t, w, "web", true)
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete", "failed Cancelled after 0 ms.")
		}},
		{"WhileItDeploys", func(t *testing.T, w *world) {
			reached, release := w.platform.Block("deploy/after")
			answers := make(chan purser.Release)
			go func() {
				r, err := w.Upgrade(t.Context(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
				if err != nil {
					t.Error(err)
				}
				answers <- r
			}()
			<-reached
			accepted(t, w, "web", true)
			accepted(t, w, "web", true)
			release()
			if r := <-answers; r.Stage != purser.StageFailed || r.Description != "Cancelled after 0 ms." {
				t.Errorf("answered %+v", r)
			}
			w.running(t, "web.app-v1")
		}},
		{"HealthThatComesAtTheSameTimeDoesNotWin", func(t *testing.T, w *world) {
			w.platform.Script("web.app-v2", deployertest.Hang)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			reached, release := w.platform.Block("status/before") // the poll between health and its record
			w.platform.Become("web.app-v2", purser.StateDeployed, false)
			<-reached
			accepted(t, w, "web", true)
			release()
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "failed Cancelled after 0 ms.")
			w.running(t, "web.app-v1")
		}},
		{"TooLateWhenTheOldVersionGoes", func(t *testing.T, w *world) {
			reached, release := w.platform.Block("undeploy/before")
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			<-reached
			accepted(t, w, "web", false)
			release()
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
		}},
		{"NotAnInstall", func(t *testing.T, w *world) {
			reached, release := w.platform.Block("deploy/before")
			done := make(chan error)
			go func() {
				_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("other"), Package: demo("1.0.0"), Platform: "default"})
				done <- err
			}()
			<-reached
			accepted(t, w, "other", false)
			release()
			if err := <-done; err != nil {
				t.Error(err)
			}
			w.expect(t, "other", "deployed Install complete")
		}},
		{"NothingUnderWay", func(t *testing.T, w *world) {
			accepted(t, w, "web", false)
			accepted(t, w, "nobody", false)
			accepted(t, w, "", false)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				row.do(t, w)
				synctest.Wait()
				if w.open(t) != 0 {
					t.Error("an operation is open")
				}
			})
		})
	}
}

// Cancels and health race: whoever is told true finds the upgrade cancelled.
func TestCancelRace(t *testing.T) {
	w := MustWorld(t)
	w.MustInstall(t, "web", demo("1.0.0"))
	for n := range 50 {
		version := n + 2
		w.platform.Script("", deployertest.Hang)
		r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Force: true})
		go w.platform.Become(r.Applications[0].DeploymentID, purser.StateDeployed, false)
		accepted, err := w.Cancel(t.Context(), key("web"))
		if err != nil {
			t.Fatal(err)
		}
		w.platform.Become(r.Applications[0].DeploymentID, purser.StateDeployed, false)
		w.settle(t, "web")
		r, err = w.store.FindRelease(t.Context(), key("web"), version)
		if err != nil {
			t.Fatal(err)
		}
		if cancelled := r.Stage == purser.StageFailed; cancelled != accepted {
			t.Fatalf("cancel answered %v, v%d is %s: %s", accepted, version, r.Stage, r.Description)
		}
	}
}

func TestBusy(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Delay("", time.Hour)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		got := map[string]string{}
		ask := func(word string, _ purser.Release, err error) {
			if purser.ErrorCode(err) != purser.CodeBusy {
				t.Errorf("%s: code %s", word, purser.ErrorCode(err))
			}
			got[word] = purser.ErrorMessage(err)
		}
		do := func(word string, f func() (purser.Release, error)) {
			r, err := f()
			ask(word, r, err)
		}
		do("install", func() (purser.Release, error) {
			return w.Install(t.Context(), purser.InstallRequest{Key: key("web")})
		})
		do("upgrade", func() (purser.Release, error) {
			return w.Upgrade(t.Context(), purser.UpgradeRequest{Key: key("web")})
		})
		do("rollback", func() (purser.Release, error) {
			return w.Rollback(t.Context(), purser.RollbackRequest{Key: key("web"), Version: -1})
		})
		do("delete", func() (purser.Release, error) {
			return w.Delete(t.Context(), purser.DeleteRequest{Key: key("web")})
		})
		do("delete with package", func() (purser.Release, error) {
			return w.Delete(t.Context(), purser.DeleteRequest{Key: key("web"), WithPackage: true})
		})
		do("scale", func() (purser.Release, error) { return w.Scale(t.Context(), scaleTo("web", "app", 2)) })
		do("scale of nothing", func() (purser.Release, error) {
			return w.Scale(t.Context(), purser.ScaleReleaseRequest{Key: key("web")})
		})
		const text = "Statemachine is not in state ready to do "
		want := map[string]string{
			"install": text + "INSTALL", "upgrade": text + "UPGRADE", "rollback": text + "ROLLBACK", "delete": text + "DELETE",
			"delete with package": text + "DELETE", "scale": text + "SCALE", "scale of nothing": text + "SCALE",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
