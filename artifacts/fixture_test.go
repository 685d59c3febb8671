package artifacts_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"purser"
	"purser/artifacts"
	"purser/repository/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a service on a store in memory, with a server to fetch from.
type house struct {
	*artifacts.Service
	tb      testing.TB
	store   *memory.Store
	options artifacts.Options
	web     *httptest.Server
	stop    func()
}

func MustOpen(tb testing.TB, web http.HandlerFunc, change ...func(o *artifacts.Options)) *house {
	tb.Helper()
	h := &house{tb: tb, store: memory.New(), web: httptest.NewServer(web)}
	u, err := url.Parse(h.web.URL)
	if err != nil {
		tb.Fatal(err)
	}
	h.options = artifacts.Options{
		Store: h.store, Dir: tb.TempDir(), Owner: "server", Redirects: 3, DenyPrivate: true, AllowHosts: []string{u.Host},
		InlineTimeout: 10 * time.Second, MaxBytes: 4 << 20, FirstDelay: time.Millisecond, LastDelay: 5 * time.Millisecond,
		Stall: 5 * time.Second, Timeout: 20 * time.Second, Attempts: 3,
	}
	for _, c := range change {
		c(&h.options)
	}
	h.start()
	tb.Cleanup(func() {
		h.stop()
		h.web.Close()
	})
	return h
}

// start opens the service on what is there.
func (h *house) start() {
	h.tb.Helper()
	s, err := artifacts.Open(context.Background(), h.options)
	if err != nil {
		h.tb.Fatal(err)
	}
	h.Service = s
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx)
	}()
	h.stop = func() {
		cancel()
		<-ended
		s.Close()
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// file is an artifact whose bytes are at a path of the house's server.
func (h *house) file(path string, content []byte) purser.Artifact {
	return purser.Artifact{Name: strings.Trim(path, "/"), Size: int64(len(content)), SHA256: digest(content), Source: h.web.URL + path}
}

func draft(version string) purser.PackageVersion {
	return purser.PackageVersion{Package: "demo", Version: version, Author: "alice@example.org", Imported: true}
}

func (h *house) MustImport(v purser.PackageVersion, list ...purser.Artifact) purser.CatalogEntry {
	h.tb.Helper()
	entry, err := h.Import(context.Background(), purser.ImportRequest{Version: v, Artifacts: list, By: "ci"})
	if err != nil {
		h.tb.Fatal(err)
	}
	return entry
}

// states tells of each artifact "name state error".
func states(list []purser.Artifact) []string {
	told := []string{}
	for _, a := range list {
		told = append(told, strings.TrimSpace(fmt.Sprintf("%s %s %s", a.Name, a.State, a.Error)))
	}
	return told
}

func (h *house) want(got []purser.Artifact, want ...string) {
	h.tb.Helper()
	if diff := cmp.Diff(want, states(got)); diff != "" {
		h.tb.Errorf("artifacts (-want +got):\n%s", diff)
	}
}

// wantLeft wants one artifact that is left to the background, which may be at it, or have failed once, by the time that
// the import is answered.
func (h *house) wantLeft(got []purser.Artifact) {
	h.tb.Helper()
	if len(got) != 1 || got[0].State != purser.ArtifactPending && got[0].State != purser.ArtifactUploading {
		h.tb.Errorf("artifacts %q", states(got))
	}
}

// until waits until the artifacts of all versions read so.
func (h *house) until(want ...string) []purser.Artifact {
	h.tb.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for {
		list, err := h.store.FindArtifacts(context.Background(), purser.ArtifactFilter{})
		if err != nil {
			h.tb.Fatal(err)
		}
		if slices.Equal(states(list), want) {
			return list
		}
		if time.Now().After(deadline) {
			h.tb.Fatalf("artifacts are %q, want %q", states(list), want)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// files lists what is on disk.
func (h *house) files() (content, partial []string) {
	h.tb.Helper()
	names := func(dir string) (names []string) {
		entries, err := os.ReadDir(filepath.Join(h.options.Dir, dir))
		if err != nil {
			h.tb.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	return names("content"), names("partial")
}

// wantFiles checks that exactly these contents are kept, whole, and nothing else.
func (h *house) wantFiles(contents ...[]byte) {
	h.tb.Helper()
	want := []string{}
	for _, c := range contents {
		want = append(want, digest(c))
	}
	slices.Sort(want)
	content, partial := h.files()
	if !slices.Equal(slices.Compact(want), append([]string{}, content...)) || len(partial) != 0 {
		h.tb.Errorf("files %q, want %q; partial %q", content, want, partial)
	}
	for _, name := range content {
		data, err := os.ReadFile(filepath.Join(h.options.Dir, "content", name))
		if err != nil || digest(data) != name {
			h.tb.Errorf("%s has other bytes, %v", name, err)
		}
	}
}

func (h *house) read(a purser.Artifact) ([]byte, error) {
	content, err := h.OpenArtifact(context.Background(), a)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(content)
}

func wantCode(tb testing.TB, err error, code purser.Code, words ...string) {
	tb.Helper()
	if purser.ErrorCode(err) != code {
		tb.Errorf("%v, want %s", err, code)
		return
	}
	for _, w := range words {
		if !strings.Contains(purser.ErrorMessage(err), w) {
			tb.Errorf("%q does not say %q", purser.ErrorMessage(err), w)
		}
	}
}

// serve answers with bytes by path; ranges are served.
func serve(files map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(b)))
	}
}
