package release

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"purser"
)

// Defaults of Options.
const (
	DefaultTimeout  = 5 * time.Minute
	DefaultLeaseTTL = 30 * time.Second
	DefaultParallel = 16
)

// Options are what an engine works with. Store, Platforms, Packages, Renderer and Owner are needed.
type Options struct {
	Store     purser.Store
	Platforms purser.Platforms
	Packages  purser.PackageReader
	Renderer  purser.Renderer
	Clock     purser.Clock     // nil: SystemClock
	Publisher purser.Publisher // nil: LogPublisher
	Log       *slog.Logger     // nil: nothing is logged

	// Owner names this server in the leases of its operations. Two servers on one store must differ; a server that comes
	// back under its old name continues its operations at once, one with a new name waits for the old leases to end.
	Owner    string
	LeaseTTL time.Duration // how long an operation outlives the last sign of life of its server; 0: DefaultLeaseTTL

	Timeout       time.Duration // of the health check when a request has none; 0: DefaultTimeout
	FailFast      bool          // end the wait for health when an application has failed for good (spec/rest.md §10)
	FailFastGrace time.Duration // how long it has to have been so, without a break; 0: it ends at once
	Strategy      string        // how an upgrade goes about it; "": red/black
	Lazy          bool          // store statuses only when somebody reads them, instead of following every application
	Parallel      int           // operations that work on platforms at one time; waiting ones do not count; 0: DefaultParallel

	NewID  func() string // gives ids that nobody can guess; nil: random UUIDs
	Outbox purser.Outbox // is told of events before they are committed; nil: nobody is

	// Hook, when not nil, is called at every edge of an operation, on its goroutine: "accept/after" and "<phase>/before",
	// "<phase>/after" (the platform was told, the store was not), "<phase>/recorded", each behind the operation's kind, as in
	// "upgrade/deploy/after". A hook that ends the goroutine leaves the operation as a crash would.
	Hook func(point string)
}

// Engine performs the life cycle of releases. It is safe for concurrent use. Start comes before the first request. Changes
// that were accepted go on when the caller's context ends; all methods that change something give CodeBusy while another
// operation on the key is open, and CodeUnavailable once Close was called.
type Engine struct {
	Options
	strategy strategy
	slots    *semaphore.Weighted
	tracker  *tracker
	bells    bells
	turns    turnstile
	staging  stripes

	ctx   context.Context // of work on platforms and store; ends when Close gives up waiting
	abort context.CancelCauseFunc
	drain context.Context // of waiting; ends when Close begins
	stop  context.CancelCauseFunc
	group sync.WaitGroup // everything that the engine has started

	// accepting is held for reading from before an operation is stored until its job is known, so that the keeper of the
	// leases never takes an operation for a forgotten one that is just being started; Close holds it for writing.
	accepting sync.RWMutex
	closed    bool

	mu         sync.Mutex
	jobs       map[int64]*job             // the open operations that run here, by operation id
	unfinished map[int64]purser.Operation // the ones that ran here when Close began
	busy       chan struct{}              // tells the keeper of the leases that jobs is not empty any more
}

// New makes an engine. It panics for a Strategy that Strategies does not list.
func New(o Options) *Engine {
	if o.Clock == nil {
		o.Clock = purser.SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Publisher == nil {
		o.Publisher = purser.LogPublisher{Log: o.Log}
	}
	if o.LeaseTTL <= 0 {
		o.LeaseTTL = DefaultLeaseTTL
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Parallel <= 0 {
		o.Parallel = DefaultParallel
	}
	if o.Strategy == "" {
		o.Strategy = RedBlack
	}
	chosen, ok := strategies[o.Strategy]
	if !ok {
		panic("release: no upgrade strategy named " + o.Strategy)
	}
	e := &Engine{
		Options: o, strategy: chosen, slots: semaphore.NewWeighted(int64(o.Parallel)),
		staging: stripes{seed: maphash.MakeSeed()}, jobs: map[int64]*job{}, unfinished: map[int64]purser.Operation{}, busy: make(chan struct{}, 1),
	}
	e.Publisher = purser.Publishers{o.Publisher, &e.bells}
	e.ctx, e.abort = context.WithCancelCause(context.Background())
	e.drain, e.stop = context.WithCancelCause(e.ctx)
	e.tracker = newTracker(e)
	return e
}

// Start claims the open operations that nobody else performs and continues them without being asked, then watches over
// leases and over what is deployed until Close. It returns when the operations run again, not when they are done; errors
// are the store's.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.claim(ctx); err != nil {
		return err
	}
	if err := e.tracker.load(ctx); err != nil {
		return err
	}
	e.group.Go(e.keepLeases)
	e.group.Go(e.tracker.run)
	return nil
}

// Close refuses new changes and ends the engine: waits end at once, work on platforms in flight ends with the platform's
// answer or, when ctx ends first, is broken off. What is open then goes on at the next start, here or at another server.
// A second Close does nothing.
func (e *Engine) Close(ctx context.Context) error {
	e.accepting.Lock()
	again := e.closed
	e.closed = true
	e.accepting.Unlock()
	if again {
		return nil
	}
	e.stop(errSuspended)
	ended := make(chan struct{})
	go func() {
		e.group.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		e.abort(ctx.Err())
		<-ended
	}
	e.abort(errSuspended)
	return e.relinquish(ctx)
}

// register makes a job of an operation and starts it. The caller holds accepting. It gives nil when the operation runs
// here already.
func (e *Engine) register(op purser.Operation, accepted purser.Release, fetch bool) *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.jobs[op.ID] != nil {
		return nil
	}
	j := newJob(e.drain, op, accepted)
	j.stale = fetch
	e.jobs[op.ID] = j
	select {
	case e.busy <- struct{}{}:
	default:
	}
	e.group.Go(func() { e.perform(j) })
	return j
}

func (e *Engine) unregister(j *job, unfinished bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.jobs, j.op.ID)
	if unfinished && e.drain.Err() != nil {
		e.unfinished[j.op.ID] = j.op
	}
	j.stop(errSuspended)
}

// job gives the job of an operation that runs here, nil for others.
func (e *Engine) job(id int64) *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.jobs[id]
}
