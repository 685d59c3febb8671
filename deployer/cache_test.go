package deployer

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purser"
)

// answerTagged answers with an ETag, and with 304 to who has it.
func answerTagged(o *origin, path, tag, text string) {
	o.Answer(path, func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("ETag", tag)
		if request.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(text))
	})
}

func TestRestart(t *testing.T) {
	for _, row := range []struct {
		rule   string
		damage func(tb testing.TB, path string)
		asks   string // what the origin is asked to send again
	}{
		{"a whole cache serves", func(testing.TB, string) {}, "304"},
		{"a lost file is fetched again", func(tb testing.TB, path string) { MustDo(tb, os.Remove(path)) }, "200"},
		{"a shortened file is fetched again", func(tb testing.TB, path string) { MustWrite(tb, path, "te") }, "200"},
		{"a changed file is fetched again", func(tb testing.TB, path string) { MustWrite(tb, path, "tEXT") }, "200"},
		{"a folder in its place is fetched again, or says why not", func(tb testing.TB, path string) {
			MustDo(tb, os.Remove(path))
			MustDo(tb, os.Mkdir(path, 0o700))
		}, "error"},
		{"a damaged index is fetched again", func(tb testing.TB, path string) {
			index, err := filepath.Glob(filepath.Join(filepath.Dir(path), "..", indexDir, "*"))
			if err != nil || len(index) != 1 {
				tb.Fatal(index, err)
			}
			MustWrite(tb, index[0], `{"sha256":"../../etc/passwd"}`)
		}, "200"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := MustOrigin(t)
			answerTagged(o, "/app.jar", `"1"`, "text")
			first, _ := MustResources(t, Options{})
			path, err := first.Fetch(t.Context(), o.URL+"/app.jar")
			if err != nil {
				t.Fatal(err)
			}
			row.damage(t, path)
			answered := ""
			tagged := o.answers["/app.jar"]
			o.Answer("/app.jar", func(w http.ResponseWriter, request *http.Request) {
				answered = "200"
				if request.Header.Get("If-None-Match") != "" {
					answered = "304"
				}
				tagged(w, request)
			})
			second, _ := MustResources(t, Options{CacheDir: first.options.CacheDir})
			if row.asks == "error" {
				wantFailure(t, second, o.URL+"/app.jar", purser.CodePlatform, "the resource cache cannot be written")
				return
			}
			if got := MustFetch(t, second, o.URL+"/app.jar"); got != "text" || answered != row.asks {
				t.Errorf("got %q by %s, want it by %s", got, answered, row.asks)
			}
		})
	}
}

// MustDo ends the test on an error.
func MustDo(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// MustWrite replaces the text of a file, whatever its mode, and makes it look older than it is.
func MustWrite(tb testing.TB, path, text string) {
	tb.Helper()
	MustDo(tb, os.Remove(path))
	MustDo(tb, os.WriteFile(path, []byte(text), 0o600))
	old := time.Now().Add(-time.Hour)
	MustDo(tb, os.Chtimes(path, old, old))
}

func TestDamageWhileRunning(t *testing.T) {
	o := MustOrigin(t)
	answerTagged(o, "/app.jar", `"1"`, "text")
	r, log := MustResources(t, Options{})
	path, err := r.Fetch(t.Context(), o.URL+"/app.jar")
	if err != nil {
		t.Fatal(err)
	}
	MustWrite(t, path, "tEXT")
	if got := MustFetch(t, r, o.URL+"/app.jar"); got != "text" || !strings.Contains(log.String(), "damaged file") {
		t.Errorf("got %q, log %s", got, log)
	}
}

func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	partials := filepath.Join(dir, partialDir)
	MustDo(t, os.MkdirAll(partials, 0o700))
	left, young := filepath.Join(partials, "left.part"), filepath.Join(partials, "young.part")
	for _, path := range []string{left, young} {
		MustDo(t, os.WriteFile(path, []byte("half"), 0o600))
	}
	old := time.Now().Add(-time.Hour)
	MustDo(t, os.Chtimes(left, old, old))
	other := cache{dir: dir}
	busy, err := other.create()
	MustDo(t, err)
	MustDo(t, os.Chtimes(busy.Name(), old, old))

	o := MustOrigin(t)
	o.Serve("/app.jar", "text")
	r, _ := MustResources(t, Options{CacheDir: dir})
	MustFetch(t, r, o.URL+"/app.jar")
	for path, want := range map[string]bool{left: false, young: true, busy.Name(): true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: there is %v, want there %v", filepath.Base(path), err == nil, want)
		}
	}
	busy.discard()
	if _, err := os.Stat(busy.Name()); err == nil {
		t.Error("a discarded file is still there")
	}
}

func TestUnwritableCache(t *testing.T) {
	o := MustOrigin(t)
	o.Serve("/app.jar", "text")
	occupied := filepath.Join(t.TempDir(), "file")
	MustDo(t, os.WriteFile(occupied, nil, 0o600))
	r, _ := MustResources(t, Options{CacheDir: filepath.Join(occupied, "cache")})
	wantFailure(t, r, o.URL+"/app.jar", purser.CodePlatform, "the resource cache cannot be written")
	wantFailure(t, r, "maven:g:a:1", purser.CodePlatform, "the resource cache cannot be written")
	if got := MustFetch(t, r, "file:"+occupied); got != "" {
		t.Errorf("files need no cache, got %q", got)
	}
	if asked := o.Asked(); asked != "" {
		t.Errorf("asked %s without a place for the answer", asked)
	}
	none, err := NewResources(Options{})
	MustDo(t, err)
	wantFailure(t, none, o.URL+"/app.jar", purser.CodePlatform, "the resource cache has no folder")

	MustDo(t, os.Remove(occupied))
	if got := MustFetch(t, r, o.URL+"/app.jar"); got != "text" {
		t.Errorf("the cache does not recover: %q", got)
	}
	MustDo(t, os.RemoveAll(filepath.Join(r.options.CacheDir, partialDir)))
	wantFailure(t, r, o.URL+"/app.jar", purser.CodePlatform, "the resource cache cannot be written")
}

func TestSameContentOnce(t *testing.T) {
	o := MustOrigin(t)
	o.Serve("/a.jar", "text")
	o.Serve("/b.jar", "text")
	r, _ := MustResources(t, Options{})
	MustFetch(t, r, o.URL+"/a.jar")
	MustFetch(t, r, o.URL+"/b.jar")
	wantCacheFiles(t, r, contentDir, 1)
	wantCacheFiles(t, r, indexDir, 2)
}

func TestCleanExtension(t *testing.T) {
	for extension, want := range map[string]string{
		".jar": ".jar", ".JAR": ".JAR", ".7z": ".7z", "": "", ".": "", "jar": "", ".j/r": "", ".j.r": "", ".verylongone": "", ".ä": "",
	} {
		if got := cleanExtension(extension); got != want {
			t.Errorf("%q: got %q", extension, got)
		}
	}
}
