package shelltest_test

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/demo"
	"purser/cmd/purser/live"
)

// MustServeExamples runs a server that has the example packages.
func MustServeExamples(tb testing.TB, args ...string) (*live.Server, *live.API) {
	tb.Helper()
	s, api := MustServe(tb, args...)
	o := demo.Options{Apps: theBuilt.apps, Packages: "../../../examples/packages", Out: tb.Output()}
	if err := demo.Upload(tb.Context(), s.Base(), o); err != nil {
		tb.Fatal(err)
	}
	return s, api
}

// --wait tells by its exit code how a change ended, and by its lines how it went.
func TestWait(t *testing.T) {
	t.Parallel()
	s, _ := MustServeExamples(t)
	uri, folder := s.Base()+"/api", t.TempDir()
	for _, row := range []struct {
		rule     string
		args     []string
		code     int
		contains []string
	}{
		{"an install", []string{"package", "install", "hello", "1.0.0", "--release-name", "web", "--wait"}, 0, []string{"Released web. Now at version v1.\n", "deployed"}},
		{"an upgrade that fails", []string{"release", "upgrade", "web", "hello", "2.0.0", "--wait=60s"}, 3, []string{"Now at version v2.\n", "web v2 has failed: "}},
		{"an upgrade without a word", []string{"release", "upgrade", "web", "hello", "1.0.1", "--wait", "60s", "--quiet"}, 0, nil},
		{"a rollback in JSON", []string{"release", "rollback", "web", "1", "--wait", "-o", "json", "-q"}, 0, []string{`"statusCode": "DEPLOYED"`, `"description": "Rollback complete"`}},
		{"a time that is too short", []string{"release", "upgrade", "web", "hello", "1.0.1", "--wait=1ms"}, 4, []string{"web v5 is not ready after 1ms. The operation goes on"}},
	} {
		code, printed := MustRun(t, folder, uri, row.args...)
		if code != row.code {
			t.Fatalf("%s: code %d, want %d:\n%s", row.rule, code, row.code, printed)
		}
		if row.contains == nil && printed != "" {
			t.Errorf("%s: %s", row.rule, printed)
		}
		for _, text := range row.contains {
			if !strings.Contains(printed, text) {
				t.Errorf("%s: %q is not in\n%s", row.rule, text, printed)
			}
		}
	}
}

// A change that somebody cancels ends the wait with a code of its own; Ctrl-C ends the wait alone.
func TestWaitIsCancelled(t *testing.T) {
	t.Parallel()
	s, api := MustServeExamples(t, "--purser.strategies.fail-fast=false")
	uri, folder := s.Base()+"/api", t.TempDir()
	if code, printed := MustRun(t, folder, uri, "package", "install", "hello", "1.0.0", "--release-name=web", "--wait"); code != 0 {
		t.Fatal(printed)
	}
	interrupted := MustUpgradeToBroken(t, folder, uri)
	if err := interrupted.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	interrupted.ends(t, 130, "Interrupted. The operation on web v2 goes on")

	cancel := func() (bool, error) {
		var got struct{ Accepted bool }
		err := api.Call(t.Context(), http.MethodPost, "/api/release/cancel", map[string]string{"releaseName": "web"}, &got)
		return got.Accepted, err
	}
	if err := live.Until(t.Context(), 30*time.Second, 20*time.Millisecond, "the first upgrade is cancelled", cancel); err != nil {
		t.Fatal(err)
	}
	over := func() (bool, error) {
		code, printed := MustRun(t, folder, uri, "operation", "list", "web", "--open", "--quiet")
		return code == 0 && printed == "", nil
	}
	if err := live.Until(t.Context(), 30*time.Second, 20*time.Millisecond, "the first upgrade is over", over); err != nil {
		t.Fatal(err)
	}
	waiting := MustUpgradeToBroken(t, folder, uri)
	if accepted, err := cancel(); err != nil || !accepted {
		t.Fatalf("%v, %v", accepted, err)
	}
	waiting.ends(t, 5, "web v3 was cancelled")
}

// running is the program while it waits.
type running struct {
	*exec.Cmd
	lines *bufio.Reader
	seen  string
}

// MustUpgradeToBroken begins an upgrade that waits, and comes back when that is told.
func MustUpgradeToBroken(tb testing.TB, folder, uri string) *running {
	tb.Helper()
	r := &running{Cmd: exec.CommandContext(tb.Context(), theBuilt.purser, "release", "upgrade", "web", "hello", "2.0.0", "--wait")}
	r.Dir = folder
	r.Env = append(os.Environ(), "SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI="+uri)
	pipe, err := r.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := r.Start(); err != nil {
		tb.Fatal(err)
	}
	r.lines = bufio.NewReader(pipe)
	for !strings.Contains(r.seen, ": wait") {
		line, err := r.lines.ReadString('\n')
		r.seen += line
		if err != nil {
			tb.Fatalf("%v: %s", err, r.seen)
		}
	}
	return r
}

func (r *running) ends(t *testing.T, code int, text string) {
	t.Helper()
	for {
		line, err := r.lines.ReadString('\n')
		r.seen += line
		if err != nil {
			break
		}
	}
	_ = r.Wait() // the code tells
	if got := r.ProcessState.ExitCode(); got != code || !strings.Contains(r.seen, text) {
		t.Errorf("code %d, want %d:\n%s", got, code, r.seen)
	}
}
