package browse_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/browse"
)

// site is the pages in front of an API that answers from a table and remembers what it was asked.
type site struct {
	tb      testing.TB
	server  *api.Server
	answers map[string]string // by method and path: a document, or a status and a document

	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, path, query, body string
	header                    http.Header
}

func MustServe(tb testing.TB, answers map[string]string) *site {
	tb.Helper()
	s := &site{tb: tb, answers: answers}
	adapter := api.NewAdapter(slog.New(slog.DiscardHandler), purser.SystemClock{}, func() string { return "id" })
	b := browse.New(browse.Options{Adapter: adapter, Version: "test"})
	s.server = api.New(api.Options{
		Adapter: adapter, Dialects: []api.Dialect{b, s}, Pages: b.Wrap,
		Log: slog.New(slog.DiscardHandler), NewID: func() string { return "id" }, MaxBody: 1 << 20,
		Forward: api.ForwardFramework,
	})
	return s
}

// Register implements api.Dialect.
func (s *site) Register(r chi.Router) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		r.Method(method, "/api", http.HandlerFunc(s.answer))
		r.Method(method, "/api/*", http.HandlerFunc(s.answer))
	}
}

func (s *site) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.asked = append(s.asked, asked{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
	s.mu.Unlock()
	text, ok := s.answers[r.Method+" "+r.URL.Path]
	status := http.StatusOK
	switch {
	case !ok:
		status, text = http.StatusNotFound, `{"status":404,"error":"Not Found","message":"No message available"}`
	case strings.HasPrefix(text, "409 "):
		status, text = http.StatusConflict, text[4:]
	case strings.HasPrefix(text, "event: "):
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(status)
		for { // until whoever asked is gone
			if _, err := io.WriteString(w, text); err != nil || r.Context().Err() != nil {
				return
			}
		}
	}
	w.Header().Set("Content-Type", "application/hal+json")
	w.Header().Set("X-Seen", r.Header.Get("Accept"))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// changes lists what was asked for that changes something.
func (s *site) changes() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []asked
	for _, a := range s.asked {
		if a.method != http.MethodGet && !strings.Contains(a.path, "/preview/") {
			all = append(all, a)
		}
	}
	return all
}

// firefox is what a browser sends when a person goes to a page.
var firefox = map[string]string{
	"Accept":     "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
}

func (s *site) do(method, target string, header map[string]string, body string) *http.Response {
	s.tb.Helper()
	r := httptest.NewRequest(method, "http://purser.example"+target, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w.Result()
}

func (s *site) open(target string) (*http.Response, string) {
	s.tb.Helper()
	r := s.do(http.MethodGet, target, firefox, "")
	return r, mustRead(s.tb, r)
}

func mustRead(tb testing.TB, r *http.Response) string {
	tb.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// form opens the page of a form and gives its token and the browser's cookie.
func (s *site) form(target string) (token, cookie string) {
	s.tb.Helper()
	r, text := s.open(target)
	for _, c := range r.Cookies() {
		cookie = c.Name + "=" + c.Value
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
			s.tb.Errorf("the cookie is %+v", c)
		}
	}
	_, rest, ok := strings.Cut(text, `name="token" value="`)
	if !ok || cookie == "" {
		s.tb.Fatalf("no form in %s (%s)", text, cookie)
	}
	token, _, _ = strings.Cut(rest, `"`)
	return token, cookie
}

// send sends a form as the browser would that has opened it.
func (s *site) send(target string, fields map[string]string) (*http.Response, string) {
	s.tb.Helper()
	token, cookie := s.form(target)
	values := url.Values{"token": {token}}
	for name, value := range fields {
		values.Set(name, value)
	}
	header := map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": "http://purser.example",
		"Accept": firefox["Accept"], "User-Agent": firefox["User-Agent"],
	}
	r := s.do(http.MethodPost, target, header, values.Encode())
	return r, mustRead(s.tb, r)
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// world is the documents of a server with one of everything, each text of which holds this one.
func world(evil string) map[string]string {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC).Format("2006-01-02T15:04:05.000-07:00")
	href := func(path string) any { return map[string]any{"href": "http://purser.example" + path} }
	metadata := map[string]any{
		"apiVersion": evil, "origin": evil, "repositoryId": 1, "repositoryName": evil, "kind": evil, "name": "p" + evil, "displayName": evil,
		"version": "1.0.0" + evil, "packageSourceUrl": "javascript:" + evil, "packageHomeUrl": "https://example.org/" + evil, "tags": evil + "," + evil,
		"maintainer": evil, "description": evil, "sha256": evil, "iconUrl": evil,
		"_links": map[string]any{"self": href("/api/packageMetadata/1"), evil: href("/api/" + evil)},
	}
	platform := text([]any{map[string]any{"deploymentId": "d" + evil, "state": "deployed", "instances": map[string]any{
		"i" + evil: map[string]any{"id": "i" + evil, "state": evil, "attributes": map[string]any{"url": "javascript:" + evil, "skipper.application.name": "a" + evil, evil: evil}},
	}}})
	info := map[string]any{"status": map[string]any{"statusCode": "DEPLOYED", "platformStatus": platform}, "firstDeployed": at, "lastDeployed": at, "deleted": nil, "description": evil}
	version := func(n int) any {
		return map[string]any{
			"name": "r", "version": n, "info": info, "pkg": map[string]any{"metadata": metadata}, "configValues": map[string]any{"raw": "a: " + evil},
			"manifest": map[string]any{"data": evil}, "platformName": evil, "_links": map[string]any{"self": href("/api/releases/1")},
		}
	}
	list := func(name string, elements ...any) string {
		return text(map[string]any{"_embedded": map[string]any{name: elements}, "page": map[string]any{"size": 20, "totalElements": 1, "totalPages": 1, "number": 0}})
	}
	difference := map[string]any{"empty": false, "applications": []any{map[string]any{"name": evil, "change": "changed", "properties": []any{map[string]any{"section": evil, "name": evil, "old": evil, "new": evil}}}}}
	preview := text(map[string]any{
		"name": evil, "version": 2, "platformName": evil, "packageName": evil, "packageVersion": evil, "manifest": evil, "values": evil,
		"applications": []any{map[string]any{"name": evil, "action": evil, "deploymentId": evil}}, "difference": difference,
	})
	operation := map[string]any{
		"id": 1, "name": "r", "kind": "upgrade", "rollback": false, "phase": "wait", "outcome": nil, "from": 1, "to": 2, "startedAt": at,
		"finishedAt": nil, "deadline": at, "cancelRequested": false, "requestedBy": evil, "message": evil,
	}
	content := map[string]any{"values": evil, "readme": evil, "templates": []any{map[string]any{"name": evil, "text": evil}}, "dependencies": []any{map[string]any{"name": evil, "version": evil, "values": evil, "templates": []any{}, "dependencies": []any{}}}}
	for name, value := range metadata {
		content[name] = value
	}
	var index any = map[string]any{"_links": map[string]any{"release": href("/api/release"), evil: href("/api/x{?" + evil + "}")}}
	return map[string]string{
		"GET /api":                                   text(index),
		"GET /api/about":                             text(map[string]any{evil: evil}),
		"GET /api/packageMetadata":                   list("packageMetadata", metadata),
		"GET /api/packageMetadata/1":                 text(metadata),
		"GET /api/packageMetadata/search/findByName": list("packageMetadata", metadata),
		"GET /api/purser/packages/1":                 text(content),
		"GET /api/release/list":                      list("releases", version(2)),
		"GET /api/releases":                          list("releases", version(2), version(1)),
		"GET /api/releases/1":                        text(version(1)),
		"GET /api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc": list("releases", version(2), version(1)),
		"GET /api/release/status/r":             text(info),
		"GET /api/release/status/r/1":           text(info),
		"GET /api/release/manifest/r":           text(map[string]any{"data": evil}),
		"GET /api/release/logs/r":               text(map[string]any{"logs": map[string]any{evil: evil}}),
		"GET /api/purser/releases/r/difference": text(map[string]any{"name": "r", "from": 1, "to": 2, "difference": difference}),
		"GET /api/purser/releases/r/logs":       text(map[string]any{"name": "r", "version": 2, "logs": []any{map[string]any{"application": evil, "deploymentId": evil, "instance": evil, "stream": evil, "text": evil}}}),
		"GET /api/purser/operations":            list("operations", operation),
		"GET /api/deployers":                    list("deployers", map[string]any{"name": evil, "type": evil, "description": evil, "options": []any{}}),
		"GET /api/deployers/d":                  text(map[string]any{"name": evil, "type": evil, "description": evil, "options": []any{map[string]any{"id": evil, "name": evil, "type": evil, "description": evil, "defaultValue": evil}}}),
		"GET /api/repositories":                 list("repositories", map[string]any{"name": evil, "url": "javascript:" + evil, "local": false, "description": evil, "repoOrder": 1}, map[string]any{"name": "local", "local": true}),
		"GET /api/events":                       "event: x\ndata: " + evil + "\n\n",
		"GET /api/refused":                      "409 " + text(map[string]any{"status": 409, "error": evil, "exception": evil, "message": evil, "path": evil}),
		"POST /api/purser/preview/install":      preview,
		"POST /api/purser/preview/upgrade":      preview,
		"POST /api/purser/preview/rollback":     preview,
		"POST /api/package/install":             text(version(1)),
		"POST /api/package/upload":              text(metadata),
		"POST /api/release/upgrade":             text(version(2)),
		"POST /api/release/rollback":            text(version(2)),
		"POST /api/release/scale/r":             text(version(2)),
		"POST /api/release/cancel":              `{"accepted":true}`,
		"DELETE /api/release/r":                 text(version(2)),
		"DELETE /api/release/r/package":         text(version(2)),
	}
}

// pages are the paths of world that have a page.
var pages = []string{
	"/api", "/api/about", "/api/packageMetadata", "/api/packageMetadata/1", "/api/packageMetadata/search/findByName?name=x", "/api/purser/packages/1",
	"/api/release/list", "/api/releases", "/api/releases/1", "/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=r",
	"/api/release/status/r", "/api/release/status/r/1", "/api/release/manifest/r", "/api/release/logs/r", "/api/purser/releases/r/difference",
	"/api/purser/releases/r/logs", "/api/purser/operations", "/api/deployers", "/api/deployers/d", "/api/repositories", "/api/events",
	"/explorer", "/explorer?path=/api/about", "/api/docs", "/browse/upload", "/browse/install/1", "/browse/package/p/delete",
	"/browse/release/r/upgrade", "/browse/release/r/rollback", "/browse/release/r/scale", "/browse/release/r/cancel", "/browse/release/r/delete",
}
