package release

import (
	"context"
	"log/slog"
	"time"

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

	Timeout  time.Duration // of the health check when a request has none; 0: DefaultTimeout
	FailFast bool          // end the wait for health when an application has failed for good (spec/rest.md §10)
	Strategy string        // how an upgrade goes about it; "": red/black
	Parallel int           // operations that work on platforms at one time; waiting ones do not count; 0: DefaultParallel

	// Hook, when not nil, is called at every edge of an operation, on its goroutine: "accept/after" and "<phase>/before",
	// "<phase>/after" (the platform was told, the store was not), "<phase>/recorded", each behind the operation's kind, as in
	// "upgrade/deploy/after". A hook that ends the goroutine leaves the operation as a crash would.
	Hook func(point string)
}

// Engine performs the life cycle of releases. It is safe for concurrent use. Changes that were accepted go on when the
// caller's context ends.
type Engine struct {
	Options
	ctx   context.Context // of all work; ends when Close gives up waiting
	abort context.CancelCauseFunc
	drain context.Context // ends when Close begins
	stop  context.CancelCauseFunc
}

// New makes an engine that accepts requests at once; Start continues what an earlier server left open.
func New(o Options) *Engine {
	if o.Clock == nil {
		o.Clock = purser.SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
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
	e := &Engine{Options: o}
	e.ctx, e.abort = context.WithCancelCause(context.Background())
	e.drain, e.stop = context.WithCancelCause(e.ctx)
	return e
}
