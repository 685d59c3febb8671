package deployertest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"purser"
)

// Script says what becomes of the instances of a deployment.
type Script string

// The scripts. Become moves instances by hand, whatever their script was.
const (
	Healthy Script = "healthy" // deployed, after the delay
	Crash   Script = "crash"   // failed for good, after the delay
	Hang    Script = "hang"    // deploying until Become says otherwise
)

// Operation names a call of the port; with Before and After it names a step at which a test may step in.
type Operation string

// The operations.
const (
	OpDeploy   Operation = "deploy"
	OpUndeploy Operation = "undeploy"
	OpScale    Operation = "scale"
	OpStatus   Operation = "status"
	OpWatch    Operation = "watch"
	OpLogs     Operation = "logs"
	OpActuator Operation = "actuator"
	OpTail     Operation = "tail"
	OpFollow   Operation = "follow"
)

// Before is the step before a call has had any effect: "deploy/before".
func Before(op Operation) string { return string(op) + "/before" }

// After is the step after a call has had its effect, before it returns: "deploy/after".
func After(op Operation) string { return string(op) + "/after" }

// Hook is called at a step with the deployment's id ("" for calls that name none or several). Its error becomes the
// call's; at an After step the effect stays.
type Hook func(ctx context.Context, id string) error

// Fake is a platform in memory. It is safe for concurrent use. Its deployers come and go (Close, Reopen), what runs stays.
type Fake struct {
	*world
	mu        sync.Mutex
	closed    bool
	watchers  map[*watcher]struct{}
	followers map[*logFollower]struct{}
	running   sync.WaitGroup
}

// world is what outlives a Fake that was closed.
type world struct {
	name string

	lock        sync.Mutex
	deployments map[string]*deployment
	scripts     map[string]Script
	delays      map[string]time.Duration
	fallback    Script
	failures    map[string][]error
	hooks       map[string]Hook
	calls       map[Operation]int
	history     []string
	logs        map[string]string
	actuator    func(purser.ActuatorRequest) (purser.ActuatorResponse, error)
	lastPort    int
	fakes       map[*Fake]struct{}
}

type deployment struct {
	purser.Deployment
	instances []*instance
}

type instance struct {
	purser.Instance
	timer   *time.Timer
	printed []printed
}

// NewFake makes a platform with an account of that name, on which every deployment is healthy at once.
func NewFake(name string) *Fake {
	w := &world{
		name: name, deployments: map[string]*deployment{}, scripts: map[string]Script{}, delays: map[string]time.Duration{},
		fallback: Healthy, failures: map[string][]error{}, hooks: map[string]Hook{}, calls: map[Operation]int{},
		logs: map[string]string{}, fakes: map[*Fake]struct{}{},
	}
	return w.open()
}

// Reopen gives another deployer of the same platform, as a server finds it after a restart. The first one need not be closed.
func (f *Fake) Reopen() *Fake { return f.open() }

func (w *world) open() *Fake {
	f := &Fake{world: w, watchers: map[*watcher]struct{}{}, followers: map[*logFollower]struct{}{}}
	w.lock.Lock()
	defer w.lock.Unlock()
	w.fakes[f] = struct{}{}
	return f
}

// Script sets what becomes of the instances of that deployment which start from now on. The id "" stands for all
// deployments without a script of their own.
func (f *Fake) Script(id string, s Script) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if id == "" {
		f.fallback = s
		return
	}
	f.scripts[id] = s
}

// Delay sets how long the instances of that deployment which start from now on are deploying before their script's state; ""
// stands for all deployments without a delay of their own.
func (f *Fake) Delay(id string, d time.Duration) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.delays[id] = d
}

// Become moves all instances of a deployment into a state; final only matters with StateFailed.
func (f *Fake) Become(id string, state purser.AppState, final bool) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if d := f.deployments[id]; d != nil {
		for _, i := range d.instances {
			i.stop()
			i.State, i.Final = state, final && state == purser.StateFailed
		}
		f.changed(id)
	}
}

// FailNext makes the next call fail with err. step is an operation ("deploy": before it has any effect) or the name of a
// step ("deploy/after"). Several calls of FailNext queue up; a nil error lets one call pass.
func (f *Fake) FailNext(step string, err error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.failures[stepName(step)] = append(f.failures[stepName(step)], err)
}

// Hook sets what is called at a step, nil for nothing. It may block; no lock is held.
func (f *Fake) Hook(step string, h Hook) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.hooks[stepName(step)] = h
}

// Block holds every call that comes to a step until release is called or the call's context ends. reached receives the id
// of each call that is held, as long as somebody reads it.
func (f *Fake) Block(step string) (reached <-chan string, release func()) {
	at, open := make(chan string, 64), make(chan struct{})
	f.Hook(step, func(ctx context.Context, id string) error {
		select {
		case <-open:
			return nil
		default:
		}
		select {
		case at <- id:
		default:
		}
		select {
		case <-open:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return at, sync.OnceFunc(func() { close(open) })
}

// Calls counts the calls of an operation so far, failed ones included.
func (f *Fake) Calls(op Operation) int {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.calls[op]
}

// History lists the changes that took effect, in order: "deploy id", "undeploy id", "scale id 3". A call that changed
// nothing leaves no line.
func (f *Fake) History() []string {
	f.lock.Lock()
	defer f.lock.Unlock()
	return slices.Clone(f.history)
}

// Deployments lists the ids that exist, those with no instances included, sorted.
func (f *Fake) Deployments() []string {
	f.lock.Lock()
	defer f.lock.Unlock()
	return slices.Sorted(maps.Keys(f.deployments))
}

// Running lists the instances that exist and have not ended for good, sorted: "rel.app-v1-0".
func (f *Fake) Running() []string {
	f.lock.Lock()
	defer f.lock.Unlock()
	var ids []string
	for _, d := range f.deployments {
		for _, i := range d.instances {
			if !i.Final {
				ids = append(ids, i.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// Deployment gives what was deployed under an id.
func (f *Fake) Deployment(id string) (purser.Deployment, bool) {
	f.lock.Lock()
	defer f.lock.Unlock()
	d, ok := f.deployments[id]
	if !ok {
		return purser.Deployment{}, false
	}
	return d.Deployment, true
}

// SetLogs sets what a deployment has printed; without it the deployment tells its own id.
func (f *Fake) SetLogs(id, text string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.logs[id] = text
}

// SetActuator sets what instances answer; without it they answer 200 and {"status":"UP"}.
func (f *Fake) SetActuator(answer func(purser.ActuatorRequest) (purser.ActuatorResponse, error)) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.actuator = answer
}

// step runs what the test has set for a step.
func (f *Fake) step(ctx context.Context, name, id string) error {
	f.lock.Lock()
	h := f.hooks[name]
	f.lock.Unlock()
	if h != nil {
		if err := h(ctx, id); err != nil {
			return err
		}
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	if queue := f.failures[name]; len(queue) > 0 {
		f.failures[name] = queue[1:]
		return queue[0]
	}
	return ctx.Err()
}

// enter counts a call and runs its first step.
func (f *Fake) enter(ctx context.Context, op Operation, id string) error {
	f.mu.Lock()
	closed := f.closed
	f.mu.Unlock()
	if closed {
		return purser.Errorf(purser.CodeUnavailable, "the platform account '%s' is closed", f.name)
	}
	f.lock.Lock()
	f.calls[op]++
	f.lock.Unlock()
	return f.step(ctx, Before(op), id)
}

// start adds instances up to count; the lock is held.
func (w *world) start(d *deployment, count int) {
	for n := len(d.instances); n < count; n++ {
		w.lastPort++
		id, port := fmt.Sprintf("%s-%d", d.ID, n), fmt.Sprint(20000+w.lastPort)
		i := &instance{Instance: purser.Instance{ID: id, State: purser.StateDeploying, Attributes: map[string]string{
			"guid": id, "port": port, "url": "http://127.0.0.1:" + port,
		}}, printed: []printed{{purser.LogStdout, id}}}
		d.instances = append(d.instances, i)
		w.play(d, i)
	}
}

// play lets an instance follow its script.
func (w *world) play(d *deployment, i *instance) {
	script, ok := w.scripts[d.ID]
	if !ok {
		script = w.fallback
	}
	state, moves := map[Script]purser.AppState{Healthy: purser.StateDeployed, Crash: purser.StateFailed}[script]
	if !moves {
		return
	}
	delay, ok := w.delays[d.ID]
	if !ok {
		delay = w.delays[""]
	}
	if delay <= 0 {
		i.State, i.Final = state, state == purser.StateFailed
		return
	}
	i.timer = time.AfterFunc(delay, func() {
		w.lock.Lock()
		defer w.lock.Unlock()
		if i.timer == nil { // it was stopped, or moved by hand, while the timer fired
			return
		}
		i.timer, i.State, i.Final = nil, state, state == purser.StateFailed
		w.changed(d.ID)
	})
}

func (i *instance) stop() {
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
}

func stepName(step string) string {
	if strings.Contains(step, "/") {
		return step
	}
	return Before(Operation(step))
}
