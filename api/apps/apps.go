package apps

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// Engine is what this dialect needs of the life cycle of releases (purser.StageRequest has the errors).
type Engine interface {
	Stage(ctx context.Context, r purser.StageRequest) (purser.Release, error)
	Activate(ctx context.Context, r purser.ActivateRequest) (purser.ActivateResult, error)
	Archive(ctx context.Context, r purser.ArchiveRequest) (purser.Release, error)
	Discard(ctx context.Context, r purser.DiscardRequest) error
}

// Store is what this dialect needs of a store.
type Store interface {
	FindVersion(ctx context.Context, uuid string) (purser.Release, error)
	FindVersions(ctx context.Context, filter purser.VersionFilter) ([]purser.Release, error)
	CountVersions(ctx context.Context, filter purser.VersionFilter) (int, error)
	FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error)
	FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error)
}

// Options says what the dialect is made of. All of it is needed.
type Options struct {
	Adapter *api.Adapter
	Engine  Engine
	Store   Store
	Callers purser.Authenticator // their tenants are ids of organisations
	Clock   purser.Clock
	Timeout time.Duration // how long an activation waits for health
	Orgs    []Org
}

// Handler serves the dialect. It is safe for concurrent use.
type Handler struct {
	Options
	tenants tenants
}

var _ api.Owner = (*Handler)(nil)

// New makes the dialect.
func New(o Options) *Handler { return &Handler{Options: o, tenants: tenantsOf(o.Orgs)} }

// Paths. What stands in braces is a name in the path.
const (
	root         = "/v1"
	pathReleases = root + "/orgs/{org_id}/workspaces/{workspace_id}/apps/{app_id}/releases"
	pathActive   = pathReleases + "/active"
	pathRelease  = pathReleases + "/{release_id}"
)

// Permissions that calls need.
const (
	mayRead     = "release:read"
	mayCreate   = "release:create"
	mayActivate = "release:activate" // and roll back
	mayArchive  = "release:archive"
	mayDelete   = "release:delete"
)

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	const get, post, remove = http.MethodGet, http.MethodPost, http.MethodDelete
	for _, route := range []struct {
		method, path, permission string
		serve                    func(w http.ResponseWriter, r *http.Request, c caller) error
	}{
		{get, pathReleases, mayRead, h.list},
		{post, pathReleases, mayCreate, h.create},
		{get, pathActive, mayRead, h.active},
		{get, pathRelease, mayRead, h.read},
		{remove, pathRelease, mayDelete, h.discard},
		{post, pathRelease + "/activate", mayActivate, h.activate},
		{post, pathRelease + "/rollback", mayActivate, h.rollback},
		{post, pathRelease + "/archive", mayArchive, h.archive},
	} {
		r.Method(route.method, route.path, h.guarded(route.permission, route.serve))
	}
}

// Owns implements api.Owner.
func (h *Handler) Owns(path string) bool { return path == root || strings.HasPrefix(path, root+"/") }
