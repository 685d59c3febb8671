package release_test

import (
	"testing"
	"testing/synctest"
	"time"

	"purser"
	"purser/deployer/deployertest"
)

func TestRollback(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"), "a=1")
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("b=2")})
		synctest.Wait()

		r, err := w.Rollback(t.Context(), purser.RollbackRequest{Key: key("web")})
		if err != nil {
			t.Fatal(err)
		}
		if r.Version != 3 || r.Stage != purser.StageDeploying || r.Description != "Rollback install underway" || *r.Values != "a=1,b=2" {
			t.Errorf("answered %+v", r)
		}
		synctest.Wait()
		w.expect(t, "web", "superseded Delete complete", "superseded Delete complete", "deployed Rollback complete")
		if v := w.versions(t, "web")[2].Package.Metadata.Version; v != "1.0.0" {
			t.Errorf("package version %s", v)
		}
		w.running(t, "web.app-v3")
	})
}

func TestRollbackRows(t *testing.T) {
	for _, row := range []struct {
		name    string
		before  func(t *testing.T, w *world) // after v1 (1.0.0, a=1) was installed
		request purser.RollbackRequest
		code    purser.Code
		want    string   // the refusal
		then    []string // the versions
	}{
		{name: "ErrNegative", request: purser.RollbackRequest{Version: -1}, code: purser.CodeInvalid, want: "Rollback version can not be less than zero.  Value = -1"},
		{name: "ErrNegativeComesBeforeTheName", request: purser.RollbackRequest{Key: key("nobody"), Version: -1}, code: purser.CodeInvalid, want: "Rollback version can not be less than zero.  Value = -1"},
		{name: "ErrUnknownRelease", request: purser.RollbackRequest{Key: key("nobody")}, code: purser.CodeReleaseNotFound, want: "Release with the name [nobody] doesn't exist"},
		{name: "ErrUnknownVersion", request: purser.RollbackRequest{Version: 99}, code: purser.CodeReleaseNotFound, want: "Release with the name [web] and version [99] doesn't exist"},
		{name: "ErrNothingBefore", code: purser.CodeReleaseNotFound, want: "Release with the name [web] doesn't exist"},
		{name: "ErrOnlyAFailedVersionBesides", before: failedUpgrade, code: purser.CodeReleaseNotFound, want: "Release with the name [web] doesn't exist"},
		{name: "ErrFailedVersion", before: failedUpgrade, request: purser.RollbackRequest{Version: 2}, code: purser.CodeConflict, want: "Rollback version should either be in deployed or deleted status."},
		{name: "ErrNoDifference", request: purser.RollbackRequest{Version: 1}, code: purser.CodeNoDifference, want: noDifference},
		{name: "ErrPackageGone", before: func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
			synctest.Wait()
			w.forgetPackage(t, "demo", "1.0.0")
		}, code: purser.CodeNotFound, want: "Can not find package 'demo', version '1.0.0'"},
		{name: "DeletedReleaseIsInstalled", before: func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("b=2")})
			synctest.Wait()
			w.MustDelete(t, "web")
		}, request: purser.RollbackRequest{Version: 1}, then: []string{"superseded Delete complete", "deleted Delete complete", "deployed Install complete"}},
		{name: "ValuesOfAFailedVersionPoison", before: func(t *testing.T, w *world) {
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("b=2")})
			synctest.Wait()
			w.platform.Script("web.app-v3", deployertest.Crash)
			w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("bad=1")})
			synctest.Wait()
			w.platform.Script("web.app-v4", deployertest.Crash)
		}, then: []string{
			"superseded Delete complete", "deployed Upgrade complete",
			"failed Did not detect apps in replacing release as healthy after 60000 ms.", "failed Did not detect apps in replacing release as healthy after 60000 ms.",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"), "a=1")
				if row.before != nil {
					row.before(t, w)
				}
				if row.request.Key.Name == "" {
					row.request.Key = key("web")
				}
				versions := len(w.versions(t, "web"))
				_, err := w.Rollback(t.Context(), row.request)
				if err == nil {
					synctest.Wait()
					w.expect(t, "web", row.then...)
					return
				}
				if purser.ErrorCode(err) != row.code || purser.ErrorMessage(err) != row.want {
					t.Errorf("%s %q", purser.ErrorCode(err), purser.ErrorMessage(err))
				}
				if n := len(w.versions(t, "web")); n != versions {
					t.Errorf("the refusal left %d versions", n)
				}
			})
		})
	}
}

func TestRollbackOfADeletedReleaseTakesTheExactValues(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"), "a=1")
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1"), Values: text("b=2")})
		synctest.Wait()
		w.MustDelete(t, "web")
		r, err := w.Rollback(t.Context(), purser.RollbackRequest{Key: key("web")})
		if err != nil {
			t.Fatal(err)
		}
		if r.Stage != purser.StageDeployed || *r.Values != "a=1" || r.Version != 3 {
			t.Errorf("answered %+v", r)
		}
	})
}

func TestRollbackTimeoutCounts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.1")})
		synctest.Wait()
		w.platform.Script("", deployertest.Hang)
		if _, err := w.Rollback(t.Context(), purser.RollbackRequest{Key: key("web"), Timeout: seconds(2)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		w.expect(t, "web", "superseded Delete complete", "deployed Upgrade complete", "failed Did not detect apps in replacing release as healthy after 2000 ms.")
	})
}

func failedUpgrade(t *testing.T, w *world) {
	t.Helper()
	w.platform.Script("web.app-v2", deployertest.Crash)
	w.MustUpgrade(t, purser.UpgradeRequest{Key: key("web"), Package: demo("2.0.0")})
	synctest.Wait()
}

func (w *world) forgetPackage(tb testing.TB, name, version string) {
	tb.Helper()
	id := w.packageID(tb, name, version)
	if err := w.store.Update(tb.Context(), func(tx purser.Tx) error { return tx.DeletePackage(tb.Context(), id) }); err != nil {
		tb.Fatal(err)
	}
}
