package client

import (
	"context"
	"errors"
	"time"
)

// Goal is what Wait waits for.
type Goal int

// The goals.
const (
	UntilDeployed Goal = iota // after install, upgrade, rollback and scale: the change is over and all applications run
	UntilDeleted              // after delete: the release is gone
)

// WaitRequest says what is waited for.
type WaitRequest struct {
	ReleaseName string
	Version     int // as the change answered
	Goal        Goal
	// Poll is how often a server is asked that has no events; 0: DefaultPoll.
	Poll time.Duration
	// Progress is told of each change that is seen: first of how things stand. It is called by one goroutine; nil: nobody is.
	Progress func(Progress)
}

// DefaultPoll is how often a server without events is asked.
const DefaultPoll = time.Second

// Progress is a change that Wait saw: of an application, or else (Application and DeploymentID "") of the operation.
type Progress struct {
	Application  string // its name, "" where only the deployment id is known
	DeploymentID string
	State        State     // of the application
	Phase        string    // of the operation, where the server tells
	Detail       string    // what the server had to say, "" for nothing
	At           time.Time // of the event; zero for what was read
}

// WaitResult is how it ended.
type WaitResult struct {
	Outcome Outcome // succeeded, failed or cancelled
	Message string  // why, in the server's words; "" when there is nothing to say
	Info    Info    // how the version stands at the end
}

// Wait follows the change of a release that brought the version forth (or deletes it) to its end: by events where the server
// has them, by asking elsewhere. It reads how things stand first, and again whenever events were missed, so that nothing
// that happened before is waited for in vain. An end that is no success is a result, not an error; when ctx ends, the result
// is what is known and the error is the context's.
func (c *Client) Wait(ctx context.Context, r WaitRequest) (WaitResult, error) {
	if r.ReleaseName == "" || r.Version < 1 {
		return WaitResult{}, errors.New("to wait needs the name and the version of a release")
	}
	w := &waiter{client: c, request: r, told: map[string]Progress{}}
	err := w.follow(ctx)
	return w.result, err
}
