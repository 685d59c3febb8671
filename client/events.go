package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// EventKind says what an event tells of.
type EventKind string

// The kinds. A server that knows more may send others.
const (
	EventRelease     EventKind = "release"     // a version came to be, or changed its stage
	EventOperation   EventKind = "operation"   // a change was accepted, asked to end, or came to its next phase
	EventApplication EventKind = "application" // an application or an instance changed its state
	EventReset       EventKind = "reset"       // events were missed: what is known has to be read again
)

// Event is something that has happened. What an event has nothing to say of is zero.
type Event struct {
	ID           int64       `json:"id" yaml:"id"`
	Kind         EventKind   `json:"kind" yaml:"kind"`
	Name         string      `json:"name" yaml:"name"` // of the release
	Version      int         `json:"version" yaml:"version"`
	Stage        string      `json:"stage,omitempty" yaml:"stage,omitempty"` // deploying, deployed, superseded, failed or deleted
	Status       StatusCode  `json:"status,omitempty" yaml:"status,omitempty"`
	Operation    EventChange `json:"operation" yaml:"operation"`
	Application  string      `json:"application,omitempty" yaml:"application,omitempty"`
	DeploymentID string      `json:"deploymentId,omitempty" yaml:"deploymentId,omitempty"`
	State        State       `json:"state,omitempty" yaml:"state,omitempty"`
	At           Time        `json:"at" yaml:"at"`
	Detail       string      `json:"detail,omitempty" yaml:"detail,omitempty"`
}

// EventChange is what an event says of the operation that it belongs to; ID 0 is none.
type EventChange struct {
	ID      int64   `json:"id,omitempty" yaml:"id,omitempty"`
	Kind    string  `json:"kind,omitempty" yaml:"kind,omitempty"`
	Phase   string  `json:"phase,omitempty" yaml:"phase,omitempty"`
	Outcome Outcome `json:"outcome,omitempty" yaml:"outcome,omitempty"`
}

// EventFilter says which events are wanted.
type EventFilter struct {
	Names []string // of releases; none: all
	After int64    // go on behind the event with this id; 0: begin with what happens from now on
	// Opened is told whenever a stream is open, the first time and after each loss, before any of its events. What is read
	// of the server from then on misses nothing that the events do not tell. An error ends Events and comes out as it is.
	Opened func() error
}

// Events tells visit of what happens, in order and each event once, until ctx ends or visit gives an error, which comes
// out as it is. A connection that is lost is made again, for as long as it takes, and goes on behind the last event; if the
// server does not know that any more, an event of kind EventReset comes first. A server that cannot be reached at the
// beginning is an error, as is any refusal, at any time.
func (c *Client) Events(ctx context.Context, f EventFilter, visit func(Event) error) error {
	v := vars{}
	if len(f.Names) > 0 {
		v["names"] = strings.Join(f.Names, ",")
	}
	last := ""
	if f.After > 0 {
		last = fmt.Sprint(f.After)
	}
	var stopped error // what the caller ended it with
	begun, lost, pause := false, 0, time.Duration(0)
	for {
		err := c.stream(ctx, placeEvents, v, last, func() error {
			begun, lost = true, 0
			if f.Opened != nil {
				stopped = f.Opened()
			}
			return stopped
		}, func(got frame) error {
			last = got.id
			pause = max(pause, got.retry)
			if got.data == "" {
				return nil
			}
			e, err := eventOf(got)
			if err != nil {
				return err
			}
			stopped = visit(e)
			return stopped
		})
		switch {
		case stopped != nil:
			return stopped
		case ctx.Err() != nil:
			return ctx.Err()
		case !passing(err), !begun && lost >= c.retry.Times:
			return err
		}
		if err := sleep(ctx, max(c.retry.wait(lost), min(pause, c.retry.Most), retryIn(err))); err != nil {
			return err
		}
		lost++
	}
}

// eventOf reads an event. The name of its block goes before its kind.
func eventOf(got frame) (Event, error) {
	var e Event
	if err := json.Unmarshal([]byte(got.data), &e); err != nil {
		return Event{}, fmt.Errorf("an event cannot be read: %w", err)
	}
	if got.event != "" {
		e.Kind = EventKind(got.event)
	}
	return e, nil
}

// passing tells whether a stream that ended with err may be opened again: the server ended it, could not be reached, or
// has no room for now.
func passing(err error) bool {
	if err == nil {
		return true
	}
	if is[*UnreachableError](err) {
		return true
	}
	e, ok := errors.AsType[*HTTPError](err)
	return ok && (e.Status == http.StatusServiceUnavailable || e.Status == http.StatusBadGateway || e.Status == http.StatusGatewayTimeout)
}

// retryIn gives how long a refusal asks to wait.
func retryIn(err error) time.Duration {
	if e, ok := errors.AsType[*HTTPError](err); ok {
		return e.RetryAfter
	}
	return 0
}
