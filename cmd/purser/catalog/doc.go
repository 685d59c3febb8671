// Package catalog holds the tests of the catalog against the built server: the numbered cases of spec/dialects.md §2.5,
// servers that misbehave, deaths in the middle of a download, large artifacts, a transfer from one server to another, and a
// client that was generated from the dialect's OpenAPI document.
//
// Invariant: whatever the server answers to these tests is compared with that document.
package catalog
