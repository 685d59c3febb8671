// Package openapi serves the description of the API as OpenAPI 3.1 documents, in YAML and in JSON. The documents are kept
// by hand: the main one here, in openapi.yaml, and those of further dialects in their folders.
//
// Invariant: each route of the server is in a document and each path of a document is served, and every recorded answer
// fits its schemas; tests here and in cmd/purser prove it.
package openapi
