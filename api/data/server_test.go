package data_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"purser"
	"purser/api"
	"purser/api/data"
	"purser/repository/memory"
)

// platform is a deployer that is only looked at.
type platform struct {
	purser.Deployer
	info purser.PlatformInfo
}

func (p platform) Info() purser.PlatformInfo { return p.info }

// publisher stores metadata as the package life cycle does, as far as it matters here.
type publisher struct{ store purser.Store }

func (p publisher) PublishMetadata(ctx context.Context, m purser.PackageMetadata) (purser.PackageMetadata, error) {
	if m.APIVersion == "" || m.Kind == "" || m.Version == "" || m.RepositoryID == 0 {
		return m, purser.Errorf(purser.CodeInvalid, "Package metadata must have more")
	}
	err := p.store.Update(ctx, func(tx purser.Tx) error { return tx.CreatePackage(ctx, &m, nil) })
	return m, err
}

// server is a server of the resources over a store in memory.
type server struct {
	http.Handler
	store  *memory.Store
	filter *data.OptionFilter // nil: what the reference ships
}

// MustServer makes a server with one repository, local, and one account, default.
func MustServer(tb testing.TB) *server {
	tb.Helper()
	s := &server{store: memory.New()}
	tb.Cleanup(func() { _ = s.store.Close() })
	description := "Default local database backed repository"
	s.must(tb, func(tx purser.Tx) error {
		return tx.CreateRepository(tb.Context(), &purser.Repository{
			Name: "local", URL: "<self>", Local: true, Description: &description, Order: 1,
		})
	})
	return s.with(tb, s.store, purser.Platforms{"default": platform{info: localPlatform}})
}

var localPlatform = purser.PlatformInfo{
	Name: "default", Type: "local",
	Description: "ShutdownTimeout = [30], EnvVarsToInherit = [TMP,LANG,LANGUAGE,LC_.*,PATH,SPRING_APPLICATION_JSON], " +
		"JavaCmd = [java], WorkingDirectoriesRoot = [<dir>], DeleteFilesOnExit = [true]",
	Options: []purser.PlatformOption{
		{
			ID: "spring.cloud.deployer.local.java-opts", Name: "java-opts", Type: "java.lang.String",
			Description: "Options for the virtual machine. They go before the jar.", Default: "-Xmx64m",
		},
		{ID: "spring.cloud.deployer.local.maximum-concurrent-tasks", Name: "maximum-concurrent-tasks", Default: 20},
		{ID: "spring.cloud.deployer.local.env-vars-to-inherit", Name: "env-vars-to-inherit", Default: []string{"TMP", "LC_.*"}},
		{ID: "spring.cloud.deployer.local.port-range.low", Name: "low", Type: "java.lang.Integer", Default: 20000},
		{ID: "spring.cloud.deployer.local.odd", Name: "odd", Default: uint8(7)},
	},
}

// with makes a server of another view of the store and other platforms.
func (s *server) with(tb testing.TB, store data.Store, platforms purser.Platforms) *server {
	tb.Helper()
	ids, filter := 0, data.DefaultOptionFilter()
	if s.filter != nil {
		filter = *s.filter
	}
	adapter := api.NewAdapter(slog.New(slog.NewTextHandler(tb.Output(), nil)), purser.SystemClock{}, func() string { return "error-id" })
	handler := data.New(data.Options{
		Adapter: adapter, Store: store, Packages: publisher{s.store}, Platforms: platforms,
		Filter: filter,
		NewID: func() string {
			ids++
			return "01bb2216-44bc-4621-abd2-" + strconv.Itoa(100000000000+ids)
		},
	})
	return &server{store: s.store, Handler: api.New(api.Options{
		Adapter: adapter, Dialects: []api.Dialect{handler}, Log: slog.New(slog.DiscardHandler), NewID: func() string { return "request-id" },
	})}
}

// must writes to the store.
func (s *server) must(tb testing.TB, f func(tx purser.Tx) error) {
	tb.Helper()
	if err := s.store.Update(tb.Context(), f); err != nil {
		tb.Fatal(err)
	}
}

// MustPackage stores metadata and gives its id.
func (s *server) MustPackage(tb testing.TB, m purser.PackageMetadata) int64 {
	tb.Helper()
	if m.APIVersion == "" {
		m.APIVersion, m.Kind = "skipper.spring.io/v1", "SkipperPackageMetadata"
		m.RepositoryID, m.RepositoryName = 1, "local"
	}
	s.must(tb, func(tx purser.Tx) error { return tx.CreatePackage(tb.Context(), &m, []byte("zip")) })
	return m.ID
}

// do sends a request. Headers come in pairs; a body of nil is none.
func (s *server) do(tb testing.TB, method, target string, body []byte, headers ...string) *http.Response {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, bytes.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if method == http.MethodHead {
		w.Body.Reset() // as the connection would
	}
	return w.Result()
}

// get asks for JSON and decodes it; the status must be 200.
func (s *server) get(tb testing.TB, target string) map[string]any {
	tb.Helper()
	answer := s.do(tb, http.MethodGet, target, nil, "Accept", "application/json")
	if answer.StatusCode != http.StatusOK {
		tb.Fatalf("GET %s: %s %s", target, answer.Status, text(tb, answer))
	}
	return object(tb, answer)
}

func text(tb testing.TB, answer *http.Response) string {
	tb.Helper()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(all)
}

func object(tb testing.TB, answer *http.Response) map[string]any {
	tb.Helper()
	var o map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&o); err != nil {
		tb.Fatal(err)
	}
	return o
}

// at walks into decoded JSON by keys and indexes.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			o, _ := v.(map[string]any)
			v = o[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}
