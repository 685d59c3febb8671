package release_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/deployer/deployertest"
	"purser/release"
	"purser/repository/storetest"
)

func TestInstallRefusals(t *testing.T) {
	good := purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"}
	for _, row := range []struct {
		name   string
		before func(t *testing.T, w *world)
		change func(r *purser.InstallRequest)
		code   purser.Code
		want   string
	}{
		{"PlatformEmptyComesFirst", nil, func(r *purser.InstallRequest) { *r = purser.InstallRequest{} }, purser.CodeInvalid, "Platform name must not be empty"},
		{"PlatformBlank", nil, func(r *purser.InstallRequest) { r.Platform = " " }, purser.CodeInvalid, "Platform name must not be empty"},
		{"ReleaseEmpty", nil, func(r *purser.InstallRequest) { r.Key.Name, r.Package.Name = "", "" }, purser.CodeInvalid, "Release name must not be empty"},
		{"ReleaseBlank", nil, func(r *purser.InstallRequest) { r.Key.Name = "  " }, purser.CodeInvalid, "Release name must not be empty"},
		{"ReleaseTooLong", nil, func(r *purser.InstallRequest) { r.Key.Name = strings.Repeat("ä", 256) }, purser.CodeInvalid, "Release name must not be longer than 255 characters"},
		{"PackageEmpty", nil, func(r *purser.InstallRequest) { r.Package.Name = "" }, purser.CodeInvalid, "Package name must not be empty"},
		{"PackageUnknown", nil, func(r *purser.InstallRequest) { r.Package = purser.PackageIdentifier{Name: "x"} }, purser.CodeNotFound, "Can not find a package named 'x'"},
		{"VersionUnknown", nil, func(r *purser.InstallRequest) { r.Package = demo("9.9.9") }, purser.CodeNotFound, "Can not find package 'demo', version '9.9.9'"},
		{"PlatformUnknown", nil, func(r *purser.InstallRequest) { r.Platform = "moon" }, purser.CodeNotFound, "No deployer named 'moon'"},
		{"ValuesBeforePlatform", nil, func(r *purser.InstallRequest) { r.Platform, r.Values = "moon", text("word") }, purser.CodeInvalid, "values: 'word' is no pair"},
		{"NameTakenBeforePackage", func(t *testing.T, w *world) { w.MustInstall(t, "web", demo("1.0.0")) }, func(r *purser.InstallRequest) { r.Package = demo("9.9.9") }, purser.CodeConflict, "Release with the name [web] already exists and it is not deleted."},
		{"IDUnknown", nil, func(r *purser.InstallRequest) { r.PackageID = 999 }, purser.CodeNotFound, "Package with id='999' can not be found."},
		{"IDWithoutPlatform", nil, func(r *purser.InstallRequest) { r.PackageID, r.Platform = firstPackage, "" }, purser.CodeNotFound, "No deployer named ''"},
		{"IDWithoutName", nil, func(r *purser.InstallRequest) { r.PackageID, r.Key.Name = firstPackage, "" }, purser.CodeInvalid, "Release name must not be empty"},
		{"ResourceMissing", nil, func(r *purser.InstallRequest) { r.Values = text("resource=none") }, purser.CodeInvalid, "Could not load Resource null. Message = Spec resource must not be empty"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := MustWorld(t)
			if row.before != nil {
				row.before(t, w)
			}
			versions := len(w.versions(t, "web"))
			r := good
			row.change(&r)
			if r.PackageID == firstPackage {
				r.PackageID = w.packageID(t, "demo", "1.0.0")
			}
			_, err := w.Install(t.Context(), r)
			if purser.ErrorCode(err) != row.code || purser.ErrorMessage(err) != row.want {
				t.Errorf("%s %q", purser.ErrorCode(err), purser.ErrorMessage(err))
			}
			if n := len(w.versions(t, "web")); n != versions || w.open(t) != 0 {
				t.Errorf("the refusal left %d versions, %d open operations", n, w.open(t))
			}
		})
	}
}

// firstPackage stands for the id of demo 1.0.0 in rows.
const firstPackage = -1

func TestInstall(t *testing.T) {
	t.Run("AnswersDeployedWithLiveStatus", func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Script("", deployertest.Hang)
		r := w.MustInstall(t, "web", demo("1.0.0"), "greeting=hi")
		if r.Stage != purser.StageDeployed || r.Description != "Install complete" || r.Version != 1 || *r.Values != "greeting=hi" {
			t.Errorf("answered %+v", r)
		}
		want := []purser.AppStatus{{DeploymentID: "web.app-v1", State: purser.StateDeploying, Instances: []purser.Instance{{
			ID: "web.app-v1-0", State: purser.StateDeploying, Attributes: map[string]string{
				"guid": "web.app-v1-0", "port": "20001", "url": "http://127.0.0.1:20001",
				"skipper.application.name": "app", "skipper.release.name": "web", "skipper.release.version": "1",
			},
		}}}}
		if diff := cmp.Diff(want, r.Statuses); diff != "" {
			t.Error(diff)
		}
		stored, err := w.store.FindRelease(t.Context(), key("web"), 1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, stored); diff != "" {
			t.Errorf("the answer is not what is stored: %s", diff)
		}
	})
	t.Run("BlankValuesAreAnsweredAsSentAndStoredAsNone", func(t *testing.T) {
		for _, values := range []string{"", "   "} {
			w := MustWorld(t)
			if r := w.MustInstall(t, "web", demo("1.0.0"), values); r.Values == nil || *r.Values != values {
				t.Errorf("answered %v", r.Values)
			}
			if stored := w.versions(t, "web")[0].Values; stored != nil {
				t.Errorf("stored %q", *stored)
			}
		}
	})
	t.Run("HandsOverProperties", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"), "greeting=hi,count=2")
		d, _ := w.platform.Deployment("web.app-v1")
		want := purser.Deployment{
			ID: "web.app-v1", Group: "web", Name: "app-v1", App: "app", Resource: "file:/demo-1.0.0.jar",
			Properties: map[string]string{"greeting": "hi"},
			DeploymentProperties: map[string]string{
				"spring.cloud.deployer.count": "2", "spring.cloud.deployer.group": "web", "spring.cloud.deployer.appName": "app",
			},
		}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("KeepsTheGroupOfTheManifest", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"), "group=stream")
		d, ok := w.platform.Deployment("stream.app-v1")
		if !ok || d.Group != "stream" || d.DeploymentProperties["spring.cloud.deployer.appName"] != "app" {
			t.Errorf("deployed %+v", d)
		}
	})
	t.Run("SpacesDoNotShareDeployments", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		r, err := w.Install(t.Context(), purser.InstallRequest{
			Key: purser.ReleaseKey{Space: "orgs/a", Name: "web"}, Package: demo("1.0.0"), Platform: "default",
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.Version != 1 || r.Applications[0].DeploymentID != "sf83eee74a17b-web.app-v1" {
			t.Errorf("answered %+v", r)
		}
	})
	t.Run("DeletedNameGoesOnCounting", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		w.MustDelete(t, "web")
		if r := w.MustInstall(t, "web", demo("1.0.1")); r.Version != 2 {
			t.Errorf("version %d", r.Version)
		}
	})
	t.Run("ByIDOverADeployedRelease", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"))
		r, err := w.Install(t.Context(), purser.InstallRequest{
			Key: key("web"), PackageID: w.packageID(t, "demo", "1.0.0"), Platform: "default",
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.Version != 2 || w.version(t, "web", 1) != "deployed Install complete" || w.version(t, "web", 2) != "deployed Install complete" {
			t.Errorf("v%d: %s, %s", r.Version, w.version(t, "web", 1), w.version(t, "web", 2))
		}
	})
	t.Run("WithoutApplications", func(t *testing.T) {
		w := MustWorld(t)
		if r := w.MustInstall(t, "web", purser.PackageIdentifier{Name: "bare"}); r.Statuses != nil {
			t.Errorf("statuses %v", r.Statuses)
		}
		if got := w.MustDelete(t, "web"); got.Stage != purser.StageDeleted {
			t.Errorf("stage %s", got.Stage)
		}
	})
	t.Run("RefusedByThePlatformLeavesNothing", func(t *testing.T) {
		w := MustWorld(t)
		w.platform.FailNext("deploy", nil)
		w.platform.FailNext("deploy", purser.Errorf(purser.CodePlatform, "no room left"))
		_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("pair"), Package: duo("1.0.0"), Platform: "default"})
		want := "Could not install AppDeployRequest [two-v1]  to platform [default].  Error Message = [no room left]"
		if purser.ErrorCode(err) != purser.CodePlatform || purser.ErrorMessage(err) != want {
			t.Errorf("%s %q", purser.ErrorCode(err), purser.ErrorMessage(err))
		}
		if diff := cmp.Diff([]string{"deploy pair.one-v1", "undeploy pair.one-v1"}, w.platform.History()); diff != "" {
			t.Error(diff)
		}
		if got := w.versions(t, "pair"); len(got) != 0 || w.open(t) != 0 {
			t.Errorf("left %v", got)
		}
		if r := w.MustInstall(t, "pair", duo("1.0.0")); r.Version != 1 {
			t.Errorf("the next install is version %d", r.Version)
		}
	})
	t.Run("ClientThatLeavesDuringTheCommit", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			ctx, leave := context.WithCancel(t.Context())
			var writing atomic.Bool
			w := MustWorld(t, func(o *release.Options) {
				o.Store = &storetest.Faulty{Store: o.Store, Hook: func(p storetest.Point) error {
					if p == storetest.BeforeUpdate && writing.Load() {
						leave()
					}
					return nil
				}}
			})
			writing.Store(true)
			_, err := w.Install(ctx, purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
			if err != nil && purser.ErrorCode(err) != purser.CodeUnavailable {
				t.Errorf("the client that left: %v", err)
			}
			synctest.Wait()
			w.expect(t, "web", "deployed Install complete")
		})
	})
	t.Run("SharesNoDeployment", func(t *testing.T) {
		w := MustWorld(t)
		w.MustInstall(t, "web", demo("1.0.0"), "group=a")
		_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("a"), Package: demo("1.0.0"), Platform: "default"})
		want := "The platform 'default' has a deployment [a.app-v1] already, which this release did not make. Remove it there, or choose another release name."
		if purser.ErrorCode(err) != purser.CodeConflict || purser.ErrorMessage(err) != want {
			t.Errorf("%s %v", purser.ErrorCode(err), err)
		}
		if got := w.versions(t, "a"); len(got) != 0 {
			t.Errorf("left %v", got)
		}
	})
	t.Run("PanicOfAPlatformIsARefusal", func(t *testing.T) {
		w := MustWorld(t)
		w.platform.Hook("deploy/before", func(context.Context, string) error { panic("out of cheese") })
		_, err := w.Install(t.Context(), purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
		want := "Could not install AppDeployRequest [web]  to platform [default].  Error Message = [Internal error. The server's log has the details.]"
		if purser.ErrorMessage(err) != want {
			t.Errorf("refused with %v", err)
		}
		w.platform.Hook("deploy/before", nil)
		w.MustInstall(t, "web", demo("1.0.0"))
	})
	t.Run("GoesOnWithoutItsClient", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			w := MustWorld(t)
			reached, release := w.platform.Block("deploy/before")
			ctx, leave := context.WithCancel(t.Context())
			done := make(chan error)
			go func() {
				_, err := w.Install(ctx, purser.InstallRequest{Key: key("web"), Package: demo("1.0.0"), Platform: "default"})
				done <- err
			}()
			<-reached
			leave()
			if err := <-done; purser.ErrorCode(err) != purser.CodeUnavailable {
				t.Errorf("the client that left: %v", err)
			}
			if got := w.version(t, "web", 1); got != "deploying Initial install underway" {
				t.Errorf("while it deploys: %s", got)
			}
			release()
			synctest.Wait()
			if got := w.version(t, "web", 1); got != "deployed Install complete" {
				t.Errorf("after it: %s", got)
			}
		})
	})
}

func (w *world) versions(tb testing.TB, name string) []purser.Release {
	tb.Helper()
	found, _, err := w.store.FindReleases(tb.Context(), purser.ReleaseFilter{Names: []string{name}})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

func (w *world) packageID(tb testing.TB, name, version string) int64 {
	tb.Helper()
	found, _, err := w.store.FindPackages(tb.Context(), purser.PackageFilter{Name: name, Version: version})
	if err != nil || len(found) != 1 {
		tb.Fatal(found, err)
	}
	return found[0].ID
}

func (w *world) MustDelete(tb testing.TB, name string) purser.Release {
	tb.Helper()
	r, err := w.Delete(tb.Context(), purser.DeleteRequest{Key: key(name)})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
