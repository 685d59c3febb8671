package deployertest

import (
	"context"
	"sync"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func (s *suite) describes() {
	info := s.d.Info()
	if info.Name == "" || info.Type == "" || info.Description == "" {
		s.Errorf("%+v", info)
	}
}

func (s *suite) ids() {
	seen := map[string]bool{}
	for _, group := range []string{"a", "b"} {
		for _, name := range []string{"x-v1", "x-v2", "y-v1"} {
			id := s.d.DeploymentID(group, name)
			if id == "" || seen[id] || id != s.d.DeploymentID(group, name) {
				s.Errorf("id of %s and %s: %q", group, name, id)
			}
			seen[id] = true
		}
	}
}

func (s *suite) unknown() {
	id := s.d.DeploymentID("suite", "nobody-v1")
	if got := s.status(id); got.State != purser.StateUnknown || len(got.Instances) != 0 {
		s.Errorf("status: %+v", got)
	}
	if err := s.d.Undeploy(s.ctx(), id); err != nil {
		s.Errorf("undeploy: %v", err)
	}
	if text, err := s.d.Logs(s.ctx(), id); err != nil || text != "" {
		s.Errorf("logs: %q, %v", text, err)
	}
	s.wantCode("scale", s.d.Scale(s.ctx(), id, 2, nil), purser.CodeNotFound)
	_, err := s.d.Actuator(s.ctx(), purser.ActuatorRequest{DeploymentID: id, InstanceGUID: id + "-0", Method: "GET", Endpoint: "health"})
	s.wantCode("actuator", err, purser.CodeNotFound)
}

func (s *suite) deploys() {
	app := s.app(s.Healthy)
	s.deploy(app)
	got := s.awaitState(app.ID, purser.StateDeployed, 1)
	i := got.Instances[0]
	if i.ID == "" || i.State != purser.StateDeployed || i.Final || i.Attributes["guid"] == "" || i.Attributes["url"] == "" {
		s.Errorf("instance: %+v", i)
	}
}

func (s *suite) deploysOnce() {
	app := s.running(1)
	before := s.status(app.ID)
	app.Properties = map[string]string{"changed": "yes"}
	app.DeploymentProperties = map[string]string{"spring.cloud.deployer.count": "3"}
	s.deploy(app)
	if diff := cmp.Diff(before, s.status(app.ID)); diff != "" {
		s.Error(diff)
	}
}

func (s *suite) deploysConcurrently() {
	app := s.app(s.Healthy)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := s.d.Deploy(s.Context(), app); err != nil {
				s.Errorf("deploy: %v", err)
			}
		})
	}
	all.Wait()
	before := s.awaitState(app.ID, purser.StateDeployed, 1)
	s.deploy(app)
	if diff := cmp.Diff(before, s.status(app.ID)); diff != "" {
		s.Error(diff)
	}
}

func (s *suite) counts() {
	app := s.running(3)
	guids := map[string]bool{}
	for _, i := range s.status(app.ID).Instances {
		guids[i.Attributes["guid"]] = true
	}
	if len(guids) != 3 {
		s.Errorf("guids: %v", guids)
	}
}

func (s *suite) refusesCount() {
	for _, count := range []string{"many", "-1", "1.5"} {
		app := s.app(s.Healthy)
		app.DeploymentProperties["spring.cloud.deployer.count"] = count
		s.wantCode("count "+count, s.d.Deploy(s.ctx(), app), purser.CodeInvalid)
		if got := s.status(app.ID); got.State != purser.StateUnknown {
			s.Errorf("count %s: it is %s", count, got.State)
		}
	}
}

func (s *suite) crashes() {
	app := s.app(s.Crashing)
	s.deploy(app)
	got := s.await(app.ID, "failed for good", purser.AppStatus.FailedForGood)
	if got.State != purser.StateFailed {
		s.Errorf("state %s", got.State)
	}
}

func (s *suite) startsSlowly() {
	app := s.app(s.Slow)
	s.deploy(app)
	if got := s.status(app.ID); got.State != purser.StateDeploying {
		s.Errorf("state %s after deploy", got.State)
	}
	s.awaitState(app.ID, purser.StateDeployed, 1)
}

func (s *suite) statusInOrder() {
	a, b := s.running(1), s.running(1)
	ids := []string{b.ID, "nobody", a.ID, b.ID}
	got, err := s.d.Status(s.ctx(), ids...)
	if err != nil || len(got) != len(ids) {
		s.Fatalf("%+v, %v", got, err)
	}
	for n, id := range ids {
		if got[n].DeploymentID != id {
			s.Errorf("at %d: %s, expected %s", n, got[n].DeploymentID, id)
		}
	}
	if none, err := s.d.Status(s.ctx()); err != nil || len(none) != 0 {
		s.Errorf("of no ids: %+v, %v", none, err)
	}
}

func (s *suite) undeploys() {
	app := s.running(2)
	for range 2 {
		if err := s.d.Undeploy(s.ctx(), app.ID); err != nil {
			s.Fatal(err)
		}
		if got := s.status(app.ID); got.State != purser.StateUnknown || len(got.Instances) != 0 {
			s.Errorf("%+v", got)
		}
	}
	if text, err := s.d.Logs(s.ctx(), app.ID); err != nil || text != "" {
		s.Errorf("logs: %q, %v", text, err)
	}
	s.wantCode("scale", s.d.Scale(s.ctx(), app.ID, 1, nil), purser.CodeNotFound)
}

func (s *suite) deploysAgain() {
	app := s.running(1)
	if err := s.d.Undeploy(s.ctx(), app.ID); err != nil {
		s.Fatal(err)
	}
	s.deploy(app)
	s.awaitState(app.ID, purser.StateDeployed, 1)
}

func (s *suite) scales() {
	app := s.running(2)
	first := s.status(app.ID).Instances[0].Attributes
	for _, count := range []int{4, 4, 1, 3} {
		if err := s.d.Scale(s.ctx(), app.ID, count, nil); err != nil {
			s.Fatalf("scale to %d: %v", count, err)
		}
		got := s.awaitState(app.ID, purser.StateDeployed, count)
		if diff := cmp.Diff(first, got.Instances[0].Attributes); diff != "" {
			s.Errorf("the first instance is another after scaling to %d:\n%s", count, diff)
		}
		seen := map[string]bool{}
		for _, i := range got.Instances {
			seen[i.ID] = true
		}
		if len(seen) != count || seen[""] {
			s.Errorf("ids of the instances: %v", seen)
		}
	}
}

func (s *suite) scalesToNothing() {
	app := s.running(1)
	if err := s.d.Scale(s.ctx(), app.ID, 0, nil); err != nil {
		s.Fatal(err)
	}
	if got := s.status(app.ID); got.State != purser.StateUnknown || len(got.Instances) != 0 {
		s.Errorf("%+v", got)
	}
	if err := s.d.Scale(s.ctx(), app.ID, 2, nil); err != nil {
		s.Fatal(err)
	}
	s.awaitState(app.ID, purser.StateDeployed, 2)

	none := s.app(s.Healthy)
	none.DeploymentProperties["spring.cloud.deployer.count"] = "0"
	s.deploy(none)
	if got := s.status(none.ID); got.State != purser.StateUnknown || len(got.Instances) != 0 {
		s.Errorf("deployed with none: %+v", got)
	}
}

func (s *suite) refusesScale() {
	app := s.running(1)
	s.wantCode("scale to -1", s.d.Scale(s.ctx(), app.ID, -1, nil), purser.CodeInvalid)
	if got := s.status(app.ID); got.State != purser.StateDeployed || len(got.Instances) != 1 {
		s.Errorf("%+v", got)
	}
}

func (s *suite) cancelled() {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	app := s.app(s.Healthy)
	if err := s.d.Deploy(ctx, app); err == nil {
		s.Error("deploy gave no error")
	}
	if _, err := s.d.Status(ctx, app.ID); err == nil {
		s.Error("status gave no error")
	}
	if got := s.status(app.ID); got.State != purser.StateUnknown {
		s.Errorf("it is %s", got.State)
	}
}
