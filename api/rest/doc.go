// Package rest is Skipper's dialect as its own controllers speak it (spec/rest.md §2.1-2.20, §2.27): the index, about,
// packages, releases and the management endpoints. Handlers decode a request, ask the engine, the packages or the store
// once, and write one representation.
//
// Invariant: what a request means is decided by the engine and the packages; here nothing but its form is.
package rest
