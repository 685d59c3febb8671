package shell_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

// MustFollow serves a stream of logs that ends.
func MustFollow(tb testing.TB) string {
	tb.Helper()
	inner := &server{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/purser/releases/hello/logs" {
			inner.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, block := range []string{
			`event: log` + "\n" + `data: {"application":"demo","deploymentId":"hello.demo-v2","instance":"hello.demo-v2-0","stream":"stdout","text":"one\ntwo"}`,
			`: still here`,
			`event: log` + "\n" + `data: {"application":"demo","deploymentId":"hello.demo-v2","instance":"hello.demo-v2-0","stream":"stderr","text":"three"}`,
			`event: end` + "\n" + `data: {"reason":"deleted"}`,
		} {
			_, _ = w.Write([]byte(block + "\n\n"))
		}
	}))
	tb.Cleanup(s.Close)
	return s.URL + "/api"
}

func TestLogsAreFollowed(t *testing.T) {
	uri := MustFollow(t)
	for _, row := range []struct{ rule, line, want string }{
		{"for people", "release logs hello --follow", "hello.demo-v2-0 one\nhello.demo-v2-0 two\nhello.demo-v2-0 three\n"},
		{"lines alone", "release logs hello -f -q", "one\ntwo\nthree\n"},
		{"a JSON text a line", "release logs hello -f -o json", `{"application":"demo","deploymentId":"hello.demo-v2","instance":"hello.demo-v2-0","stream":"stdout","text":"one\ntwo"}` + "\n" +
			`{"application":"demo","deploymentId":"hello.demo-v2","instance":"hello.demo-v2-0","stream":"stderr","text":"three"}` + "\n"},
		{"YAML documents", "release logs hello -f -o yaml --lines 1", "---\napplication: demo\ndeploymentId: hello.demo-v2\ninstance: hello.demo-v2-0\nstream: stdout\ntext: |-\n  one\n  two\n" +
			"---\napplication: demo\ndeploymentId: hello.demo-v2\ninstance: hello.demo-v2-0\nstream: stderr\ntext: three\n"},
	} {
		text, code := MustConsole(t, uri).run(t.Context(), shell.OneShot, row.line)
		if d := cmp.Diff(row.want, text); d != "" || code != 0 {
			t.Errorf("%s: code %d\n%s", row.rule, code, d)
		}
	}
}

// A server that only has whole logs gives them; the last lines are taken here. It cannot be followed.
func TestLogsOfSkipper(t *testing.T) {
	s := MustServe(t, map[string]answer{
		skipperAlone:                  {},
		"GET /api/release/logs/hello": {200, `{"logs":{"hello.demo-v2":"one\ntwo\nthree\n","hello.a-v1":"zero\n"}}`},
	})
	c := MustConsole(t, s.URL+"/api")
	text, code := c.run(t.Context(), shell.OneShot, "release logs hello --lines 2")
	if want := "hello.a-v1 zero\nhello.demo-v2 two\nhello.demo-v2 three\n"; text != want || code != 0 {
		t.Errorf("code %d: %s", code, text)
	}
	text, code = c.run(t.Context(), shell.OneShot, "release logs hello --follow")
	if !strings.Contains(text, "not supported by the server") || code != 1 {
		t.Errorf("code %d: %s", code, text)
	}
}

// Where an upload goes: the second word may be the repository, as in the reference, or a further package.
func TestUploadTo(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"demo-1.0.0.zip", "my-app-1.0.0-SNAPSHOT.zip", "odd.zip"} {
		MustWrite(t, filepath.Join(dir, name), "zip")
	}
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	open := func(path string) (shell.Archive, error) {
		a := shell.Archive{Name: "my-app", Version: "1.0.0-SNAPSHOT"}
		if strings.HasSuffix(path, "folder") {
			a = shell.Archive{Name: "packed", Version: "2.0.0"}
		}
		a.Write = func(w io.Writer) error {
			_, err := w.Write([]byte("zip"))
			return err
		}
		return a, nil
	}
	upload := func(repository, name, version string) string {
		return `POST /api/package/upload {"repoName":"` + repository + `","name":"` + name + `","version":"` + version + `","extension":"zip","packageFileAsBytes":"emlw"}`
	}
	for _, row := range []struct {
		rule, line string
		want       []string
	}{
		{"the usual repository", "demo-1.0.0.zip", []string{upload("local", "demo", "1.0.0")}},
		{"the second word", "demo-1.0.0.zip other", []string{upload("other", "demo", "1.0.0")}},
		{"an option", "--path demo-1.0.0.zip --repo-name other", []string{upload("other", "demo", "1.0.0")}},
		{"a URL", "file:demo-1.0.0.zip", []string{upload("local", "demo", "1.0.0")}},
		{"a further package", "demo-1.0.0.zip demo-1.0.0.zip", []string{upload("local", "demo", "1.0.0"), upload("local", "demo", "1.0.0")}},
		{"a folder", "folder", []string{upload("local", "packed", "2.0.0")}},
		{"a version with a hyphen", "my-app-1.0.0-SNAPSHOT.zip", []string{upload("local", "my-app", "1.0.0-SNAPSHOT")}},
		{"a name that says nothing", "odd.zip", []string{upload("local", "my-app", "1.0.0-SNAPSHOT")}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			t.Chdir(dir)
			s := MustServe(t, nil)
			c := MustConsole(t, s.URL+"/api", func(o *shell.Options) { o.OpenArchive = open })
			text, code := c.run(t.Context(), shell.OneShot, "package upload "+row.line)
			if d := cmp.Diff(row.want, s.requests()); d != "" || code != 0 {
				t.Errorf("code %d: %s\n%s", code, text, d)
			}
		})
	}
}
