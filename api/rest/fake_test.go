package rest_test

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/api"
	"purser/api/rest"
	"purser/repository/memory"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fakeEngine answers what it is told to and keeps the last request.
type fakeEngine struct {
	err      error
	release  purser.Release
	releases map[string]purser.Release
	states   map[string]map[string]purser.AppState
	logs     map[string]string
	answer   purser.ActuatorResponse
	accepted bool

	got any
}

// asked is a request that has no type of its own.
type asked struct {
	Key     purser.ReleaseKey
	Version int
	App     string
	Names   []string
}

func (e *fakeEngine) take(request any) (purser.Release, error) {
	e.got = request
	return e.release, e.err
}

func (e *fakeEngine) Install(_ context.Context, r purser.InstallRequest) (purser.Release, error) {
	return e.take(r)
}

func (e *fakeEngine) Upgrade(_ context.Context, r purser.UpgradeRequest) (purser.Release, error) {
	return e.take(r)
}

func (e *fakeEngine) Rollback(_ context.Context, r purser.RollbackRequest) (purser.Release, error) {
	return e.take(r)
}

func (e *fakeEngine) Delete(_ context.Context, r purser.DeleteRequest) (purser.Release, error) {
	return e.take(r)
}

func (e *fakeEngine) Scale(_ context.Context, r purser.ScaleReleaseRequest) (purser.Release, error) {
	return e.take(r)
}

func (e *fakeEngine) Cancel(_ context.Context, key purser.ReleaseKey) (bool, error) {
	e.got = asked{Key: key}
	return e.accepted, e.err
}

func (e *fakeEngine) Status(_ context.Context, key purser.ReleaseKey, version int) (purser.Release, error) {
	return e.take(asked{Key: key, Version: version})
}

func (e *fakeEngine) Statuses(_ context.Context, _ string, names []string) (map[string]purser.Release, error) {
	e.got = asked{Names: names}
	return e.releases, e.err
}

func (e *fakeEngine) States(_ context.Context, _ string, names []string) (map[string]map[string]purser.AppState, error) {
	e.got = asked{Names: names}
	return e.states, e.err
}

func (e *fakeEngine) Logs(_ context.Context, key purser.ReleaseKey, app string) (map[string]string, error) {
	e.got = asked{Key: key, App: app}
	return e.logs, e.err
}

func (e *fakeEngine) Actuator(_ context.Context, r purser.ActuatorRequest) (purser.ActuatorResponse, error) {
	e.got = r
	return e.answer, e.err
}

// fakePackages answers what it is told to and keeps the last request.
type fakePackages struct {
	err      error
	metadata purser.PackageMetadata
	got      any
}

func (p *fakePackages) Upload(_ context.Context, r purser.UploadRequest) (purser.PackageMetadata, error) {
	p.got = r
	return p.metadata, p.err
}

func (p *fakePackages) Delete(_ context.Context, name string) error {
	p.got = name
	return p.err
}

type fixedClock struct{}

func (fixedClock) Now() time.Time { return time.Date(2026, 11, 22, 11, 29, 6, 491e6, time.UTC) }

// fixture is a server with Skipper's dialect alone, over fakes and a store in memory.
type fixture struct {
	http.Handler
	engine   *fakeEngine
	packages *fakePackages
	store    *memory.Store
}

func mustServe(tb testing.TB, settings ...func(*rest.Options)) *fixture {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	id := func() string { return "id-1" }
	adapter := api.NewAdapter(log, fixedClock{}, id)
	f := &fixture{engine: &fakeEngine{}, packages: &fakePackages{}, store: memory.New()}
	tb.Cleanup(func() {
		if err := f.store.Close(); err != nil {
			tb.Error(err)
		}
	})
	o := rest.Options{
		Adapter: adapter, Engine: f.engine, Packages: f.packages, Store: f.store,
		About: rest.About{
			ServerName: "Spring Cloud Skipper Server", ServerVersion: "2.11.5",
			ShellName: "Spring Cloud Skipper Shell", ShellVersion: "2.11.5",
		},
		Build: rest.Build{Artifact: "purser", Name: "Purser", Version: "2.11.5", Group: "purser", Time: "2026-11-22T11:29:06Z"},
		Ready: func(context.Context) error { return nil },
	}
	for _, set := range settings {
		set(&o)
	}
	f.Handler = api.New(api.Options{Adapter: adapter, Dialects: []api.Dialect{rest.New(o)}, Log: log, NewID: id, MaxBody: 1 << 20})
	return f
}

// call sends a request whose path reaches the server as it is written here.
func call(h http.Handler, method, target, content string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:7577/", nil)
	if content != "" {
		r = httptest.NewRequest(method, "http://localhost:7577/", strings.NewReader(content))
	}
	r.RequestURI = target
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

func pointer[T any](v T) *T { return &v }

// sampleRelease is a release that is up.
func sampleRelease(name string, version int) purser.Release {
	id := name + ".demo-v1"
	return purser.Release{
		Key: purser.ReleaseKey{Name: name}, Version: version, Stage: purser.StageDeployed,
		Description: "Install complete", Platform: "default",
		Manifest: "\"apiVersion\": \"skipper.spring.io/v1\"\n\"kind\": \"SpringCloudDeployerApplication\"\n",
		Values:   pointer("spec:\n  a: b\n"),
		Package: purser.Package{
			Metadata:  sampleMetadata(),
			Templates: []purser.Template{{Name: "demo.yml", Text: "kind: {{kind}}\n"}},
			Values:    pointer("kind: x\n"),
		},
		Applications: []purser.ReleaseApplication{{Name: "demo", DeploymentID: id}},
		Statuses: []purser.AppStatus{{DeploymentID: id, State: purser.StateDeployed, Instances: []purser.Instance{{
			ID: id + "-0", State: purser.StateDeployed, Attributes: map[string]string{"guid": id + "-0", "url": "http://10.0.0.1:20000"},
		}}}},
		CreatedAt: fixedClock{}.Now(), UpdatedAt: fixedClock{}.Now(),
	}
}

func sampleMetadata() purser.PackageMetadata {
	return purser.PackageMetadata{
		ID: 7, APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "demo", Version: "1.0.0",
		RepositoryID: 1, RepositoryName: "local", Maintainer: pointer("somebody"),
	}
}

// put stores releases.
func (f *fixture) put(tb testing.TB, releases ...purser.Release) {
	tb.Helper()
	err := f.store.Update(tb.Context(), func(tx purser.Tx) error {
		for i := range releases {
			if err := tx.CreateRelease(tb.Context(), &releases[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

var errSecret = errors.New("secret of the server: /var/lib/secret")

var (
	_ rest.Engine   = (*fakeEngine)(nil)
	_ rest.Packages = (*fakePackages)(nil)
)
