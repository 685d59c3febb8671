package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"purser/cmd/purser/live"
)

// scenario is one kind of operation: what is there before it, the change that makes it, and its right end.
type scenario struct {
	name    string
	prepare []change
	change  change
	cancel  bool // somebody asks for its end while it waits for health
	want    []version
	running int // instances in the end
	kept    int // of these, how many are the same processes as before
}

// version is how a version of a release ends: its code, and what its description starts with.
type version struct{ code, description string }

// scenarios lists them for a release of that name.
func scenarios(name string) []scenario {
	install := change{kind: "install", name: name, version: healthy, values: token("first")}
	installPair := change{kind: "install", name: name, pkg: "pair", version: healthy, values: token("first")}
	upgrade := change{kind: "upgrade", name: name, version: parent, values: token("second")}
	remove := change{kind: "delete", name: name}
	const installed, upgraded, deleted = "Install complete", "Upgrade complete", "Delete complete"
	return []scenario{
		{
			name: "install", change: install,
			want: []version{{"DEPLOYED", installed}}, running: 1,
		},
		{
			name: "install that the platform refuses", change: change{kind: "install", name: name, version: healthy, values: unacceptable},
		},
		{
			name: "upgrade", prepare: []change{install}, change: upgrade,
			want: []version{{"DELETED", deleted}, {"DEPLOYED", upgraded}}, running: 1,
		},
		{
			name: "upgrade of one of two applications", prepare: []change{installPair},
			change: change{kind: "upgrade", name: name, pkg: "pair", version: parent, values: token("second")},
			want:   []version{{"DELETED", deleted}, {"DEPLOYED", upgraded}}, running: 2, kept: 1,
		},
		{
			name: "upgrade to what crashes", prepare: []change{install},
			change: change{kind: "upgrade", name: name, version: broken},
			want:   []version{{"DEPLOYED", installed}, {"FAILED", "Did not detect apps in replacing release as healthy after"}}, running: 1, kept: 1,
		},
		{
			name: "upgrade to what is not healthy in time", prepare: []change{install},
			change: change{kind: "upgrade", name: name, version: deaf, timeout: 300},
			want:   []version{{"DEPLOYED", installed}, {"FAILED", "Did not detect apps in replacing release as healthy after 300 ms"}}, running: 1, kept: 1,
		},
		{
			name: "upgrade that is cancelled", prepare: []change{install}, cancel: true,
			change: change{kind: "upgrade", name: name, version: deaf},
			want:   []version{{"DEPLOYED", installed}, {"FAILED", "Cancelled after "}}, running: 1, kept: 1,
		},
		{
			name: "upgrade that the platform refuses", prepare: []change{install},
			change: change{kind: "upgrade", name: name, version: parent, values: unacceptable},
			want:   []version{{"DEPLOYED", installed}, {"FAILED", "Could not deploy app."}}, running: 1, kept: 1,
		},
		{
			name: "rollback of what runs", prepare: []change{install, upgrade},
			change: change{kind: "rollback", name: name, back: 1},
			want:   []version{{"DELETED", deleted}, {"DELETED", deleted}, {"DEPLOYED", "Rollback complete"}}, running: 1,
		},
		{
			name: "rollback of what is deleted", prepare: []change{install, remove},
			change: change{kind: "rollback", name: name, back: 1},
			want:   []version{{"DELETED", deleted}, {"DEPLOYED", installed}}, running: 1,
		},
		{
			name: "delete", prepare: []change{install}, change: remove,
			want: []version{{"DELETED", deleted}},
		},
		{
			name: "scale up", prepare: []change{install}, change: change{kind: "scale", name: name, count: 3},
			want: []version{{"DEPLOYED", installed}}, running: 3, kept: 1,
		},
		{
			name: "scale down", prepare: []change{install, {kind: "scale", name: name, count: 3}},
			change: change{kind: "scale", name: name, count: 1},
			want:   []version{{"DEPLOYED", installed}}, running: 1, kept: 1,
		},
	}
}

// provoke asks for the change, and for its end when the scenario wants that; finished is false when the server died before
// it had answered everything.
func (c scenario) provoke(a *live.API) (finished bool) {
	if _, err := c.change.send(context.Background(), a); err != nil {
		_, refused := errors.AsType[*live.Refusal](err)
		return refused
	}
	if !c.cancel {
		return true
	}
	accepted, err := cancel(context.Background(), a, c.change.name)
	return accepted && err == nil
}

// finish does what a client does that got no answer to its cancel. Nobody needs to do anything for other changes.
func (c scenario) finish(a *live.API) error {
	if !c.cancel {
		return nil
	}
	return live.Until(context.Background(), settling, time.Millisecond, "cancelled", func() (bool, error) {
		accepted, err := cancel(context.Background(), a, c.change.name)
		if accepted || err != nil {
			return accepted, err
		}
		i, err := a.Status(context.Background(), c.change.name, 0)
		return i.Status.StatusCode == "FAILED", err
	})
}

// ended tells what is not as it should be in the end. before are the processes that ran before the change.
func (c scenario) ended(s *site, before []int) error {
	found, err := s.versions(c.change.name)
	if err != nil {
		return err
	}
	if len(found) != len(c.want) {
		return fmt.Errorf("there are %d versions, expected %d: %+v", len(found), len(c.want), found)
	}
	var running []live.Instance
	for n, i := range found {
		if i.Status.StatusCode != c.want[n].code || !strings.HasPrefix(i.Description, c.want[n].description) {
			return fmt.Errorf("version %d is %s, %q, expected %v", n+1, i.Status.StatusCode, i.Description, c.want[n])
		}
		if i.Status.StatusCode == "DEPLOYED" {
			instances, err := i.Instances()
			if err != nil {
				return err
			}
			running = append(running, instances...)
		}
	}
	now, err := pids(running)
	if err != nil {
		return err
	}
	kept := 0
	for _, pid := range now {
		for _, old := range before {
			if pid == old {
				kept++
			}
		}
	}
	if len(now) != c.running || len(running) != c.running || kept != c.kept {
		return fmt.Errorf("%d instances and %d processes run, %d of them as before; expected %d, of them %d: %+v", len(running), len(now), kept, c.running, c.kept, running)
	}
	starts, err := s.starts(c.change.name)
	if err != nil {
		return err
	}
	for guid, count := range starts {
		if count != 1 {
			return fmt.Errorf("%s was started %d times", guid, count)
		}
	}
	return takeCensus(s.server.Folder).compare(running)
}
