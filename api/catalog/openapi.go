package catalog

import _ "embed" // the document

//go:embed openapi.yaml
var document []byte

// PathOfDocument is where the dialect's document is served, but for the ending.
const PathOfDocument = root + "/openapi"

// Document gives the OpenAPI document of the dialect, as it is kept.
func Document() []byte { return document }
