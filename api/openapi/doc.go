// Package openapi serves the description of the API as an OpenAPI 3.1 document, in YAML and in JSON. The document is kept
// by hand, in openapi.yaml.
//
// Invariant: each route of the server is in the document and each path of the document is served, and every recorded answer
// fits its schemas; tests here and in cmd/purser prove it.
package openapi
