package release

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"purser"
)

// turnstile tells the queued operations of a key when one of them has come to its end.
type turnstile struct {
	mu      sync.Mutex
	waiting map[purser.ReleaseKey]chan struct{}
}

// wait gives a channel that is closed at the next end of an operation of the key on this server.
func (t *turnstile) wait(key purser.ReleaseKey) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting == nil {
		t.waiting = map[purser.ReleaseKey]chan struct{}{}
	}
	if t.waiting[key] == nil {
		t.waiting[key] = make(chan struct{})
	}
	return t.waiting[key]
}

func (t *turnstile) next(key purser.ReleaseKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ended := t.waiting[key]; ended != nil {
		close(ended)
		delete(t.waiting, key)
	}
}

// ahead tells what stands before an operation among the open ones of its key: any that is under way, and those that were
// queued before it.
func ahead(ctx context.Context, q purser.Reader, op purser.Operation) (bool, error) {
	open, _, err := q.FindOperations(ctx, purser.OperationFilter{Key: &op.Key, Open: true})
	if err != nil {
		return false, err
	}
	for _, other := range open {
		if other.ID != op.ID && (other.Running() || other.ID < op.ID) {
			return true, nil
		}
	}
	return false, nil
}

// longestLook is how long a queued operation goes without looking whether another server has ended what is before it.
const longestLook = time.Second

// awaitTurn waits until nothing stands before a queued operation. Errors are errSuspended and the store's.
func (e *Engine) awaitTurn(ctx context.Context, op purser.Operation) error {
	for {
		ended := e.turns.wait(op.Key)
		behind, err := ahead(ctx, e.Store, op)
		switch {
		case ctx.Err() != nil:
			return errSuspended
		case err != nil:
			return err
		case !behind:
			return nil
		}
		timer := time.NewTimer(min(longestLook, e.LeaseTTL/3))
		select {
		case <-ended:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// stripes are locks for keys, a few for all of them.
type stripes struct {
	seed  maphash.Seed
	locks [64]sync.Mutex
}

// lock keeps others of the key out, and by chance some more, until the function it gives is called.
func (s *stripes) lock(key purser.ReleaseKey) (unlock func()) {
	one := &s.locks[maphash.Comparable(s.seed, key)%uint64(len(s.locks))]
	one.Lock()
	return one.Unlock
}
