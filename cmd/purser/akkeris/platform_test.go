package akkeris_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// running lists the programs that run for the server, each with its settings.
func (s *site) running(tb testing.TB) (list []string) {
	tb.Helper()
	for _, p := range live.Processes(s.server.Folder) {
		program := filepath.Base(p.Args[0])
		if !strings.HasPrefix(program, "hello-") {
			continue
		}
		environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.PID), "environ"))
		if err != nil { // it has ended just now
			continue
		}
		for variable := range strings.SplitSeq(string(environ), "\x00") {
			if text, ok := strings.CutPrefix(variable, "SPRING_APPLICATION_JSON="); ok {
				list = append(list, program+" "+text)
			}
		}
	}
	return list
}

// runs waits until one program runs, with a setting.
func (s *site) runs(tb testing.TB, program, setting string) {
	tb.Helper()
	err := live.Until(tb.Context(), 20*time.Second, 20*time.Millisecond, "one program runs", func() (bool, error) {
		list := s.running(tb)
		return len(list) == 1 && strings.HasPrefix(list[0], program+" ") && strings.Contains(list[0], setting), nil
	})
	if err != nil {
		tb.Errorf("%v: %q", err, s.running(tb))
	}
}

// What runs is the current release, with the values of the app over those of the package.
func TestWhatRuns(t *testing.T) {
	s := MustShop(t, setup{})
	a := s.app(t, "shop-dev")
	first := a.release("1.0.0")
	a.until(first, "succeeded")
	s.runs(t, "hello-1.0.0", `"hello.greeting":"Welcome"`)
	a.until(a.release("1.0.1"), "succeeded")
	s.runs(t, "hello-1.0.1", `"hello.greeting":"Welcome"`)
	a.until(a.release("0.9.0"), "failed")
	s.runs(t, "hello-1.0.1", `"hello.greeting":"Welcome"`)
	a.until(a.rollBack(first), "succeeded")
	s.runs(t, "hello-1.0.0", `"hello.greeting":"Welcome"`)
}

// What the platform does not take has failed, and stays as a record; what cannot be meant is refused, and leaves none.
func TestWhatCannotRun(t *testing.T) {
	s := MustSite(t, setup{})
	s.mustUpload(t, "ghost", "1.0.0", strings.Replace(hello("1.0.0"), "hello-1.0.0", "nosuch", 1))
	s.mustUpload(t, "broken", "1.0.0", "apiVersion: skipper.spring.io/v1\nkind: [\n")
	ghost := s.app(t, "ghost-dev")
	release := ghost.release("1.0.0")
	ghost.until(release, "failed").is(t, "current", false, "version", 1)
	ghost.want(200, "GET /releases", "").is(t, "0.id", release, "1", nil)
	ghost.isCurrent("")

	broken := s.app(t, "broken-dev")
	if h := broken.do("POST /releases", `{"slug":"latest"}`); h.status != 422 || h.text == "" || strings.Contains(h.text, s.server.Folder) {
		t.Errorf("%d %s", h.status, h.text)
	}
	broken.want(200, "GET /releases", "").refuses(t, 200, "[]")
}
