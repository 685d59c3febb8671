package deployertest

import (
	"context"
	"slices"
	"sync"

	"purser"
)

// watcher carries the ids that changed since its receiver last looked.
type watcher struct {
	ids    map[string]bool
	ending context.CancelFunc

	mu    sync.Mutex
	dirty []string
	ring  chan struct{}
}

func (w *watcher) end() { w.ending() }

// mark notes a change; it never blocks.
func (w *watcher) mark(id string) {
	if !w.ids[id] {
		return
	}
	w.mu.Lock()
	if !slices.Contains(w.dirty, id) {
		w.dirty = append(w.dirty, id)
	}
	w.mu.Unlock()
	select {
	case w.ring <- struct{}{}:
	default:
	}
}

// next takes the id that has waited longest.
func (w *watcher) next() (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.dirty) == 0 {
		return "", false
	}
	id := w.dirty[0]
	w.dirty = w.dirty[1:]
	return id, true
}

// Watch implements purser.Deployer.
func (f *Fake) Watch(ctx context.Context, ids ...string) (<-chan purser.AppStatus, error) {
	if err := f.enter(ctx, OpWatch, only(ids)); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{ids: map[string]bool{}, ending: cancel, ring: make(chan struct{}, 1)}
	for _, id := range ids {
		w.ids[id] = true
	}
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		cancel()
		return nil, purser.Errorf(purser.CodeUnavailable, "the platform account '%s' is closed", f.name)
	}
	f.watchers[w] = struct{}{}
	f.running.Add(1)
	f.mu.Unlock()
	for _, id := range ids {
		w.mark(id)
	}
	out := make(chan purser.AppStatus)
	go f.serve(ctx, w, out)
	if err := f.step(ctx, After(OpWatch), only(ids)); err != nil {
		cancel()
		return nil, err
	}
	return out, nil
}

// serve sends the newest status of each id that changed, one at a time, so that a slow receiver skips what is outdated.
func (f *Fake) serve(ctx context.Context, w *watcher, out chan<- purser.AppStatus) {
	defer f.running.Done()
	defer close(out)
	defer w.ending()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watchers, w)
	}()
	for {
		for id, ok := w.next(); ok; id, ok = w.next() {
			f.lock.Lock()
			s := f.status(id)
			f.lock.Unlock()
			select {
			case out <- s:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-w.ring:
		case <-ctx.Done():
			return
		}
	}
}

// changed tells every open deployer of the platform; the world's lock is held.
func (w *world) changed(id string) {
	for f := range w.fakes {
		f.mu.Lock()
		for watcher := range f.watchers {
			watcher.mark(id)
		}
		f.mu.Unlock()
	}
	w.ringFollowers(id)
}
