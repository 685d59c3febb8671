package connect

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"purser"
	"purser/api"
	"purser/repository/memory"
	"purser/repository/storetest"
)

// scripted is an engine whose every change ends in one way.
type scripted struct {
	made purser.Release
	err  error
	do   func(ctx context.Context) // before it ends
	asks []any
}

func (s *scripted) end(ctx context.Context, r any) (purser.Release, error) {
	s.asks = append(s.asks, r)
	if s.do != nil {
		s.do(ctx)
	}
	return s.made, s.err
}

func (s *scripted) Install(ctx context.Context, r purser.InstallRequest) (purser.Release, error) {
	return s.end(ctx, r)
}

func (s *scripted) Upgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Release, error) {
	return s.end(ctx, r)
}

func (s *scripted) Rollback(ctx context.Context, r purser.RollbackRequest) (purser.Release, error) {
	return s.end(ctx, r)
}

func (s *scripted) Delete(ctx context.Context, r purser.DeleteRequest) (purser.Release, error) {
	return s.end(ctx, r)
}

func (s *scripted) Discard(ctx context.Context, r purser.DiscardRequest) error {
	_, err := s.end(ctx, r)
	return err
}

func (s *scripted) PreviewInstall(ctx context.Context, r purser.InstallRequest) (purser.Preview, error) {
	made, err := s.end(ctx, r)
	return purser.Preview{Release: made}, err
}

func (s *scripted) PreviewUpgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Preview, error) {
	made, err := s.end(ctx, r)
	return purser.Preview{Release: made}, err
}

func (s *scripted) PreviewRollback(ctx context.Context, r purser.RollbackRequest) (purser.Preview, error) {
	made, err := s.end(ctx, r)
	return purser.Preview{Release: made}, err
}

// shelf has every package, in version 1.0.0.
type shelf struct{ err error }

func (s shelf) Choose(_ context.Context, _ purser.Reader, id purser.PackageIdentifier) (purser.PackageMetadata, error) {
	return purser.PackageMetadata{ID: 1, Name: id.Name, Version: "1.0.0"}, s.err
}

// everybody is somebody.
type everybody struct{ err error }

func (e everybody) Authenticate(context.Context, purser.Credentials) (purser.Principal, error) {
	if errors.Is(e.err, errPanic) {
		panic("secret of the server")
	}
	return purser.Principal{Subject: "ann"}, e.err
}

var errPanic = errors.New("panic")

// MustServer makes a server with the dialect alone, whose default scope is the platform default.
func MustServer(tb testing.TB, change ...func(o *Options)) *api.Server {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	newID := func() string { return "0f3a9c00-5f1c-4d0a-9b7e-2c6f4e8a1d07" }
	o := Options{
		Adapter: api.NewAdapter(log, purser.SystemClock{}, newID), Engine: &scripted{}, Packages: shelf{}, Store: memory.New(),
		Platforms: purser.Platforms{"default": nil}, Callers: everybody{}, Log: log, NewID: newID, MaxBody: 1 << 20, DefaultScope: "default",
	}
	for _, f := range change {
		f(&o)
	}
	return api.New(api.Options{Adapter: o.Adapter, Dialects: []api.Dialect{New(o)}, Log: log, NewID: newID, MaxBody: o.MaxBody})
}

func post(s http.Handler, procedure, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, service+procedure, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const create = `{"name":"web","chartRef":"log"}`

// What goes wrong behind a call has the code of the table, and tells nothing of the server.
func TestFailures(t *testing.T) {
	cancelled := func(cause error) error {
		return purser.Errorf(purser.CodeUnavailable, "The request has ended: %w", cause)
	}
	rows := []struct {
		rule, procedure, body string
		err                   error
		status                int
		code, detail          string
	}{
		{"a fault", "CreateRelease", create, errors.New("secret of the server"), 500, "internal", "google.rpc.RequestInfo"},
		{"a coded fault", "CreateRelease", create, purser.Errorf(purser.CodeInternal, "secret of the server"), 500, "internal", "google.rpc.RequestInfo"},
		{"invalid", "CreateRelease", create, purser.Errorf(purser.CodeInvalid, "not so"), 400, "invalid_argument", ""},
		{"the name is taken", "CreateRelease", create, purser.Errorf(purser.CodeConflict, "taken"), 409, "already_exists", "google.rpc.ResourceInfo"},
		{"the name is being taken", "CreateRelease", create, purser.Errorf(purser.CodeBusy, "busy"), 409, "already_exists", "google.rpc.ResourceInfo"},
		{"the platform does not answer", "CreateRelease", create, purser.Errorf(purser.CodePlatform, "gone"), 503, "unavailable", "google.rpc.RetryInfo"},
		{"too large", "CreateRelease", create, purser.Errorf(purser.CodeTooLarge, "large"), 429, "resource_exhausted", ""},
		{"the package is gone meanwhile", "CreateRelease", create, purser.Errorf(purser.CodeNotFound, "gone"), 404, "not_found", ""},
		{"the server stops", "CreateRelease", create, purser.Errorf(purser.CodeUnavailable, "stops"), 503, "unavailable", "google.rpc.RetryInfo"},
		{"an error of a context that is not the call's", "CreateRelease", create, cancelled(context.Canceled), 503, "unavailable", "google.rpc.RetryInfo"},
		{"another change is under way", "UpdateRelease", create, purser.Errorf(purser.CodeBusy, "busy"), 409, "aborted", ""},
		{"no difference", "UpdateRelease", create, purser.Errorf(purser.CodeNoDifference, "same"), 400, "failed_precondition", ""},
		{"no such release", "UpdateRelease", create, purser.ErrReleaseNotFound("web"), 404, "not_found", "google.rpc.ResourceInfo"},
		{"a version that failed", "RollbackRelease", create, purser.Errorf(purser.CodeConflict, "failed"), 400, "failed_precondition", ""},
		{"no such release to roll back", "RollbackRelease", create, purser.ErrReleaseNotFound("web"), 404, "not_found", "google.rpc.ResourceInfo"},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			w := post(MustServer(t, func(o *Options) { o.Engine = &scripted{err: row.err} }), row.procedure, row.body)
			check(t, w, row.status, row.code, row.detail)
		})
	}
	t.Run("a panic", func(t *testing.T) {
		w := post(MustServer(t, func(o *Options) { o.Engine = &scripted{do: func(context.Context) { panic("secret of the server") }} }), "CreateRelease", create)
		check(t, w, 500, "internal", "google.rpc.RequestInfo")
	})
	t.Run("a panic before the call", func(t *testing.T) {
		check(t, post(MustServer(t, func(o *Options) { o.Callers = everybody{errPanic} }), "CreateRelease", create), 500, "internal", "")
	})
	t.Run("packages that cannot be looked for", func(t *testing.T) {
		check(t, post(MustServer(t, func(o *Options) { o.Packages = shelf{errors.New("secret of the server")} }), "CreateRelease", create), 500, "internal", "google.rpc.RequestInfo")
	})
	t.Run("forbidden", func(t *testing.T) {
		check(t, post(MustServer(t, func(o *Options) { o.Callers = everybody{purser.Errorf(purser.CodeForbidden, "no")} }), "CreateRelease", create), 403, "permission_denied", "")
	})
	t.Run("the time has run out", func(t *testing.T) {
		e := &scripted{do: func(ctx context.Context) { <-ctx.Done() }, err: cancelled(context.DeadlineExceeded)}
		check(t, post(MustServer(t, func(o *Options) { o.Engine = e }), "CreateRelease", create, "Connect-Timeout-Ms: 20"), 504, "deadline_exceeded", "")
	})
	t.Run("the end of the server", func(t *testing.T) {
		s := MustServer(t)
		s.Drain()
		check(t, post(s, "CreateRelease", create), 503, "unavailable", "")
		w := post(s, "CreateRelease", "", "Content-Type: application/grpc")
		if got := w.Result().Trailer.Get("Grpc-Status"); w.Code != 200 || got != "14" {
			t.Errorf("over gRPC: %d, %q, %v", w.Code, got, w.Header())
		}
		if w := post(s, "ListReleases", "", "Content-Type: application/grpc-web"); w.Code != 200 || w.Header().Get("Grpc-Status") != "14" {
			t.Errorf("over gRPC-Web: %d, %v", w.Code, w.Header())
		}
	})
}

func check(t *testing.T, w *httptest.ResponseRecorder, status int, code, detail string) {
	t.Helper()
	var e struct {
		Code    string
		Details []struct{ Type string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || w.Code != status || e.Code != code || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%v: %d %v %s", err, w.Code, w.Header(), w.Body)
	}
	if detail != "" && (len(e.Details) != 1 || e.Details[0].Type != detail) || detail == "" && len(e.Details) > 0 {
		t.Errorf("%s", w.Body)
	}
	if text := w.Body.String(); strings.Contains(text, "secret") || code == "internal" && !strings.Contains(text, "Error id: 0f3a9c00") {
		t.Errorf("%s", text)
	}
}

// What the engine is asked for.
func TestRequests(t *testing.T) {
	e := &scripted{made: purser.Release{Key: purser.ReleaseKey{Space: "scope/default/dev", Name: "web"}, Version: 7}}
	s := MustServer(t, func(o *Options) { o.Engine = e })
	post(s, "CreateRelease", `{"namespace":"dev","name":"web","chartRef":"local/log","valuesYaml":"a: 1","valuesMap":{"b":"2"}}`)
	install, ok := e.asks[0].(purser.InstallRequest)
	if !ok || install.Key != e.made.Key || install.Package != (purser.PackageIdentifier{Name: "log", Version: "1.0.0", Repository: "local"}) ||
		install.Platform != "default" || *install.Values != "a: 1\nb: 2\n" || install.RequestedBy != "ann" || !install.KeepFailed || install.Facts != `{"chartRef":"local/log:1.0.0"}` {
		t.Errorf("%+v", e.asks[0])
	}
	w := post(s, "CreateRelease", `{"name":"web","chartRef":"log","dryRun":true}`)
	if preview, ok := e.asks[1].(purser.InstallRequest); !ok || preview.PackageID != 1 || !strings.Contains(w.Body.String(), `"revision":1,`) {
		t.Errorf("%+v, %s", e.asks[1], w.Body)
	}
	post(s, "CreateRelease", `{"chartRef":"My_Log.Chart"}`)
	if named, ok := e.asks[2].(purser.InstallRequest); !ok || named.Key.Name != "my-log-chart-4e8a1d07" || named.Values != nil {
		t.Errorf("%+v", e.asks[2])
	}
	post(s, "UpdateRelease", `{"name":"web","chartRef":"log"}`)
	if up, ok := e.asks[3].(purser.UpgradeRequest); !ok || up.Key.Space != "scope/default/default" || up.Values != nil || up.Force || up.RequestedBy != "ann" {
		t.Errorf("%+v", e.asks[3])
	}
	e.made.Stage = purser.StageFailed
	check(t, post(s, "UpdateRelease", `{"name":"web","chartRef":"log"}`), 409, "aborted", "google.rpc.ErrorInfo")
	check(t, post(s, "RollbackRelease", `{"name":"web"}`), 409, "aborted", "google.rpc.ErrorInfo")
}

// Which releases are listed: of each key what counts, of this scope alone.
func TestList(t *testing.T) {
	store := memory.New()
	of := func(space, name string, version int, stage purser.Stage, trigger purser.Trigger) purser.Release {
		r := storetest.ReleaseOf(name, version, stage)
		r.Key.Space, r.Trigger, r.Facts = space, trigger, ""
		return r
	}
	const dev = "scope/default/dev"
	storetest.MustCreateReleases(t, store,
		of(dev, "up", 1, purser.StageSuperseded, purser.TriggerInstall), of(dev, "up", 2, purser.StageDeployed, purser.TriggerUpgrade),
		of(dev, "gone", 1, purser.StageDeleted, purser.TriggerInstall),
		of(dev, "failed", 1, purser.StageFailed, purser.TriggerInstall),
		of(dev, "kept", 1, purser.StageDeployed, purser.TriggerInstall), of(dev, "kept", 2, purser.StageFailed, purser.TriggerUpgrade),
		of(dev, "ended", 1, purser.StageDeleted, purser.TriggerInstall), of(dev, "ended", 2, purser.StageFailed, purser.TriggerUpgrade),
		of(dev, "again", 1, purser.StageDeleted, purser.TriggerInstall), of(dev, "again", 2, purser.StageFailed, purser.TriggerInstall),
		of(dev, "begun", 1, purser.StageDeploying, purser.TriggerInstall),
		of("scope/default/a", "other", 1, purser.StageDeployed, purser.TriggerInstall),
		of("scope/default/x/dev", "of a scope with a slash", 1, purser.StageDeployed, purser.TriggerInstall),
		of("scope/defaults/dev", "of another scope", 1, purser.StageDeployed, purser.TriggerInstall),
		of("", "of Skipper", 1, purser.StageDeployed, purser.TriggerInstall),
	)
	w := post(MustServer(t, func(o *Options) { o.Store = store }), "ListReleases", "{}")
	var list struct {
		Releases []struct {
			Namespace, Name string
			Revision        int
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	var got []string
	for _, r := range list.Releases {
		got = append(got, r.Namespace+"/"+r.Name)
	}
	if want := "a/other dev/again dev/begun dev/failed dev/kept dev/up"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}
