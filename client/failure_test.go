package client_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/client"
)

func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// Each refusal has the type of its exception, and what is shown to people is what Skipper's client shows.
func TestRefusals(t *testing.T) {
	const at = "GET /api/release/status/hello"
	plain := func(status int, kind, body string) row { return row{status: status, kind: kind, body: body} }
	for _, c := range []struct {
		rule   string
		answer row
		is     func(error) bool
		text   string
	}{
		{"no such release", refusal(404, "ReleaseNotFoundException", `"releaseName":"hello"`), isType[*client.ReleaseNotFoundError], "Release with the name [hello] doesn't exist"},
		{"a package in use", refusal(409, "PackageDeleteException", ""), isType[*client.PackageDeleteError], "why"},
		{"nothing to upgrade", refusal(409, "ReleaseUpgradeException", ""), isType[*client.ReleaseUpgradeError], "why"},
		{"anything else of Skipper", refusal(409, "SkipperException", ""), isType[*client.SkipperError], "why"},
		{"without a release name it is any 404", refusal(404, "ReleaseNotFoundException", ""), isType[*client.HTTPError], "404 Not Found: why"},
		{"another exception", plain(400, "application/json", `{"exception":"java.lang.X","message":"Bad"}`), isType[*client.HTTPError], "400 Bad Request: Bad"},
		{"a cause", plain(500, "application/json", `{"cause":{"cause":null,"message":"inner"},"message":"outer"}`), isType[*client.HTTPError], "500 Internal Server Error: outer"},
		{"no message", plain(409, "application/json", `{"exception":"org.springframework.cloud.skipper.SkipperException"}`), isType[*client.SkipperError], `409 Conflict: {"exception":"org.springframework.cloud.skipper.SkipperException"}`},
		{"no body", plain(400, "", ""), isType[*client.HTTPError], "400 Bad Request: [no body]"},
		{"a page of a proxy", plain(502, "text/html", "<html>\n <b>down</b>\n"), isType[*client.HTTPError], "502 Bad Gateway: <html> <b>down</b>"},
		{"a long body", plain(500, "text/plain", strings.Repeat("é", 500)), isType[*client.HTTPError], "500 Internal Server Error: " + strings.Repeat("é", 200) + "..."},
		{"a status without a name", plain(599, "", ""), isType[*client.HTTPError], "599: [no body]"},
		{"wrong credentials", plain(401, "", ""), func(err error) bool { return errors.Is(err, client.ErrUnauthorized) }, "401 Unauthorized: [no body]"},
		{"no JSON", plain(200, "text/html", "<html>"), isType[*client.DecodeError], "the answer to " + "GET <base>/api/release/status/hello cannot be read: it is text/html, not JSON"},
		{"no type", plain(200, "-", "{}"), isType[*client.DecodeError], "the answer to GET <base>/api/release/status/hello cannot be read: it is -, not JSON"},
		{"broken JSON", plain(200, "", "{"), isType[*client.DecodeError], "the answer to GET <base>/api/release/status/hello cannot be read: unexpected end of JSON input"},
		{"an empty answer", plain(200, "", ""), isType[*client.DecodeError], "the answer to GET <base>/api/release/status/hello cannot be read: it is empty"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := MustServer(t, indexes(t), map[string]row{at: c.answer})
			_, err := MustClient(t, s.URL+"/api", client.Options{}).Status(short(t), "hello", 0)
			if !c.is(err) {
				t.Errorf("it is a %T: %v", err, err)
			}
			if got := strings.ReplaceAll(err.Error(), s.URL, "<base>"); got != c.text {
				t.Errorf("the text is %q, want %q", got, c.text)
			}
			if c.answer.status >= 400 && !isType[*client.HTTPError](err) {
				t.Error("the answer itself is lost")
			}
		})
	}
}

func TestNotFoundNamesTheVersion(t *testing.T) {
	s := MustServer(t, indexes(t))
	_, err := MustClient(t, s.URL+"/api", client.Options{}).Status(short(t), "nobody", 3)
	e, ok := errors.AsType[*client.ReleaseNotFoundError](err)
	if !ok || e.Name != "nobody" || e.Version != 3 || e.Message != "why" || e.HTTP.Status != http.StatusNotFound {
		t.Errorf("%#v", err)
	}
}

// Names that would make another address never leave the client.
func TestImpossibleNames(t *testing.T) {
	s := MustServer(t, indexes(t))
	c := MustClient(t, s.URL+"/api", client.Options{})
	for _, name := range []string{"", ".", "..", "a\x00"} {
		if _, err := c.Delete(short(t), name); err == nil {
			t.Errorf("%q is deleted", name)
		}
	}
	if diff := cmp.Diff([]string{"GET /api", "GET /api/release"}, s.asked()); diff != "" {
		t.Error(diff)
	}
}

// What is not the address of the API is told so.
func TestNotTheAPI(t *testing.T) {
	s := MustServer(t, map[string]row{"GET /x": {kind: "application/json", body: `{"hello":"world"}`}})
	_, err := MustClient(t, s.URL+"/x/", client.Options{}).About(short(t))
	if !isType[*client.DecodeError](err) || !strings.Contains(err.Error(), "not the address of the API") {
		t.Error(err)
	}
}

func TestUnreachable(t *testing.T) {
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = MustClient(t, nobody+"/api", client.Options{}).About(short(t))
	e, ok := errors.AsType[*client.UnreachableError](err)
	if !ok || e.URL != nobody+"/api" || !strings.Contains(err.Error(), "refused") {
		t.Errorf("%T %v", err, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := MustClient(t, nobody, client.Options{}).About(ctx); !errors.Is(err, context.Canceled) || isType[*client.UnreachableError](err) {
		t.Errorf("the end of the context comes out as %T %v", err, err)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"_links":{"about":{"href":"/api/about"}},"versionInfo":{"server":{"name":"secure"}}}`))
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	t.Cleanup(s.Close)
	if _, err := MustClient(t, s.URL+"/api", client.Options{}).About(short(t)); !isType[*client.TLSError](err) {
		t.Errorf("a certificate that nobody knows: %T %v", err, err)
	}
	a, err := MustClient(t, s.URL+"/api", client.Options{SkipTLSVerification: true}).About(short(t))
	if err != nil || a.VersionInfo.Server.Name != "secure" {
		t.Errorf("any certificate: %v %v", a, err)
	}
	plain := MustServer(t)
	if _, err := MustClient(t, strings.Replace(plain.URL, "http:", "https:", 1), client.Options{}).About(short(t)); !isType[*client.TLSError](err) {
		t.Errorf("a server without TLS: %T %v", err, err)
	}
}

func TestRetryAfter(t *testing.T) {
	s := MustServer(t, map[string]row{"GET /api": {status: 503, header: map[string]string{"Retry-After": "7"}}})
	_, err := MustClient(t, s.URL+"/api", client.Options{}).About(short(t))
	if e, ok := errors.AsType[*client.HTTPError](err); !ok || e.RetryAfter != 7*time.Second {
		t.Errorf("%#v", err)
	}
}
