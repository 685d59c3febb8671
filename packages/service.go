package packages

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"purser"
)

// Options is what a Service works with. Store and Log must be set; what else is left out has its default.
type Options struct {
	Store        purser.Store
	Log          *slog.Logger
	Limits       Limits
	Client       *http.Client  // for remote repositories; redirects are checked by the service. Default: a client of its own
	FetchTimeout time.Duration // of one index or archive, from first to last byte. Default 1 minute
	CacheBytes   int64         // unpacked size of the packages kept decoded; below 0: none. Default 16 MiB
	Clock        purser.Clock  // tells when packages came. Default purser.SystemClock
}

// Service performs the use cases of packages. It is safe for concurrent use, and starts nothing by itself.
type Service struct {
	store   purser.Store
	log     *slog.Logger
	clock   purser.Clock
	limits  Limits
	source  *source
	cache   *cache
	flights singleflight.Group // archives under way, by package id

	mu      sync.Mutex
	indexes map[int64]stamp // by repository id: what its index was when it was last stored
}

var _ purser.PackageReader = (*Service)(nil)

// New makes a Service.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = purser.SystemClock{}
	}
	return &Service{
		store:   o.Store,
		log:     o.Log,
		clock:   o.Clock,
		limits:  o.Limits.withDefaults(),
		source:  newSource(o.Client, cmp.Or(o.FetchTimeout, time.Minute)),
		cache:   newCache(cmp.Or(o.CacheBytes, 16<<20)),
		indexes: map[int64]stamp{},
	}
}
