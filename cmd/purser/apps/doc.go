// Package apps holds the tests of the releases of apps against the built server and real processes: the numbered cases of
// spec/dialects.md §3.5, parallel activations, deaths in the middle of one, long histories, and a client that was generated
// from the dialect's OpenAPI document.
//
// Invariant: whatever the server answers to these tests is compared with that document.
package apps
