package release_test

import (
	"testing"

	"purser"
)

func TestDelete(t *testing.T) {
	for _, row := range []struct {
		name    string
		before  func(t *testing.T, w *world)
		request purser.DeleteRequest
		code    purser.Code
		want    string // the refusal
		then    []string
		running []string
	}{
		{name: "TakesTheDeployedVersion", then: []string{"deleted Delete complete"}},
		{name: "ErrUnknown", request: purser.DeleteRequest{Key: key("nobody")}, code: purser.CodeReleaseNotFound, want: "Release with the name [nobody] doesn't exist", then: []string{"deployed Install complete"}, running: []string{"web.app-v1"}},
		{name: "ErrDeletedAlready", before: func(t *testing.T, w *world) { w.MustDelete(t, "web") }, code: purser.CodeReleaseNotFound, want: "Release with the name [web] doesn't exist", then: []string{"deleted Delete complete"}},
		{name: "PassesOverANewerFailedVersion", before: failedUpgrade, then: []string{"deleted Delete complete", "failed Did not detect apps in replacing release as healthy after 60000 ms."}},
		{name: "OfTwoDeployedVersionsTheHigherGoesFirst", before: func(t *testing.T, w *world) {
			if _, err := w.Install(t.Context(), purser.InstallRequest{Key: key("web"), PackageID: w.packageID(t, "demo", "1.0.0"), Platform: "default"}); err != nil {
				t.Fatal(err)
			}
		}, then: []string{"deployed Install complete", "deleted Delete complete"}, running: []string{"web.app-v1"}},
		{name: "SwallowsErrorsOfThePlatform", before: func(_ *testing.T, w *world) {
			for range 3 {
				w.platform.FailNext("undeploy", purser.Errorf(purser.CodePlatform, "stuck"))
			}
		}, then: []string{"deleted Delete complete"}, running: []string{"web.app-v1"}},
		{name: "WithPackage", request: purser.DeleteRequest{Key: key("web"), WithPackage: true}, then: []string{"deleted Delete complete"}},
		{name: "ErrPackageInUse", before: func(t *testing.T, w *world) { w.MustInstall(t, "other", demo("1.0.0")) }, request: purser.DeleteRequest{Key: key("web"), WithPackage: true}, code: purser.CodePackageInUse, want: "Active Releases [other]", then: []string{"deployed Install complete"}, running: []string{"other.app-v1", "web.app-v1"}},
		{name: "ErrPackageRemote", before: func(t *testing.T, w *world) {
			w.MustDelete(t, "web")
			w.MustInstall(t, "web", purser.PackageIdentifier{Name: "far"})
		}, request: purser.DeleteRequest{Key: key("web"), WithPackage: true}, code: purser.CodePackageInUse, want: "Can't delete package: far from non-local repository", then: []string{"deleted Delete complete", "deployed Install complete"}, running: []string{"web.app-v2"}},
		{name: "ErrUnknownWithPackage", request: purser.DeleteRequest{Key: key("nobody"), WithPackage: true}, code: purser.CodeReleaseNotFound, want: "Release with the name [nobody] doesn't exist", then: []string{"deployed Install complete"}, running: []string{"web.app-v1"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				w := MustWorld(t)
				w.MustInstall(t, "web", demo("1.0.0"))
				if row.before != nil {
					row.before(t, w)
				}
				if row.request.Key.Name == "" {
					row.request.Key = key("web")
				}
				r, err := w.Delete(t.Context(), row.request)
				if purser.ErrorCode(err) != row.code || err != nil && purser.ErrorMessage(err) != row.want {
					t.Errorf("%s %v", purser.ErrorCode(err), err)
				}
				if err == nil && (r.Stage != purser.StageDeleted || r.Description != "Delete complete" || r.Statuses != nil || r.Revision != 1) {
					t.Errorf("answered %+v", r)
				}
				w.expect(t, "web", row.then...)
				w.running(t, row.running...)
				if w.open(t) != 0 {
					t.Error("an operation is open")
				}
			})
		})
	}
}

func TestDeleteWithPackageForgetsAllVersionsOfIt(t *testing.T) {
	w := MustWorld(t)
	w.MustInstall(t, "web", demo("1.0.0"))
	if _, err := w.Delete(t.Context(), purser.DeleteRequest{Key: key("web"), WithPackage: true}); err != nil {
		t.Fatal(err)
	}
	found, _, err := w.store.FindPackages(t.Context(), purser.PackageFilter{Name: "demo"})
	if err != nil || len(found) != 0 {
		t.Errorf("left %v, %v", found, err)
	}
	if _, err := w.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"}); purser.ErrorCode(err) != purser.CodeNotFound {
		t.Errorf("installed without its package: %v", err)
	}
}
