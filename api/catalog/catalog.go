package catalog

import (
	"context"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"purser"
	"purser/api"
)

// Releases is what this dialect needs of the life cycle of package versions (purser.ImportRequest has the errors).
type Releases interface {
	Import(ctx context.Context, r purser.ImportRequest) (purser.CatalogEntry, error)
	ReleaseVersion(ctx context.Context, r purser.VersionRequest) (purser.CatalogEntry, error)
	RemoveVersion(ctx context.Context, r purser.VersionRequest) error
	OpenArtifact(ctx context.Context, a purser.Artifact) (purser.ArtifactContent, error)
}

// Store is what this dialect needs of a store.
type Store interface {
	FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error)
	FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error)
}

// Project is a project of the configuration. Its name is that of its package.
type Project struct {
	ID   int
	Name string
}

// Options says what the dialect is made of. All of it is needed.
type Options struct {
	Adapter  *api.Adapter
	Releases Releases
	Store    Store
	Callers  purser.Authenticator // their tenants are names of projects
	Clock    purser.Clock
	Strict   bool // an import does not replace a draft
	Projects []Project
}

// Handler serves the dialect. It is safe for concurrent use.
type Handler struct{ Options }

var _ api.Owner = (*Handler)(nil)

// New makes the dialect.
func New(o Options) *Handler { return &Handler{o} }

// Paths. What stands in braces is a name in the path.
const (
	root         = "/api/v1/catalog"
	pathProject  = root + "/releases/project/{projectIdentifier}"
	pathImport   = pathProject + "/import"
	pathVersion  = pathProject + "/version/{version}"
	pathRelease  = pathVersion + "/release"
	pathExport   = pathVersion + "/export"
	pathArtifact = pathVersion + "/artifacts/{artifactId}"
)

// Roles that calls need, one of them. The token of a project needs none.
const (
	roleCreate = "create-release"
	roleUpload = "upload-artifact"
)

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	const get, post, remove = http.MethodGet, http.MethodPost, http.MethodDelete
	for _, route := range []struct {
		method, path string
		roles        []string
		serve        func(w http.ResponseWriter, r *http.Request, c caller) error
	}{
		{get, pathProject, nil, h.list},
		{post, pathImport, []string{roleCreate, roleUpload}, h.importRelease},
		{get, pathVersion, nil, h.read},
		{remove, pathVersion, []string{roleCreate}, h.remove},
		{post, pathRelease, []string{roleCreate}, h.release},
		{get, pathExport, nil, h.export},
	} {
		r.Method(route.method, route.path, h.guarded(route.roles, route.serve))
	}
	r.Method(get, pathArtifact, h.Adapter.HandleWith(h.download, h.WriteFailure))
}

// Owns implements api.Owner.
func (h *Handler) Owns(path string) bool { return path == root || strings.HasPrefix(path, root+"/") }
