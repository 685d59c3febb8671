package deployer

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"purser"
)

// origin is a web server that answers by path and writes down what it was asked.
type origin struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	asked   []string
}

// MustOrigin starts an origin. A path without an answer is 404.
func MustOrigin(tb testing.TB) *origin {
	tb.Helper()
	o := &origin{answers: map[string]http.HandlerFunc{}}
	o.Server = httptest.NewServer(o)
	tb.Cleanup(o.Close)
	return o
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r.URL.Path)
	answer := o.answers[r.URL.Path]
	o.mu.Unlock()
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

// Answer sets the answer of a path; nil takes it away.
func (o *origin) Answer(path string, f http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answers[path] = f
}

// Serve answers a path with a text.
func (o *origin) Serve(path, text string) {
	o.Answer(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

// Asked gives the paths that were asked for since the last call, parted by blanks.
func (o *origin) Asked() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	asked := strings.Join(o.asked, " ")
	o.asked = nil
	return asked
}

// logText collects a log.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// fixedClock stands still until it is set.
type fixedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fixedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fixedClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// MustResources makes a Resources with a cache and a local repository of its own, unless o says otherwise.
func MustResources(tb testing.TB, o Options) (*Resources, *logText) {
	tb.Helper()
	log := &logText{}
	if o.CacheDir == "" {
		o.CacheDir = tb.TempDir()
	}
	if o.MavenLocal == "" {
		o.MavenLocal = tb.TempDir()
	}
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	r, err := NewResources(o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r, log
}

// MustFetch gives the text of a resource.
func MustFetch(tb testing.TB, r *Resources, location string) string {
	tb.Helper()
	path, err := r.Fetch(tb.Context(), location)
	if err != nil {
		tb.Fatalf("%s: %v", location, err)
	}
	return MustRead(tb, path)
}

// MustRead gives the text of a file.
func MustRead(tb testing.TB, path string) string {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// wantFailure checks the code and a part of the text of a refused fetch.
func wantFailure(tb testing.TB, r *Resources, location string, code purser.Code, part string) {
	tb.Helper()
	path, err := r.Fetch(context.WithoutCancel(tb.Context()), location)
	if purser.ErrorCode(err) != code || !strings.Contains(purser.ErrorMessage(err), part) {
		tb.Errorf("%s: got %q and error %q (%s), want %s: %s", Redact(location), path, purser.ErrorMessage(err), purser.ErrorCode(err), code, part)
	}
}
