package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"purser/cmd/purser/live"
)

var update = flag.Bool("update", false, "write the golden files anew")

// built is where the binary and the sample applications are for all tests of this package.
type built struct{ binary, apps string }

var theBuilt built

// TestMain builds what users run: the tests of this package meet the product as they do.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(live.WithFolder("purser-e2e-", build, m.Run))
}

func build(folder string) (err error) {
	theBuilt.apps = folder
	if theBuilt.binary, err = live.Build(folder, "."); err != nil {
		return err
	}
	for _, v := range []string{"1.0.0", "1.0.1", "2.0.0"} {
		err = errors.Join(err, live.Compile(filepath.Join(folder, "hello-"+v), "../../examples/hello", "-ldflags", "-X main.version="+v))
	}
	return err
}

// MustStart starts a server in a folder of the test and ends it, with everything it started, after the test.
func MustStart(tb testing.TB, args ...string) (*live.Server, *live.API) {
	tb.Helper()
	ctx := context.Background()
	port, err := live.FreePort(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	s := &live.Server{Binary: theBuilt.binary, Folder: tb.TempDir(), Port: port, Args: args}
	a := live.NewAPI(s.Base())
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("stopping the server: %v", err)
		}
		for _, pid := range live.Leftovers(s.Folder) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if tb.Failed() {
			tb.Logf("the server's last words:\n%s", live.Tail(s.LogFile()))
		}
	})
	if _, err := s.Start(ctx, a); err != nil {
		tb.Fatal(err)
	}
	return s, a
}

// MustUploadExamples uploads the example packages: hello 1.0.0, 1.0.1 and 2.0.0.
func MustUploadExamples(tb testing.TB, a *live.API) {
	tb.Helper()
	archives, err := live.Pack("../../examples/packages", theBuilt.apps)
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range archives {
		if err := a.Upload(tb.Context(), p); err != nil {
			tb.Fatal(err)
		}
	}
}
