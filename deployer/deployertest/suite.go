package deployertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"purser"
)

// Harness is what a platform brings to the suite.
type Harness struct {
	// Open gives a deployer of an empty platform. The harness closes it and cleans up when the test has ended; that the
	// suite has closed it already must not matter.
	Open func(t *testing.T) purser.Deployer
	// Healthy, Slow and Crashing make a deployment, of which ID, Group, Name and App are set, into one of an application
	// that is soon deployed; that is deploying for a while, and then deployed; that ends by itself right after its start.
	Healthy, Slow, Crashing func(t *testing.T, d purser.Deployer, app *purser.Deployment)
	// Reopen gives another deployer of the platform of one that was closed; nil when what runs does not outlive it.
	Reopen func(t *testing.T, d purser.Deployer) purser.Deployer
	// Patience is how long a change of state may take at most; 0: 30 seconds.
	Patience time.Duration
}

// Run checks that a deployer keeps the promises of the port.
func Run(t *testing.T, h Harness) {
	if h.Patience == 0 {
		h.Patience = 30 * time.Second
	}
	for _, rule := range []struct {
		name  string
		check func(*suite)
	}{
		{"the account describes itself", (*suite).describes},
		{"ids are known beforehand and differ", (*suite).ids},
		{"unknown ids are no errors but for scaling and calls", (*suite).unknown},
		{"a healthy application becomes deployed", (*suite).deploys},
		{"a second deploy changes nothing", (*suite).deploysOnce},
		{"concurrent deploys of one id make one deployment", (*suite).deploysConcurrently},
		{"as many instances as the count says", (*suite).counts},
		{"a count that is no number is refused", (*suite).refusesCount},
		{"an application that ends is failed for good", (*suite).crashes},
		{"an application that starts slowly is deploying first", (*suite).startsSlowly},
		{"status answers in the order asked", (*suite).statusInOrder},
		{"undeploy makes the id unknown, twice", (*suite).undeploys},
		{"an id can be deployed again", (*suite).deploysAgain},
		{"scaling keeps the lowest indexes", (*suite).scales},
		{"scaling to nothing and back", (*suite).scalesToNothing},
		{"a negative count is refused", (*suite).refusesScale},
		{"a watch sends the state at once", (*suite).watchesAtOnce},
		{"a watch of an unknown id sees it come and go", (*suite).watchesUnknown},
		{"a slow receiver gets the last state", (*suite).watchesSlowly},
		{"a watch ends with its context", (*suite).watchEnds},
		{"logs hold what was printed", (*suite).logs},
		{"the last lines of each instance", (*suite).tails},
		{"logs are followed, those of new instances included, to their end", (*suite).follows},
		{"an unknown id has no logs to follow", (*suite).followsNobody},
		{"following ends with its context and with the deployer", (*suite).followEnds},
		{"calls reach deployed instances only", (*suite).calls},
		{"a call whose context has ended does nothing", (*suite).cancelled},
		{"close ends watches and may be repeated", (*suite).closes},
		{"what runs outlives the deployer", (*suite).outlives},
	} {
		t.Run(rule.name, func(t *testing.T) {
			rule.check(&suite{T: t, Harness: h, d: h.Open(t)})
		})
	}
}

// suite is one rule under test.
type suite struct {
	*testing.T
	Harness
	d    purser.Deployer
	made int
}

// ctx ends with the patience.
func (s *suite) ctx() context.Context {
	ctx, cancel := context.WithTimeout(s.Context(), s.Patience)
	s.Cleanup(cancel)
	return ctx
}

type maker func(t *testing.T, d purser.Deployer, app *purser.Deployment)

// app makes a deployment with an id of its own.
func (s *suite) app(become maker) purser.Deployment {
	s.Helper()
	s.made++
	name := fmt.Sprintf("app%d", s.made)
	app := purser.Deployment{
		Group: "suite", Name: name + "-v1", App: name,
		Properties: map[string]string{}, DeploymentProperties: map[string]string{"spring.cloud.deployer.group": "suite"},
	}
	app.ID = s.d.DeploymentID(app.Group, app.Name)
	become(s.T, s.d, &app)
	return app
}

func (s *suite) deploy(app purser.Deployment) {
	s.Helper()
	if err := s.d.Deploy(s.ctx(), app); err != nil {
		s.Fatalf("deploy %s: %v", app.ID, err)
	}
}

func (s *suite) status(id string) purser.AppStatus {
	s.Helper()
	got, err := s.d.Status(s.ctx(), id)
	if err != nil {
		s.Fatalf("status of %s: %v", id, err)
	}
	if len(got) != 1 || got[0].DeploymentID != id {
		s.Fatalf("status of %s: %+v", id, got)
	}
	return got[0]
}

// await watches until the deployment is as wanted.
func (s *suite) await(id, what string, wanted func(purser.AppStatus) bool) purser.AppStatus {
	s.Helper()
	ctx, cancel := context.WithCancel(s.ctx())
	defer cancel()
	updates, err := s.d.Watch(ctx, id)
	if err != nil {
		s.Fatalf("watch %s: %v", id, err)
	}
	var last purser.AppStatus
	for last = range updates {
		if wanted(last) {
			cancel()
			for range updates { // until it is closed
			}
			return last
		}
	}
	s.Fatalf("%s did not become %s: %+v", id, what, last)
	return last
}

func (s *suite) awaitState(id string, state purser.AppState, instances int) purser.AppStatus {
	s.Helper()
	return s.await(id, fmt.Sprintf("%s with %d instances", state, instances), func(got purser.AppStatus) bool {
		return got.State == state && len(got.Instances) == instances
	})
}

// running deploys a healthy application and waits for it.
func (s *suite) running(count int) purser.Deployment {
	s.Helper()
	app := s.app(s.Healthy)
	app.DeploymentProperties["spring.cloud.deployer.count"] = fmt.Sprint(count)
	s.deploy(app)
	s.awaitState(app.ID, purser.StateDeployed, count)
	return app
}

func (s *suite) wantCode(what string, err error, code purser.Code) {
	s.Helper()
	if purser.ErrorCode(err) != code {
		s.Errorf("%s: %v, expected code %s", what, err, code)
	}
}
