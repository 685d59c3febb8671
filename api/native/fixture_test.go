package native_test

import (
	"context"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser"
	"purser/api"
	"purser/api/native"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew")

// fakeEngine answers what it is told to and keeps the last request.
type fakeEngine struct {
	err        error
	preview    purser.Preview
	difference purser.VersionDifference
	logs       purser.Logs
	feed       func(ctx context.Context) purser.LogFeed

	got any
}

func (e *fakeEngine) PreviewInstall(_ context.Context, r purser.InstallRequest) (purser.Preview, error) {
	e.got = r
	return e.preview, e.err
}

func (e *fakeEngine) PreviewUpgrade(_ context.Context, r purser.UpgradeRequest) (purser.Preview, error) {
	e.got = r
	return e.preview, e.err
}

func (e *fakeEngine) PreviewRollback(_ context.Context, r purser.RollbackRequest) (purser.Preview, error) {
	e.got = r
	return e.preview, e.err
}

// compared is what a difference was asked for.
type compared struct {
	Key      purser.ReleaseKey
	From, To int
}

func (e *fakeEngine) Difference(_ context.Context, key purser.ReleaseKey, from, to int) (purser.VersionDifference, error) {
	e.got = compared{key, from, to}
	return e.difference, e.err
}

func (e *fakeEngine) TailLogs(_ context.Context, r purser.LogRequest) (purser.Logs, error) {
	e.got = r
	return e.logs, e.err
}

func (e *fakeEngine) FollowLogs(ctx context.Context, r purser.LogRequest) (purser.LogFeed, error) {
	e.got = r
	if e.err != nil {
		return purser.LogFeed{}, e.err
	}
	return e.feed(ctx), nil
}

// fakeRest is the packages and the operations.
type fakeRest struct {
	details    purser.PackageDetails
	operations []purser.Operation
	total      int
	err        error

	got any
}

func (f *fakeRest) Details(_ context.Context, id int64) (purser.PackageDetails, error) {
	f.got = id
	return f.details, f.err
}

func (f *fakeRest) FindOperations(_ context.Context, filter purser.OperationFilter) ([]purser.Operation, int, error) {
	f.got = filter
	return f.operations, f.total, f.err
}

// site is a server with nothing but the dialect.
type site struct {
	http.Handler
	engine *fakeEngine
	rest   *fakeRest
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// at is a clock that stands.
type at time.Time

func (a at) Now() time.Time { return time.Time(a) }

func newSite(change ...func(*native.Options)) *site {
	s := &site{engine: &fakeEngine{}, rest: &fakeRest{}}
	id := func() string { return "id" }
	o := native.Options{
		Adapter: api.NewAdapter(slog.New(slog.DiscardHandler), at(noon), id), Engine: s.engine, Packages: s.rest, Store: s.rest,
	}
	for _, c := range change {
		c(&o)
	}
	s.Handler = api.New(api.Options{Adapter: o.Adapter, Dialects: []api.Dialect{native.New(o)}, Log: slog.New(slog.DiscardHandler), NewID: id})
	return s
}

// ask sends a request; "METHOD path", and a body of JSON or none.
func (s *site) ask(do, body string) *httptest.ResponseRecorder {
	method, target, _ := strings.Cut(do, " ")
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func text(s string) *string { return &s }

func sampleDifference() purser.Difference {
	return purser.Difference{Apps: []purser.AppDifference{
		{Name: "changed", Properties: []purser.PropertyDifference{
			{Section: "spec", Name: "version", Old: text("1.0.0"), New: text("1.0.1")},
			{Section: "applicationProperties", Name: "gone", Old: text("")},
		}},
		{Name: "fresh", Added: true, Properties: []purser.PropertyDifference{{Section: "metadata", Name: "name", New: text("fresh")}}},
		{Name: "old", Removed: true},
	}}
}

func samplePreview() purser.Preview {
	return purser.Preview{
		Release: purser.Release{
			Key: purser.ReleaseKey{Name: "web"}, Version: 3, Platform: "default", Manifest: "a: \"b\"\n", Values: text("c: d\n"),
			Package: purser.Package{Metadata: purser.PackageMetadata{Name: "demo", Version: "1.0.1"}},
		},
		Applications: []purser.PreviewedApplication{
			{Name: "changed", Action: purser.ActionReplace, DeploymentID: "web.changed-v3"},
			{Name: "same", Action: purser.ActionKeep, DeploymentID: "web.same-v1"},
			{Name: "fresh", Action: purser.ActionDeploy, DeploymentID: "web.fresh-v3"},
			{Name: "old", Action: purser.ActionRemove, DeploymentID: "web.old-v2"},
		},
		Difference: sampleDifference(),
	}
}
