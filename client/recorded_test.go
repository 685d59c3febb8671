package client_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/client"
)

// wants is a call with the request that it has to become and the part of its result that is compared.
type wants struct {
	rule   string
	do     func(ctx context.Context, c *client.Client) (any, error)
	at     string
	answer row
	body   string // JSON that is sent, "" for none
	want   any
}

// seconds gives a time-out.
func seconds(n int) *time.Duration {
	d := time.Duration(n) * time.Second
	return &d
}

// names lists packages.
func names(list []client.PackageMetadata) (all []string) {
	for _, m := range list {
		all = append(all, m.Name+" "+m.Version)
	}
	return all
}

// versions lists releases.
func versions(list []client.Release) (all []string) {
	for _, r := range list {
		all = append(all, r.Name+" "+string(r.Info.Status.Code)+" "+r.Info.Description)
	}
	return all
}

// Every call of the API that Skipper has, with answers that were recorded from it.
func TestCalls(t *testing.T) {
	const key = `"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":"1.0.0"}`
	demo := client.PackageIdentifier{Name: "demo", Version: "1.0.0"}
	target := client.ActuatorTarget{ReleaseName: "a", DeploymentID: "a.demo-v1", InstanceID: "a.demo-v1-0"}
	const actuator = "/api/release/actuator/a/a.demo-v1/a.demo-v1-0"
	for _, w := range []wants{
		{
			rule: "about", at: "GET /api/about", answer: file(t, "about.json"), want: "Spring Cloud Skipper Server 2.11.5",
			do: func(ctx context.Context, c *client.Client) (any, error) {
				a, err := c.About(ctx)
				return a.VersionInfo.Server.Name + " " + a.VersionInfo.Server.Version, err
			},
		},
		{
			rule: "all packages", at: "GET /api/packageMetadata?size=2000",
			answer: row{body: `{"_embedded":{"packageMetadata":[{"name":"a","version":"1.0.0","new":{"x":1}}]}}`}, want: []string{"a 1.0.0"},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				list, err := c.Packages(ctx, client.PackageFilter{})
				return names(list), err
			},
		},
		{
			rule: "no _embedded is an empty list", at: "GET /api/packageMetadata?size=2000&sort=name%2Casc&projection=summary",
			answer: row{body: `{}`}, want: []client.PackageMetadata{},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				return c.Packages(ctx, client.PackageFilter{Summary: true})
			},
		},
		{
			rule:   "packages by name",
			at:     "GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=a%20b&projection=summary",
			answer: file(t, "search_summary.json"), want: []string{"alpha 1.0.0", "alpha 1.1.0", "alpha 2.0.0-rc.1+build.5"},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				list, err := c.Packages(ctx, client.PackageFilter{Name: "a b", Summary: true})
				for _, m := range list {
					if m.ID != 7 {
						t.Errorf("the id of %s %s is %d", m.Name, m.Version, m.ID)
					}
				}
				return names(list), err
			},
		},
		{
			rule: "package delete", at: "DELETE /api/package/demo", answer: row{}, want: nil,
			do: func(ctx context.Context, c *client.Client) (any, error) { return nil, c.DeletePackage(ctx, "demo") },
		},
		{
			rule: "repositories", at: "GET /api/repositories?size=2000", answer: file(t, "repositories.json"),
			want: []client.Repository{{Name: "local", URL: "http://192.0.2.1:7577", Local: true, Description: "Default local database backed repository", Order: 1}},
			do:   func(ctx context.Context, c *client.Client) (any, error) { return c.Repositories(ctx) },
		},
		{
			rule: "deployers, options null", at: "GET /api/deployers?size=2000", answer: file(t, "deployers.json"), want: "default local",
			do: func(ctx context.Context, c *client.Client) (any, error) {
				list, err := c.Deployers(ctx)
				return list[0].Name + " " + list[0].Type, err
			},
		},
		{
			rule: "install", at: "POST /api/package/install", answer: created(t, "install.json"), want: "hello demo deploying",
			body: `{` + key + `,"installProperties":{"releaseName":"hello","configValues":{"raw":"a: b\n"},"platformName":"default"}}`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.Install(ctx, client.InstallRequest{ReleaseName: "hello", Package: demo, PlatformName: "default", Values: "a: b\n"})
				return r.Name + " " + r.Package.Metadata.Name + " " + string(r.Info.Status.State()), err
			},
		},
		{
			rule: "install by id", at: "POST /api/package/install/7", answer: created(t, "install.json"), want: 1,
			body: `{"releaseName":"hello","configValues":null,"platformName":"default"}`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.InstallID(ctx, 7, client.InstallRequest{ReleaseName: "hello"})
				return r.Version, err
			},
		},
		{
			rule: "upgrade", at: "POST /api/release/upgrade", answer: created(t, "install.json"), want: 1,
			body: `{` + key + `,"upgradeProperties":{"releaseName":"hello","configValues":null},"timeout":30000,"force":true,"appNames":["one"]}`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.Upgrade(ctx, client.UpgradeRequest{ReleaseName: "hello", Package: demo, Timeout: seconds(30), Force: true, Applications: []string{"one"}})
				return r.Version, err
			},
		},
		{
			rule: "rollback", at: "POST /api/release/rollback", answer: created(t, "install.json"), want: 1,
			body: `{"releaseName":"hello","version":0,"timeout":null}`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.Rollback(ctx, client.RollbackRequest{ReleaseName: "hello"})
				return r.Version, err
			},
		},
		{
			rule: "delete", at: "DELETE /api/release/hello", answer: file(t, "delete.json"), want: client.StatusDeleted,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.Delete(ctx, "hello")
				return r.Info.Status.Code, err
			},
		},
		{
			rule: "delete with package, no body", at: "DELETE /api/release/he%2Fllo/package", answer: row{}, want: "",
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.DeleteWithPackage(ctx, "he/llo")
				return r.Name, err
			},
		},
		{
			rule: "cancel", at: "POST /api/release/cancel", answer: file(t, "cancel.json"), want: true, body: `{"releaseName":"hello"}`,
			do: func(ctx context.Context, c *client.Client) (any, error) { return c.Cancel(ctx, "hello") },
		},
		{
			rule: "cancel, no body", at: "POST /api/release/cancel", answer: row{}, want: false, body: `{"releaseName":"x"}`,
			do: func(ctx context.Context, c *client.Client) (any, error) { return c.Cancel(ctx, "x") },
		},
		{
			rule: "list", at: "GET /api/release/list", answer: file(t, "list.json"), want: []string{"hello DEPLOYED Install complete"},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				list, err := c.Releases(ctx, "")
				return versions(list), err
			},
		},
		{
			rule: "an empty list by name", at: "GET /api/release/list/hel", answer: row{body: `{}`}, want: []client.Release{},
			do: func(ctx context.Context, c *client.Client) (any, error) { return c.Releases(ctx, "hel") },
		},
		{
			rule:   "history",
			at:     "GET /api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=pair",
			answer: file(t, "history.json"),
			want:   []string{"pair DEPLOYED Upgrade complete", "pair DELETED Delete complete"},
			do: func(ctx context.Context, c *client.Client) (any, error) {
				list, err := c.History(ctx, "pair")
				return versions(list), err
			},
		},
		{
			rule: "status of the latest", at: "GET /api/release/status/hello", answer: file(t, "status.json"), want: client.StateDeployed,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				i, err := c.Status(ctx, "hello", 0)
				return i.Status.State(), err
			},
		},
		{
			rule: "status of a version", at: "GET /api/release/status/hello/2", answer: file(t, "status.json"), want: "hello.demo-v1-0 20000",
			do: func(ctx context.Context, c *client.Client) (any, error) {
				i, err := c.Status(ctx, "hello", 2)
				one := i.Status.Applications[0].Instances[0]
				return one.ID + " " + one.Attributes["port"], err
			},
		},
		{
			rule: "statuses", at: "GET /api/release/statuses?names=a%2Cb", answer: file(t, "statuses.json"), want: 1,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				found, err := c.Statuses(ctx, "a", "b")
				return len(found), err
			},
		},
		{
			rule: "states", at: "GET /api/release/states?names=pair", answer: file(t, "states.json"),
			want: map[string]map[string]client.State{"pair": {"pair.one-v1": "deployed", "pair.two-v1": "deployed"}},
			do:   func(ctx context.Context, c *client.Client) (any, error) { return c.States(ctx, "pair") },
		},
		{
			rule: "states of none, no body", at: "GET /api/release/states?names=x", answer: row{}, want: map[string]map[string]client.State{},
			do: func(ctx context.Context, c *client.Client) (any, error) { return c.States(ctx, "x") },
		},
		{
			rule: "manifest", at: "GET /api/release/manifest/hello/1", answer: file(t, "manifest.json"), want: `"apiVersion"`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				text, err := c.Manifest(ctx, "hello", 1)
				return text[:12], err
			},
		},
		{
			rule: "logs", at: "GET /api/release/logs/pair", answer: file(t, "logs.json"), want: 2,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				logs, err := c.Logs(ctx, "pair", "")
				return len(logs), err
			},
		},
		{
			rule: "logs of one", at: "GET /api/release/logs/pair/pair.one-v1", answer: row{body: `{"logs":{}}`}, want: map[string]string{},
			do: func(ctx context.Context, c *client.Client) (any, error) { return c.Logs(ctx, "pair", "pair.one-v1") },
		},
		{
			rule: "scale", at: "POST /api/release/scale/elastic", answer: created(t, "scale.json"), want: "elastic",
			body: `{"scale":[{"name":"demo","count":3,"properties":{}}]}`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				r, err := c.Scale(ctx, "elastic", client.ApplicationScale{Name: "demo", Count: 3})
				return r.Name, err
			},
		},
		{
			rule: "actuator GET, any text", at: "GET " + actuator + "?endpoint=%2Floggers%2Fa.b", answer: row{kind: "text/plain", body: "up"}, want: "up",
			do: func(ctx context.Context, c *client.Client) (any, error) {
				text, err := c.ActuatorGet(ctx, target, "/loggers/a.b")
				return string(text), err
			},
		},
		{
			rule: "actuator POST", at: "POST " + actuator, answer: row{}, want: "", body: `{"endpoint":"/x","body":{"a":1}}`,
			do: func(ctx context.Context, c *client.Client) (any, error) {
				text, err := c.ActuatorPost(ctx, target, "/x", map[string]int{"a": 1})
				return string(text), err
			},
		},
	} {
		t.Run(w.rule, func(t *testing.T) {
			s := MustServer(t, indexes(t), map[string]row{w.at: w.answer})
			got, err := w.do(short(t), MustClient(t, s.URL+"/api", client.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(w.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			asked := s.asked()
			if asked[len(asked)-1] != w.at {
				t.Errorf("asked %v, want %s", asked, w.at)
			}
			if w.body == "" {
				return
			}
			r, sent := s.last(t, http.MethodPost)
			if diff := cmp.Diff(decoded(t, w.body), decoded(t, sent)); diff != "" {
				t.Errorf("the body, -want +got:\n%s", diff)
			}
			if r.Header.Get("Content-Type") != "application/json" || r.ContentLength < 0 {
				t.Errorf("Content-Type %s, Content-Length %d", r.Header.Get("Content-Type"), r.ContentLength)
			}
		})
	}
}

func created(tb testing.TB, name string) row {
	tb.Helper()
	r := file(tb, name)
	r.status = http.StatusCreated
	return r
}

func decoded(tb testing.TB, text string) (out any) {
	tb.Helper()
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return out
}

// Without names there is nothing to ask.
func TestNoNames(t *testing.T) {
	s := MustServer(t)
	c := MustClient(t, s.URL+"/api", client.Options{})
	found, err := c.Statuses(short(t))
	if err != nil || found == nil || len(found) > 0 || len(s.asked()) > 0 {
		t.Errorf("%v, %v, asked %v", found, err, s.asked())
	}
}

// What a server gives in pages is read to its last page, along its links.
func TestPages(t *testing.T) {
	page := func(name, next string) row {
		return row{body: `{"_embedded":{"packageMetadata":[{"name":"` + name + `","version":"1"}]},"_links":{` + next + `}}`}
	}
	const second = "/api/packageMetadata?page=1&size=1"
	s := MustServer(t, indexes(t), map[string]row{
		"GET /api/packageMetadata?size=2000": page("a", `"next":{"href":"<base>`+second+`"}`),
		"GET " + second:                      page("b", ""),
	})
	list, err := MustClient(t, s.URL+"/api", client.Options{}).Packages(short(t), client.PackageFilter{})
	if diff := cmp.Diff([]string{"a 1", "b 1"}, names(list)); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}
