package native

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/sse"
)

// Engine is what this dialect needs of the life cycle of releases.
type Engine interface {
	PreviewInstall(ctx context.Context, r purser.InstallRequest) (purser.Preview, error)
	PreviewUpgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Preview, error)
	PreviewRollback(ctx context.Context, r purser.RollbackRequest) (purser.Preview, error)
	// Difference compares two versions; 0 stands for the latest, and for the one before to.
	Difference(ctx context.Context, key purser.ReleaseKey, from, to int) (purser.VersionDifference, error)
	// TailLogs gives what the applications of the latest version have printed, FollowLogs what they print as well. CodeNotFound
	// for an application that the version does not have.
	TailLogs(ctx context.Context, r purser.LogRequest) (purser.Logs, error)
	FollowLogs(ctx context.Context, r purser.LogRequest) (purser.LogFeed, error)
}

// Packages is what this dialect needs of the life cycle of packages.
type Packages interface {
	// Details gives the content of the package with that id. CodeNotFound.
	Details(ctx context.Context, id int64) (purser.PackageDetails, error)
}

// Operations is what this dialect needs of a store.
type Operations interface {
	FindOperations(ctx context.Context, filter purser.OperationFilter) ([]purser.Operation, int, error)
}

// Options says what the dialect is made of. Adapter, Engine, Packages and Store are needed.
type Options struct {
	Adapter  *api.Adapter
	Engine   Engine
	Packages Packages
	Store    Operations

	Streams      int           // how many streams of logs may be open at one time; 0: DefaultStreams
	Heartbeat    time.Duration // how often a stream says that it is there when nothing happens; 0: sse.DefaultHeartbeat
	WriteTimeout time.Duration // how long a client may take no bytes; 0: sse.DefaultWriteTimeout
}

// Handler serves the dialect. It is safe for concurrent use.
type Handler struct {
	Options
	streams chan struct{} // holds a token for each stream that is open
}

var _ api.Dialect = (*Handler)(nil)

// New makes the dialect.
func New(o Options) *Handler {
	if o.Streams <= 0 {
		o.Streams = DefaultStreams
	}
	o.Heartbeat, o.WriteTimeout = cmp.Or(o.Heartbeat, sse.DefaultHeartbeat), cmp.Or(o.WriteTimeout, sse.DefaultWriteTimeout)
	return &Handler{Options: o, streams: make(chan struct{}, o.Streams)}
}

// Root is the path below which everything stands.
const Root = "/api/purser"

// Paths below Root. What stands in braces is a name in the path.
const (
	pathPreviewInstall  = "/preview/install"
	pathPreviewUpgrade  = "/preview/upgrade"
	pathPreviewRollback = "/preview/rollback"
	pathDifference      = "/releases/{name}/difference"
	pathLogs            = "/releases/{name}/logs"
	pathOperations      = "/operations"
	pathPackage         = "/packages/{id}"
)

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	const get, post = http.MethodGet, http.MethodPost
	for _, route := range []struct {
		method, path string
		handler      api.Handler
	}{
		{get, "", h.index},
		{post, pathPreviewInstall, h.previewInstall},
		{post, pathPreviewUpgrade, h.previewUpgrade},
		{post, pathPreviewRollback, h.previewRollback},
		{get, pathDifference, h.difference},
		{get, pathLogs, h.logs},
		{get, pathOperations, h.operations},
		{get, pathPackage, h.packageDetails},
	} {
		r.Method(route.method, Root+route.path, h.Adapter.Handle(route.handler))
	}
}

// key names a release of this dialect's space, which is Skipper's.
func key(name string) purser.ReleaseKey { return purser.ReleaseKey{Name: name} }
