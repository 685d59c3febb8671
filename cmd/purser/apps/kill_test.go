package apps_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// A server that dies at any edge of an activation, or of a rollback, is succeeded by one that brings it to its end, unasked:
// the release is active, the former one is archived, and what runs is the release's.
func TestDeathAtEveryEdge(t *testing.T) {
	s := MustSite(t, theBuilt.crashing)
	s.mustUpload(t, "demo", "1.0.0", hello("1.0.0"))
	for n, action := range []string{"activate", "rollback"} {
		points := s.edges(t, s.app(t, fmt.Sprintf("app-%d", n)), action)
		t.Logf("%s: %v", action, points)
		for k, point := range points {
			t.Run(action+" "+point, func(t *testing.T) {
				s.dies(t, s.app(t, fmt.Sprintf("app-%d", 2+n*18+k)), action, point)
			})
		}
	}
}

// ready makes an app whose second release can be activated, or whose first can be rolled back to.
func (a app) ready(action string) (from, to string) {
	a.tb.Helper()
	first := a.make("v1")
	a.site.mustUploadOnce(a.tb, "1.0.1")
	second := a.make("v2")
	a.want(200, "POST /"+first+"/activate", "")
	a.rests(1)
	if action == "activate" {
		return first, second
	}
	a.want(200, "POST /"+second+"/activate", "")
	a.rests(2)
	return second, first
}

// rests waits until so many activations of the app are over: they are answered before what they replace is gone.
func (a app) rests(activations int) {
	a.tb.Helper()
	id := strings.Split(a.path, "/")[7]
	err := live.Until(a.tb.Context(), 20*time.Second, 10*time.Millisecond, "activations are over", func() (bool, error) {
		text, err := os.ReadFile(a.site.server.LogFile())
		over := 0
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, `"operation finished"`) && strings.Contains(line, `:`+id+`"`) {
				over++
			}
		}
		return over >= activations, err
	})
	if err != nil {
		a.tb.Fatal(err)
	}
}

// mustUploadOnce makes versions of the package alternate between the two programs.
func (s *site) mustUploadOnce(tb testing.TB, program string) {
	tb.Helper()
	s.uploads++
	s.mustUpload(tb, "demo", fmt.Sprintf("1.0.%d", s.uploads), hello(map[bool]string{true: program, false: "1.0.0"}[s.uploads%2 == 1]))
}

// again ends the server the polite way and starts it with an order to die, "" for none.
func (s *site) again(tb testing.TB, dieAt string) {
	tb.Helper()
	if err := s.server.Stop(); err != nil {
		tb.Fatal(err)
	}
	s.server.Env = nil
	if dieAt != "" {
		s.server.Env = []string{"PURSER_CRASH_AT=" + dieAt}
	}
	s.mustStart(tb)
}

// edges runs an action on a server that prints the points it comes by.
func (s *site) edges(t *testing.T, a app, action string) (points []string) {
	t.Helper()
	_, to := a.ready(action)
	s.again(t, "?")
	info, err := os.Stat(s.server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	a.want(200, "POST /"+to+"/"+action, "")
	a.rests(map[string]int{"activate": 2, "rollback": 3}[action])
	s.again(t, "")
	text, err := os.ReadFile(s.server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text[info.Size():])) {
		if point, ok := strings.CutPrefix(strings.TrimSpace(line), "crash point "); ok && !slices.Contains(points, point) {
			points = append(points, point)
		}
	}
	if len(points) < 8 {
		t.Fatalf("only these points were found: %v", points)
	}
	return points
}

func (s *site) dies(t *testing.T, a app, action, point string) {
	from, to := a.ready(action)
	s.again(t, point)
	_, _ = a.tell(t, "t-admin", "POST "+a.path+"/"+to+"/"+action, "") // the answer may come before the death
	if _, err := s.server.Wait(20 * time.Second); err != nil {
		t.Fatal(err)
	}
	s.server.Env = nil
	s.mustStart(t)
	a.endsAs(from, to)
}

// endsAs waits until the release is active and the other one archived, alone.
func (a app) endsAs(from, to string) {
	a.tb.Helper()
	err := live.Until(a.tb.Context(), 30*time.Second, 20*time.Millisecond, "the release is active", func() (bool, error) {
		return a.do("GET /active", "").at("release_id") == to, nil
	})
	if err != nil {
		a.tb.Fatalf("%v: %s", err, a.do("GET ?include_archived=true", "").text)
	}
	a.want(200, "GET /"+from, "").is(a.tb, "status", "archived")
	a.oneIsActive(2)
	a.site.settles(a.tb, "one process", func(list []process) bool { return len(list) == a.site.apps(a.tb) })
	a.want(201, "POST ", `{"release_tag":"afterwards"}`).is(a.tb, "release_number", 3)
}

// apps counts the apps that have an active release.
func (s *site) apps(tb testing.TB) (count int) {
	tb.Helper()
	for n := range 40 {
		if s.app(tb, fmt.Sprintf("app-%d", n)).want(200, "GET ?limit=1", "").at("active_release_id") != nil {
			count++
		}
	}
	return count
}

// A server that is killed while an activation waits for health is succeeded by one that goes on with it.
func TestKillWhileWaiting(t *testing.T) {
	s := MustShop(t)
	a := s.app(t, "app-0")
	first := a.make("v1")
	a.want(200, "POST /"+first+"/activate", "")
	s.mustUpload(t, "demo", "1.1.0", hello("1.0.1"))
	second := a.make("v2")
	answered := make(chan heard, 1)
	go func() {
		h, _ := a.tell(t, "t-admin", "POST "+a.path+"/"+second+"/activate", "")
		answered <- h
	}()
	s.settles(t, "the new program runs", func(list []process) bool {
		return slices.ContainsFunc(list, func(p process) bool { return p.program == "hello-1.0.1" })
	})
	if err := s.server.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := s.server.Wait(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	if h := <-answered; h.status != 0 && h.status != 200 {
		t.Errorf("%d %s", h.status, h.text)
	}
	s.mustStart(t)
	a.endsAs(first, second)
}
