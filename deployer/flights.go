package deployer

import (
	"context"
	"errors"
	"sync"

	"purser"
)

// errClosed is the cause with which a Close ends the downloads under way.
var errClosed = errors.New("the server is shutting down")

// flights lets concurrent callers share one piece of work per key. Unlike singleflight it counts who waits: the work
// ends when the last of them has gone, not when the first one has.
type flights struct {
	mu      sync.Mutex
	running map[string]*flight
	closed  bool
	done    sync.WaitGroup
}

// flight is one piece of work. Fields below ended are written before it is closed.
type flight struct {
	waiting int
	cancel  context.CancelCauseFunc
	ended   chan struct{}
	path    string
	err     error
}

// open makes the zero value usable.
func (s *flights) open() { s.running = map[string]*flight{} }

// do gives what work gives, of an earlier caller's run when one is under way.
func (s *flights) do(ctx context.Context, key string, work func(context.Context) (string, error)) (string, error) {
	f, err := s.join(ctx, key, work)
	if err != nil {
		return "", err
	}
	select {
	case <-f.ended:
		return f.path, f.err
	case <-ctx.Done():
		s.leave(key, f)
		return "", context.Cause(ctx)
	}
}

// join enters the flight of a key, or starts it.
func (s *flights) join(ctx context.Context, key string, work func(context.Context) (string, error)) (*flight, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, purser.Errorf(purser.CodeUnavailable, "%w", errClosed)
	}
	if f, ok := s.running[key]; ok {
		f.waiting++
		return f, nil
	}
	shared, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	f := &flight{waiting: 1, cancel: cancel, ended: make(chan struct{})}
	s.running[key] = f
	s.done.Go(func() {
		defer cancel(nil)
		f.path, f.err = work(shared)
		s.mu.Lock()
		s.forget(key, f)
		s.mu.Unlock()
		close(f.ended)
	})
	return f, nil
}

// leave takes a caller off; the last one ends the work.
func (s *flights) leave(key string, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		s.forget(key, f)
		f.cancel(context.Canceled)
	}
}

// forget makes the next caller start anew.
func (s *flights) forget(key string, f *flight) {
	if s.running[key] == f {
		delete(s.running, key)
	}
}

// close ends all work and waits for it.
func (s *flights) close() {
	s.mu.Lock()
	s.closed = true
	for _, f := range s.running {
		f.cancel(errClosed)
	}
	s.mu.Unlock()
	s.done.Wait()
}
