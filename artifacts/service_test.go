package artifacts_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"purser"
	"purser/artifacts"
	"purser/repository/storetest"
)

func TestWarningsComeInTheOrderOfTheRequest(t *testing.T) {
	h := MustOpen(t, serve(map[string][]byte{"/a": hello, "/b": hello}))
	bad := h.file("/a", []byte("x"))
	h.want(h.MustImport(draft("1.0.0"), h.file("/none", hello), h.file("/b", hello), bad).Artifacts,
		"none error the server answered 404", "b uploaded",
		"a error Checksum mismatch for artifact a: expected "+digest([]byte("x"))+", got "+digest(hello))
	h.wantFiles(hello)
}

// What does not fit into an import is fetched after it, and what is refused at once is refused in it.
func TestBudgets(t *testing.T) {
	release := make(chan struct{})
	h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			select {
			case <-release:
			case <-r.Context().Done():
				return
			}
		}
		_, _ = w.Write(hello)
	}, func(o *artifacts.Options) { o.InlineBytes, o.InlineTimeout, o.Parallel = 20, 50*time.Millisecond, 1 })
	large := h.file("/large", hello)
	large.Size = 5 << 20
	entry := h.MustImport(draft("1.0.0"), h.file("/slow", hello), h.file("/over", hello), large)
	if got := states(entry.Artifacts); got[0] != "slow pending" || got[2] != "large error its size of 5242880 bytes is more than the limit of 4194304" {
		t.Errorf("%q", got)
	}
	h.until("slow pending", "over uploaded", "large error its size of 5242880 bytes is more than the limit of 4194304")
	close(release)
	h.until("slow uploaded", "over uploaded", "large error its size of 5242880 bytes is more than the limit of 4194304")
	h.wantFiles(hello)
}

func TestTheBackgroundTriesAgain(t *testing.T) {
	var calls atomic.Int64
	h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) < 3 && r.URL.Path == "/late" || r.URL.Path == "/never" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write(hello)
	}, func(o *artifacts.Options) { o.InlineBytes = 1 })
	h.wantLeft(h.MustImport(draft("1.0.0"), h.file("/late", hello)).Artifacts)
	if got := h.until("late uploaded"); got[0].Attempts != 2 {
		t.Errorf("%d attempts failed", got[0].Attempts)
	}
	h.MustImport(draft("2.0.0"), h.file("/never", hello))
	if got := h.until("late uploaded", "never error the server answered 503"); got[1].Attempts != 3 || !got[1].NextAt.IsZero() {
		t.Errorf("%+v", got[1])
	}
}

func TestProgressIsVisible(t *testing.T) {
	content := bytes.Repeat([]byte("x"), 1<<20)
	release := make(chan struct{})
	h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for sent := 0; sent < len(content); sent += 1 << 13 {
			_, _ = w.Write(content[sent : sent+1<<13])
			_ = http.NewResponseController(w).Flush()
			select {
			case <-tick.C:
			case <-release:
			case <-r.Context().Done():
				return
			}
		}
	}, func(o *artifacts.Options) { o.InlineBytes = 1 })
	h.MustImport(draft("1.0.0"), h.file("/f", content))
	got := h.until("f uploading")
	if p := got[0].Progress(); p < 1 || p > 99 || got[0].Owner != "server" {
		t.Errorf("%d %%, %+v", p, got[0])
	}
	close(release)
	h.until("f uploaded")
}

// A draft that is imported again is replaced as a whole, and what only it needed goes.
func TestReplace(t *testing.T) {
	a, b := []byte("a"), []byte("b")
	h := MustOpen(t, serve(map[string][]byte{"/a": a, "/b": b, "/shared": a}))
	first := h.MustImport(draft("1.0.0"), h.file("/a", a), h.file("/b", b))
	h.MustImport(draft("2.0.0"), h.file("/shared", a))
	h.wantFiles(a, b)
	again := draft("1.0.0")
	again.Notes = "new"
	second := h.MustImport(again)
	if second.ID != first.ID || second.Notes != "new" || second.StoredBy != "ci" {
		t.Errorf("%+v", second.PackageVersion)
	}
	h.wantFiles(a)
	if err := h.RemoveVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: "2.0.0"}); err != nil {
		t.Fatal(err)
	}
	h.wantFiles()
	_, err := h.Import(t.Context(), purser.ImportRequest{Version: draft("1.0.0"), Strict: true})
	wantCode(t, err, purser.CodeConflict, "status is draft")
}

// What is under way for a draft ends when the draft is replaced or removed.
func TestReplaceEndsWhatIsUnderWay(t *testing.T) {
	hung := make(chan struct{}, 4)
	ended := make(chan struct{}, 4)
	h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/f" {
			_, _ = w.Write(hello)
			return
		}
		_ = http.NewResponseController(w).Flush()
		hung <- struct{}{}
		<-r.Context().Done()
		ended <- struct{}{}
	}, func(o *artifacts.Options) { o.InlineTimeout = 20 * time.Millisecond })
	h.MustImport(draft("1.0.0"), h.file("/hangs", hello))
	<-hung
	h.want(h.MustImport(draft("1.0.0"), h.file("/f", hello)).Artifacts, "f uploaded")
	<-ended
	h.MustImport(draft("2.0.0"), h.file("/hangs", hello))
	<-hung
	if err := h.RemoveVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: "2.0.0"}); err != nil {
		t.Fatal(err)
	}
	<-ended
	h.until("f uploaded")
	h.stop()
	h.wantFiles(hello)
	h.start()
}

// A server that ends, well or not, leaves nothing unfetched and nothing behind.
func TestRestart(t *testing.T) {
	for _, well := range []bool{true, false} {
		t.Run(fmt.Sprintf("ended well %v", well), func(t *testing.T) {
			hung := make(chan struct{}, 4)
			var whole atomic.Bool
			h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
				if whole.Load() {
					_, _ = w.Write(hello)
					return
				}
				w.Header().Set("Content-Length", "13")
				_, _ = w.Write(hello[:5])
				_ = http.NewResponseController(w).Flush()
				hung <- struct{}{}
				<-r.Context().Done()
			}, func(o *artifacts.Options) { o.InlineTimeout = 20 * time.Millisecond })
			var dead atomic.Bool
			if !well {
				h.stop()
				h.options.Store = &storetest.Faulty{Store: h.store, Hook: func(storetest.Point) error {
					if dead.Load() {
						return io.ErrClosedPipe
					}
					return nil
				}}
				h.start()
			}
			h.wantLeft(h.MustImport(draft("1.0.0"), h.file("/f", hello)).Artifacts)
			<-hung
			dead.Store(true)
			h.stop()
			for path, text := range map[string]string{
				"partial/left.part": "half", "content/" + digest([]byte("orphan")): "orphan", "content/notes": "not ours",
			} {
				if err := os.WriteFile(filepath.Join(h.options.Dir, filepath.FromSlash(path)), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			h.options.Store = h.store
			whole.Store(true)
			h.start()
			h.until("f uploaded")
			if err := os.Remove(filepath.Join(h.options.Dir, "content", "notes")); err != nil {
				t.Error(err)
			}
			h.wantFiles(hello)
		})
	}
}

// A file whose artifact could not be stored is not left behind, and comes again.
func TestTheStoreFailsAtTheEnd(t *testing.T) {
	h := MustOpen(t, serve(map[string][]byte{"/f": hello}))
	h.stop()
	var writes atomic.Int64
	h.options.Store = &storetest.Faulty{Store: h.store, Hook: func(p storetest.Point) error {
		if p == storetest.BeforeCommit && writes.Add(1) == 2 { // the first stores the import
			return io.ErrClosedPipe
		}
		return nil
	}}
	h.options.InlineBytes = 1
	h.start()
	h.MustImport(draft("1.0.0"), h.file("/f", hello))
	h.until("f uploaded")
	h.wantFiles(hello)
}

func TestNothingBeginsAfterTheEnd(t *testing.T) {
	h := MustOpen(t, serve(nil))
	h.stop()
	_, err := h.Import(t.Context(), purser.ImportRequest{Version: draft("1.0.0")})
	wantCode(t, err, purser.CodeUnavailable)
	h.start()
}

// An import does not keep a server from ending.
func TestDrain(t *testing.T) {
	hung := make(chan struct{})
	h := MustOpen(t, func(_ http.ResponseWriter, r *http.Request) {
		close(hung)
		<-r.Context().Done()
	}, func(o *artifacts.Options) { o.InlineTimeout = time.Hour })
	go func() {
		<-hung
		h.Drain()
	}()
	h.want(h.MustImport(draft("1.0.0"), h.file("/f", hello)).Artifacts, "f pending")
}

// A file that somebody has taken away is told of, and comes back with the next import.
func TestAFileIsGone(t *testing.T) {
	h := MustOpen(t, serve(map[string][]byte{"/f": hello, "/g": []byte("g")}))
	h.MustImport(draft("1.0.0"), h.file("/f", hello), h.file("/g", []byte("g")))
	h.stop()
	if err := os.Remove(filepath.Join(h.options.Dir, "content", digest(hello))); err != nil {
		t.Fatal(err)
	}
	h.start()
	got := h.until("f removed its file is gone", "g uploaded")
	_, err := h.read(got[0])
	wantCode(t, err, purser.CodeNotFound)
	_, err = h.ReleaseVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: "1.0.0"})
	wantCode(t, err, purser.CodeInvalid, "f (removed)")
	h.MustImport(draft("1.0.0"), h.file("/f", hello))
	h.wantFiles(hello)
}

func TestDependencies(t *testing.T) {
	h := MustOpen(t, serve(nil))
	h.MustImport(draft("1.0.0"))
	needs := func(version, on string) purser.PackageVersion {
		v := draft(version)
		v.Dependencies = []purser.PackageDependency{{Reference: "1.demo@" + on, Package: "demo", Version: on}}
		return v
	}
	_, err := h.Import(t.Context(), purser.ImportRequest{Version: needs("2.0.0", "9.9.9")})
	wantCode(t, err, purser.CodeNotFound, "Some dependencies do not exist")
	_, err = h.Import(t.Context(), purser.ImportRequest{Version: needs("2.0.0", "")})
	wantCode(t, err, purser.CodeNotFound)
	h.MustImport(needs("2.0.0", "1.0.0"))
	wantCode(t, h.RemoveVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: "1.0.0"}), purser.CodePackageInUse)
	for _, v := range []string{"2.0.0", "1.0.0"} {
		if err := h.RemoveVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: v}); err != nil {
			t.Error(err)
		}
	}
	wantCode(t, h.RemoveVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: "1.0.0"}), purser.CodeNotFound)
	wantCode(t, h.RemoveVersion(t.Context(), purser.VersionRequest{}), purser.CodeNotFound)
}

// archives takes files that begin with "package" for packages.
type archives struct{ asked []string }

func (e *archives) Examine(_ context.Context, id purser.PackageIdentifier, archive io.ReaderAt, size int64) (*purser.PackageArchive, error) {
	b := make([]byte, size)
	if _, err := archive.ReadAt(b, 0); err != nil {
		return nil, err
	}
	e.asked = append(e.asked, string(b))
	switch {
	case bytes.HasPrefix(b, []byte("broken")):
		return nil, purser.Errorf(purser.CodeInvalid, "it has no values")
	case !bytes.HasPrefix(b, []byte("package")):
		return nil, nil
	}
	m := storetest.MetadataOf(id.Name, id.Version, 1)
	return &purser.PackageArchive{Metadata: m, Bytes: b}, nil
}

func TestRelease(t *testing.T) {
	files := map[string][]byte{"/f": hello, "/p.zip": []byte("package p"), "/demo-1.0.0.ZIP": []byte("package demo"), "/x.zip": []byte("other"), "/b.zip": []byte("broken")}
	examiner := &archives{}
	h := MustOpen(t, serve(files), func(o *artifacts.Options) { o.Packages = examiner })
	id := func(version string) purser.VersionRequest {
		return purser.VersionRequest{Package: "demo", Version: version, By: "bob"}
	}
	file := func(path string) purser.Artifact { return h.file(path, files[path]) }
	bad := h.file("/none", hello)

	h.MustImport(draft("0.0.1"), file("/f"), bad)
	_, err := h.ReleaseVersion(t.Context(), id("0.0.1"))
	wantCode(t, err, purser.CodeInvalid, "none (error)")
	_, err = h.ReleaseVersion(t.Context(), id("9.9.9"))
	wantCode(t, err, purser.CodeNotFound)

	h.MustImport(draft("0.0.2"), file("/x.zip"), file("/f"))
	entry, err := h.ReleaseVersion(t.Context(), id("0.0.2"))
	if err != nil || entry.Stage != purser.PackageReleased || entry.PackageID != 0 || entry.ReleasedBy != "bob" || entry.ReleasedAt.IsZero() {
		t.Errorf("%+v, %v", entry, err)
	}
	h.MustImport(draft("0.0.3"), file("/b.zip"))
	_, err = h.ReleaseVersion(t.Context(), id("0.0.3"))
	wantCode(t, err, purser.CodeInvalid, "b.zip", "it has no values")

	h.MustImport(draft("1.0.0"), file("/p.zip"), file("/demo-1.0.0.ZIP"))
	entry, err = h.ReleaseVersion(t.Context(), id("1.0.0"))
	if err != nil || entry.PackageID == 0 {
		t.Fatalf("%+v, %v", entry, err)
	}
	if archive, err := h.store.FindArchive(t.Context(), entry.PackageID); err != nil || string(archive) != "package demo" {
		t.Errorf("%q, %v", archive, err)
	}
	_, err = h.ReleaseVersion(t.Context(), id("1.0.0"))
	wantCode(t, err, purser.CodeConflict, "status is released")
	_, err = h.Import(t.Context(), purser.ImportRequest{Version: draft("1.0.0")})
	wantCode(t, err, purser.CodeConflict, "status is released")
	wantCode(t, h.RemoveVersion(t.Context(), id("1.0.0")), purser.CodeConflict)

	storetest.MustUpdate(t, h.store, func(ctx context.Context, tx purser.Tx) error {
		m := storetest.MetadataOf("demo", "2.0.0", 1)
		return tx.CreatePackage(ctx, &m, nil)
	})
	h.MustImport(draft("2.0.0"), file("/p.zip"))
	_, err = h.ReleaseVersion(t.Context(), id("2.0.0"))
	wantCode(t, err, purser.CodeConflict)
	got, err := h.store.FindPackageVersions(t.Context(), purser.PackageVersionFilter{Package: "demo", Version: "2.0.0"})
	if err != nil || got[0].Stage != purser.PackageDraft {
		t.Errorf("%+v, %v", got, err)
	}
}

// second is another server on the same store and folder.
func (h *house) second(t *testing.T) *artifacts.Service {
	t.Helper()
	o := h.options
	o.Owner = "second"
	s, err := artifacts.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// A server that begins leaves what another one is at alone.
func TestTwoServers(t *testing.T) {
	hung, release := make(chan struct{}), make(chan struct{})
	h := MustOpen(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(hello[:5])
		_ = http.NewResponseController(w).Flush()
		close(hung)
		select {
		case <-release:
			_, _ = w.Write(hello[5:])
		case <-r.Context().Done():
		}
	}, func(o *artifacts.Options) { o.InlineBytes = 1 })
	h.MustImport(draft("1.0.0"), h.file("/f", hello))
	<-hung
	second := h.second(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		second.Run(ctx)
	}()
	close(release)
	got := h.until("f uploaded")
	cancel()
	<-ended
	content, err := second.OpenArtifact(t.Context(), got[0])
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if err := second.RemoveVersion(t.Context(), purser.VersionRequest{Package: "demo", Version: "1.0.0"}); err != nil {
		t.Fatal(err)
	}
	h.wantFiles()
	if text, err := io.ReadAll(content); err != nil || string(text) != string(hello) { // whoever reads goes on
		t.Errorf("%q, %v", text, err)
	}
}

// Many imports and removals of a few versions at once, by two servers, leave files and artifacts in agreement.
func TestAtOnce(t *testing.T) {
	files := map[string][]byte{}
	for i := range 4 {
		files[fmt.Sprintf("/%d", i)] = []byte(strings.Repeat("x", i))
	}
	h := MustOpen(t, serve(files))
	servers := []*artifacts.Service{h.Service, h.second(t)}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			h := &house{Service: servers[i%2], web: h.web}
			for n := range 8 {
				v := draft(fmt.Sprintf("1.0.%d", (i+n)%3))
				path := fmt.Sprintf("/%d", (i*n)%4)
				switch n % 4 {
				case 3:
					_ = h.RemoveVersion(t.Context(), purser.VersionRequest{Package: v.Package, Version: v.Version})
				default:
					_, _ = h.Import(t.Context(), purser.ImportRequest{Version: v, Artifacts: []purser.Artifact{h.file(path, files[path]), h.file("/none", nil)}})
				}
			}
		})
	}
	all.Wait()
	h.stop()
	list, err := h.store.FindArtifacts(t.Context(), purser.ArtifactFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var want [][]byte
	for _, a := range list {
		if a.State == purser.ArtifactUploaded {
			content, err := h.read(a)
			if err != nil {
				t.Errorf("%s: %v", a.Name, err)
			}
			want = append(want, content)
		} else if a.Name != "none" {
			t.Errorf("%s is %s: %s", a.Name, a.State, a.Error)
		}
	}
	h.wantFiles(want...)
	h.start()
}
