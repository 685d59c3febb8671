package release_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
)

// restart brings the server back with other options.
func (w *world) restart(t *testing.T, change func(o *release.Options)) {
	t.Helper()
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	change(&w.options)
	w.Engine = MustStart(t, w.options)
}

func withoutAccount(o *release.Options) { o.Platforms = purser.Platforms{} }

// An account that is not configured any more holds nothing up.
func TestAccountThatIsGone(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(t *testing.T, w *world)
		want []string
	}{
		{"UpgradeUnderWayFails", func(t *testing.T, w *world) {
			w.platform.Script("", deployertest.Hang)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(30)})
			w.restart(t, withoutAccount)
			synctest.Wait()
		}, []string{"deployed Install complete", "failed Did not detect apps in replacing release as healthy after 30000 ms."}},
		{"UpgradeIsRefused", func(t *testing.T, w *world) {
			w.restart(t, withoutAccount)
			_, err := w.Upgrade(t.Context(), purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			if purser.ErrorMessage(err) != "No deployer named 'default'" {
				t.Errorf("refused with %v", err)
			}
		}, []string{"deployed Install complete"}},
		{"ScaleIsRefused", func(t *testing.T, w *world) {
			w.restart(t, withoutAccount)
			if _, err := w.Scale(t.Context(), scaleTo("web", "app", 2)); purser.ErrorMessage(err) != "No deployer named 'default'" {
				t.Errorf("refused with %v", err)
			}
		}, []string{"deployed Install complete"}},
		{"DeleteIsDone", func(t *testing.T, w *world) {
			w.restart(t, withoutAccount)
			w.MustDelete(t, "web")
		}, []string{"deleted Delete complete"}},
		{"StatusIsTheLastKnown", func(t *testing.T, w *world) {
			before := w.versions(t, "web")[0].Statuses
			w.restart(t, withoutAccount)
			r, err := w.Status(t.Context(), key("web"), 1)
			if diff := cmp.Diff(before, r.Statuses); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			if _, err := w.Logs(t.Context(), key("web"), ""); purser.ErrorCode(err) != purser.CodeNotFound {
				t.Errorf("logs: %v", err)
			}
			if _, err := w.Actuator(t.Context(), purser.ActuatorRequest{Key: key("web"), DeploymentID: "web.app-v1"}); purser.ErrorCode(err) != purser.CodeNotFound {
				t.Errorf("actuator: %v", err)
			}
		}, []string{"deployed Install complete"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				row.do(t, w)
				w.expect(t, "web", row.want...)
				if w.open(t) != 0 {
					t.Error("an operation is open")
				}
			})
		})
	}
}

// An operation whose version is not in the store does not keep its name busy.
func TestVersionThatIsGone(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("", deployertest.Hang)
		r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		synctest.Wait()
		w.restart(t, func(o *release.Options) {
			err := o.Store.Update(t.Context(), func(tx purser.Tx) error { return tx.DeleteRelease(t.Context(), r.ID) })
			if err != nil {
				t.Fatal(err)
			}
		})
		time.Sleep(time.Second)
		if w.open(t) != 0 {
			t.Error("the operation is open")
		}
		w.MustDelete(t, "web")
	})
}

func TestStrategies(t *testing.T) {
	if diff := cmp.Diff([]string{"redblack"}, release.Strategies()); diff != "" {
		t.Error(diff)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown strategy is taken")
		}
	}()
	release.New(release.Options{Strategy: "greenish"})
}
