package deployertest

import (
	"context"
	"strings"

	"purser"
)

// The rules of a platform that can follow logs; others keep them by not saying so.

func (s *suite) tails() {
	follower, ok := s.d.(purser.LogFollower)
	if !ok {
		return
	}
	app := s.running(2)
	lines, err := follower.TailLogs(s.ctx(), app.ID, 100)
	if err != nil {
		s.Fatal(err)
	}
	seen := map[string]bool{}
	for _, l := range lines {
		seen[l.Instance] = true
		if l.DeploymentID != app.ID || l.Application != "" || l.More || l.Text == "" || strings.HasSuffix(l.Text, "\n") {
			s.Errorf("%+v", l)
		}
	}
	for _, i := range s.status(app.ID).Instances {
		if !seen[i.ID] {
			s.Errorf("nothing of %s in %+v", i.ID, lines)
		}
	}
	if lines, err := follower.TailLogs(s.ctx(), app.ID, 0); err != nil || len(lines) > 0 {
		s.Errorf("no lines: %+v, %v", lines, err)
	}
	if lines, err := follower.TailLogs(s.ctx(), s.d.DeploymentID("suite", "nobody-v1"), 100); err != nil || len(lines) > 0 {
		s.Errorf("an unknown id: %+v, %v", lines, err)
	}
}

func (s *suite) follows() {
	follower, ok := s.d.(purser.LogFollower)
	if !ok {
		return
	}
	app := s.running(1)
	lines, stop := s.follow(follower, app.ID, 100)
	defer stop()
	s.line(lines, func(l purser.LogLine) bool {
		return l.DeploymentID == app.ID && l.Instance == s.status(app.ID).Instances[0].ID && l.Text != ""
	})
	if err := s.d.Scale(s.ctx(), app.ID, 2, nil); err != nil {
		s.Fatal(err)
	}
	second := s.awaitState(app.ID, purser.StateDeployed, 2).Instances[1].ID
	s.line(lines, func(l purser.LogLine) bool { return l.Instance == second })
	if err := s.d.Undeploy(s.ctx(), app.ID); err != nil {
		s.Fatal(err)
	}
	s.over(lines)
}

func (s *suite) followsNobody() {
	follower, ok := s.d.(purser.LogFollower)
	if !ok {
		return
	}
	lines, stop := s.follow(follower, s.d.DeploymentID("suite", "nobody-v1"), 100)
	defer stop()
	s.over(lines)
}

func (s *suite) followEnds() {
	follower, ok := s.d.(purser.LogFollower)
	if !ok {
		return
	}
	app := s.running(1)
	read, stop := s.follow(follower, app.ID, 100)
	s.line(read, func(purser.LogLine) bool { return true })
	stop()
	s.over(read)
	unread, stop := s.follow(follower, app.ID, 100)
	stop()
	s.over(unread)
	closed, stop := s.follow(follower, app.ID, 0)
	defer stop()
	if err := s.d.Close(); err != nil {
		s.Fatal(err)
	}
	s.over(closed)
}

func (s *suite) follow(f purser.LogFollower, id string, lines int) (<-chan purser.LogLine, context.CancelFunc) {
	s.Helper()
	ctx, cancel := context.WithCancel(s.ctx())
	followed, err := f.FollowLogs(ctx, id, lines)
	if err != nil {
		cancel()
		s.Fatalf("follow %s: %v", id, err)
	}
	return followed, cancel
}

// line reads until a line is as wanted.
func (s *suite) line(lines <-chan purser.LogLine, wanted func(purser.LogLine) bool) {
	s.Helper()
	for l := range lines {
		if wanted(l) {
			return
		}
	}
	s.Fatal("it ended before the line that was wanted")
}

// over reads until it is closed, which the patience forces.
func (s *suite) over(lines <-chan purser.LogLine) {
	s.Helper()
	limit := s.ctx()
	for range lines {
	}
	if limit.Err() != nil {
		s.Fatal("it did not end in time")
	}
}
