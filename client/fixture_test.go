package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser/client"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// row is one answer of a server of tests.
type row struct {
	status int    // 0: 200
	kind   string // "": application/hal+json
	header map[string]string
	body   string // <base> is the server's address
}

// file is an answer that was recorded from Skipper 2.11.5.
func file(tb testing.TB, name string) row {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "skipper", name))
	if err != nil {
		tb.Fatal(err)
	}
	return row{body: string(text)}
}

// indexes are the answers that lead to everything else.
func indexes(tb testing.TB) map[string]row {
	tb.Helper()
	search := func(name string) row {
		return row{status: http.StatusNoContent, header: map[string]string{
			"Link": `<<base>/api/` + name + `>;rel="self",<<base>/api/profile/` + name + `>;rel="profile",<<base>/api/` + name + `/search>;rel="search"`,
		}}
	}
	return map[string]row{
		"GET /api":                         file(tb, "index.json"),
		"GET /api/package":                 file(tb, "package_index.json"),
		"GET /api/release":                 file(tb, "release_index.json"),
		"HEAD /api/packageMetadata":        search("packageMetadata"),
		"HEAD /api/releases":               search("releases"),
		"GET /api/packageMetadata/search":  file(tb, "package_search.json"),
		"GET /api/releases/search":         file(tb, "release_search.json"),
		"GET /api/about":                   file(tb, "about.json"),
		"GET /api/release/status/nobody":   refusal(404, "ReleaseNotFoundException", `"releaseName":"nobody"`),
		"GET /api/release/status/nobody/3": refusal(404, "ReleaseNotFoundException", `"releaseName":"nobody","version":3`),
	}
}

// refusal is an answer of one of Skipper's exceptions.
func refusal(status int, class, more string) row {
	if more != "" {
		more = "," + more
	}
	return row{status: status, kind: "application/json", body: fmt.Sprintf(
		`{"timestamp":"2018-01-25T17:06:20.043+00:00","status":%d,"exception":"org.springframework.cloud.skipper.%s","message":"why"%s}`,
		status, class, more)}
}

// server answers what it was told to, and remembers what it was asked.
type server struct {
	*httptest.Server
	tb   testing.TB
	mu   sync.Mutex
	rows map[string]row
	seen []*http.Request
	sent []string // bodies, one for each of seen
}

// MustServer starts a server with these answers by method and request URI.
func MustServer(tb testing.TB, rows ...map[string]row) *server {
	tb.Helper()
	s := &server{tb: tb, rows: map[string]row{}}
	for _, some := range rows {
		for at, r := range some {
			s.rows[at] = r
		}
	}
	s.Server = httptest.NewServer(s)
	tb.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	at := r.Method + " " + r.URL.RequestURI()
	s.mu.Lock()
	s.seen, s.sent = append(s.seen, r), append(s.sent, string(body))
	answer, ok := s.rows[at]
	s.mu.Unlock()
	if !ok {
		s.tb.Errorf("nobody expects %s", at)
		w.WriteHeader(http.StatusNotFound)
		return
	}
	fill := strings.NewReplacer("<base>", s.URL)
	for name, value := range answer.header {
		w.Header().Set(name, fill.Replace(value))
	}
	if answer.body != "" {
		kind := answer.kind
		if kind == "" {
			kind = "application/hal+json"
		}
		w.Header().Set("Content-Type", kind)
	}
	if answer.status != 0 {
		w.WriteHeader(answer.status)
	}
	_, _ = io.WriteString(w, fill.Replace(answer.body))
}

// set changes an answer.
func (s *server) set(at string, r row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[at] = r
}

// asked lists what the server was asked, by method and request URI.
func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, r := range s.seen {
		all = append(all, r.Method+" "+r.RequestURI)
	}
	return all
}

// last gives the last request of a method with its body.
func (s *server) last(tb testing.TB, method string) (*http.Request, string) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range slices.Backward(s.seen) {
		if r.Method == method {
			return r, s.sent[i]
		}
	}
	tb.Fatalf("no %s was sent", method)
	return nil, ""
}

// quick retries without delay that anybody would notice.
var quick = client.Retry{First: time.Millisecond, Most: 2 * time.Millisecond}

// MustClient makes a client of the API of a server.
func MustClient(tb testing.TB, base string, o client.Options) *client.Client {
	tb.Helper()
	if o.Retry == (client.Retry{}) {
		o.Retry = quick
	}
	c, err := client.New(base, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// short is a context that ends long after any test should have.
func short(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 20*time.Second)
	tb.Cleanup(cancel)
	return ctx
}
