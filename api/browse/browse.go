package browse

import (
	"html/template"
	"net/http"
	"sync"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

// Options says what the pages are made of. Adapter is needed.
type Options struct {
	Adapter *api.Adapter
	Version string // of the server, for the foot of pages
}

// Handler makes the pages. It is a dialect, for the paths that are its own, and a middleware (Wrap) for all others.
type Handler struct {
	Options
	parts func() *parts
	next  http.Handler // the API

	packers sync.Pool // of *gzip.Writer
}

var _ api.Dialect = (*Handler)(nil)

// parts is what all pages are made of. It is made ready for the first of them: a server that no browser asks does without.
type parts struct {
	files *files
	pages map[string]*template.Template
}

// New makes a Handler.
func New(o Options) *Handler {
	return &Handler{Options: o, next: http.NotFoundHandler(), parts: sync.OnceValue(func() *parts {
		all := mustLoadFiles()
		return &parts{files: all, pages: mustParsePages(all)}
	})}
}

// The paths that are not the API's.
const (
	pathForms    = "/browse"
	pathStatic   = "/browse/static/"
	pathExplorer = "/explorer"
	pathDocs     = "/api/docs"
)

// Register implements api.Dialect: the paths that belong to the pages alone.
func (h *Handler) Register(r chi.Router) {
	get := func(path string, f func(v *visit) error) { r.Method(http.MethodGet, path, h.handle(f)) }
	get(pathForms, (*visit).toIndex)
	get(pathStatic+"{file}", (*visit).static)
	get(pathExplorer, (*visit).explorer)
	get(pathDocs, (*visit).docs)
	for _, a := range actions() {
		r.Method(http.MethodGet, a.path, h.handle(func(v *visit) error { return v.blank(a) }))
		r.Method(http.MethodPost, a.path, h.handle(func(v *visit) error { return v.send(a) }))
	}
}

// Wrap gives browsers pages for what next, the API, has; it is meant for api.Options.Pages.
func (h *Handler) Wrap(next http.Handler) http.Handler {
	h.next = next
	page := h.handle((*visit).resource)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOwn(api.RawPath(r)) || !wantsPage(r) {
			next.ServeHTTP(w, r)
			return
		}
		page(w, r)
	})
}

func (h *Handler) handle(f func(v *visit) error) http.HandlerFunc {
	return h.Adapter.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return f(newVisit(h, w, r))
	})
}
