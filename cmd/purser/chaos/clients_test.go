package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"sync/atomic"
	"time"

	"purser/cmd/purser/live"
)

// expectedRefusals are the texts with which changes may be refused, since clients know nothing of each other.
var expectedRefusals = regexp.MustCompile(`^(` +
	`409 Statemachine is not in state ready to do (INSTALL|UPGRADE|ROLLBACK|DELETE|SCALE)` +
	`|409 Release with the name \[\w+\] already exists and it is not deleted\.` +
	`|404 Release with the name \[\w+\]( and version \[\d+\])? doesn't exist` +
	`|409 Package to upgrade has no difference than existing deployed/deleted package\. Not upgrading\.` +
	`|409 Rollback version should either be in deployed or deleted status\.` +
	`|409 App with deploymentId [\w.-]+ is not in a deployed state\.( \(Error waiting to get Release from a statemachine\))?` +
	`|409 Could not install AppDeployRequest \[web-v\d+\]  to platform \[default\]\.  Error Message = \[.*inherit-logging.*\]` +
	`)$`)

// client sends random changes to random releases.
type client struct {
	id      int
	api     *live.API
	random  *rand.Rand
	ledgers []*ledger
	uploads *uploads
	sent    int             // uploads
	fail    func(err error) // a violation

	requests, writes *atomic.Int64
}

// run sends changes until ctx ends or the server is gone.
func (c *client) run(ctx context.Context) {
	for ctx.Err() == nil {
		l := c.ledgers[c.random.IntN(len(c.ledgers))]
		var gone bool
		switch n := c.random.IntN(60); {
		case n == 0:
			gone = c.cancel(l)
		case n < 4:
			gone = c.upload()
		default:
			gone = c.change(l)
		}
		if gone {
			return
		}
		select {
		case <-time.After(time.Duration(c.random.IntN(15)) * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// change sends one change and tells whether the server is gone. A request is never broken off: what it was answered counts.
func (c *client) change(l *ledger) (gone bool) {
	e := c.draw(l)
	e.begun = time.Now()
	var err error
	e.answer, err = e.send(context.Background(), c.api)
	e.ended = time.Now()
	c.requests.Add(1)
	refusal, answered := errors.AsType[*live.Refusal](err)
	switch {
	case err == nil:
		e.outcome = accepted
		c.writes.Add(1)
	case answered:
		e.outcome = refused
		if !expectedRefusals.MatchString(refusal.Error()) {
			c.fail(fmt.Errorf("%s: %w", e.change, refusal))
		}
	default: // the server has died, and nobody knows how far it had come
		gone, e.ended = true, e.begun.Add(time.Hour)
	}
	if err := l.add(e); err != nil {
		c.fail(err)
	}
	return gone
}

// cancel asks for the end of whatever upgrade there is.
func (c *client) cancel(l *ledger) (gone bool) {
	e := entry{begun: time.Now()}
	yes, err := cancel(context.Background(), c.api, l.name)
	c.requests.Add(1)
	e.ended = time.Now()
	refusal, answered := errors.AsType[*live.Refusal](err)
	switch {
	case yes:
		e.outcome = accepted
		c.writes.Add(1)
	case err == nil:
		e.outcome = refused
	case answered:
		e.outcome = refused
		if refusal.Status != http.StatusNotFound {
			c.fail(fmt.Errorf("cancel %s: %w", l.name, refusal))
		}
	default:
		gone, e.ended = true, e.begun.Add(time.Hour)
	}
	l.addCancel(e)
	return gone
}

// draw makes up a change.
func (c *client) draw(l *ledger) *entry {
	e := &entry{change: change{name: l.name}, token: fmt.Sprintf("t%d-%d", c.id, c.random.Int64())}
	e.values = token(e.token)
	switch n := c.random.IntN(100); {
	case n < 25:
		e.kind, e.version = "install", c.one(healthy, healthy, parent, slow, broken)
	case n < 63:
		e.kind, e.version = "upgrade", c.one(healthy, healthy, healthy, parent, parent, slow, slow, broken, deaf)
		if e.version == deaf {
			e.timeout = 1 + c.random.IntN(1000)
		}
	case n < 75:
		e.kind, e.back, e.values, e.token = "rollback", l.pick(c.random), "", ""
	case n < 88:
		e.kind, e.count, e.values, e.token = "scale", c.random.IntN(4), "", ""
	default:
		e.kind, e.values, e.token = "delete", "", ""
	}
	if e.kind == "install" && c.random.IntN(10) == 0 { // an upgrade would hand such values down to the next one
		e.values, e.token = unacceptable, ""
	}
	return e
}

func (c *client) one(versions ...string) string { return versions[c.random.IntN(len(versions))] }

// read reads until ctx ends or the server is gone. Whatever happens to the releases, reads are answered.
func (c *client) read(ctx context.Context) {
	paths := []string{"/api/release/list", "/api/about", "/actuator/health"}
	for _, l := range c.ledgers {
		paths = append(paths, "/api/release/status/"+l.name, "/api/release/logs/"+l.name, "/api/release/list/"+l.name, "/api/release/states?names="+l.name)
	}
	for ctx.Err() == nil {
		path := paths[c.random.IntN(len(paths))]
		err := c.api.Call(context.Background(), http.MethodGet, path, nil, nil)
		c.requests.Add(1)
		if refusal, answered := errors.AsType[*live.Refusal](err); answered {
			if refusal.Status != http.StatusNotFound {
				c.fail(fmt.Errorf("GET %s: %w", path, refusal))
			}
		} else if err != nil {
			return
		}
		select {
		case <-time.After(time.Duration(c.random.IntN(5)) * time.Millisecond):
		case <-ctx.Done():
		}
	}
}
