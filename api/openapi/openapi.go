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

// Handler serves the document. It is safe for concurrent use.
type Handler struct {
	adapter *api.Adapter
	json    func() ([]byte, error)
}

// New makes a Handler.
func New(adapter *api.Adapter) *Handler {
	return &Handler{adapter: adapter, json: sync.OnceValues(JSON)}
}

// YAML gives the document as it is kept.
func YAML() ([]byte, error) { return files.ReadFile("openapi.yaml") }

// JSON gives the document as JSON, with its members in the same order.
func JSON() ([]byte, error) {
	text, err := YAML()
	if err != nil {
		return nil, err
	}
	return toJSON(text)
}

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	r.Method(http.MethodGet, "/api/openapi.yaml", h.adapter.Handle(h.document(YAML, yamlTypes)))
	r.Method(http.MethodGet, "/api/openapi.json", h.adapter.Handle(h.document(h.json, jsonTypes)))
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
