package release

import (
	"context"
	"sync"

	"purser"
)

// bells wake whoever waits for a release to change its stage. The zero value is ready.
type bells struct {
	mu      sync.Mutex
	waiting map[purser.ReleaseKey]map[chan struct{}]struct{}
}

var _ purser.Publisher = (*bells)(nil)

// listen gives a bell that rings after each change, until hush.
func (b *bells) listen(key purser.ReleaseKey) (bell <-chan struct{}, hush func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[purser.ReleaseKey]map[chan struct{}]struct{}{}
	}
	if b.waiting[key] == nil {
		b.waiting[key] = map[chan struct{}]struct{}{}
	}
	b.waiting[key][c] = struct{}{}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.waiting[key], c)
		if len(b.waiting[key]) == 0 {
			delete(b.waiting, key)
		}
	}
}

// Publish implements purser.Publisher.
func (b *bells) Publish(_ context.Context, events ...purser.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		if e.Kind != purser.EventRelease {
			continue
		}
		for c := range b.waiting[e.Key] {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}
