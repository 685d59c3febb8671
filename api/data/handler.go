package data

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// Store is what the resources need of purser.Store. One that is a purser.ReleaseScanner as well is not asked for long
// lists as a whole.
type Store interface {
	FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error)
	FindPackage(ctx context.Context, id int64) (purser.PackageMetadata, error)
	FindPackages(ctx context.Context, filter purser.PackageFilter) ([]purser.PackageMetadata, int, error)
	FindRepositories(ctx context.Context, filter purser.RepositoryFilter) ([]purser.Repository, int, error)
	// Update runs f in one write transaction, as purser.Store says.
	Update(ctx context.Context, f func(tx purser.Tx) error) error
}

// MetadataPublisher stores the metadata of a package whose archive is elsewhere.
type MetadataPublisher interface {
	// PublishMetadata stores m and gives it back with its ID. CodeInvalid for mandatory fields that are missing and for
	// texts that cannot be kept, CodeNotFound for an unknown repository, CodeConflict when the repository has that name
	// and version already.
	PublishMetadata(ctx context.Context, m purser.PackageMetadata) (purser.PackageMetadata, error)
}

// Options are what a Handler is made of. Only Filter may be left out: then all options are shown.
type Options struct {
	Adapter   *api.Adapter
	Store     Store
	Packages  MetadataPublisher
	Platforms purser.Platforms
	Filter    OptionFilter  // of the options that deployers show; see DefaultOptionFilter
	NewID     func() string // ids of deployers: new ones at each start
}

// Handler serves the four resources and their profiles. It is safe for concurrent use.
type Handler struct {
	adapter  *api.Adapter
	store    Store
	packages MetadataPublisher
	accounts []account
	filter   OptionFilter
}

// New makes a Handler. The platforms are asked for their descriptions once, here.
func New(o Options) *Handler {
	return &Handler{
		adapter:  o.Adapter,
		store:    o.Store,
		packages: o.Packages,
		accounts: listAccounts(o.Platforms, o.NewID),
		filter:   o.Filter,
	}
}

// resources lists the resources in the order of the profile's links.
func (h *Handler) resources() []resource {
	return []resource{h.repositoryResource(), h.packageResource(), h.releaseResource(), h.deployerResource()}
}

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	resources := h.resources()
	for _, x := range resources {
		for path, m := range h.routes(x) {
			h.serve(r, root+"/"+x.name+path, m)
		}
	}
	h.serve(r, root+"/profile", h.profileRoot(resources))
	h.serve(r, root+"/profile/{resource}", h.profileOf(resources))
}

// root is the path under which all of it stands.
const root = "/api"

// base gives the address of the API.
func base(r *http.Request) string { return api.Base(r) + root }

// serve puts the methods of one form of path on the router. All of them have OPTIONS, so that the server answers the
// others with 404.
func (h *Handler) serve(r chi.Router, path string, m methods) {
	for method, handle := range m {
		r.Method(method, path, h.adapter.HandleWith(func(w http.ResponseWriter, r *http.Request) error {
			api.Vary(w)
			return handle(w, r)
		}, h.writeFailure))
	}
}

var _ api.Dialect = (*Handler)(nil)
