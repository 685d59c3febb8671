package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api/apps"
	"purser/api/openapi/openapitest"
	"purser/repository/storetest"
)

// mustOpen opens a server that has a repository, a package and a release, each with the id 1.
func mustOpen(t *testing.T) *server {
	t.Helper()
	c, err := load(process{}, []string{
		"--server.port=0", "--server.address=127.0.0.1", "--purser.data-dir=" + t.TempDir(), "--purser.store.synchronous=off",
	}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	s, err := openServer(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	storetest.MustUpdate(t, s.store, func(ctx context.Context, tx purser.Tx) error {
		m := purser.PackageMetadata{
			APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "demo", Version: "1.0.0",
			RepositoryID: 1, RepositoryName: "local",
		}
		if err := tx.CreatePackage(ctx, &m, nil); err != nil {
			return err
		}
		r := storetest.ReleaseOf("demo", 1, purser.StageDeployed)
		return tx.CreateRelease(ctx, &r)
	})
	return s
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// example fills the placeholders of a path, or of a route, with what exists.
func example(path string) string {
	return placeholder.ReplaceAllString(strings.Replace(path, "*", "{group}", 1), "1")
}

// anonymous makes routes and paths comparable: what a placeholder is called does not count.
func anonymous(path string) string {
	return placeholder.ReplaceAllString(strings.Replace(path, "*", "{}", 1), "{}")
}

// route is one method of one route of the server.
type route struct{ method, pattern string }

func routesOf(t *testing.T, s *server) map[route]bool {
	t.Helper()
	routes := map[route]bool{}
	err := chi.Walk(s.http.Routes(), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes[route{method, pattern}] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

// shapesOfRefusals are the schemas of the answers to unknown paths and methods, by the path of the document.
var shapesOfRefusals = map[string][]string{apps.PathOfDocument: {"Detail"}}

// documents are those of all dialects, the main one first.
func documents(t *testing.T, s *server) []*openapitest.Document {
	t.Helper()
	list := []*openapitest.Document{openapitest.MustLoad(t)}
	_, further := s.furtherDialects(nil)
	for _, d := range further {
		list = append(list, openapitest.MustRead(t, d, shapesOfRefusals[d.Path]...))
	}
	return list
}

func operations(t *testing.T, s *server) (list []openapitest.Operation) {
	t.Helper()
	for _, d := range documents(t, s) {
		list = append(list, d.Operations()...)
	}
	return list
}

func TestFurtherDocumentsAreDescribed(t *testing.T) {
	s := mustOpen(t)
	for _, d := range documents(t, s)[1:] {
		if !d.IsOpenAPI31OrLater() {
			t.Errorf("the version of %s is %s", d.Info.Title, d.OpenAPI)
		}
		openapitest.CheckDescriptions(t, d)
	}
	_, further := s.furtherDialects(nil)
	for _, d := range further {
		openapitest.CheckComponents(t, d)
	}
}

// Each path of a document is served by a route of the same form.
func TestNoPathWithoutARoute(t *testing.T) {
	s := mustOpen(t)
	for _, o := range operations(t, s) {
		pattern, ok := served(s, o)
		switch {
		case !ok:
			t.Errorf("nothing serves %s %s", o.Method, o.Path)
		case strings.HasSuffix(pattern, "/search/{search}") && strings.Contains(o.Path, "/search/"):
			// One route for all searches: TestSearchesAreInTheDocument sees to it that there is this one.
		case anonymous(pattern) != anonymous(o.Path):
			t.Errorf("%s %s is served by %s", o.Method, o.Path, pattern)
		}
	}
}

// served finds the route of an operation.
func served(s *server, o openapitest.Operation) (pattern string, ok bool) {
	c := chi.NewRouteContext()
	if !s.http.Routes().Match(c, o.Method, example(o.Path)) {
		return "", false
	}
	return c.RoutePattern(), true
}

// onlyRefuses lists the routes of stored resources that answer with a refusal, whatever is sent: by what stands behind the
// resource, the methods.
var onlyRefuses = map[string]string{
	"":                             "POST",
	"/{id}":                        "PUT PATCH DELETE",
	"/search/{search}":             "POST PUT PATCH DELETE",
	"/{id}/{property}":             "GET HEAD POST PUT PATCH DELETE",
	"/{id}/{property}/{reference}": "GET HEAD DELETE",
}

var resourceRoute = regexp.MustCompile(`^/api/(?:releases|packageMetadata|repositories|deployers)(.*)$`)

// isPage fits the routes of the pages for people. They are no API: what they show and do goes through the API's own paths,
// which are in the document.
var isPage = regexp.MustCompile(`^/(?:browse(?:/.*)?|explorer|api/docs)$`)

// Each route of the server is in a document, unless all it does is refuse or it is a page; OPTIONS is described once for
// all, and so is what the root answers to other methods than GET.
func TestNoRouteWithoutAPath(t *testing.T) {
	s := mustOpen(t)
	documented := map[route]bool{}
	for _, o := range operations(t, s) {
		if pattern, ok := served(s, o); ok {
			documented[route{o.Method, pattern}] = true
		}
	}
	refusing := 0
	for r := range routesOf(t, s) {
		if documented[r] || r.method == http.MethodOptions || r.pattern == "/" || isPage.MatchString(r.pattern) {
			continue
		}
		rest := resourceRoute.FindStringSubmatch(r.pattern)
		if rest == nil || !slices.Contains(strings.Fields(onlyRefuses[rest[1]]), r.method) {
			t.Errorf("%s %s is not in the document", r.method, r.pattern)
			continue
		}
		refusing++
		status := ask(s, r.method, example(r.pattern)).Code
		changes := r.method == http.MethodPut || r.method == http.MethodPatch // of what never changes: 409 for metadata
		if status != http.StatusNotFound && status != http.StatusMethodNotAllowed && (status != http.StatusConflict || !changes) {
			t.Errorf("%s %s is not in the document, and answers %d", r.method, r.pattern, status)
		}
	}
	if !documented[route{http.MethodGet, "/"}] || len(documented) < 60 || refusing == 0 {
		t.Errorf("%d routes are in the document, %d only refuse", len(documented), refusing)
	}
}

// The searches that a resource shows are the ones of the document.
func TestSearchesAreInTheDocument(t *testing.T) {
	s := mustOpen(t)
	d := openapitest.MustLoad(t)
	for _, resource := range []string{"releases", "packageMetadata", "repositories", "deployers"} {
		index := "/api/" + resource + "/search"
		shown := regexp.MustCompile(index+`/(\w+)`).FindAllStringSubmatch(ask(s, http.MethodGet, index).Body.String(), -1)
		var want, got []string
		for _, found := range shown {
			want = append(want, found[1])
		}
		for _, o := range d.Operations() {
			if name, ok := strings.CutPrefix(o.Path, index+"/"); ok && o.Method == http.MethodGet {
				got = append(got, name)
			}
		}
		slices.Sort(want)
		if len(want) == 0 || !slices.Equal(want, got) {
			t.Errorf("%s: the server shows %q, the document has %q", resource, want, got)
		}
	}
}

// ask sends a request to the server in this process.
func ask(s *server, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	return w
}
