// Package openapitest checks answers of the server against the OpenAPI document. Tests alone import it.
//
// Invariant: it is stricter than the document: members that an answer has and its schema has not are refused.
package openapitest
