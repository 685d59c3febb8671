package openapi

import (
	"embed"
	"net/http"
	"sync"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

//go:embed openapi.yaml
var files embed.FS

// The labels of the two forms, the preferred one first.
var (
	yamlTypes = []string{"application/yaml", "text/yaml", "application/x-yaml", "application/vnd.oai.openapi", "text/plain"}
	jsonTypes = []string{api.TypeJSON, "application/vnd.oai.openapi+json"}
)

// Document describes one API. A dialect that has a document of its own hands it to New.
type Document struct {
	Path string // where it is served, but for the ending, which is .yaml or .json
	YAML []byte
}

// Main is the document of Skipper's API and what stands beside it.
func Main() (Document, error) {
	text, err := files.ReadFile("openapi.yaml")
	return Document{Path: "/api/openapi", YAML: text}, err
}

// JSON gives the document as JSON, with its members in the same order.
func (d Document) JSON() ([]byte, error) { return toJSON(d.YAML) }

// Handler serves the documents. It is safe for concurrent use.
type Handler struct {
	adapter *api.Adapter
	further []Document
}

// New makes a Handler of the main document and further ones.
func New(adapter *api.Adapter, further ...Document) *Handler {
	return &Handler{adapter: adapter, further: further}
}

// YAML gives the main document as it is kept.
func YAML() ([]byte, error) {
	d, err := Main()
	return d.YAML, err
}

// JSON gives the main document as JSON, with its members in the same order.
func JSON() ([]byte, error) {
	d, err := Main()
	if err != nil {
		return nil, err
	}
	return d.JSON()
}

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	h.register(r, "/api/openapi", YAML, JSON)
	for _, d := range h.further {
		h.register(r, d.Path, func() ([]byte, error) { return d.YAML, nil }, d.JSON)
	}
}

func (h *Handler) register(r chi.Router, path string, asYAML, asJSON func() ([]byte, error)) {
	r.Method(http.MethodGet, path+".yaml", h.adapter.Handle(h.document(asYAML, yamlTypes)))
	r.Method(http.MethodGet, path+".json", h.adapter.Handle(h.document(sync.OnceValues(asJSON), jsonTypes)))
}

func (h *Handler) document(read func() ([]byte, error), types []string) api.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		text, err := read()
		if err != nil {
			return err
		}
		return h.adapter.Verbatim(w, r, text, types...)
	}
}

var _ api.Dialect = (*Handler)(nil)
