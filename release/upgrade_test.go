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

const noDifference = "Package to upgrade has no difference than existing deployed/deleted package. Not upgrading."

func TestUpgradeRefusals(t *testing.T) {
	for _, row := range []struct {
		name    string
		request purser.UpgradeRequest
		code    purser.Code
		want    string
	}{
		{"ReleaseUnknown", purser.UpgradeRequest{Key: key("nobody"), Package: demo("1.0.1")}, purser.CodeReleaseNotFound, "Release with the name [nobody] doesn't exist"},
		{"ReleaseEmpty", purser.UpgradeRequest{Package: demo("1.0.1")}, purser.CodeReleaseNotFound, "Release with the name [] doesn't exist"},
		{"ReleaseComesBeforePackage", purser.UpgradeRequest{Key: key("nobody")}, purser.CodeReleaseNotFound, "Release with the name [nobody] doesn't exist"},
		{"PackageEmpty", purser.UpgradeRequest{Key: key("web")}, purser.CodeInvalid, "Package name must not be empty"},
		{"PackageUnknown", purser.UpgradeRequest{Key: key("web"), Package: purser.PackageIdentifier{Name: "x", Version: "1.0.0"}}, purser.CodeNotFound, "Can not find package 'x', version '1.0.0'"},
		{"VersionUnknown", purser.UpgradeRequest{Key: key("web"), Package: demo("4.0.0")}, purser.CodeNotFound, "Can not find package 'demo', version '4.0.0'"},
		{"ValuesInvalid", purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("word")}, purser.CodeInvalid, "values: 'word' is no pair"},
		{"NoDifference", purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Values: text("a=1")}, purser.CodeNoDifference, noDifference},
		{"AppNamesWithoutForceDoNotCount", purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Values: text("a=1"), Apps: []string{"app"}}, purser.CodeNoDifference, noDifference},
		{"OnlyTheCountDiffers", purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Values: text("count=3")}, purser.CodeNoDifference, noDifference},
		{"NotComparable", purser.UpgradeRequest{Key: key("web"), Package: duo("1.0.0")}, purser.CodeConflict, "Can not yet compare existing package and to be released packages with different sizes."},
		{"ResourceMissing", purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("resource=none")}, purser.CodeInvalid, "Could not load Resource null. Message = Spec resource must not be empty"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "web", demo("1.0.0"), "a=1")
			_, err := w.Upgrade(t.Context(), row.request)
			if purser.ErrorCode(err) != row.code || purser.ErrorMessage(err) != row.want {
				t.Errorf("%s %q", purser.ErrorCode(err), purser.ErrorMessage(err))
			}
			if n := len(w.versions(t, "web")); n != 1 || w.open(t) != 0 {
				t.Errorf("the refusal left %d versions, %d open operations", n, w.open(t))
			}
		})
	}
}

func TestUpgrade(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(t *testing.T, w *world)
	}{
		{"AnswersUnderwayAndCompletesWithHealth", func(t *testing.T, w *world) {
			w.platform.Delay("web.app-v2", 20*time.Second)
			r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			if r.Version != 2 || r.Stage != purser.StageDeploying || r.Description != "Upgrade install underway" || r.Statuses != nil {
				t.Errorf("answered %+v", r)
			}
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "deploying Upgrade install underway")
			time.Sleep(20 * time.Second)
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
			want := []string{"deploy web.app-v1", "deploy web.app-v2", "undeploy web.app-v1"}
			if diff := cmp.Diff(want, w.platform.History()); diff != "" {
				t.Error(diff)
			}
			stages := []string{"web v1 deploying", "web v1 deployed", "web v2 deploying", "web v2 deployed", "web v1 superseded"}
			if diff := cmp.Diff(stages, w.events.stages()); diff != "" {
				t.Error(diff)
			}
		}},
		{"NewVersionCountsBeforeTheOldOneIsGone", func(t *testing.T, w *world) {
			reached, release := w.platform.Block("undeploy/before")
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			<-reached
			w.expect(t, "web", "deployed Install complete", "deployed Upgrade complete")
			release()
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
		}},
		{"FailsAfterTheTimeoutOfTheRequest", func(t *testing.T, w *world) {
			w.platform.Script("web.app-v2", deployertest.Hang)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(3)})
			time.Sleep(2999 * time.Millisecond)
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "deploying Upgrade install underway")
			time.Sleep(time.Millisecond)
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "failed Did not detect apps in replacing release as healthy after 3000 ms.")
			w.running(t, "web.app-v1")
		}},
		{"FailsAfterTheTimeoutOfTheServer", func(t *testing.T, w *world) {
			w.platform.Script("web.app-v2", deployertest.Hang)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			time.Sleep(time.Minute)
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "failed Did not detect apps in replacing release as healthy after 60000 ms.")
		}},
		{"TimeoutZeroLooksOnce", func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Timeout: seconds(0)})
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
			w.platform.Script("web.app-v3", deployertest.Hang)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("2.0.0"), Timeout: seconds(0)})
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete", "failed Did not detect apps in replacing release as healthy after 0 ms.")
		}},
		{"FailsAtOnceWhenAllInstancesHaveFailedForGood", func(t *testing.T, w *world) {
			w.platform.Script("web.app-v2", deployertest.Crash)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("2.0.0"), Timeout: seconds(30)})
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete", "failed Did not detect apps in replacing release as healthy after 30000 ms.")
			r, err := w.Status(t.Context(), key("web"), 2)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]purser.AppStatus{{DeploymentID: "web.app-v2", State: purser.StateUnknown}}, r.Statuses); diff != "" {
				t.Error(diff)
			}
		}},
		{"DeployErrorIsAnsweredAsAFailedVersion", func(t *testing.T, w *world) {
			w.platform.FailNext("deploy", purser.Errorf(purser.CodePlatform, "no room left"))
			r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			if r.Stage != purser.StageFailed || r.Description != "Could not deploy app." || r.Version != 2 {
				t.Errorf("answered %+v", r)
			}
			w.expect(t, "web", "deployed Install complete", "failed Could not deploy app.")
			w.running(t, "web.app-v1")
		}},
		{"OldApplicationThatDoesNotGo", func(t *testing.T, w *world) {
			for range 3 {
				w.platform.FailNext("undeploy", purser.Errorf(purser.CodePlatform, "stuck"))
			}
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			time.Sleep(time.Second)
			synctest.Wait()
			w.expect(t, "web", "failed Could not delete existing application, manual intervention needed.  Sorry it didn't work out.", "deployed Upgrade complete")
		}},
		{"OldApplicationThatGoesAtTheSecondAttempt", func(t *testing.T, w *world) {
			w.platform.FailNext("undeploy", purser.Errorf(purser.CodePlatform, "stuck"))
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			time.Sleep(time.Second)
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
			w.running(t, "web.app-v2")
		}},
		{"ValuesAddUp", func(t *testing.T, w *world) {
			r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("b=2")})
			if *r.Values != "a=1,b=2" {
				t.Errorf("values %s", *r.Values)
			}
			synctest.Wait()
			r = w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("c=3")})
			if *r.Values != "a=1,b=2,c=3" {
				t.Errorf("values %s", *r.Values)
			}
		}},
		{"WithoutValuesTheEarlierOnesAreLost", func(t *testing.T, w *world) {
			if r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("")}); r.Values != nil {
				t.Errorf("values %s", *r.Values)
			}
		}},
		{"ValuesOfAFailedVersionAreCarriedOn", func(t *testing.T, w *world) {
			w.platform.Script("web.app-v2", deployertest.Crash)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("bad=1")})
			synctest.Wait()
			r := w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("good=1")})
			if *r.Values != "a=1,bad=1,good=1" {
				t.Errorf("values %s", *r.Values)
			}
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "failed Did not detect apps in replacing release as healthy after 60000 ms.", "deployed Upgrade complete")
		}},
		{"RunningCountWins", func(t *testing.T, w *world) {
			if _, err := w.Scale(t.Context(), purser.ScaleReleaseRequest{Key: key("web"), Apps: []purser.AppScale{{Name: "app", Count: 3}}}); err != nil {
				t.Fatal(err)
			}
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("count=7")})
			synctest.Wait()
			w.running(t, "web.app-v2", "web.app-v2", "web.app-v2")
		}},
		{"WithoutInstancesTheCountOfTheValuesHolds", func(t *testing.T, w *world) {
			if _, err := w.Scale(t.Context(), purser.ScaleReleaseRequest{Key: key("web"), Apps: []purser.AppScale{{Name: "app", Count: 0}}}); err != nil {
				t.Fatal(err)
			}
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("count=2")})
			synctest.Wait()
			w.running(t, "web.app-v2", "web.app-v2")
		}},
		{"NoInstancesAskedForNeedNoHealth", func(t *testing.T, w *world) {
			if _, err := w.Scale(t.Context(), purser.ScaleReleaseRequest{Key: key("web"), Apps: []purser.AppScale{{Name: "app", Count: 0}}}); err != nil {
				t.Fatal(err)
			}
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("count=0")})
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
		}},
		{"DeletedReleaseIsDeployedAnewAndStaysDeleted", func(t *testing.T, w *world) {
			w.MustDelete(t, "web")
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			synctest.Wait()
			w.expect(t, "web", "deleted Delete complete", "deployed Upgrade complete")
			w.running(t, "web.app-v2")
		}},
		{"DeletedReleaseThatFailsStaysDeleted", func(t *testing.T, w *world) {
			w.MustDelete(t, "web")
			w.platform.Script("web.app-v2", deployertest.Crash)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			synctest.Wait()
			w.expect(t, "web", "deleted Delete complete", "failed Did not detect apps in replacing release as healthy after 60000 ms.")
		}},
		{"ForceWithoutDifference", func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Values: text("a=1"), Force: true})
			synctest.Wait()
			w.running(t, "web.app-v2")
		}},
		{"ForceWithAnUnknownNameReplacesNothing", func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Values: text("a=1"), Force: true, Apps: []string{"x"}})
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
			w.running(t, "web.app-v1")
		}},
		{"WatchThatFailsIsTriedAgain", func(t *testing.T, w *world) {
			for range 4 {
				w.platform.FailNext("watch", purser.Errorf(purser.CodePlatform, "not now"))
			}
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			time.Sleep(time.Second)
			synctest.Wait()
			w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete")
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"), "a=1")
				row.do(t, w)
				synctest.Wait()
			})
		})
	}
}

func TestUpgradeWithoutFailFast(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t, func(o *release.Options) { o.FailFast = false })
		w.MustInstall(t, "web", demo("1.0.0"))
		w.platform.Script("web.app-v2", deployertest.Crash)
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("2.0.0"), Timeout: seconds(30)})
		time.Sleep(30*time.Second - time.Millisecond)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "deploying Upgrade install underway")
		time.Sleep(time.Millisecond)
		synctest.Wait()
		w.expect(t, "web", "deployed Install complete", "failed Did not detect apps in replacing release as healthy after 30000 ms.")
	})
}

func TestUpgradeOfSeveralApplications(t *testing.T) {
	for _, row := range []struct {
		name    string
		request purser.UpgradeRequest
		want    []string
	}{
		{"OnlyTheChangedOne", purser.UpgradeRequest{Package: duo("1.0.0"), Values: text("two.a=1")}, []string{"pair.one-v1", "pair.two-v2"}},
		{"AppNamesWithoutForceAreIgnored", purser.UpgradeRequest{Package: duo("1.0.0"), Values: text("two.a=1"), Apps: []string{"one"}}, []string{"pair.one-v1", "pair.two-v2"}},
		{"ForceAll", purser.UpgradeRequest{Package: duo("1.0.0"), Force: true}, []string{"pair.one-v2", "pair.two-v2"}},
		{"ForceOne", purser.UpgradeRequest{Package: duo("1.0.0"), Force: true, Apps: []string{"one"}}, []string{"pair.one-v2", "pair.two-v1"}},
		{"ForceOneBesidesTheChanged", purser.UpgradeRequest{Package: duo("1.0.0"), Values: text("two.a=1"), Force: true, Apps: []string{"one"}}, []string{"pair.one-v2", "pair.two-v2"}},
		{"AddedIsDeployed", purser.UpgradeRequest{Package: duo("1.1.0")}, []string{"pair.one-v1", "pair.three-v2", "pair.two-v1"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "pair", duo("1.0.0"))
				row.request.Key = key("pair")
				w.MustUpgrade(t, row.request)
				synctest.Wait()
				w.expect(t, "pair", "superseded Delete complete", "deployed Upgrade complete")
				w.running(t, row.want...)
			})
		})
	}
	t.Run("RemovedGoes", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "pair", duo("1.1.0"))
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0")})
			synctest.Wait()
			w.running(t, "pair.one-v1", "pair.two-v1")
		})
	})
	t.Run("KeptOnesMustBeHealthyToo", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.platform.Become("pair.one-v1", purser.StateDeploying, false)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1")})
			synctest.Wait()
			w.expect(t, "pair", "deployed Install complete", "deploying Upgrade install underway")
			w.platform.Become("pair.one-v1", purser.StateDeployed, false)
			synctest.Wait()
			w.expect(t, "pair", "superseded Delete complete", "deployed Upgrade complete")
		})
	})
	t.Run("FailedVersionSharesWhatIsKept", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.platform.Script("pair.two-v2", deployertest.Crash)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Values: text("two.a=1")})
			synctest.Wait()
			states, err := w.States(t.Context(), "", []string{"pair"})
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]map[string]purser.AppState{"pair": {"pair.one-v1": purser.StateDeployed, "pair.two-v2": purser.StateUnknown}}
			if diff := cmp.Diff(want, states); diff != "" {
				t.Error(diff)
			}
		})
	})
	t.Run("SecondDeployErrorRemovesTheFirst", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			w.MustInstall(t, "pair", duo("1.0.0"))
			w.platform.FailNext("deploy", nil)
			w.platform.FailNext("deploy", purser.Errorf(purser.CodePlatform, "no room left"))
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("pair"), Package: duo("1.0.0"), Force: true})
			w.running(t, "pair.one-v1", "pair.two-v1")
		})
	})
}

// expect compares the stored versions, from 1 on, as "stage description".
func (w *world) expect(tb testing.TB, name string, want ...string) {
	tb.Helper()
	var got []string
	for _, r := range w.versions(tb, name) {
		got = append(got, w.version(tb, name, r.Version))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Error(diff)
	}
}

// running compares the deployments of the running instances, one for each instance, sorted.
func (w *world) running(tb testing.TB, want ...string) {
	tb.Helper()
	var got []string
	for _, id := range w.platform.Running() {
		got = append(got, id[:len(id)-len("-0")])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Error(diff)
	}
}
