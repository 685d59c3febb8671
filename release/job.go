package release

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"purser"
)

// job is an open operation that runs on this server. Its operation belongs to the goroutine of perform alone.
type job struct {
	op       purser.Operation
	accepted purser.Release // the version the operation works on, as it was accepted; its ID is 0 after a take-over
	stale    bool           // op was read before the job was known: it has to be read again

	drain context.Context // of waiting; ends with the engine's, or when another server has taken the operation over
	stop  context.CancelCauseFunc
	lease atomic.Pointer[time.Time] // until when this server may work on the platform

	cancelled func() // tells the wait for health that somebody asked for an end
	cancels   chan struct{}

	replaced *purser.Release // by an activation
	changed  bool            // by an activation

	answered func(purser.Release, error) // only the first call counts
	answers  chan answer
}

// answer is what the request that made a job is told.
type answer struct {
	release  purser.Release
	replaced *purser.Release
	changed  bool
	err      error
}

func newJob(drain context.Context, op purser.Operation, accepted purser.Release) *job {
	j := &job{op: op, accepted: accepted, cancels: make(chan struct{}), answers: make(chan answer, 1)}
	j.drain, j.stop = context.WithCancelCause(drain)
	j.lease.Store(&op.LeaseUntil)
	j.cancelled = sync.OnceFunc(func() { close(j.cancels) })
	var once sync.Once
	j.answered = func(r purser.Release, err error) {
		once.Do(func() {
			j.answers <- answer{r, j.replaced, j.changed, err}
			j.accepted = purser.Release{} // a wait for health may be long, and packages large
		})
	}
	if !op.CancelRequested.IsZero() {
		j.cancelled()
	}
	return j
}

// What ends a step besides success and the platform's own errors.
var (
	errSuspended = errors.New("the operation is left to a later start")
	errCancelled = errors.New("the operation was cancelled")
	errUnhealthy = errors.New("the applications were not healthy in time")
	errSilent    = errors.New("the platform has not told of the applications' health in time")
	errLost      = errors.New("the operation belongs to another server")
)

// storeError is an error of the store within a step: the step is done again.
type storeError struct{ error }

// left is the answer to a request whose operation goes on elsewhere or later.
func (e *Engine) left() error {
	if e.drain.Err() != nil {
		return errShutdown()
	}
	return purser.Errorf(purser.CodeUnavailable, "The operation goes on without an answer. The release's status tells its end.")
}

func errShutdown() error {
	return purser.Errorf(purser.CodeUnavailable, "The server is shutting down. Try again later.")
}

// perform runs an operation phase by phase until it is closed, this server stops, or another one has taken it over.
func (e *Engine) perform(j *job) {
	unfinished := false
	defer func() {
		j.answered(purser.Release{}, e.left())
		e.unregister(j, unfinished)
	}()
	e.hook(j.op, "accept/after")
	delay := firstRetry
	for j.op.Open() {
		err := e.advance(j)
		switch {
		case err == nil:
			delay = firstRetry
		case errors.Is(err, errOutdated): // the phase has to look again
		case errors.Is(err, errLost):
			e.Log.WarnContext(e.ctx, "operation taken over by another server", attributes(j.op)...)
			return
		case errors.Is(err, errSuspended), e.ctx.Err() != nil:
			unfinished = true
			return
		default: // the store failed; the phases are idempotent, so the whole phase is tried again
			e.Log.ErrorContext(e.ctx, "operation cannot be recorded, will be tried again", append(attributes(j.op), "error", err)...)
			if sleep(j.drain, delay) != nil {
				unfinished = true
				return
			}
			delay = min(2*delay, lastRetry)
		}
	}
	e.Log.InfoContext(e.ctx, "operation finished", append(attributes(j.op), "outcome", j.op.Outcome)...)
}

const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// advance runs the current phase and records the edge to the next one. Errors are errLost, errSuspended and those of the
// store.
func (e *Engine) advance(j *job) error {
	if j.stale {
		if err := e.reread(j); err != nil || !j.op.Open() {
			return err
		}
	}
	now, ok := phases[j.op.Kind][j.op.Phase]
	if !ok {
		return purser.Errorf(purser.CodeInternal, "an operation of kind %s has no phase %s", j.op.Kind, j.op.Phase)
	}
	w, err := e.load(e.ctx, j)
	if purser.ErrorCode(err) == purser.CodeReleaseNotFound {
		return e.record(j, vanished, &work{j: j, op: j.op}, err)
	}
	if err != nil {
		return err
	}
	e.hook(j.op, string(j.op.Phase)+"/before")
	result := e.step(now, w)
	if failed, ok := errors.AsType[*storeError](result); ok {
		return failed.error
	}
	if errors.Is(result, errSuspended) {
		return result
	}
	if e.ctx.Err() != nil { // the platform's error may be the end of this server only
		return errSuspended
	}
	e.hook(j.op, string(j.op.Phase)+"/after")
	left := j.op
	if err := e.record(j, now, w, result); err != nil {
		return err
	}
	e.hook(left, string(left.Phase)+"/recorded")
	return nil
}

// step does what a phase does to the platform, with one of the engine's slots unless it only waits. A panic counts as
// the platform's refusal: an operation that ends the server would end every server that continues it.
func (e *Engine) step(p phase, w *work) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = purser.Errorf(purser.CodeInternal, "panic: %v", r)
			e.Log.ErrorContext(e.ctx, "a step has panicked", append(attributes(w.op), "error", err, "stack", string(debug.Stack()))...)
		}
	}()
	if p.waits {
		return p.step(w.j.drain, e, w)
	}
	if e.slots.Acquire(w.j.drain, 1) != nil {
		return errSuspended
	}
	defer e.slots.Release(1)
	return p.step(e.ctx, e, w)
}

// hold tells a step to stop between two calls to the platform: the engine is closing, or the lease has run out and
// another server may be at work.
func (e *Engine) hold(j *job) error {
	if j.drain.Err() != nil || !e.Clock.Now().Before(*j.lease.Load()) {
		return errSuspended
	}
	return nil
}

func (j *job) isCancelled() bool {
	select {
	case <-j.cancels:
		return true
	default:
		return false
	}
}

// await gives the answer to the request that made the job. The operation goes on when ctx ends first.
func (e *Engine) await(ctx context.Context, j *job) (purser.Release, error) {
	a := e.awaitAnswer(ctx, j)
	return a.release, a.err
}

func (e *Engine) awaitAnswer(ctx context.Context, j *job) answer {
	select {
	case a := <-j.answers:
		return a
	case <-ctx.Done():
		return answer{err: purser.Errorf(purser.CodeUnavailable, "The request has ended; what it asked for goes on: %w", ctx.Err())}
	}
}

func (e *Engine) hook(op purser.Operation, point string) {
	if e.Hook != nil {
		e.Hook(string(op.Kind) + "/" + point)
	}
}

// attributes describes an operation for the log.
func attributes(op purser.Operation) []any {
	return []any{"operation", op.ID, "kind", op.Kind, "release", op.Key.String(), "version", op.To, "phase", op.Phase}
}

// sleep waits; it gives ctx's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
