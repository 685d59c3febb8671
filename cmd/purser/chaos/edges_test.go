package chaos_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// A server that dies at any edge of any operation is succeeded by one that brings the operation to its right end, unasked.
// The edges are found by running each kind of operation once, so that new ones are tested without a change here.
func TestDeathAtEveryEdge(t *testing.T) {
	t.Parallel()
	var edges atomic.Int64
	t.Run("all", func(t *testing.T) {
		for n, c := range scenarios("") {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := MustSite(t)
				found := c.edges(t, s, n)
				for k, point := range found {
					scenarios(fmt.Sprintf("release%d", k))[n].dieAt(t, s, point)
				}
				edges.Add(int64(len(found)))
			})
		}
	})
	if !t.Failed() {
		t.Logf("%d edges of %d kinds of operations, all resumed", edges.Load(), len(scenarios("")))
	}
}

// A server that dies again and again, each time a little later, gets everything done all the same.
func TestDeathAtEveryStep(t *testing.T) {
	for _, c := range scenarios("again") {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := MustSite(t)
			before := s.mustPrepare(t, c)
			finished, deaths := false, 0
			for {
				// After the start the third point is behind what the phase did, the fourth behind its record.
				s.mustStartAndMaybeDie(t, fmt.Sprintf("*:%d", 3+deaths%2))
				if deaths == 0 {
					finished = c.provoke(s.api)
				}
				if c.cancel && !finished && deaths > 0 {
					finished = c.finish(s.api) == nil
				}
				if !s.mustDieBefore(t, func() error { return c.ended(s, before) }) {
					break
				}
				deaths++
			}
			if deaths == 0 {
				t.Error("the server did not die")
			}
			t.Logf("%d deaths", deaths)
			// What the platform does may be done before the operation is: the last server has the last word.
			if err := s.server.Kill(); err != nil {
				t.Fatal(err)
			}
			s.mustStart(t)
			s.mustSettle(t, "in the end", func() error { return c.ended(s, before) })
			s.mustForget(t, c)
		})
	}
}

// edges runs the scenario on a server that prints the points it comes by.
func (c scenario) edges(t *testing.T, s *site, n int) []string {
	t.Helper()
	c = scenarios("discovery")[n]
	before := s.mustPrepare(t, c)
	printed := fileSize(t, s.server.LogFile())
	s.mustStartCrashing(t, "?")
	if !c.provoke(s.api) {
		t.Fatalf("%s was not answered", c.change)
	}
	s.mustSettle(t, "without a crash", func() error { return c.ended(s, before) })
	s.mustStop(t)
	text, err := os.ReadFile(s.server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	var points []string
	for line := range strings.Lines(string(text[printed:])) {
		if point, ok := strings.CutPrefix(strings.TrimSpace(line), "crash point "); ok && !slices.Contains(points, point) {
			points = append(points, point)
		}
	}
	if len(points) < 4 {
		t.Fatalf("only these points were found: %v", points)
	}
	s.mustStart(t)
	s.mustForget(t, c)
	return points
}

// dieAt runs the scenario on a server that dies at the point, and on its successor. The site's server runs before and
// after.
func (c scenario) dieAt(t *testing.T, s *site, point string) {
	t.Helper()
	before := s.mustPrepare(t, c)
	s.mustStartCrashing(t, point)
	finished := c.provoke(s.api)
	s.mustDie(t)
	s.mustStart(t)
	if !finished {
		if err := c.finish(s.api); err != nil {
			t.Fatalf("%s: %v", point, err)
		}
	}
	s.mustSettle(t, "killed at "+point, func() error { return c.ended(s, before) })
	s.mustForget(t, c)
}

// mustPrepare makes what is there before the scenario's change and gives the processes. The server does not run after it.
func (s *site) mustPrepare(t *testing.T, c scenario) []int {
	t.Helper()
	if s.server.PID() == 0 {
		s.mustStart(t)
	}
	s.mustSend(t, c.prepare...)
	before := takeCensus(s.server.Folder).appPIDs()
	s.mustStop(t)
	return before
}

// mustForget deletes the scenario's release: its name is not busy, and nothing is left of it.
func (s *site) mustForget(t *testing.T, c scenario) {
	t.Helper()
	if c.running > 0 {
		s.mustSettle(t, "the delete", func() error { // its operation may have a moment to live
			_, err := (change{kind: "delete", name: c.change.name}).send(context.Background(), s.api)
			return err
		})
	}
	s.mustSettle(t, "after the delete", func() error { return takeCensus(s.server.Folder).compare(nil) })
}

// mustStartAndMaybeDie starts a server that dies at a point, even before it answers.
func (s *site) mustStartAndMaybeDie(t *testing.T, at string) {
	t.Helper()
	plain := *s.server
	s.server.Binary, s.server.Env = theBuilt.crashing, []string{"PURSER_CRASH_AT=" + at}
	if err := s.server.Launch(); err != nil {
		t.Fatal(err)
	}
	s.server.Binary, s.server.Env = plain.Binary, plain.Env
	_ = live.Until(context.Background(), settling, time.Millisecond, "answers or dies", func() (bool, error) {
		if s.api.Call(context.Background(), "GET", "/api/about", nil, nil) == nil {
			return true, nil
		}
		return s.server.Ended(), nil
	})
}

// mustDieBefore tells whether the server dies before everything is as it should be. One of the two must happen.
func (s *site) mustDieBefore(t *testing.T, asItShouldBe func() error) bool {
	t.Helper()
	died := false
	s.mustSettle(t, "died again and again", func() error {
		if died = s.server.Ended(); died {
			return nil
		}
		return asItShouldBe()
	})
	if died {
		s.mustDie(t)
	}
	return died
}

func fileSize(t *testing.T, name string) int64 {
	t.Helper()
	i, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return i.Size()
}
