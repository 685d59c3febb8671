package connect

import (
	_ "embed" // the documents
	"net/http"
)

//go:embed proto/otterscale/application/v1/application.proto
var protoFile []byte

//go:embed openapi.yaml
var document []byte

// Where the documents are served.
const (
	PathOfProto    = "/otterscale/application/v1/application.proto"
	PathOfDocument = "/otterscale/application/v1/openapi" // but for the ending
)

// Document gives the OpenAPI document of the dialect, as it is kept.
func Document() []byte { return document }

// proto is GET /otterscale/application/v1/application.proto.
func (h *Handler) proto(w http.ResponseWriter, r *http.Request) error {
	return h.Adapter.Verbatim(w, r, protoFile, "text/plain")
}
