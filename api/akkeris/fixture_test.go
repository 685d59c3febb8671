package akkeris_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser"
	"purser/api"
	"purser/api/akkeris"
	"purser/repository/memory"
	"purser/repository/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const silence = 10 * time.Minute

// at is a clock that stands.
type at time.Time

func (a at) Now() time.Time { return time.Time(a) }

// idOf makes a UUID of a number.
func idOf(n int) string { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", n) }

// fakeEngine answers what it is told to and keeps the last request. What it makes is not stored.
type fakeEngine struct {
	err     error
	release purser.Release
	check   purser.Check
	got     any
}

func (e *fakeEngine) Submit(_ context.Context, r purser.SubmitRequest) (purser.Release, error) {
	if r.Describe != nil && e.err == nil {
		e.err = r.Describe(&e.release, nil)
	}
	r.Describe = nil
	e.got = r
	return e.release, e.err
}

func (e *fakeEngine) KeyUUID(_ context.Context, key purser.ReleaseKey) (string, error) {
	if strings.HasSuffix(key.Space, "dev") {
		return idOf(900), nil
	}
	return idOf(901), nil
}

func (e *fakeEngine) CreateCheck(_ context.Context, r purser.CheckRequest) (purser.Check, error) {
	e.got = r
	return e.check, e.err
}

func (e *fakeEngine) UpdateCheck(_ context.Context, r purser.CheckRequest) (purser.Check, error) {
	e.got = r
	return e.check, e.err
}

func (e *fakeEngine) ReportHealthy(_ context.Context, uuid string) (purser.Release, error) {
	e.got = uuid
	return e.release, e.err
}

// brokenStore is a store of which some lists cannot be read.
type brokenStore struct {
	*memory.Store
	after  int   // how many lists of versions can be read before
	broken error // nil: all of them
}

func (s *brokenStore) FindVersions(ctx context.Context, f purser.VersionFilter) ([]purser.Release, error) {
	if s.after--; s.after < 0 && s.broken != nil {
		return nil, s.broken
	}
	return s.Store.FindVersions(ctx, f)
}

// everybody may do everything, but for those that say that they are nobody.
type everybody struct{}

func (everybody) Authenticate(_ context.Context, c purser.Credentials) (purser.Principal, error) {
	if c.Key == "nobody" || c.Bearer == "nobody" {
		return purser.Principal{}, purser.Errorf(purser.CodeUnauthenticated, "The credentials are not known")
	}
	return purser.Principal{Subject: "caller"}, nil
}

// site is a server with nothing but the dialect.
type site struct {
	http.Handler
	engine *fakeEngine
	store  *brokenStore
}

var apps = []akkeris.App{
	{Name: "shop", Space: "dev", Package: "demo", Platform: "default"},
	{Name: "shop", Space: "prod", Package: "demo", Platform: "default", Downstream: true},
}

func MustSite(tb testing.TB) *site {
	tb.Helper()
	s := &site{engine: &fakeEngine{}, store: &brokenStore{Store: memory.New()}}
	id := func() string { return "id" }
	log := slog.New(slog.DiscardHandler)
	adapter := api.NewAdapter(log, at(noon), id)
	dialect := akkeris.New(akkeris.Options{
		Adapter: adapter, Engine: s.engine, Store: s.store, Callers: everybody{}, Clock: at(noon), Silence: silence, Apps: apps,
	})
	s.Handler = api.New(api.Options{Adapter: adapter, Dialects: []api.Dialect{dialect}, Log: log, NewID: id})
	return s
}

// ask sends a request; "METHOD path", and a body.
func (s *site) ask(do, body string, headers ...string) *httptest.ResponseRecorder {
	method, target, _ := strings.Cut(do, " ")
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

var shop = purser.ReleaseKey{Space: "akkeris/dev", Name: "shop"}

// versionOf is a version of the shop, made some minutes before noon.
func versionOf(version, minutes int, change ...func(r *purser.Release)) purser.Release {
	r := purser.Release{
		Key: shop, Version: version, UUID: idOf(version), Notes: fmt.Sprintf("Release %d", version), Stage: purser.StageDeployed, Platform: "default",
		CreatedAt: noon.Add(-time.Duration(minutes) * time.Minute),
		Package:   purser.Package{Metadata: purser.PackageMetadata{Name: "demo", Version: "1.0.0", RepositoryName: "local"}},
	}
	r.UpdatedAt = r.CreatedAt
	for _, c := range change {
		c(&r)
	}
	return r
}

func stage(s purser.Stage) func(r *purser.Release) { return func(r *purser.Release) { r.Stage = s } }

func healthy(r *purser.Release) { r.HealthyAt = noon }

func activated(r *purser.Release) { r.ActivatedAt = noon }

// mustStore stores versions.
func (s *site) mustStore(tb testing.TB, versions ...purser.Release) {
	tb.Helper()
	storetest.MustUpdate(tb, s.store.Store, func(ctx context.Context, tx purser.Tx) error {
		for _, r := range versions {
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		return nil
	})
}

var errDisk = errors.New("secret of the server")

// limit gives RateLimit-Remaining, which is spelt so.
func limit(h http.Header) string {
	for name, values := range h {
		if name == "RateLimit-Remaining" {
			return values[0]
		}
	}
	return ""
}
