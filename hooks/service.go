package hooks

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"purser"
)

// Defaults of Options.
const (
	DefaultAttempts   = 12
	DefaultFirstDelay = time.Second
	DefaultLastDelay  = time.Hour
	DefaultTimeout    = 10 * time.Second
	DefaultParallel   = 8
	DefaultKeep       = 7 * 24 * time.Hour
)

// Target is a hook: an address that wants to be told.
type Target struct {
	Name   string   // stands in the deliveries; the secret does not
	URL    string   // http or https
	Secret string   // signs what is sent
	Events []string // what it wants to be told
}

// Store is what the service needs of the store.
type Store interface {
	Update(ctx context.Context, f func(tx purser.Tx) error) error
	FindDeliveries(ctx context.Context, filter purser.DeliveryFilter) ([]purser.Delivery, error)
}

// Options are what a service works with. Store, Targets and Owner are needed.
type Options struct {
	Store   Store
	Targets []Target // names are unique
	Sender  Sender   // nil: over HTTP
	Clock   purser.Clock
	Log     *slog.Logger
	NewID   func() string

	Owner  string                     // names this server in leases
	Prefix string                     // of the headers, e.g. "x-akkeris-"
	Token  func(now time.Time) string // gives the value of the token header; nil: it is not sent

	Attempts   int            // before a delivery is given up; 0: DefaultAttempts
	FirstDelay time.Duration  // after the first attempt; doubles with each; 0: DefaultFirstDelay
	LastDelay  time.Duration  // is not exceeded; 0: DefaultLastDelay
	Jitter     func() float64 // from 0 to below 1; nil: random
	Timeout    time.Duration  // of one attempt; 0: DefaultTimeout
	Parallel   int            // attempts at one time; 0: DefaultParallel
	Keep       time.Duration  // how long ended deliveries are kept; 0: DefaultKeep
}

// Service keeps and sends deliveries. It is safe for concurrent use.
type Service struct {
	Options
	targets map[string]Target
	noted   atomic.Bool   // a delivery was stored, and its transaction may have been committed
	wake    chan struct{} // tells Run that something is due

	mu      sync.Mutex
	sending map[int64]bool
	retryAt time.Time // the earliest time known at which something is due; zero: none is
}

var (
	_ purser.Notifier  = (*Service)(nil)
	_ purser.Publisher = (*Service)(nil)
)

// New makes a service. Run sends; without it deliveries are only kept.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = purser.SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{{&o.FirstDelay, DefaultFirstDelay}, {&o.LastDelay, DefaultLastDelay}, {&o.Timeout, DefaultTimeout}, {&o.Keep, DefaultKeep}} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	if o.Attempts <= 0 {
		o.Attempts = DefaultAttempts
	}
	if o.Parallel <= 0 {
		o.Parallel = DefaultParallel
	}
	if o.Sender == nil {
		o.Sender = newHTTPSender()
	}
	s := &Service{Options: o, targets: map[string]Target{}, wake: make(chan struct{}, 1), sending: map[int64]bool{}}
	for _, t := range o.Targets {
		s.targets[t.Name] = t
	}
	return s
}

// Publish implements purser.Publisher: it is called after a commit, which is when what Notify has stored can be sent.
func (s *Service) Publish(context.Context, ...purser.Event) {
	if s.noted.Swap(false) {
		s.ring()
	}
}

func (s *Service) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Find gives deliveries, the newest first.
func (s *Service) Find(ctx context.Context, filter purser.DeliveryFilter) ([]purser.Delivery, error) {
	return s.Store.FindDeliveries(ctx, filter)
}

// Retry has a delivery that was given up tried again, as if it were new. CodeNotFound, CodeConflict for one that was not
// given up.
func (s *Service) Retry(ctx context.Context, id int64) (d purser.Delivery, err error) {
	err = s.Store.Update(ctx, func(tx purser.Tx) error {
		found, err := tx.FindDeliveries(ctx, purser.DeliveryFilter{ID: id})
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return purser.Errorf(purser.CodeNotFound, "Delivery with id='%d' can not be found.", id)
		case found[0].State != purser.DeliveryDead:
			return purser.Errorf(purser.CodeConflict, "Delivery %d is %s: only dead ones are tried again", id, found[0].State)
		}
		d = found[0]
		d.State, d.Attempts, d.NextAt, d.EndedAt = purser.DeliveryPending, 0, s.Clock.Now(), time.Time{}
		return tx.UpdateDelivery(ctx, d)
	})
	if err == nil {
		s.ring()
	}
	return d, err
}
