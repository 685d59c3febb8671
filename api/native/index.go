package native

import (
	"net/http"

	"purser/api"
	"purser/api/hal"
)

// links are those of the index: relations and paths, the placeholders of queries included.
var links = []struct{ rel, path string }{
	{"operations", Root + pathOperations + "{?name,open,page,size}"},
	{"previewInstall", Root + pathPreviewInstall},
	{"previewUpgrade", Root + pathPreviewUpgrade},
	{"previewRollback", Root + pathPreviewRollback},
	{"difference", Root + pathDifference + "{?from,to}"},
	{"logs", Root + pathLogs + "{?app,lines,follow}"},
	{"package", Root + pathPackage},
	{"events", "/api/events{?names}"},
	{"openapi", "/api/openapi.yaml"},
}

// index is GET /api/purser.
func (h *Handler) index(w http.ResponseWriter, r *http.Request) error {
	base := api.Base(r)
	all := hal.Links{hal.To("self", base+Root)}
	for _, l := range links {
		all = append(all, hal.To(l.rel, base+l.path))
	}
	return h.Adapter.HAL(w, r, http.StatusOK, hal.Resource{Links: all})
}
