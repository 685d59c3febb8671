package artifacts

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"purser"
)

// Defaults of Options.
const (
	DefaultInlineTimeout = 10 * time.Second
	DefaultInlineBytes   = 64 << 20
	DefaultMaxBytes      = 1 << 30
	DefaultStall         = 30 * time.Second
	DefaultTimeout       = time.Hour
	DefaultAttempts      = 6
	DefaultFirstDelay    = 2 * time.Second
	DefaultLastDelay     = 10 * time.Minute
	DefaultParallel      = 4
)

// Store is what the service needs of the store.
type Store interface {
	Update(ctx context.Context, f func(tx purser.Tx) error) error
	FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error)
	FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error)
}

// Options are what a service works with. Store, Dir and Owner are needed.
type Options struct {
	Store    Store
	Packages purser.ArchiveExaminer // nil: nothing that is released becomes a package
	Dir      string                 // of the files; servers with the same store may share it
	Owner    string                 // names this server in leases
	Clock    purser.Clock
	Log      *slog.Logger

	InlineTimeout time.Duration // how long an import waits for its artifacts; 0: DefaultInlineTimeout
	InlineBytes   int64         // of the artifacts that it waits for; 0: DefaultInlineBytes
	MaxBytes      int64         // of one artifact; 0: DefaultMaxBytes
	Redirects     int           // that are followed
	DenyPrivate   bool          // addresses that are not public are refused
	AllowHosts    []string      // host or host:port to which that does not apply

	Stall      time.Duration  // how long a server may send nothing; 0: DefaultStall
	Timeout    time.Duration  // of one attempt; 0: DefaultTimeout
	Attempts   int            // before an artifact is given up; 0: DefaultAttempts
	FirstDelay time.Duration  // after the first attempt; doubles with each; 0: DefaultFirstDelay
	LastDelay  time.Duration  // is not exceeded; 0: DefaultLastDelay
	Jitter     func() float64 // from 0 to below 1; nil: random
	Parallel   int            // artifacts at one time in the background, and for each import; 0: DefaultParallel
}

// Service imports, fetches and releases. It is safe for concurrent use.
type Service struct {
	Options
	contents *contents
	fetcher  *fetcher
	wake     chan struct{} // tells Run that something may be due

	life  context.Context // of what is fetched
	end   context.CancelCauseFunc
	stay  context.Context // of imports that wait for what is fetched
	leave context.CancelFunc
	tasks sync.WaitGroup

	// claiming is held for reading from when an import stores its artifacts until it has begun those that it waits for, and for
	// writing by who takes what is due: what is both must not be taken twice.
	claiming sync.RWMutex

	mu      sync.Mutex
	closed  bool
	running map[int64]*task // by id of the artifact
	retryAt time.Time       // the earliest time known at which something is due; zero: none is
}

// task is an artifact that is being fetched, or is about to be.
type task struct {
	life       context.Context
	stop       context.CancelCauseFunc
	background bool // Run has begun it
}

// Open makes a service. Run fetches what is not fetched yet; Close ends what is under way.
func Open(ctx context.Context, o Options) (*Service, error) {
	o.InlineTimeout = cmp.Or(o.InlineTimeout, DefaultInlineTimeout)
	o.InlineBytes = cmp.Or(o.InlineBytes, DefaultInlineBytes)
	o.MaxBytes = cmp.Or(o.MaxBytes, DefaultMaxBytes)
	o.Stall, o.Timeout = cmp.Or(o.Stall, DefaultStall), cmp.Or(o.Timeout, DefaultTimeout)
	o.FirstDelay, o.LastDelay = cmp.Or(o.FirstDelay, DefaultFirstDelay), cmp.Or(o.LastDelay, DefaultLastDelay)
	o.Attempts, o.Parallel = cmp.Or(o.Attempts, DefaultAttempts), cmp.Or(o.Parallel, DefaultParallel)
	if o.Clock == nil {
		o.Clock = purser.SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	kept, err := openContents(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("the folder of artifacts cannot be used: %w", err)
	}
	s := &Service{
		Options: o, contents: kept, fetcher: newFetcher(o), wake: make(chan struct{}, 1), running: map[int64]*task{},
	}
	s.life, s.end = context.WithCancelCause(context.WithoutCancel(ctx))
	s.stay, s.leave = context.WithCancel(s.life)
	if err := s.sweep(ctx); err != nil {
		s.end(nil)
		return nil, err
	}
	return s, nil
}

// sweep brings files and artifacts into agreement. Files that belong to no artifact are removed: a server ended before it
// could say that they do, or stop to. Artifacts whose files somebody has taken away say so.
func (s *Service) sweep(ctx context.Context) error {
	unlock, err := s.contents.lock(ctx, true)
	if err != nil {
		s.Log.WarnContext(ctx, "another server keeps the artifacts locked, they are not looked through", "error", err)
		return nil
	}
	defer unlock()
	if err := s.contents.sweep(); err != nil {
		return err
	}
	digests, err := s.contents.list()
	if err != nil {
		return err
	}
	if err := s.removeUnused(ctx, digests); err != nil {
		return err
	}
	uploaded, err := s.Store.FindArtifacts(ctx, purser.ArtifactFilter{States: []purser.ArtifactState{purser.ArtifactUploaded}})
	if err != nil {
		return err
	}
	here := map[string]bool{}
	for _, digest := range digests {
		here[digest] = true
	}
	for _, a := range uploaded {
		if here[a.Actual] {
			continue
		}
		a.State, a.Error, a.Received = purser.ArtifactRemoved, "its file is gone", 0
		s.Log.WarnContext(ctx, "the file of an artifact is gone", "artifact", a.ID, "name", a.Name, "sha256", a.Actual)
		if err := s.Store.Update(ctx, func(tx purser.Tx) error { return tx.UpdateArtifact(ctx, a) }); err != nil {
			return err
		}
	}
	return nil
}

// clean removes those of the files that no artifact needs.
func (s *Service) clean(ctx context.Context, digests ...string) error {
	if len(digests) == 0 {
		return nil
	}
	unlock, err := s.contents.lock(ctx, true)
	if err != nil {
		return err
	}
	defer unlock()
	return s.removeUnused(ctx, digests)
}

// removeUnused is clean with the lock held.
func (s *Service) removeUnused(ctx context.Context, digests []string) error {
	for _, digest := range digests {
		users, err := s.Store.FindArtifacts(ctx, purser.ArtifactFilter{Actual: digest, States: []purser.ArtifactState{purser.ArtifactUploaded}, Limit: 1})
		if err != nil {
			return err
		}
		if len(users) > 0 {
			continue
		}
		if err := s.contents.remove(digest); err != nil {
			return err
		}
	}
	return nil
}

// forget stops fetching artifacts that are stored no more, and removes their files.
func (s *Service) forget(ctx context.Context, gone []purser.Artifact) {
	var digests []string
	for _, a := range gone {
		s.mu.Lock()
		if t := s.running[a.ID]; t != nil {
			t.stop(errGone)
		}
		s.mu.Unlock()
		if a.State == purser.ArtifactUploaded {
			digests = append(digests, a.Actual)
		}
	}
	if err := s.clean(context.WithoutCancel(ctx), digests...); err != nil {
		s.Log.ErrorContext(ctx, "files of removed artifacts cannot be removed, the next start will", "error", err)
	}
}

// OpenArtifact gives the bytes of an artifact. CodeNotFound when they are not here.
func (s *Service) OpenArtifact(_ context.Context, a purser.Artifact) (purser.ArtifactContent, error) {
	if a.State != purser.ArtifactUploaded {
		return nil, errNoContent(nil)
	}
	f, err := s.contents.open(a.Actual)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Drain makes imports answer without waiting any longer for what they fetch.
func (s *Service) Drain() { s.leave() }

// Close ends what is fetched; it goes on at the next start. Run has to have ended, or to end soon.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end(errClosed)
	s.tasks.Wait()
	s.fetcher.transport.CloseIdleConnections()
}

func (s *Service) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
