package deployer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purser"
)

func TestFetchWeb(t *testing.T) {
	o := MustOrigin(t)
	o.Serve("/app-1.0.jar", "one")
	r, log := MustResources(t, Options{})
	location := strings.Replace(o.URL, "http://", "HTTP://user:s3cret@", 1) + "/app-1.0.jar?token=s3cret"
	path, err := r.Fetch(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	if got := MustRead(t, path); got != "one" {
		t.Errorf("got %q", got)
	}
	if filepath.Ext(path) != ".jar" {
		t.Errorf("%s lost its extension", path)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o500 {
		t.Errorf("mode %v, %v: want a file that its owner can run and nobody writes", info.Mode(), err)
	}
	if strings.Contains(log.String(), "s3cret") || !strings.Contains(log.String(), "resource fetched") {
		t.Errorf("log: %s", log)
	}
	index, err := filepath.Glob(filepath.Join(r.options.CacheDir, indexDir, "*"))
	if err != nil || len(index) != 1 || strings.Contains(MustRead(t, index[0]), "s3cret") {
		t.Errorf("index %v, %v", index, err)
	}
}

func TestRevalidation(t *testing.T) {
	for _, row := range []struct{ rule, header, value, asks string }{
		{"an ETag is sent back", "ETag", `"v1"`, "If-None-Match"},
		{"a date is sent back", "Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT", "If-Modified-Since"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := MustOrigin(t)
			sent := 0
			o.Answer("/app.jar", func(w http.ResponseWriter, request *http.Request) {
				w.Header().Set(row.header, row.value)
				if request.Header.Get(row.asks) == row.value {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				sent++
				_, _ = fmt.Fprintf(w, "text %d", sent)
			})
			r, _ := MustResources(t, Options{})
			for range 3 {
				if got := MustFetch(t, r, o.URL+"/app.jar"); got != "text 1" {
					t.Errorf("got %q", got)
				}
			}
			if asked := o.Asked(); asked != "/app.jar /app.jar /app.jar" {
				t.Errorf("asked %s", asked)
			}
			o.Serve("/app.jar", "new")
			if got := MustFetch(t, r, o.URL+"/app.jar"); got != "new" {
				t.Errorf("got %q after the change", got)
			}
		})
	}
}

func TestUnaskedNotModified(t *testing.T) {
	o := MustOrigin(t)
	o.Answer("/app.jar", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	r, _ := MustResources(t, Options{})
	wantFailure(t, r, o.URL+"/app.jar", purser.CodePlatform, "the server answered 304")
}

func TestFetchWebFailures(t *testing.T) {
	const limit = 1000
	blocked := make(chan struct{})
	for _, row := range []struct {
		rule   string
		answer http.HandlerFunc
		code   purser.Code
		text   string // %s is the shown URL
	}{
		{"not found", nil, purser.CodeNotFound, "%s was not found: the server answered 404"},
		{"gone", status(http.StatusGone), purser.CodeNotFound, "%s was not found: the server answered 410"},
		{"forbidden", status(http.StatusForbidden), purser.CodePlatform, "could not fetch %s: the server answered 403"},
		{"broken", status(http.StatusBadGateway), purser.CodePlatform, "could not fetch %s: the server answered 502"},
		{"partial content is not the whole", status(http.StatusPartialContent), purser.CodePlatform, "could not fetch %s: the server answered 206"},
		{"too large by its own word", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1001")
			_, _ = w.Write(make([]byte, 1001))
		}, purser.CodePlatform, "%s is larger than the limit of 1000 bytes"},
		{"too large without a word", func(w http.ResponseWriter, _ *http.Request) {
			for range 40 {
				_, _ = w.Write(make([]byte, 100))
				_ = http.NewResponseController(w).Flush()
			}
		}, purser.CodePlatform, "%s is larger than the limit of 1000 bytes"},
		{"cut off before its length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "900")
			_, _ = w.Write(make([]byte, 100))
			panic(http.ErrAbortHandler)
		}, purser.CodePlatform, "could not fetch %s: the answer was cut off"},
		{"cut off between chunks", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, 100))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, purser.CodePlatform, "could not fetch %s: the answer was cut off"},
		{"a redirect loop", func(w http.ResponseWriter, request *http.Request) {
			http.Redirect(w, request, request.URL.Path+"?s3cret", http.StatusFound)
		}, purser.CodePlatform, "could not fetch %s: more than 3 redirects"},
		{"a redirect to another scheme", func(w http.ResponseWriter, request *http.Request) {
			http.Redirect(w, request, "file:///etc/s3cret", http.StatusFound)
		}, purser.CodePlatform, "could not fetch %s: no valid answer"},
		{"a redirect to nowhere", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://s3cret:s3cret")
			w.WriteHeader(http.StatusFound)
		}, purser.CodePlatform, "could not fetch %s: no valid answer"},
		{"no HTTP", func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = connection.Write([]byte("s3cret\r\n\r\n"))
				_ = connection.Close()
			}
		}, purser.CodePlatform, "could not fetch %s: no valid answer"},
		{"slow", func(w http.ResponseWriter, request *http.Request) {
			_, _ = w.Write([]byte("some"))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-request.Context().Done():
			case <-blocked:
			}
		}, purser.CodePlatform, "could not fetch %s: it took longer than 300ms"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := MustOrigin(t)
			o.Config.ErrorLog = nil
			o.Answer("/app.jar", row.answer)
			timeout := 30 * time.Second
			if row.rule == "slow" {
				timeout = 300 * time.Millisecond
			}
			r, log := MustResources(t, Options{MaxBytes: limit, Redirects: 3, Timeout: timeout})
			location := strings.Replace(o.URL, "http://", "http://user:s3cret@", 1) + "/app.jar?sig=s3cret"
			wantFailure(t, r, location, row.code, fmt.Sprintf(row.text, Redact(location)))
			if strings.Contains(log.String(), "s3cret") {
				t.Errorf("log: %s", log)
			}
			wantCacheFiles(t, r, contentDir, 0)
			wantCacheFiles(t, r, partialDir, 0)
			wantCacheFiles(t, r, indexDir, 0)
		})
	}
	close(blocked)
}

// status answers with a code.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// wantCacheFiles counts the files of one folder of the cache.
func wantCacheFiles(tb testing.TB, r *Resources, dir string, want int) {
	tb.Helper()
	if files, err := filepath.Glob(filepath.Join(r.options.CacheDir, dir, "*")); err != nil || len(files) != want {
		tb.Errorf("%s has %v, %v, want %d files", dir, files, err, want)
	}
}

func TestFetchWebUnreachable(t *testing.T) {
	o := MustOrigin(t)
	o.Close()
	r, _ := MustResources(t, Options{})
	wantFailure(t, r, o.URL+"/app.jar", purser.CodePlatform, "connection refused")
}

func TestRedirects(t *testing.T) {
	o := MustOrigin(t)
	o.Serve("/end/app.war", "text")
	o.Answer("/start", func(w http.ResponseWriter, request *http.Request) {
		http.Redirect(w, request, "/end/app.war", http.StatusMovedPermanently)
	})
	r, _ := MustResources(t, Options{Redirects: 1})
	path, err := r.Fetch(t.Context(), o.URL+"/start")
	if err != nil || MustRead(t, path) != "text" || filepath.Ext(path) != ".war" {
		t.Errorf("got %s, %v", path, err)
	}
	none, _ := MustResources(t, Options{Redirects: -1})
	wantFailure(t, none, o.URL+"/start", purser.CodePlatform, "more than 0 redirects")
}

func TestRedirectFromTLS(t *testing.T) {
	r, _ := MustResources(t, Options{})
	from, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://h/x", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	to, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://h/x", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.checkRedirect(to, []*http.Request{from}); !errors.Is(err, errDowngrade) {
		t.Errorf("got %v", err)
	}
	if err := r.checkRedirect(from, []*http.Request{to}); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestOutage(t *testing.T) {
	o := MustOrigin(t)
	o.Serve("/app.jar", "text")
	r, log := MustResources(t, Options{})
	MustFetch(t, r, o.URL+"/app.jar")
	o.Answer("/app.jar", status(http.StatusServiceUnavailable))
	if got := MustFetch(t, r, o.URL+"/app.jar"); got != "text" || !strings.Contains(log.String(), "the cached file is used") {
		t.Errorf("got %q, log %s", got, log)
	}
	for _, code := range []int{http.StatusNotFound, http.StatusForbidden} {
		o.Answer("/app.jar", status(code))
		if path, err := r.Fetch(t.Context(), o.URL+"/app.jar"); err == nil {
			t.Errorf("%d is answered from the cache: %s", code, path)
		}
	}
	o.Close()
	if got := MustFetch(t, r, o.URL+"/app.jar"); got != "text" {
		t.Errorf("got %q", got)
	}
}

func TestOfflineWeb(t *testing.T) {
	o := MustOrigin(t)
	o.Serve("/app.jar", "text")
	online, _ := MustResources(t, Options{})
	MustFetch(t, online, o.URL+"/app.jar")
	o.Asked()
	offline, _ := MustResources(t, Options{CacheDir: online.options.CacheDir, Offline: true})
	if got := MustFetch(t, offline, o.URL+"/app.jar"); got != "text" {
		t.Errorf("got %q", got)
	}
	wantFailure(t, offline, o.URL+"/other.jar", purser.CodeNotFound, "/other.jar is not in the cache, and the server is offline")
	if asked := o.Asked(); asked != "" {
		t.Errorf("asked %s", asked)
	}
}

func TestUnknownCertificate(t *testing.T) {
	o := httptest.NewUnstartedServer(http.NotFoundHandler())
	o.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	o.StartTLS()
	t.Cleanup(o.Close)
	r, _ := MustResources(t, Options{})
	wantFailure(t, r, o.URL+"/app.jar", purser.CodePlatform, "failed to verify certificate")
}

func TestAnswerTimeout(t *testing.T) {
	o := MustOrigin(t)
	o.Answer(artifactPath, func(_ http.ResponseWriter, request *http.Request) { <-request.Context().Done() })
	r, _ := MustResources(t, Options{Remotes: []Remote{remoteOf(o)}, AnswerTimeout: 50 * time.Millisecond})
	wantFailure(t, r, artifact, purser.CodePlatform, "the server did not answer in time")
}

func TestCallerLeaves(t *testing.T) {
	o := MustOrigin(t)
	asked := make(chan struct{})
	o.Answer("/app.jar", func(_ http.ResponseWriter, request *http.Request) {
		close(asked)
		<-request.Context().Done()
	})
	r, _ := MustResources(t, Options{})
	ctx, leave := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := r.Fetch(ctx, o.URL+"/app.jar")
		failed <- err
	}()
	<-asked
	leave()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
