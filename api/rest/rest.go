package rest

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// Options says what the dialect is made of.
type Options struct {
	Adapter  *api.Adapter
	Engine   Engine
	Packages Packages
	Store    purser.Reader
	About    About
	Build    Build
	// Ready tells why the server cannot do its work, nil when it can. It stands behind /actuator/health and is asked at
	// each call, so it has to be quick.
	Ready func(ctx context.Context) error
	// Probes adds the groups liveness and readiness to the health, as on Kubernetes.
	Probes bool
}

// Handler serves the dialect.
type Handler struct {
	adapter  *api.Adapter
	engine   Engine
	packages Packages
	store    purser.Reader
	about    About
	build    Build
	ready    func(ctx context.Context) error
	probes   bool
}

// New makes the dialect.
func New(o Options) *Handler {
	o.About.ShellURL = o.About.shellURL()
	return &Handler{
		adapter: o.Adapter, engine: o.Engine, packages: o.Packages, store: o.Store,
		about: o.About, build: o.Build, ready: o.Ready, probes: o.Probes,
	}
}

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	for _, route := range []struct {
		method, path string
		handler      api.Handler
	}{
		{get, "/api", h.index},
		{http.MethodHead, "/api", h.indexHead},
		{http.MethodOptions, "/api", onlyGet},
		{get, "/api/about", h.getAbout},

		{get, "/api/package", h.packageIndex},
		{post, "/api/package/upload", h.upload},
		{post, "/api/package/install", h.install},
		{post, "/api/package/install/{id}", h.installByID},
		{del, "/api/package/{name}", h.deletePackage},

		{get, "/api/release", h.releaseIndex},
		{get, "/api/release/status/{name}", h.status},
		{get, "/api/release/status/{name}/{version}", h.status},
		{get, "/api/release/statuses", h.statuses},
		{get, "/api/release/states", h.states},
		{get, "/api/release/logs/{name}", h.logs},
		{get, "/api/release/logs/{name}/{app}", h.logs},
		{get, "/api/release/manifest/{name}", h.manifest},
		{get, "/api/release/manifest/{name}/{version}", h.manifest},
		{get, "/api/release/list", h.list},
		{get, "/api/release/list/{name}", h.list},
		{post, "/api/release/upgrade", h.upgrade},
		{post, "/api/release/rollback", h.rollback},
		{post, "/api/release/rollback/{name}/{version}", h.rollbackByPath},
		{post, "/api/release/cancel", h.cancel},
		{post, "/api/release/scale/{name}", h.scale},
		{del, "/api/release/{name}", h.deleteRelease},
		{del, "/api/release/{name}/package", h.deleteReleaseAndPackage},
		{get, "/api/release/actuator/{name}/{app}/{instance}", h.actuatorGet},
		{post, "/api/release/actuator/{name}/{app}/{instance}", h.actuatorPost},

		{get, "/actuator", h.management},
		{get, "/actuator/health", h.health},
		{get, "/actuator/health/*", h.healthGroup},
		{get, "/actuator/info", h.info},
	} {
		r.Method(route.method, route.path, h.adapter.Handle(route.handler))
	}
}

// key names a release of this dialect's space.
func key(name string) purser.ReleaseKey { return purser.ReleaseKey{Name: name} }

// noContent answers a HEAD that has nothing to say.
func noContent(w http.ResponseWriter, _ *http.Request) error {
	api.Vary(w)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// onlyGet answers the OPTIONS of what can be read and nothing else.
func onlyGet(w http.ResponseWriter, _ *http.Request) error {
	api.Vary(w)
	w.Header()["Allow"] = []string{http.MethodGet}
	w.WriteHeader(http.StatusOK)
	return nil
}

// empty answers 200 without a body.
func empty(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusOK)
	return nil
}

var _ api.Dialect = (*Handler)(nil)
