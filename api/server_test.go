package api_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"purser"
	"purser/api"
	"purser/api/hal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type fixedClock struct{}

func (fixedClock) Now() time.Time { return time.Date(2026, 11, 22, 11, 29, 6, 491e6, time.UTC) }

func fixedID() string { return "id-1" }

// probe is a dialect of the tests: one route for each thing that a dialect can do.
type probe struct {
	adapter *api.Adapter
	release chan struct{} // /slow waits for it
	entered chan struct{}
}

func (p *probe) Register(r chi.Router) {
	a := p.adapter
	echo := a.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return a.HAL(w, r, http.StatusOK, hal.Members{{Key: "name", Value: chi.URLParam(r, "name")}, {Key: "self", Value: api.Self(r)}})
	})
	r.Get("/thing", echo)
	r.Get("/thing/list", echo)
	r.Post("/thing/list", echo)
	r.Delete("/thing/{name}", echo)
	r.Get("/thing/{name}/part", echo)
	r.Get("/plain", a.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return a.Plain(w, r, http.StatusOK, hal.Members{})
	}))
	r.Options("/own", a.Handle(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", "GET")
		return nil
	}))
	r.Get("/own", echo)
	r.Head("/own", a.Handle(func(w http.ResponseWriter, _ *http.Request) error {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}))
	r.Post("/body", a.Handle(func(w http.ResponseWriter, r *http.Request) error {
		o, err := api.DecodeObject(r)
		if err != nil {
			return err
		}
		text, number := o.Text("text"), o.Int("number")
		if err := api.Readable(o); err != nil {
			return err
		}
		value := any(nil)
		if number != nil {
			value = *number
		}
		return a.Plain(w, r, http.StatusOK, hal.Members{{Key: "text", Value: text}, {Key: "number", Value: value}})
	}))
	r.Get("/panic", a.Handle(func(http.ResponseWriter, *http.Request) error { panic("secret of the server") }))
	r.Get("/alone", func(http.ResponseWriter, *http.Request) { panic("secret of the server") })
	r.Get("/fault", a.Handle(func(http.ResponseWriter, *http.Request) error { return errors.New("secret of the server") }))
	r.Get("/half", a.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return a.Stream(w, r, func(_ context.Context, doc *hal.Writer) error {
			doc.BeginArray()
			doc.String(strings.Repeat("x", 100<<10))
			if err := doc.Flush(); err != nil {
				return err
			}
			return errors.New("half-way")
		})
	}))
	slow := a.Handle(func(w http.ResponseWriter, _ *http.Request) error {
		close(p.entered)
		<-p.release
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	r.Get("/slow", slow)
	r.Post("/slow", slow)
}

type setting func(*api.Options)

func mustServer(tb testing.TB, settings ...setting) (*api.Server, *probe) {
	tb.Helper()
	log := slog.New(slog.DiscardHandler)
	p := &probe{adapter: api.NewAdapter(log, fixedClock{}, fixedID), release: make(chan struct{}), entered: make(chan struct{})}
	o := api.Options{Adapter: p.adapter, Dialects: []api.Dialect{p}, Log: log, NewID: fixedID}
	for _, set := range settings {
		set(&o)
	}
	return api.New(o), p
}

// call sends a request whose path reaches the server as it is written here.
func call(s http.Handler, method, path, content string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:7577/", strings.NewReader(content))
	if content == "" {
		r = httptest.NewRequest(method, "http://localhost:7577/", nil)
	}
	raw, query, _ := strings.Cut(path, "?")
	r.RequestURI = path
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery = raw, "", query
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPathsAndMethods(t *testing.T) {
	s, _ := mustServer(t)
	for _, row := range []struct {
		rule, method, path string
		status             int
		allow, contains    string
	}{
		{"a path", "GET", "/thing", 200, "", `"self" : "http://localhost:7577/thing"`},
		{"a slash at the end, which self keeps", "GET", "/thing/", 200, "", `"http://localhost:7577/thing/"`},
		{"self keeps the query", "GET", "/thing?a=b%20c", 200, "", `/thing?a=b%20c"`},
		{"names are decoded", "DELETE", "/thing/big%20n%C3%A4me%25", 200, "", `"name" : "big näme%"`},
		{"parameters of segments do not count", "DELETE", "/thing/x;v=1", 200, "", `"name" : "x"`},
		{"an escaped semicolon does", "DELETE", "/thing/x%3Bv", 200, "", `"name" : "x;v"`},
		{"HEAD goes to GET", "HEAD", "/thing", 200, "", ""},
		{"HEAD goes to its own route", "HEAD", "/own", 204, "", ""},
		{"HEAD of nothing", "HEAD", "/nothing", 404, "", ""},
		{"unknown path", "GET", "/nothing", 404, "", `"message":"No message available"`},
		{"paths are exact in case", "GET", "/Thing", 404, "", ""},
		{"double slash", "GET", "/thing//part", 404, "", `"path":"/thing//part"`},
		{"double slash at the start", "GET", "//thing", 404, "", `"path":"//thing"`},
		{"double slash at the end", "GET", "/thing//", 404, "", ""},
		{"one dot", "GET", "/./thing", 404, "", ""},
		{"dots inside", "GET", "/thing/../thing", 404, "", `"path":"/thing/../thing"`},
		{"dots with escapes", "DELETE", "/thing/%2e%2E", 404, "", ""},
		{"dots that leave the root", "GET", "/../thing", 400, "", "leaves the root"},
		{"dots that leave the root later", "GET", "/thing/../../thing", 400, "", ""},
		{"names that begin with a dot", "DELETE", "/thing/.hidden", 200, "", `".hidden"`},
		{"an escaped slash", "DELETE", "/thing/a%2Fb", 400, "", ""},
		{"an escaped backslash", "DELETE", "/thing/a%5Cb", 400, "", ""},
		{"a zero byte", "DELETE", "/thing/a%00", 400, "", ""},
		{"a broken escape", "DELETE", "/thing/a%zz", 400, "", ""},
		{"half an escape", "DELETE", "/thing/a%2", 400, "", ""},
		{"escapes that are no UTF-8", "DELETE", "/thing/a%ff", 400, "", ""},
		{"the wrong method lists those of both routes", "PUT", "/thing/list", 405, "DELETE, GET, POST", `"Request method 'PUT' not supported"`},
		{"the wrong method of a named path", "GET", "/thing/x", 405, "DELETE", ""},
		{"an invented method", "FOO", "/thing", 405, "GET", `"Request method 'FOO' not supported"`},
		{"an invented method on an unknown path", "FOO", "/nothing", 404, "", ""},
		{"OPTIONS", "OPTIONS", "/thing/list", 200, "DELETE,GET,HEAD,OPTIONS,POST", ""},
		{"OPTIONS without GET", "OPTIONS", "/thing/x", 200, "DELETE,OPTIONS", ""},
		{"OPTIONS of an unknown path", "OPTIONS", "/nothing", 404, "", ""},
		{"OPTIONS of its own", "OPTIONS", "/own", 200, "GET", ""},
		{"another method where OPTIONS is of its own", "PUT", "/own", 404, "", "No message available"},
		{"the root leads on", "GET", "/", 302, "", ""},
		{"the root leads on from any method", "DELETE", "/", 302, "", ""},
		{"the root leads on from an invented method", "FOO", "/", 302, "", ""},
		{"OPTIONS of the root", "OPTIONS", "/", 200, "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			w := call(s, row.method, row.path, "", "Accept", "application/json")
			if w.Code != row.status {
				t.Errorf("status %d, want %d: %s", w.Code, row.status, w.Body)
			}
			if got := w.Header().Get("Allow"); got != row.allow {
				t.Errorf("Allow %q, want %q", got, row.allow)
			}
			if row.contains != "" && !strings.Contains(w.Body.String(), row.contains) {
				t.Errorf("%s is not in %s", row.contains, w.Body)
			}
			if w.Code == 302 && w.Header().Get("Location") != "http://localhost:7577/api" {
				t.Errorf("Location %q", w.Header().Get("Location"))
			}
			if w.Code/100 == 3 && w.Body.Len() > 0 || w.Header().Get("Server") != "" {
				t.Errorf("redirect with a body, or a Server header: %v %s", w.Header(), w.Body)
			}
		})
	}
}

func TestVaryLines(t *testing.T) {
	s, _ := mustServer(t)
	want := []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}
	if diff := cmp.Diff(want, call(s, "GET", "/nothing", "").Header()["Vary"]); diff != "" {
		t.Error(diff)
	}
	if got := call(s, "GET", "/thing", "").Header()["Vary"]; got != nil {
		t.Errorf("a known path has Vary lines: %v", got)
	}
}

func TestPreflightIsRefused(t *testing.T) {
	s, _ := mustServer(t)
	w := call(s, "OPTIONS", "/thing", "", "Origin", "http://other.example.org", "Access-Control-Request-Method", "GET")
	if w.Code != http.StatusForbidden || w.Body.String() != "Invalid CORS request" || w.Header().Get("Content-Type") != "" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := call(s, "OPTIONS", "/thing", "", "Origin", "http://other.example.org"); w.Code != http.StatusOK {
		t.Errorf("OPTIONS that is no preflight: %d", w.Code)
	}
	if w := call(s, "GET", "/thing", "", "Origin", "http://other.example.org"); w.Code != http.StatusOK || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("request from elsewhere: %d %v", w.Code, w.Header())
	}
}

func TestFaultsStayInside(t *testing.T) {
	s, _ := mustServer(t)
	for _, path := range []string{"/panic", "/fault", "/alone"} {
		w := call(s, "GET", path, "")
		want := `{"timestamp":"2026-11-22T11:29:06.491+00:00","status":500,"error":"Internal Server Error",` +
			`"exception":"org.springframework.cloud.skipper.SkipperException",` +
			`"message":"Internal error. The server's log has the details. Error id: id-1","path":"` + path + `"}`
		if w.Code != 500 || w.Body.String() != want {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestFaultIsLoggedWithItsID(t *testing.T) {
	var lines strings.Builder
	log := slog.New(slog.NewTextHandler(&lines, nil))
	adapter := api.NewAdapter(log, fixedClock{}, fixedID)
	s := api.New(api.Options{Adapter: adapter, Dialects: []api.Dialect{&probe{adapter: adapter}}, Log: log, NewID: fixedID})
	call(s, "GET", "/panic?password=hidden", "")
	for _, want := range []string{"error_id=id-1", "secret of the server", "server_test.go", "msg=request", "status=500", "path=/panic "} {
		if !strings.Contains(lines.String(), want) {
			t.Errorf("%q is not in the log:\n%s", want, lines.String())
		}
	}
	if strings.Contains(lines.String(), "hidden") {
		t.Errorf("the query is in the log:\n%s", lines.String())
	}
}

func TestHalfAnAnswerCutsTheConnection(t *testing.T) {
	s, _ := mustServer(t)
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want http.ErrAbortHandler", err)
		}
	}()
	call(s, "GET", "/half", "")
	t.Error("an answer that broke off looks whole")
}

// goneWriter is the connection of a caller who has gone.
type goneWriter struct{ header http.Header }

func (g goneWriter) Header() http.Header       { return g.header }
func (g goneWriter) WriteHeader(int)           {}
func (g goneWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestCallerWhoGoesIsNoFault(t *testing.T) {
	var lines strings.Builder
	log := slog.New(slog.NewTextHandler(&lines, nil))
	adapter := api.NewAdapter(log, fixedClock{}, fixedID)
	s := api.New(api.Options{Adapter: adapter, Dialects: []api.Dialect{&probe{adapter: adapter}}, Log: log, NewID: fixedID})
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want http.ErrAbortHandler", err)
		}
		if strings.Contains(lines.String(), "request failed") {
			t.Errorf("logged as a fault:\n%s", lines.String())
		}
	}()
	s.ServeHTTP(goneWriter{http.Header{}}, httptest.NewRequest(http.MethodGet, "/half", nil))
}

func TestBodyLimit(t *testing.T) {
	s, _ := mustServer(t, func(o *api.Options) { o.MaxBody = 20 })
	w := call(s, "POST", "/body", `{"text":"`+strings.Repeat("x", 50)+`"}`, "Content-Type", "application/json")
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), `"error":"Payload Too Large"`) ||
		!strings.Contains(w.Body.String(), "20 bytes") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestDraining(t *testing.T) {
	s, _ := mustServer(t)
	s.Drain()
	w := call(s, "POST", "/body", "{}", "Content-Type", "application/json")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "5" ||
		!strings.Contains(w.Body.String(), `"message":"The server is shutting down."`) {
		t.Errorf("write: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := call(s, "GET", "/thing", ""); w.Code != http.StatusOK {
		t.Errorf("read: %d", w.Code)
	}
}

func TestForwardedHeaders(t *testing.T) {
	all := []string{
		"X-Forwarded-Host", "skipper.example.org", "X-Forwarded-Proto", "https", "X-Forwarded-Port", "8443", "X-Forwarded-Prefix", "/front",
	}
	for _, row := range []struct {
		rule     string
		strategy api.ForwardStrategy
		header   []string
		remote   string
		want     string
	}{
		{"they do not count by default", "", all, "", "http://localhost:7577"},
		{"nor with none", api.ForwardNone, all, "", "http://localhost:7577"},
		{"framework takes all", api.ForwardFramework, all, "", "https://skipper.example.org:8443/front"},
		{"framework drops standard ports", api.ForwardFramework, []string{"X-Forwarded-Host", "a.b:443", "X-Forwarded-Proto", "https"}, "", "https://a.b"},
		{"framework takes the first entry", api.ForwardFramework, []string{"X-Forwarded-Host", "a.b, c.d"}, "", "http://a.b"},
		{
			"framework takes Forwarded before the others", api.ForwardFramework,
			append([]string{"Forwarded", `for=1.2.3.4;proto=https;host="x.y:9", host=z`}, all...), "", "https://x.y:9/front",
		},
		{"X-Forwarded-Ssl alone leaves our port out", api.ForwardFramework, []string{"X-Forwarded-Ssl", "on"}, "", "https://localhost"},
		{"prefixes of several proxies", api.ForwardFramework, []string{"X-Forwarded-Prefix", "/a/, /b"}, "", "http://localhost:7577/a/b"},
		{"a prefix that is a host", api.ForwardFramework, []string{"X-Forwarded-Prefix", "//a.b"}, "", "http://localhost:7577"},
		{"framework takes X-Forwarded-Ssl", api.ForwardFramework, []string{"X-Forwarded-Ssl", "on", "X-Forwarded-Host", "a.b"}, "", "https://a.b"},
		{"hosts that are none do not count", api.ForwardFramework, []string{"X-Forwarded-Host", `a/b"`}, "", "http://localhost:7577"},
		{"schemes that are none do not count", api.ForwardFramework, []string{"X-Forwarded-Proto", "javascript"}, "", "http://localhost:7577"},
		{"a scheme alone means its standard port", api.ForwardFramework, []string{"X-Forwarded-Proto", "https"}, "", "https://localhost"},
		{"native takes no prefix", api.ForwardNative, all, "10.1.2.3:4", "https://skipper.example.org:8443"},
		{"native takes them from private addresses only", api.ForwardNative, all, "8.8.8.8:4", "http://localhost:7577"},
		{"a Host without a port", "", []string{"Host", "skipper.example.org"}, "", "http://skipper.example.org"},
		{"the standard port of a Host", "", []string{"Host", "skipper.example.org:80"}, "", "http://skipper.example.org"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s, _ := mustServer(t, func(o *api.Options) { o.Forward = row.strategy })
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if row.remote != "" {
					r.RemoteAddr = row.remote
				}
				s.ServeHTTP(w, r)
			})
			if got := call(handler, "GET", "/", "", row.header...).Header().Get("Location"); got != row.want+"/api" {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestPortOfADeadServerIsAwaited(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(30*time.Millisecond, func() { _ = taken.Close() })
	listener, err := api.Listen(t.Context(), taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
}

func TestTakenPortFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := api.Listen(t.Context(), taken.Addr().String()); err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("got %v, want an error that names the address", err)
	}
}

// mustServe lets a server answer on a free port; served gives what Serve returns, after the test has shut it down.
func mustServe(t *testing.T, s *api.Server) (client *http.Client, base string, served <-chan error) {
	t.Helper()
	listener := mustListen(t)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	client = &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	return client, "http://" + listener.Addr().String(), ended
}

func TestShutdownWaitsForRequestsUnderWay(t *testing.T) {
	s, p := mustServer(t)
	client, base, served := mustServe(t, s)
	answers := make(chan error, 1)
	go func() {
		answer, err := client.Get(base + "/slow")
		if err == nil {
			_, err = io.Copy(io.Discard, answer.Body)
			err = errors.Join(err, answer.Body.Close())
		}
		answers <- err
	}()
	<-p.entered
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	select {
	case err := <-stopped:
		t.Errorf("Shutdown came back before the request did: %v", err)
	default:
	}
	close(p.release)
	if err := <-answers; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

func TestShutdownAnswersWhileWritesAreUnderWay(t *testing.T) {
	s, p := mustServer(t)
	client, base, served := mustServe(t, s)
	send := func(method, path string) int {
		r, err := http.NewRequest(method, base+path, nil)
		if err != nil {
			t.Error(err)
			return 0
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	before := make(chan int, 1)
	go func() { before <- send(http.MethodPost, "/slow") }()
	<-p.entered
	s.Drain()
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	if code := send(http.MethodPost, "/body"); code != http.StatusServiceUnavailable {
		t.Errorf("a write after the order: %d", code)
	}
	if code := send(http.MethodGet, "/thing"); code != http.StatusOK {
		t.Errorf("a read after the order: %d", code)
	}
	close(p.release)
	if code := <-before; code != http.StatusNoContent {
		t.Errorf("the write under way: %d", code)
	}
	if err := errors.Join(<-stopped, <-served); err != nil {
		t.Error(err)
	}
}

func TestShutdownGivesUpWithItsContext(t *testing.T) {
	s, p := mustServer(t)
	client, base, served := mustServe(t, s)
	answers := make(chan error, 1)
	go func() {
		answer, err := client.Get(base + "/slow")
		if err == nil {
			_ = answer.Body.Close()
		}
		answers <- err
	}()
	<-p.entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-answers; err == nil {
		t.Error("the request under way was answered")
	}
	close(p.release)
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

var _ purser.Clock = fixedClock{}
