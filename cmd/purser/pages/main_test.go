package pages_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"purser/cmd/purser/live"
)

// built is where the programs are that all tests of this package run.
type built struct{ purser, apps, browser string }

var theBuilt built

// TestMain builds what is run.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(live.WithFolder("purser-pages-", build, m.Run))
}

func build(folder string) (err error) {
	if theBuilt.browser, err = findBrowser(); err != nil {
		return err
	}
	theBuilt.apps = folder
	if theBuilt.purser, err = live.Build(folder, ".."); err != nil {
		return err
	}
	for _, v := range []string{"1.0.0", "1.0.1", "2.0.0"} {
		err = errors.Join(err, live.Compile(filepath.Join(folder, "hello-"+v), "../../../examples/hello", "-ldflags", "-X main.version="+v))
	}
	return err
}

// findBrowser finds Chromium. make test has installed it where it can.
func findBrowser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("chromium is needed for the tests of the pages (Debian: apt-get install chromium)")
}

// MustServe runs a server with an empty store until the test ends, with everything it started.
func MustServe(tb testing.TB, args ...string) (*live.Server, *live.API) {
	tb.Helper()
	port, err := live.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	s := &live.Server{Binary: theBuilt.purser, Folder: tb.TempDir(), Port: port, Args: args}
	a := live.NewAPI(s.Base())
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("stopping the server: %v", err)
		}
		for _, pid := range live.Leftovers(s.Folder) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if tb.Failed() {
			tb.Logf("the server's last words:\n%s", strings.TrimSpace(live.Tail(s.LogFile())))
		}
	})
	if _, err := s.Start(context.Background(), a); err != nil {
		tb.Fatal(err)
	}
	return s, a
}

// examples packs the example packages.
func examples(tb testing.TB) []live.Archive {
	tb.Helper()
	archives, err := live.Pack("../../../examples/packages", theBuilt.apps)
	if err != nil {
		tb.Fatal(err)
	}
	return archives
}

// mustUpload uploads archives by the API.
func mustUpload(tb testing.TB, a *live.API, archives ...live.Archive) {
	tb.Helper()
	for _, p := range archives {
		if err := a.Upload(tb.Context(), p); err != nil {
			tb.Fatal(err)
		}
	}
}

// mustWrite makes a file of the test.
func mustWrite(tb testing.TB, name string, data []byte) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}
