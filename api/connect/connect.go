package connect

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	rpc "connectrpc.com/connect"
	"connectrpc.com/grpcreflect"
	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/connect/applicationv1/applicationv1connect"
)

// Engine is what this dialect needs of the life cycle of releases.
type Engine interface {
	Install(ctx context.Context, r purser.InstallRequest) (purser.Release, error)
	Upgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Release, error)
	Rollback(ctx context.Context, r purser.RollbackRequest) (purser.Release, error)
	Delete(ctx context.Context, r purser.DeleteRequest) (purser.Release, error)
	Discard(ctx context.Context, r purser.DiscardRequest) error
	PreviewInstall(ctx context.Context, r purser.InstallRequest) (purser.Preview, error)
	PreviewUpgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Preview, error)
	PreviewRollback(ctx context.Context, r purser.RollbackRequest) (purser.Preview, error)
}

// Packages finds packages.
type Packages interface {
	// Choose gives the package with that name and version. CodeNotFound.
	Choose(ctx context.Context, q purser.Reader, id purser.PackageIdentifier) (purser.PackageMetadata, error)
}

// Options says what the dialect is made of. All of it is needed but Strict.
type Options struct {
	Adapter      *api.Adapter
	Engine       Engine
	Packages     Packages
	Store        purser.Reader
	Platforms    purser.Platforms     // the scopes
	Callers      purser.Authenticator // by bearer tokens
	Log          *slog.Logger
	NewID        func() string // of faults, and of releases that nobody has given a name
	MaxBody      int64         // bytes that a message may have, unpacked
	DefaultScope string
	Strict       bool // calls over Connect need Connect-Protocol-Version
}

// Handler serves the dialect. It is safe for concurrent use.
type Handler struct {
	Options
	refusals *rpc.ErrorWriter
}

var (
	_ api.Owner                                      = (*Handler)(nil)
	_ applicationv1connect.ApplicationServiceHandler = (*Handler)(nil)
)

// New makes the dialect.
func New(o Options) *Handler {
	return &Handler{Options: o, refusals: rpc.NewErrorWriter(strictness(o.Strict)...)}
}

func strictness(strict bool) []rpc.HandlerOption {
	if strict {
		return []rpc.HandlerOption{rpc.WithRequireConnectProtocolHeader()}
	}
	return nil
}

// The paths of reflection, in its two versions.
const (
	reflection      = "/grpc.reflection.v1.ServerReflection/"
	reflectionAlpha = "/grpc.reflection.v1alpha.ServerReflection/"
	reflectionInfo  = "ServerReflectionInfo"
	service         = "/" + applicationv1connect.ApplicationServiceName + "/"
)

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	options := append(strictness(h.Strict),
		rpc.WithRequestGate(h.gate), rpc.WithReadMaxBytes(int(h.MaxBody)), bounded(h.MaxBody),
		rpc.WithCodec(jsonCodec{"json"}), rpc.WithCodec(jsonCodec{"json; charset=utf-8"}),
	)
	_, calls := applicationv1connect.NewApplicationServiceHandler(h, append(options, rpc.WithInterceptors(rpc.UnaryInterceptorFunc(h.guard)))...)
	reflector := grpcreflect.NewStaticReflector(applicationv1connect.ApplicationServiceName)
	_, v1 := grpcreflect.NewHandlerV1(reflector, options...)
	_, alpha := grpcreflect.NewHandlerV1Alpha(reflector, options...)
	for _, path := range []string{
		applicationv1connect.ApplicationServiceListReleasesProcedure, applicationv1connect.ApplicationServiceCreateReleaseProcedure,
		applicationv1connect.ApplicationServiceUpdateReleaseProcedure, applicationv1connect.ApplicationServiceDeleteReleaseProcedure,
		applicationv1connect.ApplicationServiceRollbackReleaseProcedure,
	} {
		r.Method(http.MethodPost, path, h.handler(h.unary(calls)))
	}
	r.Method(http.MethodPost, reflection+reflectionInfo, h.handler(brief(v1)))
	r.Method(http.MethodPost, reflectionAlpha+reflectionInfo, h.handler(brief(alpha)))
	r.Method(http.MethodGet, PathOfProto, h.Adapter.Handle(h.proto))
}

// handler makes faults of a handler failures in the dialect's form.
func (h *Handler) handler(inner http.Handler) http.Handler {
	return h.Adapter.HandleWith(func(w http.ResponseWriter, r *http.Request) error {
		inner.ServeHTTP(w, r)
		return nil
	}, h.WriteFailure)
}

// reflectionTime is how long a stream of questions may last. It counts as a write while it is open, and the end of the server
// waits for those; clients that have more questions open another one.
const reflectionTime = 5 * time.Second

// brief ends streams that their clients leave open.
func brief(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A writer that knows no deadlines is none of a network.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(reflectionTime))
		next.ServeHTTP(w, r)
	})
}

// Owns implements api.Owner.
func (h *Handler) Owns(path string) bool {
	path += "/"
	return strings.HasPrefix(path, service) || strings.HasPrefix(path, reflection) || strings.HasPrefix(path, reflectionAlpha)
}
