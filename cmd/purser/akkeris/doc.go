// Package akkeris holds the tests of the Akkeris dialect against the built server and real processes: the numbered cases of
// spec/dialects.md §4.5 and more of their kind, hooks, deaths in the middle of a release, long histories, the curl lines of the
// documentation, and a client that was generated from the dialect's OpenAPI document.
//
// Invariant: whatever the server answers to these tests is compared with that document.
package akkeris
