package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/client"
	"purser/cmd/purser/live"
)

// MustClient makes a client of a server under test, with the examples uploaded by it.
func MustClient(tb testing.TB, s *live.Server) (*client.Client, context.Context) {
	tb.Helper()
	c, err := client.New(s.Base()+"/api", client.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(tb.Context(), 2*time.Minute)
	tb.Cleanup(cancel)
	archives, err := live.Pack("../../examples/packages", theBuilt.apps)
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range archives {
		m, err := c.Upload(ctx, client.Upload{Name: p.Name, Version: p.Version, Archive: bytes.NewReader(p.Zip)})
		if err != nil || m.Name != p.Name || m.Version != p.Version || m.ID == 0 {
			tb.Fatalf("uploading %s %s: %+v, %v", p.Name, p.Version, m, err)
		}
	}
	return c, ctx
}

// must gives the first of a call's results.
func must[T any](v T, err error) func(tb testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// waited waits for the end of a change, and gives what it told on the way: states of applications and phases.
func waited(ctx context.Context, t *testing.T, c *client.Client, version int, goal client.Goal, want client.Outcome) (client.WaitResult, []string) {
	t.Helper()
	var told []string
	result, err := c.Wait(ctx, client.WaitRequest{ReleaseName: "hello", Version: version, Goal: goal, Progress: func(p client.Progress) {
		told = append(told, strings.TrimSpace(p.DeploymentID+" "+string(p.State)+p.Phase))
	}})
	if err != nil || result.Outcome != want {
		t.Fatalf("v%d ended as %+v, %v", version, result, err)
	}
	return result, told
}

func hello(version string) client.PackageIdentifier {
	return client.PackageIdentifier{Name: "hello", Version: version}
}

const greeting = "spec:\n  applicationProperties:\n    hello.greeting: Good day\n"

// The whole client against the built server, along the life of one release.
func TestClient(t *testing.T) {
	s, _ := MustStart(t)
	c, ctx := MustClient(t, s)

	t.Run("what there is", func(t *testing.T) {
		if about := must(c.About(ctx))(t); about.VersionInfo.Server.Name == "" || about.VersionInfo.Server.Version == "" {
			t.Errorf("about %+v", about)
		}
		for _, f := range []client.PackageFilter{{}, {Summary: true}, {Name: "ELL"}, {Name: "ELL", Summary: true}} {
			var all []string
			for _, m := range must(c.Packages(ctx, f))(t) {
				all = append(all, m.Name+" "+m.Version)
				content := must(c.PackageContent(ctx, m.ID))(t)
				if content.Version != m.Version || content.Values == nil || len(content.Templates) != 1 {
					t.Errorf("the content of %s %s is %+v", m.Name, m.Version, content)
				}
			}
			if diff := cmp.Diff([]string{"hello 1.0.0", "hello 1.0.1", "hello 2.0.0"}, all); diff != "" {
				t.Errorf("%+v, -want +got:\n%s", f, diff)
			}
		}
		if list := must(c.Repositories(ctx))(t); len(list) != 1 || list[0].Name != "local" || !list[0].Local {
			t.Errorf("repositories %+v", list)
		}
		if list := must(c.Deployers(ctx))(t); len(list) != 1 || list[0].Name != "default" || len(list[0].Options) == 0 {
			t.Errorf("deployers %+v", list)
		}
	})

	t.Run("install", func(t *testing.T) {
		install := client.InstallRequest{ReleaseName: "hello", Package: hello("1.0.0")}
		p := must(c.PreviewInstall(ctx, install))(t)
		want := []client.PlannedApplication{{Name: "hello", Action: client.ActionDeploy, DeploymentID: "hello.hello-v1"}}
		if diff := cmp.Diff(want, p.Applications); diff != "" || p.Version != 1 || p.Manifest == "" {
			t.Errorf("preview %+v\n%s", p, diff)
		}
		r := must(c.Install(ctx, install))(t)
		if r.Name != "hello" || r.Version != 1 || r.PlatformName != "default" || r.Package.Metadata.Version != "1.0.0" {
			t.Errorf("installed %+v", r)
		}
		result, told := waited(ctx, t, c, 1, client.UntilDeployed, client.OutcomeSucceeded)
		if !slices.Contains(told, "hello.hello-v1 deployed") || result.Info.Status.State() != client.StateDeployed {
			t.Errorf("it told %v, and is %+v", told, result.Info)
		}
	})

	t.Run("what is deployed", func(t *testing.T) {
		target := client.ActuatorTarget{ReleaseName: "hello", DeploymentID: "hello.hello-v1", InstanceID: "hello.hello-v1-0"}
		if text := string(must(c.ActuatorGet(ctx, target, "/health"))(t)); text != `{"status":"UP"}` {
			t.Errorf("health %s", text)
		}
		if _, err := c.ActuatorPost(ctx, target, "/nosuch", map[string]string{"a": "b"}); err == nil {
			t.Error("the application has taken a POST to nowhere")
		}
		i := must(c.Status(ctx, "hello", 0))(t)
		one := i.Status.Applications[0].Instances[0]
		if one.ID != "hello.hello-v1-0" || one.Attributes["url"] == "" || i.FirstDeployed.IsZero() {
			t.Errorf("status %+v", i)
		}
		if diff := cmp.Diff(map[string]map[string]client.State{"hello": {"hello.hello-v1": client.StateDeployed}}, must(c.States(ctx, "hello", "x"))(t)); diff != "" {
			t.Error(diff)
		}
		if found := must(c.Statuses(ctx, "hello", "x"))(t); len(found) != 1 || found["hello"].Status.Code != client.StatusDeployed {
			t.Errorf("statuses %+v", found)
		}
		if text := must(c.Manifest(ctx, "hello", 1))(t); !strings.Contains(text, `"hello.greeting": "Hello"`) {
			t.Errorf("manifest %s", text)
		}
		if logs := must(c.Logs(ctx, "hello", "HELLO.hello-v1"))(t); !strings.Contains(logs["hello.hello-v1"], "listens on port") {
			t.Errorf("logs %v", logs)
		}
		if tail := must(c.TailLogs(ctx, "hello", client.LogQuery{Application: "hello"}))(t); len(tail.Logs) == 0 || !strings.Contains(tail.Logs[0].Text, "listens on port") {
			t.Errorf("the end of the logs %+v", tail)
		}
		for _, name := range []string{"", "hel"} {
			if list := must(c.Releases(ctx, name))(t); len(list) != 1 || list[0].Name != "hello" {
				t.Errorf("list %q: %+v", name, list)
			}
		}
	})

	t.Run("upgrade", func(t *testing.T) {
		upgrade := client.UpgradeRequest{ReleaseName: "hello", Package: hello("1.0.0")}
		p := must(c.PreviewUpgrade(ctx, upgrade))(t)
		if !p.Difference.Empty {
			t.Errorf("nothing changes, but %+v", p.Difference)
		}
		if _, err := c.Upgrade(ctx, upgrade); !isType[*client.ReleaseUpgradeError](err) {
			t.Errorf("nothing changes: %T %v", err, err)
		}
		upgrade.Values = greeting
		p = must(c.PreviewUpgrade(ctx, upgrade))(t)
		if p.Difference.Empty || *p.Difference.Applications[0].Properties[0].New != "Good day" || p.Applications[0].Action != client.ActionReplace {
			t.Errorf("preview %+v", p)
		}
		if r := must(c.Upgrade(ctx, upgrade))(t); r.Version != 2 || r.ConfigValues.Raw != greeting {
			t.Errorf("upgraded %+v", r)
		}
		waited(ctx, t, c, 2, client.UntilDeployed, client.OutcomeSucceeded)
		d := must(c.Difference(ctx, "hello", 0, 0))(t)
		if d.From != 1 || d.To != 2 || *d.Difference.Applications[0].Properties[0].Old != "Hello" {
			t.Errorf("difference %+v", d)
		}
		var history []string
		for _, r := range must(c.History(ctx, "hello"))(t) {
			history = append(history, string(r.Info.Status.Code)+" "+r.Info.Description)
		}
		if diff := cmp.Diff([]string{"DEPLOYED Upgrade complete", "DELETED Delete complete"}, history); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("scale and roll back", func(t *testing.T) {
		must(c.Scale(ctx, "hello", client.ApplicationScale{Name: "hello", Count: 2}))(t)
		result, _ := waited(ctx, t, c, 2, client.UntilDeployed, client.OutcomeSucceeded)
		if n := len(result.Info.Status.Applications[0].Instances); n != 2 {
			t.Errorf("%d instances", n)
		}
		back := client.RollbackRequest{ReleaseName: "hello"}
		if p := must(c.PreviewRollback(ctx, back))(t); p.Version != 3 || *p.Difference.Applications[0].Properties[0].New != "Hello" {
			t.Errorf("preview %+v", p)
		}
		if r := must(c.Rollback(ctx, back))(t); r.Version != 3 {
			t.Errorf("rolled back %+v", r)
		}
		waited(ctx, t, c, 3, client.UntilDeployed, client.OutcomeSucceeded)
		page := must(c.Operations(ctx, client.OperationFilter{Name: "hello", Size: 2}))(t)
		if len(page.Operations) != 2 || !page.Operations[0].Rollback || page.Page.TotalElements != 4 || page.Operations[1].Kind != "scale" {
			t.Errorf("operations %+v", page)
		}
	})

	t.Run("delete", func(t *testing.T) {
		if err := c.DeletePackage(ctx, "hello"); !isType[*client.PackageDeleteError](err) {
			t.Errorf("a package in use: %T %v", err, err)
		}
		followed := make(chan error, 1)
		begun := make(chan struct{}, 1000)
		go func() {
			reason, err := c.FollowLogs(ctx, "hello", client.LogQuery{}, func(client.LogEntry) error {
				begun <- struct{}{}
				return nil
			})
			if err == nil && reason == "" {
				err = errors.New("no reason is given")
			}
			followed <- err
		}()
		<-begun
		if r := must(c.DeleteWithPackage(ctx, "hello"))(t); r.Version != 3 {
			t.Errorf("deleted %+v", r)
		}
		waited(ctx, t, c, 3, client.UntilDeleted, client.OutcomeSucceeded)
		if err := <-followed; err != nil {
			t.Errorf("following the logs: %v", err)
		}
		if list := must(c.Packages(ctx, client.PackageFilter{}))(t); len(list) > 0 {
			t.Errorf("packages %+v", list)
		}
		if accepted := must(c.Cancel(ctx, "hello"))(t); accepted {
			t.Error("there was something to cancel")
		}
		if _, err := c.Status(ctx, "nobody", 0); !isType[*client.ReleaseNotFoundError](err) {
			t.Errorf("no such release: %T %v", err, err)
		}
	})
}

func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// A client that waits outlives a crash of the server, and the end of the change that it brings about.
func TestClientWaitsOverACrash(t *testing.T) {
	s, a := MustStart(t)
	c, ctx := MustClient(t, s)
	must(c.Install(ctx, client.InstallRequest{ReleaseName: "hello", Package: hello("1.0.0")}))(t)
	waited(ctx, t, c, 1, client.UntilDeployed, client.OutcomeSucceeded)
	must(c.Upgrade(ctx, client.UpgradeRequest{ReleaseName: "hello", Package: hello("1.0.1")}))(t)

	var crash sync.Once
	result, err := c.Wait(ctx, client.WaitRequest{ReleaseName: "hello", Version: 2, Progress: func(client.Progress) {
		crash.Do(func() {
			if err := s.Kill(); err != nil {
				t.Error(err)
			}
			if _, err := s.Start(ctx, a); err != nil {
				t.Error(err)
			}
		})
	}})
	if err != nil || result.Outcome != client.OutcomeSucceeded {
		t.Errorf("it ended as %+v, %v", result, err)
	}
	page := must(c.Operations(ctx, client.OperationFilter{Name: "hello", Open: true}))(t)
	if len(page.Operations) > 0 {
		t.Errorf("still under way: %+v", page.Operations)
	}
}

// A change that fails ends as failed, with the server's reason.
func TestClientTellsOfAFailure(t *testing.T) {
	s, _ := MustStart(t)
	c, ctx := MustClient(t, s)
	must(c.Install(ctx, client.InstallRequest{ReleaseName: "hello", Package: hello("2.0.0")}))(t)
	result, told := waited(ctx, t, c, 1, client.UntilDeployed, client.OutcomeFailed)
	if !strings.Contains(result.Message, "hello.hello-v1") || told[len(told)-1] != "hello.hello-v1 failed" {
		t.Errorf("it told %v, and ended as %+v", told, result)
	}
}

// A server that is set to answer with bare links is read like any other.
func TestClientWithBareLinks(t *testing.T) {
	s, _ := MustStart(t, "--purser.api.bare-links=true")
	c, ctx := MustClient(t, s)
	if list := must(c.Packages(ctx, client.PackageFilter{Name: "hello"}))(t); len(list) != 3 {
		t.Errorf("packages %+v", list)
	}
	if list := must(c.History(ctx, "hello"))(t); len(list) != 0 {
		t.Errorf("history %+v", list)
	}
}
