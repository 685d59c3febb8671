package packages_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"purser"
	"purser/packages"
)

// MustNames lists what is stored of a repository.
func (b bench) MustNames(tb testing.TB, repository string) []string {
	tb.Helper()
	found, _, err := b.store.FindPackages(context.Background(), purser.PackageFilter{RepositoryID: b.MustRepository(tb, repository).ID})
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, m := range found {
		if m.RepositoryName != repository {
			tb.Errorf("%s says it is of %q", m.Name, m.RepositoryName)
		}
		names = append(names, m.Name+":"+m.Version)
	}
	return names
}

func TestSyncIndexes(t *testing.T) {
	var index atomic.Value
	index.Store("---\n" + metadata("log", "1.0.0") + "---\n" + metadata("time", "1.0.0") + "---\n" + metadata("log", "1.0.0"))
	b, _ := MustServe(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/repo/index.yml" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		_, _ = w.Write([]byte(index.Load().(string)))
	})
	want := func(t *testing.T, names ...string) {
		t.Helper()
		if err := b.SyncIndexes(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.MustNames(t, "far"); fmt.Sprint(got) != fmt.Sprint(names) {
			t.Errorf("stored: %v, want %v", got, names)
		}
	}
	t.Run("new packages are stored once", func(t *testing.T) { want(t, "log:1.0.0", "time:1.0.0") })
	t.Run("again nothing is new", func(t *testing.T) { want(t, "log:1.0.0", "time:1.0.0") })
	t.Run("later ones come in, earlier ones stay", func(t *testing.T) {
		index.Store(metadata("log", "1.1.0"))
		want(t, "log:1.0.0", "time:1.0.0", "log:1.1.0")
	})
	t.Run("more than one batch", func(t *testing.T) {
		var many strings.Builder
		for i := range 1201 {
			many.WriteString("---\n" + metadata("many", fmt.Sprintf("1.0.%d", i)))
		}
		index.Store(many.String())
		if err := b.SyncIndexes(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(b.MustNames(t, "far")); n != 1204 {
			t.Errorf("%d are stored", n)
		}
	})
	t.Run("a local repository of that name and version is no hindrance", func(t *testing.T) {
		b.MustUpload(t, "both", "1.0.0")
		index.Store(metadata("both", "1.0.0"))
		if err := b.SyncIndexes(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(b.MustNames(t, "far")); n != 1205 {
			t.Errorf("%d are stored", n)
		}
	})
}

func TestSyncIndexesOfFailingRepositories(t *testing.T) {
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(metadata("log", "1.0.0"))) }))
	t.Cleanup(good.Close)
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large/index.yml":
			_, _ = w.Write(make([]byte, 5000))
		case "/page/index.yml":
			_, _ = w.Write([]byte("<html>"))
		case "/broken/index.yml":
			w.WriteHeader(http.StatusBadGateway)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(bad.Close)
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "index.yml"), []byte(metadata("file", "1.0.0")), 0o600); err != nil {
		t.Fatal(err)
	}
	b := MustService(t, func(o *packages.Options) {
		o.Client, o.Limits.IndexBytes = good.Client(), 4000
	})
	for _, name := range []string{"large", "page", "broken", "absent"} {
		b.MustAdd(t, purser.Repository{Name: name, URL: bad.URL + "/" + name})
	}
	b.MustAdd(t, purser.Repository{Name: "odd", URL: "classpath:/x"}, purser.Repository{Name: "good", URL: good.URL}, purser.Repository{Name: "disk", URL: "file:" + root})
	if err := b.SyncIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(b.MustNames(t, "good"), b.MustNames(t, "disk")); got != "[log:1.0.0] [file:1.0.0]" {
		t.Errorf("stored: %s", got)
	}
	for name, why := range map[string]string{
		"large":  "Could not read index.yml of package repository large: it is larger than the limit",
		"page":   "index.yml, document in line 1: a map of keys and texts was expected",
		"broken": "Could not read index.yml of package repository broken: the repository answers with status 502",
		"absent": "Could not read index.yml of package repository absent: it does not exist",
		"odd":    "Could not read index.yml of package repository odd: the address is neither http, https nor file",
	} {
		if !strings.Contains(b.log.String(), "repository="+name) || !strings.Contains(b.log.String(), why) {
			t.Errorf("the log does not tell of %s: %s\n%s", name, why, b.log)
		}
	}
}

func TestSyncIndexesOfASlowRepository(t *testing.T) {
	b, _ := MustServe(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		func(o *packages.Options) { o.FetchTimeout = 20 * time.Millisecond })
	if err := b.SyncIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	const why = "Could not read index.yml of package repository far: it takes too long"
	if !strings.Contains(b.log.String(), why) {
		t.Errorf("log: %s", b.log)
	}
}

func TestRefreshAsksForChangesOnly(t *testing.T) {
	for _, row := range []struct{ rule, sent, asked, value string }{
		{"with an entity tag", "ETag", "If-None-Match", `"one"`},
		{"with a date", "Last-Modified", "If-Modified-Since", "Sat, 21 Nov 2026 10:00:00 GMT"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			asked := make(chan string)
			b, _ := MustServe(t, func(w http.ResponseWriter, r *http.Request) {
				select {
				case asked <- r.Header.Get(row.asked):
				case <-r.Context().Done():
					return
				}
				if r.Header.Get(row.asked) == row.value {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				w.Header().Set(row.sent, row.value)
				_, _ = w.Write([]byte(metadata("log", "1.0.0")))
			})
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() {
				b.Refresh(ctx, time.Millisecond)
				close(done)
			}()
			for n, want := range []string{"", row.value, row.value} {
				if got := <-asked; got != want {
					t.Errorf("request %d asked %q, want %q", n, got, want)
				}
			}
			stop()
			<-done
			if got := b.MustNames(t, "far"); len(got) != 1 {
				t.Errorf("stored: %v", got)
			}
			if strings.Contains(b.log.String(), "level=ERROR") {
				t.Errorf("log: %s", b.log)
			}
		})
	}
	t.Run("without an interval once", func(t *testing.T) {
		var asked atomic.Int32
		b, _ := MustServe(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
		b.Refresh(t.Context(), 0)
		if asked.Load() != 1 {
			t.Errorf("asked %d times", asked.Load())
		}
	})
	t.Run("a file that did not change is not read again", func(t *testing.T) {
		root := t.TempDir()
		name := filepath.Join(root, "index.yml")
		if err := os.WriteFile(name, []byte(metadata("log", "1.0.0")), 0o600); err != nil {
			t.Fatal(err)
		}
		b := MustService(t)
		b.MustAdd(t, purser.Repository{Name: "far", URL: "file:" + root})
		for range 3 {
			b.Refresh(t.Context(), 0)
		}
		if n := strings.Count(b.log.String(), "index of package repository read"); n != 1 {
			t.Errorf("read %d times", n)
		}
		if err := os.WriteFile(name, []byte(metadata("log", "1.0.0")+"---\n"+metadata("time", "1.0.0")), 0o600); err != nil {
			t.Fatal(err)
		}
		b.Refresh(t.Context(), 0)
		if got := b.MustNames(t, "far"); len(got) != 2 {
			t.Errorf("stored: %v", got)
		}
	})
}
