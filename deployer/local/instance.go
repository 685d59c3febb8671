package local

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"sync"
	"time"

	"purser"
)

// instance is what is known of one instance, and who takes care of it.
type instance struct {
	d        *Deployer
	folder   folder
	home     home
	slot     slot
	record   record // of the deployment, as it was when the instance was first seen
	settings settings

	ctx     context.Context // ends when nobody is to supervise it any more
	cancel  context.CancelFunc
	idle    chan struct{} // closed when nobody supervises it
	settled chan struct{} // closed when its state was found out for the first time
	settle1 sync.Once
	over    chan struct{} // closed when it was stopped and taken off the record

	before map[uint64]bool // the sockets that listened on its port when it was started; for the one that supervises it

	// Under the deployer's lock:
	state  purser.AppState
	final  bool
	reason string
	pid    int
	end    *ending
}

// newInstance makes an instance that is deploying as far as anybody knows, and reserves its port; the lock is held.
func (d *Deployer) newInstance(at folder, r record, s slot) *instance {
	effective, err := d.options.Account.settingsFor(overlay(r.DeploymentProperties, s.Properties))
	if err != nil { // refused when it was deployed, so only an edited file brings this
		effective = settings{Account: d.options.Account, boot: "3"}
	}
	ctx, cancel := context.WithCancel(d.ctx)
	d.options.Ports.reserve(s.Port)
	return &instance{
		d: d, folder: at, home: at.home(s), slot: s, record: r, settings: effective,
		ctx: ctx, cancel: cancel, idle: make(chan struct{}), settled: make(chan struct{}), over: make(chan struct{}),
		state: purser.StateDeploying,
	}
}

func (i *instance) guid() string { return instanceID(i.record.ID, i.slot.Index) }

// url gives where the instance answers.
func (i *instance) url() string {
	if i.settings.Hostname != "" {
		return url(i.settings.Hostname, i.slot.Port)
	}
	return url(i.d.host, i.slot.Port)
}

// supervise takes care of an instance from its start, or from its adoption, to its end.
func (i *instance) supervise(ctx context.Context) {
	defer close(i.idle)
	defer i.settle()
	l, e, err := i.ensure(ctx)
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, errLost):
		i.d.options.Log.InfoContext(ctx, "an instance was lost with the last run of the machine and is started again", "instance", i.guid())
		if err := i.d.renew(ctx, i); err != nil && ctx.Err() == nil {
			i.set(purser.StateFailed, "it was lost with the last run of the machine and cannot be started again: "+reason(err))
		}
	case errors.Is(err, errUnwanted):
		if err := i.d.refresh(ctx, i.record.ID); err != nil && ctx.Err() == nil {
			i.d.options.Log.WarnContext(ctx, "the state of a deployment cannot be read", "deployment", i.record.ID, "error", err)
		}
	case err != nil:
		i.fail(ending{Reason: reason(err)})
	case e != nil:
		i.fail(*e)
	default:
		i.observe(ctx, l)
	}
}

func (i *instance) settle() { i.settle1.Do(func() { close(i.settled) }) }

// errLost is given for an instance that ran before the machine was started last.
var errLost = errors.New("the machine was started again")

// ensure sees to it that the instance was started, once, and tells what runs or how it ended. Whatever a crash may have
// left, it gives the same answer.
func (i *instance) ensure(ctx context.Context) (life, *ending, error) {
	began := time.Now()
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		if e, ok := i.home.ended(); ok {
			return life{}, &e, nil
		}
		if l, ok := i.home.lived(); ok {
			switch {
			case l.App.alive():
				return l, nil, nil
			case !l.App.sameBoot():
				return life{}, nil, errLost
			case !l.Shim.alive():
				return life{}, i.lostEnding(), nil
			}
		} else if done, err := i.begin(ctx); err != nil {
			return life{}, nil, err
		} else if done {
			pause = time.Millisecond
			continue
		}
		if time.Since(began) > 30*time.Second {
			return life{}, nil, errors.New("its supervisor does not come up")
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return life{}, nil, ctx.Err()
		}
	}
}

// lostEnding reads the ending once more, since it may have been written meanwhile, and makes up for it when there is none.
func (i *instance) lostEnding() *ending {
	if e, ok := i.home.ended(); ok {
		return &e
	}
	return &ending{Code: -1, Reason: "it ended while nobody supervised it"}
}

// begin starts an instance that has not been started; done is false when somebody else is about to.
func (i *instance) begin(ctx context.Context) (done bool, err error) {
	lock, err := i.home.lock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, i.start(ctx) // nothing was ever tried
	case err != nil:
		return false, err
	case lock == nil:
		return false, nil
	}
	orphan, err := i.adoptOrphan()
	unlock(lock)
	if orphan || err != nil || i.home.used() {
		return true, err
	}
	return true, i.start(ctx)
}

// adoptOrphan finds the process of a supervisor that died before it could write what it had started; the home is locked.
func (i *instance) adoptOrphan() (bool, error) {
	if i.home.used() || !i.home.launched() {
		return false, nil
	}
	pids := marked(string(i.home))
	if len(pids) == 0 {
		return false, nil
	}
	app, err := identify(pids[0])
	if err != nil {
		return false, nil //nolint:nilerr // it ended just now
	}
	return true, i.home.write(lifeFile, life{GUID: i.guid(), Port: i.slot.Port, App: app})
}

// set moves the instance to a state that may change again.
func (i *instance) set(state purser.AppState, why string) {
	i.d.mu.Lock()
	defer i.d.mu.Unlock()
	if i.final || i.state == state && i.reason == why {
		return
	}
	i.state, i.reason = state, why
	i.d.changed(i.record.ID)
}

// fail notes that the instance has ended for good.
func (i *instance) fail(e ending) {
	i.d.mu.Lock()
	defer i.d.mu.Unlock()
	i.state, i.final, i.end, i.pid = purser.StateFailed, true, &e, 0
	switch {
	case e.Reason != "":
		i.reason = e.Reason
	case e.Signal != "":
		i.reason = "it was ended by " + e.Signal
	default:
		i.reason = "it ended with exit code " + strconv.Itoa(e.Code)
	}
	i.d.changed(i.record.ID)
}
