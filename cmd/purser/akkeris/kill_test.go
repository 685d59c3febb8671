package akkeris_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// A server that dies at any edge between the POST and the end of the deployment is succeeded by one that brings the release to
// its end, unasked: it has succeeded, it alone is current, and hooks are told of it.
func TestDeathAtEveryEdge(t *testing.T) {
	r := mustReceive(t)
	s := MustShop(t, setup{hooks: r.hooks(), binary: theBuilt.crashing})
	points := s.edges(t, s.app(t, "app-c39"))
	t.Log(points)
	for n, point := range points {
		t.Run(point, func(t *testing.T) {
			a := s.app(t, fmt.Sprintf("app-c%d", n))
			first := a.release("1.0.0")
			a.until(first, "succeeded")
			slug := a.slug("1.0.1")
			s.again(t, point)
			_, _ = a.tell(t, "POST /apps/"+a.name+"/releases", fmt.Sprintf(`{"slug":%q}`, slug), "Authorization", theKey) // it may die before the answer
			if _, err := s.server.Wait(20 * time.Second); err != nil {
				t.Fatal(err)
			}
			s.server.Env = nil
			s.mustStart(t)
			second, ok := a.want(200, "GET /releases", "").at("1.id").(string)
			if !ok {
				t.Fatal("the release is gone")
			}
			a.until(second, "succeeded").is(t, "current", true, "version", 2)
			a.isCurrent(second)
			r.hears(t, second, "release", "released web")
			r.hears(t, first, "release", "released web")
			if third := a.rollBack(first); a.until(third, "succeeded").at("version") != 3.0 {
				t.Error("the release after it has another version than 3")
			}
		})
	}
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

// edges makes a release on a server that prints the points it comes by.
func (s *site) edges(t *testing.T, a app) (points []string) {
	t.Helper()
	a.until(a.release("1.0.0"), "succeeded")
	s.again(t, "?")
	info, err := os.Stat(s.server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	a.until(a.release("1.0.1"), "succeeded")
	s.again(t, "") // which waits for the rest
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

// Hooks that nobody heard while the server was killed are told by the next one.
func TestHooksSurviveTheServer(t *testing.T) {
	r := mustReceive(t)
	r.hangs = make(chan struct{})
	s := MustShop(t, setup{hooks: r.hooks()})
	a := s.app(t, "shop-dev")
	release := a.release("1.0.0")
	a.until(release, "succeeded")
	err := live.Until(t.Context(), 10*time.Second, 10*time.Millisecond, "the hook is called", func() (bool, error) {
		return len(r.calls(release)) > 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.server.Kill(); err != nil {
		t.Fatal(err)
	}
	close(r.hangs)
	s.mustStart(t)
	r.hears(t, release, "release", "released web")
	ids := map[string]int{}
	err = live.Until(t.Context(), 30*time.Second, 10*time.Millisecond, "what was under way is told again", func() (bool, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		clear(ids)
		for _, one := range r.all {
			ids[one.header.Get("X-Akkeris-Delivery")]++
		}
		return len(r.all) > len(ids), nil
	})
	if err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
}
