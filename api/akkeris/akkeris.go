package akkeris

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// Engine is what this dialect needs of the life cycle of releases (purser.SubmitRequest and its neighbours have the errors).
type Engine interface {
	Submit(ctx context.Context, r purser.SubmitRequest) (purser.Release, error)
	KeyUUID(ctx context.Context, key purser.ReleaseKey) (string, error)
	CreateCheck(ctx context.Context, r purser.CheckRequest) (purser.Check, error)
	UpdateCheck(ctx context.Context, r purser.CheckRequest) (purser.Check, error)
	ReportHealthy(ctx context.Context, uuid string) (purser.Release, error)
}

// Store is what this dialect needs of a store.
type Store interface {
	FindVersion(ctx context.Context, uuid string) (purser.Release, error)
	FindVersions(ctx context.Context, filter purser.VersionFilter) ([]purser.Release, error)
	FindChecks(ctx context.Context, releases ...string) ([]purser.Check, error)
	FindKeyByUUID(ctx context.Context, uuid string) (purser.KeyRecord, error)
	FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error)
	FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error)
	FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error)
	FindRepositories(ctx context.Context, filter purser.RepositoryFilter) ([]purser.Repository, int, error)
}

// Options says what the dialect is made of. All of it is needed.
type Options struct {
	Adapter *api.Adapter
	Engine  Engine
	Store   Store
	Callers purser.Authenticator
	Clock   purser.Clock
	Silence time.Duration // after this long without a report of health a release is unknown; 0: never
	Apps    []App
}

// Handler serves the dialect. It is safe for concurrent use.
type Handler struct {
	Options
	repository atomic.Pointer[string] // of drafts, once it is known
	apps       directory
	ids        sync.Map // of apps: their UUIDs, which never change, by key
}

var (
	_ api.Owner  = (*Handler)(nil)
	_ api.Folder = (*Handler)(nil)
)

// New makes the dialect.
func New(o Options) *Handler { return &Handler{Options: o, apps: directoryOf(o.Apps)} }

// Paths. What stands in braces is a name in the path.
const (
	root         = "/apps"
	pathApp      = root + "/{app}"
	pathBuilds   = pathApp + "/builds"
	pathBuild    = pathBuilds + "/{build}"
	pathReleases = pathApp + "/releases"
	pathRelease  = pathReleases + "/{release}"
	pathStatuses = pathRelease + "/statuses"
	pathStatus   = pathStatuses + "/{status}"
	pathEvents   = "/events"
)

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	const get, post, patch = http.MethodGet, http.MethodPost, http.MethodPatch
	for _, route := range []struct {
		method, path string
		serve        func(v *visit) error
	}{
		{get, root, h.listApps},
		{get, pathApp, h.readApp},
		{get, pathBuilds, h.listBuilds},
		{get, pathBuild, h.readBuild},
		{get, pathReleases, h.listReleases},
		{post, pathReleases, h.createRelease},
		{get, pathRelease, h.readRelease},
		{get, pathStatuses, h.listStatuses},
		{post, pathStatuses, h.createStatus},
		{get, pathStatus, h.readStatus},
		{patch, pathStatus, h.updateStatus},
		{post, pathEvents, h.takeEvent},
	} {
		r.Method(route.method, route.path, h.Adapter.HandleWith(h.guarded(route.serve), h.WriteFailure))
	}
}

// Owns implements api.Owner.
func (h *Handler) Owns(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	first = "/" + strings.ToLower(first)
	return first == root || first == pathEvents
}

// Fold implements api.Folder: the words of a path are matched in lower case (spec/dialects.md §4.2), while the names and ids
// between them stay as they are.
func (h *Handler) Fold(path string) string {
	parts := strings.Split(path, "/")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = strings.ToLower(parts[i])
	}
	return strings.Join(parts, "/")
}

// visit is a request of somebody who may make it.
type visit struct {
	w      http.ResponseWriter
	r      *http.Request
	caller purser.Principal
	app    *App // of the path; nil when the path has none
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// guarded finds out who is asking, and for which app.
func (h *Handler) guarded(serve func(v *visit) error) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) (err error) {
		v := &visit{w: w, r: r}
		if v.caller, err = h.Callers.Authenticate(r.Context(), credentials(r)); err != nil {
			return err
		}
		if name := chi.URLParam(r, "app"); name != "" {
			if v.app, err = h.findApp(r.Context(), name); err != nil {
				return err
			}
		}
		return serve(v)
	}
}

// credentials are the Authorization header as a whole, and as a bearer token.
func credentials(r *http.Request) purser.Credentials {
	header := r.Header.Get("Authorization")
	c := purser.Credentials{Key: header}
	if scheme, token, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "bearer") {
		c.Bearer = strings.TrimSpace(token)
	}
	return c
}
