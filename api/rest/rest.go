package rest

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
	"purser/api/hal"
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
	routes := map[string]map[string]api.Handler{
		"/api": {http.MethodGet: h.index, http.MethodHead: noContent, http.MethodOptions: onlyGet},

		"/api/about":            {http.MethodGet: h.getAbout},
		"/api/package":          {http.MethodGet: h.packageIndex},
		"/api/package/upload":   {http.MethodPost: h.upload},
		"/api/package/install":  {http.MethodPost: h.install},
		"/api/package/{name}":   {http.MethodDelete: h.deletePackage},
		"/api/release":          {http.MethodGet: h.releaseIndex},
		"/api/release/statuses": {http.MethodGet: h.statuses},
		"/api/release/states":   {http.MethodGet: h.states},
		"/api/release/upgrade":  {http.MethodPost: h.upgrade},
		"/api/release/rollback": {http.MethodPost: h.rollback},
		"/api/release/cancel":   {http.MethodPost: h.cancel},
		"/api/release/list":     {http.MethodGet: h.list},
		"/api/release/{name}":   {http.MethodDelete: h.deleteRelease},
		"/actuator":             {http.MethodGet: h.management},
		"/actuator/health":      {http.MethodGet: h.health},
		"/actuator/health/*":    {http.MethodGet: h.healthGroup},
		"/actuator/info":        {http.MethodGet: h.info},

		"/api/package/install/{id}":                     {http.MethodPost: h.installByID},
		"/api/release/{name}/package":                   {http.MethodDelete: h.deleteReleaseAndPackage},
		"/api/release/status/{name}":                    {http.MethodGet: h.status},
		"/api/release/status/{name}/{version}":          {http.MethodGet: h.status},
		"/api/release/logs/{name}":                      {http.MethodGet: h.logs},
		"/api/release/logs/{name}/{app}":                {http.MethodGet: h.logs},
		"/api/release/manifest/{name}":                  {http.MethodGet: h.manifest},
		"/api/release/manifest/{name}/{version}":        {http.MethodGet: h.manifest},
		"/api/release/rollback/{name}/{version}":        {http.MethodPost: h.rollbackByPath},
		"/api/release/scale/{name}":                     {http.MethodPost: h.scale},
		"/api/release/list/{name}":                      {http.MethodGet: h.list},
		"/api/release/actuator/{name}/{app}/{instance}": {http.MethodGet: h.actuatorGet, http.MethodPost: h.actuatorPost},
	}
	for path, methods := range routes {
		for method, handler := range methods {
			r.Method(method, path, h.adapter.Handle(handler))
		}
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

var _ hal.Fields = About{}
