package client_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/client"
)

// native are the answers that lead to the resources of Purser.
func native(tb testing.TB) map[string]row {
	tb.Helper()
	index := file(tb, "index.json")
	index.header = map[string]string{"Link": `<<base>/api/purser>;rel="service"`}
	return map[string]row{
		"GET /api": index,
		"GET /api/purser": {body: `{"_links":{"self":{"href":"<base>/api/purser"},
			"operations":{"href":"<base>/api/purser/operations{?name,open,page,size}","templated":true},
			"previewInstall":{"href":"<base>/api/purser/preview/install"},
			"previewUpgrade":{"href":"<base>/api/purser/preview/upgrade"},
			"previewRollback":{"href":"<base>/api/purser/preview/rollback"},
			"difference":{"href":"<base>/api/purser/releases/{name}/difference{?from,to}","templated":true},
			"logs":{"href":"<base>/api/purser/releases/{name}/logs{?app,lines,follow}","templated":true},
			"package":{"href":"<base>/api/purser/packages/{id}","templated":true},
			"events":{"href":"<base>/api/events{?names}","templated":true}}}`},
	}
}

const difference = `{"empty":false,"applications":[{"name":"demo","change":"changed","properties":[` +
	`{"section":"applicationProperties","name":"a","old":null,"new":"b"}]}]}`

const preview = `{"name":"hello","version":2,"platformName":"default","packageName":"demo","packageVersion":"1.0.1",` +
	`"manifest":"m","values":null,"applications":[{"name":"demo","action":"replace","deploymentId":"hello.demo-v2"}],"difference":` + difference + `}`

// Every call of what Purser has beyond Skipper.
func TestNativeCalls(t *testing.T) {
	b := "b"
	wantDifference := client.Difference{Applications: []client.ApplicationDifference{{
		Name: "demo", Change: client.ChangeChanged,
		Properties: []client.PropertyDifference{{Section: "applicationProperties", Name: "a", New: &b}},
	}}}
	wantPreview := client.Preview{
		Name: "hello", Version: 2, PlatformName: "default", PackageName: "demo", PackageVersion: "1.0.1", Manifest: "m",
		Applications: []client.PlannedApplication{{Name: "demo", Action: client.ActionReplace, DeploymentID: "hello.demo-v2"}},
		Difference:   wantDifference,
	}
	lines := 0
	for _, w := range []wants{
		{
			rule: "preview of an install", at: "POST /api/purser/preview/install", answer: row{body: preview}, want: wantPreview,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.PreviewInstall(ctx, client.InstallRequest{ReleaseName: "hello"})
			},
		},
		{
			rule: "preview of an upgrade", at: "POST /api/purser/preview/upgrade", answer: row{body: preview}, want: wantPreview,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.PreviewUpgrade(ctx, client.UpgradeRequest{ReleaseName: "hello"})
			},
		},
		{
			rule: "preview of a rollback", at: "POST /api/purser/preview/rollback", answer: row{body: preview}, want: wantPreview,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.PreviewRollback(ctx, client.RollbackRequest{ReleaseName: "hello", Version: 1})
			},
		},
		{
			rule: "difference of the last two", at: "GET /api/purser/releases/hello/difference",
			answer: row{body: `{"name":"hello","from":1,"to":2,"difference":` + difference + `}`},
			want:   client.VersionDifference{Name: "hello", From: 1, To: 2, Difference: wantDifference},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.Difference(ctx, "hello", 0, 0)
			},
		},
		{
			rule: "difference of any two", at: "GET /api/purser/releases/hello/difference?from=1&to=3",
			answer: row{body: `{"difference":{"empty":true,"applications":[]}}`},
			want:   client.VersionDifference{Difference: client.Difference{Empty: true, Applications: []client.ApplicationDifference{}}},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.Difference(ctx, "hello", 1, 3)
			},
		},
		{
			rule: "operations", at: "GET /api/purser/operations?page=1",
			answer: row{body: `{"_embedded":{"operations":[{"id":4,"name":"a","kind":"upgrade","rollback":true,"phase":"done","outcome":"failed","from":1,"to":2,` +
				`"startedAt":null,"deadline":null,"cancelRequested":false,"requestedBy":null,"message":"why"}]},"page":{"number":1}}`},
			want: client.OperationPage{Page: client.Page{Number: 1}, Operations: []client.Operation{{
				ID: 4, Name: "a", Kind: "upgrade", Rollback: true, Phase: "done", Outcome: client.OutcomeFailed, From: 1, To: 2, Message: "why",
			}}},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.Operations(ctx, client.OperationFilter{Page: 1})
			},
		},
		{
			rule: "content of a package", at: "GET /api/purser/packages/7",
			answer: row{body: `{"name":"a","version":"1.0.0","values":"x: y","templates":[{"name":"t","text":"{}"}],"readme":null,` +
				`"dependencies":[{"name":"b","version":"2.0.0","values":null,"templates":[],"readme":null,"dependencies":[]}],"_links":{"self":{"href":"<base>/api/purser/packages/7"}}}`},
			want: "a 7 x: y {} b 2.0.0",
			do: func(ctx context.Context, c *client.Client) (any, error) {
				p, err := c.PackageContent(ctx, 7)
				if err != nil {
					return nil, err
				}
				return p.Name + " " + strconv.FormatInt(p.ID, 10) + " " + *p.Values + " " + p.Templates[0].Text + " " + p.Dependencies[0].Name + " " + p.Dependencies[0].Version, nil
			},
		},
		{
			rule: "the end of the logs", at: "GET /api/purser/releases/hello/logs?app=demo&lines=0",
			answer: row{body: `{"name":"hello","version":2,"logs":[{"application":"demo","deploymentId":"d","instance":"d-0","stream":"stdout","text":"hi"}]}`},
			want:   client.LogTail{Name: "hello", Version: 2, Logs: []client.LogEntry{{Application: "demo", DeploymentID: "d", Instance: "d-0", Stream: "stdout", Text: "hi"}}},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.TailLogs(ctx, "hello", client.LogQuery{Application: "demo", Lines: &lines})
			},
		},
	} {
		t.Run(w.rule, func(t *testing.T) {
			s := MustServer(t, native(t), map[string]row{w.at: w.answer})
			got, err := w.do(short(t), MustClient(t, s.URL+"/api", client.Options{}))
			if diff := cmp.Diff(w.want, got); diff != "" || err != nil {
				t.Errorf("%v\n-want +got:\n%s", err, diff)
			}
		})
	}
}

// Elsewhere each of them says that the server does not have it.
func TestNativeCallsElsewhere(t *testing.T) {
	s := MustServer(t, indexes(t))
	c := MustClient(t, s.URL+"/api", client.Options{})
	ctx := short(t)
	calls := map[string]func() error{
		"preview of an install": func() error { _, err := c.PreviewInstall(ctx, client.InstallRequest{}); return err },
		"preview of an upgrade": func() error { _, err := c.PreviewUpgrade(ctx, client.UpgradeRequest{}); return err },
		"preview of a rollback": func() error { _, err := c.PreviewRollback(ctx, client.RollbackRequest{}); return err },
		"difference":            func() error { _, err := c.Difference(ctx, "a", 0, 0); return err },
		"operations":            func() error { _, err := c.Operations(ctx, client.OperationFilter{}); return err },
		"content of packages":   func() error { _, err := c.PackageContent(ctx, 1); return err },
		"tail of logs":          func() error { _, err := c.TailLogs(ctx, "a", client.LogQuery{}); return err },
		"events":                func() error { return c.Events(ctx, client.EventFilter{}, func(client.Event) error { return nil }) },
	}
	for name, call := range calls {
		err := call()
		if !isType[*client.UnsupportedError](err) || err.Error() != name+": not supported by the server at "+s.URL+"/api" {
			t.Errorf("%s: %T %v", name, err, err)
		}
	}
	if _, err := c.FollowLogs(ctx, "a", client.LogQuery{}, func(client.LogEntry) error { return nil }); !isType[*client.UnsupportedError](err) {
		t.Errorf("following logs: %v", err)
	}
	if r, _ := s.last(t, http.MethodGet); r.URL.Path != "/api" {
		t.Errorf("%s was asked for", r.URL)
	}
}
