package api

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/go-chi/chi/v5"

	"purser"
)

// Dialect is one language that the server speaks.
type Dialect interface {
	// Register puts the dialect's routes, with their whole paths, on the server's router. Paths are matched decoded and
	// without a slash at the end, so that parameters need no decoding. HEAD goes to the route of GET unless there is one
	// of its own; OPTIONS and 405 are answered from the routes, unless a path has a route for OPTIONS.
	Register(r chi.Router)
}

// Owner is a Dialect with paths that are its own: failures on them have its form, those too that no route of it has made.
type Owner interface {
	Dialect
	// Owns tells whether a path is the dialect's. The path is decoded, unless it cannot be.
	Owns(path string) bool
	// WriteFailure is its ErrorWriter.
	WriteFailure(w http.ResponseWriter, r *http.Request, f *Failure)
}

// Folder is an Owner that knows its paths in more than one spelling, e.g. in any case.
type Folder interface {
	Owner
	// Fold gives the path that routes are matched with in place of one of its own. The path is decoded.
	Fold(path string) string
}

// Options says what a Server is made of.
type Options struct {
	Adapter  *Adapter
	Dialects []Dialect
	Log      *slog.Logger // the request log: one line for each answer, without bodies
	NewID    func() string
	Forward  ForwardStrategy // "": none
	MaxBody  int64           // bytes that a request body may have; 0: DefaultMaxBody
	// Pages stands before the routes and answers browsers with pages; everything else it hands on untouched. nil: nobody
	// gets pages.
	Pages func(next http.Handler) http.Handler
}

// DefaultMaxBody is the largest request body, in bytes, when nothing else is said.
const DefaultMaxBody = 256 << 20

// Server is the HTTP server with all its dialects.
type Server struct {
	adapter  *Adapter
	log      *slog.Logger
	newID    func() string
	maxBody  int64
	mux      *chi.Mux
	owners   []Owner
	draining atomic.Bool
	underway sync.RWMutex // held for reading by each write that was admitted
	http     *http.Server
}

// New assembles a server. It does not listen yet.
func New(o Options) *Server {
	s := &Server{
		adapter: o.Adapter, log: o.Log, newID: o.NewID,
		maxBody: cmp.Or(o.MaxBody, DefaultMaxBody), mux: chi.NewMux(),
	}
	s.mux.Use(s.logged)
	if o.Forward != "" && o.Forward != ForwardNone {
		s.mux.Use(forwarded(o.Forward))
	}
	if o.Pages != nil {
		s.mux.Use(o.Pages)
	}
	s.mux.Use(s.admit)
	s.mux.NotFound(s.adapter.HandleWith(func(http.ResponseWriter, *http.Request) error { return NotFound() }, s.writeFailure))
	s.mux.MethodNotAllowed(s.adapter.HandleWith(s.wrongMethod, s.writeFailure))
	s.mux.HandleFunc("/", s.adapter.Handle(s.root))
	for _, dialect := range o.Dialects {
		dialect.Register(s.mux)
		if owner, ok := dialect.(Owner); ok {
			s.owners = append(s.owners, owner)
		}
	}
	s.http = s.newHTTP()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Routes gives the routes of all dialects, for what documents them.
func (s *Server) Routes() chi.Routes { return s.mux }

// Drain makes the server refuse writes with 503 while reads go on: the first step of a shutdown.
func (s *Server) Drain() {
	s.draining.Store(true)
	s.http.SetKeepAlivesEnabled(false)
}

// admit decides what can be decided before routing, and prepares the rest.
func (s *Server) admit(next http.Handler) http.Handler {
	guarded := s.adapter.HandleWith(func(w http.ResponseWriter, r *http.Request) error { // for handlers that stand alone
		next.ServeHTTP(w, r)
		return nil
	}, s.writeFailure)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, found := readPath(RawPath(r))
		if err := s.refusal(r, found); err != nil {
			s.adapter.fail(w, r, err, s.writeFailure)
			return
		}
		if writes(r.Method) {
			if !s.underway.TryRLock() { // the end has begun just now
				s.adapter.fail(w, r, errStopping(), s.writeFailure)
				return
			}
			defer s.underway.RUnlock()
		}
		if isPreflight(r) {
			refusePreflight(w)
			return
		}
		path = s.fold(path)
		route := chi.RouteContext(r.Context())
		route.RoutePath, route.RouteMethod = path, r.Method
		if r.Method == http.MethodHead && !has(s.mux, http.MethodHead, path) {
			route.RouteMethod = http.MethodGet
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(w, r.Body, s.maxBody)
		}
		guarded(w, r)
	})
}

// fold gives the spelling of a path that its owner's routes have.
func (s *Server) fold(path string) string {
	for _, owner := range s.owners {
		if folder, ok := owner.(Folder); ok && owner.Owns(path) {
			return folder.Fold(path)
		}
	}
	return path
}

// writeFailure writes a failure in the form of the dialect that owns the path, in Skipper's when nobody does.
func (s *Server) writeFailure(w http.ResponseWriter, r *http.Request, f *Failure) {
	path, found := readPath(RawPath(r))
	if found != pathFine {
		path = RawPath(r)
	}
	for _, owner := range s.owners {
		if owner.Owns(path) {
			owner.WriteFailure(w, r, f)
			return
		}
	}
	s.adapter.WriteFailure(w, r, f)
}

func (s *Server) refusal(r *http.Request, found verdict) error {
	switch {
	case found == pathBroken:
		return &Failure{
			Status: http.StatusBadRequest, Exception: SkipperException,
			Message: "The path of the request is not valid: an escape is broken, stands for a slash, a backslash or a zero byte, or the path leaves the root",
		}
	case found == pathUnknown:
		return NotFound()
	case s.draining.Load() && writes(r.Method):
		return errStopping()
	}
	return nil
}

func errStopping() error {
	return purser.Errorf(purser.CodeUnavailable, "The server is shutting down.")
}

func writes(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return true
	}
	return false
}
