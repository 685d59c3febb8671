package shelltest_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"purser/cmd/purser/live"
)

// built is where the programs are that all tests of this package run.
type built struct {
	purser  string
	payload string // folder of the recorded sessions' applications
	apps    string // folder of the example's applications
}

var theBuilt built

// TestMain builds what is run.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(live.WithFolder("purser-shell-", build, m.Run))
}

func build(folder string) (err error) {
	theBuilt.payload, theBuilt.apps = folder, folder
	if theBuilt.purser, err = live.Build(folder, ".."); err != nil {
		return err
	}
	for _, v := range []string{"1.0.0", "1.0.1", "2.0.0"} {
		flags := []string{"-ldflags", "-s -w -X main.version=" + v}
		err = errors.Join(err, live.Compile(filepath.Join(folder, "demo-"+v+".jar"), "../conformance/payload", flags...))
		err = errors.Join(err, live.Compile(filepath.Join(folder, "hello-"+v), "../../../examples/hello", flags...))
	}
	return err
}

// MustServe runs a server with an empty store until the test ends, with everything it started.
func MustServe(tb testing.TB, args ...string) (*live.Server, *live.API) {
	tb.Helper()
	port, err := live.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	const checks = "--spring.cloud.skipper.server.strategies.healthcheck."
	s := &live.Server{Binary: theBuilt.purser, Folder: tb.TempDir(), Port: port, Args: append([]string{
		checks + "timeout-in-millis=60000", checks + "sleep-in-millis=1000", "--purser.platform.local.stop-on-exit=true",
	}, args...)}
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
	if _, err := s.Start(tb.Context(), a); err != nil {
		tb.Fatal(err)
	}
	return s, a
}
