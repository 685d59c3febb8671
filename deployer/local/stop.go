package local

import (
	"context"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"purser"
)

// stop ends a doomed instance and takes it off the record. When the server closes meanwhile the next one carries on.
func (d *Deployer) stop(ctx context.Context, i *instance) {
	d.mu.Lock()
	polite := i.state == purser.StateDeployed
	d.mu.Unlock()
	i.cancel()
	<-i.idle
	i.terminate(ctx, polite)
	if ctx.Err() != nil {
		return
	}
	if err := d.finished(ctx, i); err != nil {
		d.options.Log.ErrorContext(ctx, "a stopped instance cannot be taken off the record", "instance", i.guid(), "error", err)
	}
	close(i.over)
}

// terminate returns when nothing is left of the instance, or ctx has ended. Polite instances are asked to end by their
// management endpoint first (spec/deployers.md §2.6).
func (i *instance) terminate(ctx context.Context, polite bool) {
	l, ok := i.lastLife(ctx)
	if !ok {
		return
	}
	grace := i.d.options.Account.grace()
	if polite && i.d.options.Account.ShutdownTimeout > 0 && l.App.alive() && i.askToEnd(ctx) {
		i.d.await(ctx, l.App, grace)
	}
	if l.Shim.alive() {
		if err := l.Shim.signal(unix.SIGTERM); err != nil {
			i.d.options.Log.WarnContext(ctx, "a supervisor cannot be told to stop", "instance", i.guid(), "error", err)
		}
		i.d.await(ctx, l.Shim, grace+15*time.Second)
		waitFor(l.Shim.PID)
	}
	if _, orderly := i.home.ended(); !orderly || l.App.alive() || l.Shim.alive() {
		i.killMarked(ctx, l, grace)
	}
}

// lastLife sees to it that nothing more is started for the instance and gives what was; false when nothing was.
func (i *instance) lastLife(ctx context.Context) (life, bool) {
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		if l, ok := i.home.lived(); ok {
			return l, true
		}
		if _, err := os.Stat(string(i.home)); err != nil {
			return life{}, false
		}
		if i.home.used() {
			return i.home.lived() // it may have been started since the first look
		}
		if orphan := i.lastOrphan(); orphan.App.PID > 0 {
			return orphan, true
		}
		if given, err := i.home.give(ending{Reason: "it was undeployed before it was started", At: i.d.options.Clock.Now()}); err != nil {
			i.d.options.Log.WarnContext(ctx, "the end of an instance cannot be written", "instance", i.guid(), "error", err)
			return life{}, false
		} else if given {
			continue
		}
		if !wait(ctx, pause) {
			return life{}, false
		}
	}
}

// lastOrphan finds a process that was started but not written down.
func (i *instance) lastOrphan() (l life) {
	lock, err := i.home.lock()
	if err != nil || lock == nil {
		return life{}
	}
	defer unlock(lock)
	if ok, _ := i.adoptOrphan(); ok {
		l, _ = i.home.lived()
	}
	return l
}

// askToEnd calls the shutdown endpoints of Spring Boot 2 and later, and of 1. true when one has agreed. An application
// without them answers at once, one that hangs costs the time-out once.
func (i *instance) askToEnd(ctx context.Context) bool {
	for _, path := range []string{"/actuator/shutdown", "/shutdown"} {
		call, cancel := context.WithTimeout(ctx, min(i.d.options.Account.grace(), answerTimeout))
		response, err := i.d.post(call, i.url()+path, i.d.options.Account)
		cancel()
		if err != nil {
			return false
		}
		if response/100 == 2 {
			return true
		}
	}
	return false
}

func (d *Deployer) post(ctx context.Context, url string, a Account) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return 0, err
	}
	if a.AppAdminUser != "" {
		r.SetBasicAuth(a.AppAdminUser, a.AppAdminPassword)
	}
	response, err := d.http.Do(r)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// await waits until a process has ended, for so long at most.
func (d *Deployer) await(ctx context.Context, p process, most time.Duration) {
	gone := make(chan struct{})
	cancel := d.exits.watch(p, sync.OnceFunc(func() { close(gone) }))
	defer cancel()
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-gone:
	case <-t.C:
	case <-ctx.Done():
	}
}

// killMarked ends what a supervisor that died has left: the application's process group and every process that carries the
// mark of the instance. First SIGTERM, after the grace time SIGKILL.
func (i *instance) killMarked(ctx context.Context, l life, grace time.Duration) {
	began, asked := time.Now(), false
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		pids := marked(string(i.home))
		appAlive := l.App.alive()
		if len(pids) == 0 && !appAlive {
			return
		}
		signal := unix.SIGTERM
		if time.Since(began) > grace {
			signal = unix.SIGKILL
		}
		if !asked || signal == unix.SIGKILL {
			asked = true
			if appAlive {
				_ = unix.Kill(-l.App.PID, signal)
			}
			for _, pid := range pids {
				_ = unix.Kill(pid, signal)
			}
		}
		if time.Since(began) > grace+15*time.Second {
			i.d.options.Log.ErrorContext(ctx, "processes of an instance cannot be killed", "instance", i.guid(), "pids", pids)
			return
		}
		if !wait(ctx, pause) {
			return
		}
	}
}

// suspend stops all instances and gives them new homes, so that the next New starts them again.
func (d *Deployer) suspend() {
	d.mu.Lock()
	var ids []string
	var all []*instance
	for id, dep := range d.deployments {
		ids = append(ids, id)
		for _, i := range dep.live {
			all = append(all, i)
		}
	}
	d.mu.Unlock()
	ctx := context.WithoutCancel(d.ctx)
	for _, i := range all {
		i.cancel()
	}
	for _, id := range ids {
		if err := d.suspendRecord(ctx, id); err != nil {
			d.options.Log.ErrorContext(ctx, "a deployment cannot be suspended", "deployment", id, "error", err)
		}
	}
	var stopping sync.WaitGroup
	for _, i := range all {
		stopping.Go(func() {
			<-i.idle
			i.terminate(ctx, false)
		})
	}
	stopping.Wait()
}

func (d *Deployer) suspendRecord(ctx context.Context, id string) error {
	at := d.disk.folder(id)
	return d.disk.exclusive(ctx, func() error {
		r, _, exists, err := at.load()
		if err != nil || !exists || r.Removed {
			return err
		}
		for n, s := range r.Instances {
			if _, over := at.home(s).ended(); over {
				continue // what has ended stays so
			}
			r.Doomed = append(r.Doomed, s)
			r.Instances[n].Home = newHome(s.Index)
		}
		_, err = at.store(r)
		return err
	})
}
