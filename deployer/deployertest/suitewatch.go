package deployertest

import (
	"context"
	"strings"

	"purser"
)

// next gives the next status of a watch.
func (s *suite) next(updates <-chan purser.AppStatus) purser.AppStatus {
	s.Helper()
	select {
	case got, ok := <-updates:
		if !ok {
			s.Fatal("the watch has ended")
		}
		return got
	case <-s.ctx().Done():
		s.Fatal("the watch sent nothing")
	}
	return purser.AppStatus{}
}

// ended checks that a watch is closed, after what it may still have sent.
func (s *suite) ended(updates <-chan purser.AppStatus) {
	s.Helper()
	for {
		select {
		case _, ok := <-updates:
			if !ok {
				return
			}
		case <-s.ctx().Done():
			s.Fatal("the watch was not closed")
		}
	}
}

func (s *suite) watch(ids ...string) (updates <-chan purser.AppStatus, stop func()) {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	s.Cleanup(cancel)
	updates, err := s.d.Watch(ctx, ids...)
	if err != nil {
		s.Fatalf("watch: %v", err)
	}
	return updates, cancel
}

func (s *suite) watchesAtOnce() {
	a, b := s.running(1), s.running(2)
	updates, _ := s.watch(a.ID, b.ID, "nobody")
	seen := map[string]purser.AppState{}
	for range 3 {
		got := s.next(updates)
		seen[got.DeploymentID] = got.State
	}
	if seen[a.ID] != purser.StateDeployed || seen[b.ID] != purser.StateDeployed || seen["nobody"] != purser.StateUnknown {
		s.Errorf("%v", seen)
	}
}

func (s *suite) watchesUnknown() {
	app := s.app(s.Healthy)
	updates, _ := s.watch(app.ID)
	if got := s.next(updates); got.State != purser.StateUnknown {
		s.Errorf("at first %s", got.State)
	}
	s.deploy(app)
	for s.next(updates).State != purser.StateDeployed {
	}
	if err := s.d.Undeploy(s.ctx(), app.ID); err != nil {
		s.Fatal(err)
	}
	for s.next(updates).State != purser.StateUnknown {
	}
}

func (s *suite) watchesSlowly() {
	app := s.app(s.Healthy)
	updates, _ := s.watch(app.ID) // nobody reads for a while
	s.deploy(app)
	s.awaitState(app.ID, purser.StateDeployed, 1)
	for _, count := range []int{2, 3, 2} {
		if err := s.d.Scale(s.ctx(), app.ID, count, nil); err != nil {
			s.Fatal(err)
		}
		s.awaitState(app.ID, purser.StateDeployed, count)
	}
	for got := s.next(updates); got.State != purser.StateDeployed || len(got.Instances) != 2; got = s.next(updates) {
	}
}

func (s *suite) watchEnds() {
	app := s.running(1)
	updates, stop := s.watch(app.ID)
	s.next(updates)
	stop()
	s.ended(updates)

	unread, stop := s.watch(app.ID)
	stop()
	s.ended(unread)
}

func (s *suite) logs() {
	app := s.running(1)
	text, err := s.d.Logs(s.ctx(), app.ID)
	if err != nil || strings.TrimSpace(text) == "" {
		s.Errorf("%q, %v", text, err)
	}
}

func (s *suite) calls() {
	app := s.running(1)
	guid := s.status(app.ID).Instances[0].Attributes["guid"]
	call := purser.ActuatorRequest{DeploymentID: app.ID, InstanceGUID: guid, Method: "GET", Endpoint: "/health"}
	answer, err := s.d.Actuator(s.ctx(), call)
	if err != nil || answer.Status != 200 || len(answer.Body) == 0 {
		s.Errorf("%+v, %v", answer, err)
	}
	other := call
	other.InstanceGUID = guid + "9"
	_, err = s.d.Actuator(s.ctx(), other)
	s.wantCode("another instance", err, purser.CodeNotFound)

	if err := s.d.Undeploy(s.ctx(), app.ID); err != nil {
		s.Fatal(err)
	}
	_, err = s.d.Actuator(s.ctx(), call)
	s.wantCode("after undeploy", err, purser.CodeNotFound)
}

func (s *suite) closes() {
	app := s.running(1)
	updates, _ := s.watch(app.ID)
	s.next(updates)
	for range 2 {
		if err := s.d.Close(); err != nil {
			s.Fatal(err)
		}
	}
	s.ended(updates)
}

func (s *suite) outlives() {
	if s.Reopen == nil {
		return // the platform makes no such promise
	}
	app := s.running(2)
	before := s.status(app.ID)
	if err := s.d.Close(); err != nil {
		s.Fatal(err)
	}
	s.d = s.Reopen(s.T, s.d)
	s.deploy(app)
	got := s.awaitState(app.ID, purser.StateDeployed, 2)
	for n, i := range got.Instances {
		if i.Attributes["url"] != before.Instances[n].Attributes["url"] {
			s.Errorf("instance %d is another: %v, it was %v", n, i.Attributes, before.Instances[n].Attributes)
		}
	}
	if err := s.d.Undeploy(s.ctx(), app.ID); err != nil {
		s.Fatal(err)
	}
	if got := s.status(app.ID); got.State != purser.StateUnknown {
		s.Errorf("it is %s after undeploy", got.State)
	}
}
