package local

import (
	"context"

	"purser"
)

// watcher carries the ids that changed since its receiver last took one. Its fields are under the deployer's lock.
type watcher struct {
	ids     map[string]bool
	dirty   map[string]bool
	waiting []string // the dirty ones, the oldest first
	ring    chan struct{}
}

// mark notes a change; it never blocks.
func (w *watcher) mark(id string) {
	if !w.ids[id] {
		return
	}
	if !w.dirty[id] {
		w.dirty[id] = true
		w.waiting = append(w.waiting, id)
	}
	select {
	case w.ring <- struct{}{}:
	default:
	}
}

// changed tells everybody who watches a deployment; the lock is held.
func (d *Deployer) changed(id string) {
	for w := range d.watchers {
		w.mark(id)
	}
}

// Watch implements purser.Deployer.
func (d *Deployer) Watch(ctx context.Context, ids ...string) (<-chan purser.AppStatus, error) {
	for _, id := range ids {
		if err := d.refresh(ctx, id); err != nil {
			return nil, err
		}
	}
	w := &watcher{ids: map[string]bool{}, dirty: map[string]bool{}, ring: make(chan struct{}, 1)}
	out := make(chan purser.AppStatus)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, d.errClosed()
	}
	for _, id := range ids {
		w.ids[id] = true
		w.mark(id)
	}
	d.watchers[w] = struct{}{}
	d.background(func(closing context.Context) { d.serve(ctx, closing, w, out) })
	return out, nil
}

// serve sends the newest status of each deployment that changed, until ctx ends or the deployer closes. A status that the
// receiver has not taken is replaced when it is outdated.
func (d *Deployer) serve(ctx, closing context.Context, w *watcher, out chan<- purser.AppStatus) {
	defer close(out)
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.watchers, w)
	}()
	var next purser.AppStatus
	var send chan<- purser.AppStatus // nil: nothing to send
	for {
		d.mu.Lock()
		if send != nil && w.dirty[next.DeploymentID] {
			next = d.status(next.DeploymentID)
		}
		if send == nil && len(w.waiting) > 0 {
			next, send = d.status(w.waiting[0]), out
		}
		if send != nil {
			w.clean(next.DeploymentID)
		}
		d.mu.Unlock()
		select {
		case send <- next:
			send = nil
		case <-w.ring:
		case <-ctx.Done():
			return
		case <-closing.Done():
			return
		}
	}
}

// clean takes an id off the list; the lock is held.
func (w *watcher) clean(id string) {
	if !w.dirty[id] {
		return
	}
	delete(w.dirty, id)
	for n, other := range w.waiting {
		if other == id {
			w.waiting = append(w.waiting[:n], w.waiting[n+1:]...)
			return
		}
	}
}
