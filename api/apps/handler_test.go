package apps_test

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
	"go.uber.org/goleak"

	"purser"
	"purser/api"
	"purser/api/apps"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew")

// fakeEngine answers what it is told to and keeps the last request.
type fakeEngine struct {
	err    error
	result purser.ActivateResult
	after  func() // called by each change, before its answer
	got    any
}

func (e *fakeEngine) done(got any) {
	e.got = got
	if e.after != nil {
		e.after()
	}
}

func (e *fakeEngine) Stage(_ context.Context, r purser.StageRequest) (purser.Release, error) {
	describe := r.Describe
	r.Describe = nil
	e.done(r)
	if e.err != nil {
		return purser.Release{}, e.err
	}
	made := sample(3, purser.StageDraft)
	made.Tag, made.Notes, made.Previous, made.ChangeLog = r.Tag, r.Notes, "id-2", text("package demo 1.0.0 -> demo 1.0.1\n")
	made.Manifest = "metadata: {name: web}\nspec: {path: /shop}\n---\nmetadata: {name: worker}\n"
	err := describe(&made, []purser.AppSpec{
		{Name: "web", Kind: purser.KindSpringCloudDeployer, Resource: "maven://org:web", Version: "1.0.1", Properties: map[string]string{"server.port": "8080"}},
		{Name: "worker", Kind: purser.KindSpringBootApp, Resource: "docker:org/worker"},
		{Name: "far", Kind: purser.KindSpringBootApp, Resource: "docker:org/far", Properties: map[string]string{"server.port": "70000"}},
	})
	return made, err
}

func (e *fakeEngine) Activate(_ context.Context, r purser.ActivateRequest) (purser.ActivateResult, error) {
	e.done(r)
	return e.result, e.err
}

func (e *fakeEngine) Archive(_ context.Context, r purser.ArchiveRequest) (purser.Release, error) {
	e.done(r)
	archived := sample(r.Version, purser.StageDraft)
	archived.Archived = true
	return archived, e.err
}

func (e *fakeEngine) Discard(_ context.Context, r purser.DiscardRequest) error {
	e.done(r)
	return e.err
}

// fakeStore has the releases that it is given, the newest first.
type fakeStore struct {
	list  []purser.Release
	err   error
	looks func() // called after each look at a page
	known bool   // the package
}

func (s *fakeStore) FindVersion(_ context.Context, uuid string) (purser.Release, error) {
	for _, r := range s.list {
		if r.UUID == uuid {
			return r, s.err
		}
	}
	return purser.Release{}, errors.Join(s.err, purser.ErrReleaseNotFound(uuid))
}

func (s *fakeStore) FindVersions(_ context.Context, f purser.VersionFilter) (found []purser.Release, err error) {
	if f.Stages == nil && s.looks != nil {
		defer s.looks()
	}
	for _, r := range s.list {
		fits := (f.Archived || !r.Archived) && (f.After == 0 || r.Version < f.After) && (f.Stages == nil || r.Stage == f.Stages[0])
		if fits && len(found) < f.Limit {
			found = append(found, r)
		}
	}
	return found, s.err
}

func (s *fakeStore) CountVersions(_ context.Context, f purser.VersionFilter) (int, error) {
	f.After, f.Limit = 0, len(s.list)
	looks := s.looks
	s.looks = nil
	found, err := s.FindVersions(context.Background(), f)
	s.looks = looks
	return len(found), err
}

func (s *fakeStore) FindReleases(_ context.Context, f purser.ReleaseFilter) (found []purser.Release, total int, err error) {
	for _, r := range s.list {
		if r.Tag == f.Tag && r.Key.Space == f.Space && r.Key.Name == f.Names[0] {
			found = append(found, r)
		}
	}
	return found, len(found), s.err
}

func (s *fakeStore) FindPackages(context.Context, purser.PackageFilter) ([]purser.PackageMetadata, int, error) {
	if s.known {
		return []purser.PackageMetadata{{}}, 1, s.err
	}
	return nil, 0, s.err
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123_000_000, time.UTC)

// at is a clock that stands.
type at time.Time

func (a at) Now() time.Time { return time.Time(a) }

// callers are known by their tokens.
type callers map[string]purser.Principal

func (c callers) Authenticate(_ context.Context, shown purser.Credentials) (purser.Principal, error) {
	switch p, ok := c[shown.Bearer]; {
	case shown.Bearer == "fault":
		return purser.Principal{}, errors.New("the table is gone")
	case ok:
		return p, nil
	default:
		return purser.Principal{}, purser.Errorf(purser.CodeUnauthenticated, "nobody")
	}
}

func text(s string) *string { return &s }

// sample is a version of the app.
func sample(version int, stage purser.Stage) purser.Release {
	name := string(rune('0' + version))
	r := purser.Release{
		Key: purser.ReleaseKey{Space: "orgs/acme/workspaces/main", Name: "shop"}, Version: version, Stage: stage, UUID: "id-" + name, Tag: "v" + name,
		Facts:     `{"endpoints":[{"name":"web","path":"/","port":8080}],"augmentations":[{"name":"web","kind":"SpringBootApp","resource":"docker:org/web","version":"1"}]}`,
		CreatedAt: noon.Add(time.Duration(version) * time.Second), CreatedBy: "alice",
	}
	if stage == purser.StageDeployed || stage == purser.StageSuperseded {
		r.ActivatedAt, r.ActivatedBy = noon.Add(time.Hour), "bob"
	}
	r.Archived = stage == purser.StageSuperseded
	return r
}

// site is a server with nothing but the dialect.
type site struct {
	*api.Server
	engine *fakeEngine
	store  *fakeStore
}

func newSite() *site {
	s := &site{engine: &fakeEngine{}, store: &fakeStore{list: []purser.Release{
		sample(3, purser.StageDraft), sample(2, purser.StageDeployed), sample(1, purser.StageSuperseded),
	}}}
	id := func() string { return "fault-1" }
	log := slog.New(slog.DiscardHandler)
	adapter := api.NewAdapter(log, at(noon), id)
	s.Server = api.New(api.Options{Adapter: adapter, Log: log, NewID: id, Dialects: []api.Dialect{apps.New(apps.Options{
		Adapter: adapter, Engine: s.engine, Store: s.store, Clock: at(noon), Timeout: time.Minute,
		Callers: callers{"t": {Subject: "alice", Tenants: []string{"*"}, Permissions: []string{"release:*"}}},
		Orgs: []apps.Org{{ID: "acme", Workspaces: []apps.Workspace{{ID: "main", Apps: []apps.App{
			{ID: "shop", Package: "demo", Platform: "default", Values: text("a: b\n")},
		}}}}},
	})}})
	return s
}

const releases = "/v1/orgs/acme/workspaces/main/apps/shop/releases"

// ask sends "METHOD path below the releases" as alice.
func (s *site) ask(do, body string, headers ...string) *httptest.ResponseRecorder {
	method, path, _ := strings.Cut(do, " ")
	r := httptest.NewRequestWithContext(context.Background(), method, releases+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer t")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// The forms of all answers, byte by byte.
func TestAnswers(t *testing.T) {
	active := sample(2, purser.StageDeployed)
	former := sample(1, purser.StageSuperseded)
	for _, row := range []struct {
		name, do, body string
		status         int
	}{
		{"list", "GET ?limit=2&include_archived=true", "", 200},
		{"create", "POST ", `{"release_tag":" <ä> ","description":""}`, 201},
		{"active", "GET /active", "", 200},
		{"read", "GET /id-1", "", 200},
		{"delete", "DELETE /id-1", "", 200},
		{"activate", "POST /id-3/activate", "", 200},
		{"rollback", "POST /id-1/rollback", "", 200},
		{"archive", "POST /id-3/archive", "", 200},
		{"missing", "GET /nosuch", "", 404},
		{"invalid", "GET ?limit=0&cursor=x", "", 422},
		{"method", "PUT /id-1", "", 405},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newSite()
			s.engine.result = purser.ActivateResult{Release: active, Replaced: &former, Changed: true}
			w := s.ask(row.do, row.body)
			if w.Code != row.status || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			file := filepath.Join("testdata", "answers", row.name+".json")
			if *update {
				if err := os.WriteFile(file, append(w.Body.Bytes(), '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), w.Body.String()+"\n"); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestRequestsToTheEngine(t *testing.T) {
	key := purser.ReleaseKey{Space: "orgs/acme/workspaces/main", Name: "shop"}
	timeout := time.Minute
	for _, row := range []struct {
		do, body string
		want     any
	}{
		{"POST ", `{"release_tag":"v9","description":"d"}`, purser.StageRequest{
			Key: key, Package: purser.PackageIdentifier{Name: "demo"}, Platform: "default", Values: text("a: b\n"), Tag: "v9", Notes: "d", RequestedBy: "alice",
		}},
		{"POST /id-3/activate", "", purser.ActivateRequest{Key: key, Version: 3, Mode: purser.ActivateStaged, Archive: true, Timeout: &timeout, Wait: true, RequestedBy: "alice"}},
		{"POST /id-1/rollback", "", purser.ActivateRequest{Key: key, Version: 1, Mode: purser.ActivateSuperseded, Archive: true, Timeout: &timeout, Wait: true, RequestedBy: "alice"}},
		{"POST /id-3/archive", "", purser.ArchiveRequest{Key: key, Version: 3, RequestedBy: "alice"}},
		{"DELETE /id-1", "", purser.DiscardRequest{Key: key, Version: 1, RequestedBy: "alice"}},
	} {
		s := newSite()
		s.ask(row.do, row.body)
		if diff := cmp.Diff(row.want, s.engine.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", row.do, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	failure := func(code purser.Code) error { return purser.Errorf(code, "the reason") }
	for _, row := range []struct {
		rule, do, body string
		err            error
		change         func(s *site)
		status         int
		want           []string
	}{
		{"the platform did not take it", "POST /id-3/activate", "", failure(purser.CodePlatform), nil, 500, []string{`"error":"INTERNAL_SERVER_ERROR"`, `"message":"Release 'v3' could not be deployed: the reason"`, `"error_id":"fault-1"`, `"resource_id":"id-3"`}},
		{"the platform is gone", "POST /id-3/activate", "", failure(purser.CodeNotFound), nil, 500, []string{`could not be deployed`}},
		{"a fault while it is activated", "POST /id-3/activate", "", errors.New("secret"), nil, 500, []string{`"message":"An unexpected error occurred"`, `"details":{"error_id":"fault-1"}`, `"timestamp":"2026-11-22T12:00:00.123000"`}},
		{"the end of the server", "POST /id-3/activate", "", failure(purser.CodeUnavailable), nil, 503, []string{`"error":"SERVICE_UNAVAILABLE"`, `"message":"the reason"`, `"details":{}`}},
		{"deleted while it was to be activated", "POST /id-3/activate", "", failure(purser.CodeReleaseNotFound), nil, 404, []string{`"resource_id":"id-3"`}},
		{"refused, and deleted then", "POST /id-3/activate", "", failure(purser.CodeConflict), func(s *site) { s.engine.after = func() { s.store.list = nil } }, 404, []string{`"resource_id":"id-3"`}},
		{"something else is under way", "POST /id-3/archive", "", failure(purser.CodeConflict), nil, 409, []string{`"message":"the reason"`, `"current_status":"draft"`, `"action":"archive"`}},
		{"busy", "DELETE /id-1", "", failure(purser.CodeBusy), nil, 409, []string{`"message":"the reason"`, `"current_status":"archived"`, `"action":"delete"`}},
		{"once active", "POST /id-1/activate", "", failure(purser.CodeConflict), nil, 409, []string{`"Release 'v1' cannot be activated: it is archived; use rollback"`}},
		{"never active", "POST /id-3/rollback", "", failure(purser.CodeConflict), nil, 409, []string{`"Release 'v3' cannot be rolled back to: it was never active; activate it"`}},
		{"active already", "POST /id-2/rollback", "", failure(purser.CodeConflict), nil, 409, []string{`"Release 'v2' cannot be rolled back to: it is active already"`}},
		{"active, to be deleted", "DELETE /id-2", "", failure(purser.CodeConflict), nil, 409, []string{`"Release 'v2' cannot be deleted: it is active; activate another release first"`}},
		{"being rolled back to", "POST /id-1/rollback", "", failure(purser.CodeConflict), nil, 409, []string{`"message":"the reason"`}},
		{"the tag is taken", "POST ", `{"release_tag":"v2"}`, failure(purser.CodeConflict), nil, 409, []string{`"A release with the tag 'v2' exists already"`, `"resource_id":"id-2"`, `"current_status":"active"`, `"action":"create"`}},
		{"the tag was taken", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeConflict), nil, 409, []string{`"message":"the reason"`, `"resource_id":"shop"`}},
		{"too many at once", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeBusy), nil, 409, []string{`"message":"the reason"`}},
		{"the package is missing", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeNotFound), nil, 404, []string{`"message":"The package 'demo' of the app was not found"`, `"resource_type":"package"`}},
		{"the platform is missing", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeNotFound), func(s *site) { s.store.known = true }, 404, []string{`"resource_id":"default"`, `"resource_type":"platform"`}},
		{"the package is broken", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeInvalid), nil, 409, []string{`"The package 'demo' cannot be released: the reason"`, `"resource_id":"demo"`}},
		{"a fault while it is made", "POST ", `{"release_tag":"v7"}`, errors.New("secret"), nil, 500, []string{`"An unexpected error occurred"`}},
		{"the store fails", "GET ", "", nil, func(s *site) { s.store.err = errors.New("secret") }, 500, []string{`"An unexpected error occurred"`}},
		{"the store fails for one", "GET /id-1", "", nil, func(s *site) { s.store.err = errors.New("secret") }, 500, []string{`"An unexpected error occurred"`}},
		{"the store fails for the active one", "GET /active", "", nil, func(s *site) { s.store.err = errors.New("secret") }, 500, []string{`"An unexpected error occurred"`}},
		{"the store fails after a conflict", "POST /id-3/activate", "", failure(purser.CodeConflict), func(s *site) { s.engine.after = func() { s.store.err = errors.New("secret") } }, 500, []string{`"An unexpected error occurred"`}},
		{"the store fails after a tag was taken", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeConflict), func(s *site) { s.store.err = errors.New("secret") }, 500, []string{`"An unexpected error occurred"`}},
		{"the store fails when something is missing", "POST ", `{"release_tag":"v7"}`, failure(purser.CodeNotFound), func(s *site) { s.store.err = errors.New("secret") }, 500, []string{`"An unexpected error occurred"`}},
		{"facts that nobody can read", "GET /id-1", "", nil, func(s *site) { s.store.list[2].Facts = "{" }, 500, []string{`"An unexpected error occurred"`}},
		{"facts that nobody can read, in a list", "GET ?include_archived=1", "", nil, func(s *site) { s.store.list[2].Facts = "{" }, 500, []string{`"An unexpected error occurred"`}},
		{"a body that is too large", "POST ", `{"release_tag":"` + strings.Repeat("x", 1<<20) + `"}`, nil, nil, 413, []string{`{"detail":"The request body is larger than 1048576 bytes"}`}},
		{"a body that is no text", "POST ", "\xff", nil, nil, 400, []string{`{"detail":"There was an error parsing the body"}`}},
		{"a path that cannot be meant", "GET /%2F", "", nil, nil, 400, []string{`{"detail":"The path of the request is not valid`}},
		{"a path that is not there", "GET /id-1/more", "", nil, nil, 404, []string{`{"detail":"Not Found"}`}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := newSite()
			s.engine.err = row.err
			if row.change != nil {
				row.change(s)
			}
			w := s.ask(row.do, row.body)
			if w.Code != row.status || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			for _, want := range row.want {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s has no %s", w.Body, want)
				}
			}
		})
	}
	t.Run("who is calling cannot be found out", func(t *testing.T) {
		if w := newSite().ask("GET ", "", "Authorization", "Bearer fault"); w.Code != http.StatusInternalServerError {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	t.Run("nobody is calling", func(t *testing.T) {
		w := newSite().ask("GET ", "", "Authorization", "Bearer x")
		if w.Code != http.StatusUnauthorized || w.Header().Get("Www-Authenticate") != "Bearer" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
	})
}

// A list is of one moment: when something changes while it is read, it is read again.
func TestListsFitTogether(t *testing.T) {
	s := newSite()
	times := 0
	s.store.looks = func() {
		if times++; times == 1 {
			s.store.list = []purser.Release{sample(3, purser.StageDeployed), sample(2, purser.StageSuperseded), sample(1, purser.StageSuperseded)}
		}
	}
	w := s.ask("GET ", "")
	if got := w.Body.String(); times != 2 || !strings.Contains(got, `"active_release_id":"id-3"`) || strings.Count(got, `"status":"active"`) != 1 || !strings.Contains(got, `"total":1,`) {
		t.Errorf("%d looks: %s", times, got)
	}
	t.Run("but not for ever", func(t *testing.T) {
		s := newSite()
		times := 0
		s.store.looks = func() {
			times++
			s.store.list = append(s.store.list, sample(1, purser.StageDraft)) // the page has one less than are counted
		}
		if w := s.ask("GET ", ""); w.Code != http.StatusOK || times > 10 {
			t.Errorf("%d looks: %d %s", times, w.Code, w.Body)
		}
	})
}

func TestStatuses(t *testing.T) {
	for _, row := range []struct {
		rule   string
		change func(r *purser.Release)
		want   string
	}{
		{"a draft", func(*purser.Release) {}, "draft"},
		{"a draft out of the way", func(r *purser.Release) { r.Archived = true }, "archived"},
		{"a draft on its way", func(r *purser.Release) { r.Stage = purser.StageDeploying }, "draft"},
		{"deployed", func(r *purser.Release) { r.Stage = purser.StageDeployed }, "active"},
		{"replaced", func(r *purser.Release) { r.Stage = purser.StageSuperseded }, "archived"},
		{"on its way back", func(r *purser.Release) { r.Stage, r.ActivatedAt = purser.StageDeploying, noon }, "archived"},
		{"failed", func(r *purser.Release) { r.Stage = purser.StageFailed }, "archived"},
		{"ended", func(r *purser.Release) { r.Stage = purser.StageDeleted }, "archived"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := newSite()
			row.change(&s.store.list[0])
			if got := s.ask("GET /id-3", "").Body.String(); !strings.Contains(got, `"status":"`+row.want+`"`) {
				t.Error(got)
			}
		})
	}
}
