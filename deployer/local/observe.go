package local

import (
	"context"
	"fmt"
	"sync"
	"time"

	"purser"
)

// pace is how often instances are probed. While one starts, the pause grows with the time that it takes, so that the
// answer of a fast one is noticed within milliseconds and a slow one costs little.
type pace struct {
	first   time.Duration // shortest pause while an instance starts
	crowd   time.Duration // the more instances start at once, the longer all wait: this much for each
	longest time.Duration // longest pause while an instance starts, and the pause while a deployed one does not answer
	health  time.Duration // between two calls of the health probe
	connect time.Duration // between two tries of the port without one
	others  time.Duration // between two looks whether another server has changed the state folder
	confirm time.Duration // before a second try, when a deployed one does not answer
}

func usualPace() pace {
	return pace{
		first: 5 * time.Millisecond, crowd: 2 * time.Millisecond, longest: time.Second,
		health: 5 * time.Second, connect: 30 * time.Second, confirm: 250 * time.Millisecond,
		others: time.Second,
	}
}

// endingTimeout is how long a supervisor may take to write how its application ended.
const endingTimeout = 3 * time.Second

// observe follows an instance that runs, until it ends or nobody wants to know any more.
func (i *instance) observe(ctx context.Context, l life) {
	i.d.mu.Lock()
	i.pid = l.App.PID
	i.d.changed(i.record.ID)
	i.d.mu.Unlock()

	gone := make(chan struct{})
	cancel := i.d.exits.watch(l.App, sync.OnceFunc(func() { close(gone) }))
	defer cancel()
	alive, ended := context.WithCancel(ctx)
	defer ended()
	stop := context.AfterFunc(ctx, ended)
	defer stop()
	probing := make(chan struct{})
	go func() {
		defer close(probing)
		i.probe(alive)
	}()
	defer func() { ended(); <-probing }()
	orphaned := make(chan struct{})
	if l.Shim.PID > 0 {
		defer i.d.exits.watch(l.Shim, sync.OnceFunc(func() { waitFor(l.Shim.PID); close(orphaned) }))()
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-gone:
			ended()
			<-probing
			i.fail(*i.awaitEnding(ctx, l))
			return
		case <-orphaned:
			orphaned = nil
			if l.App.alive() {
				i.d.options.Log.WarnContext(ctx, "a supervisor has died; its application runs on and is watched without it", "instance", i.guid())
			}
		}
	}
}

// awaitEnding reads how the instance ended, which its supervisor writes a moment later.
func (i *instance) awaitEnding(ctx context.Context, l life) *ending {
	deadline := time.Now().Add(endingTimeout)
	for pause := 200 * time.Microsecond; l.Shim.alive() && time.Now().Before(deadline); pause = min(2*pause, 20*time.Millisecond) {
		if e, ok := i.home.ended(); ok {
			return &e
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return i.lostEnding()
		}
	}
	return i.lostEnding()
}

// probe keeps the state of a running instance up to date (spec/deployers.md §2.7), until ctx ends.
func (i *instance) probe(ctx context.Context) {
	if i.slot.Port < 1 {
		i.set(purser.StateDeployed, "")
		i.settle()
		return
	}
	if !i.awaitAnswer(ctx) {
		return
	}
	pause, check, down := i.d.options.pace.connect, i.connects, purser.StateDeploying
	if path := i.settings.HealthProbePath; path != "" {
		pause, down = i.d.options.pace.health, purser.StateFailed
		check = func(ctx context.Context) bool { return i.d.answers(ctx, i.url()+path) }
	}
	next := pause
	for wait(ctx, next) {
		up := check(ctx)
		if !up && wait(ctx, i.d.options.pace.confirm) {
			up = check(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if next = pause; up {
			i.set(purser.StateDeployed, "")
		} else {
			next = i.d.options.pace.longest
			i.set(down, "it does not answer any more")
		}
	}
}

// awaitAnswer probes a starting instance until it is deployed; false when ctx ended before.
func (i *instance) awaitAnswer(ctx context.Context) bool {
	check := i.connects
	for _, path := range []string{i.settings.HealthProbePath, i.settings.StartupProbePath} {
		if path != "" {
			check = func(ctx context.Context) bool { return i.d.answers(ctx, i.url()+path) }
		}
	}
	i.d.count(1)
	defer i.d.count(-1)
	for began := time.Now(); ; {
		up := check(ctx)
		switch {
		case !up:
		case i.before != nil && !i.listens():
			i.set(purser.StateDeploying, fmt.Sprintf("another process has port %d", i.slot.Port))
		default:
			i.set(purser.StateDeployed, "")
			i.settle()
			return true
		}
		i.settle()
		age := time.Since(began)
		if !wait(ctx, min(max(age/100, i.d.options.pace.first, i.d.crowd()), i.d.options.pace.longest)) {
			return false
		}
	}
}

// listens tells whether something has come to listen on the port since the instance was started.
func (i *instance) listens() bool {
	for socket := range listeners(i.slot.Port) {
		if !i.before[socket] {
			return true
		}
	}
	return false
}

// connects tries the port.
func (i *instance) connects(ctx context.Context) bool { return connects(ctx, i.url()) }

// wait pauses; false when ctx ended before.
func wait(ctx context.Context, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// count notes that an instance is starting, or is no more.
func (d *Deployer) count(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.starting += n
}

// crowd gives the least pause between two probes of a starting instance.
func (d *Deployer) crowd() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(d.starting) * d.options.pace.crowd
}

// settle waits, for a moment only, until the state of each instance was found out.
func (d *Deployer) settle(ctx context.Context) {
	d.mu.Lock()
	var open []*instance
	for _, dep := range d.deployments {
		for _, i := range dep.live {
			open = append(open, i)
		}
	}
	d.mu.Unlock()
	enough := time.After(250 * time.Millisecond)
	for _, i := range open {
		select {
		case <-i.settled:
		case <-enough:
			return
		case <-ctx.Done():
			return
		}
	}
}
