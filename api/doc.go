// Package api is the HTTP side that all dialects share: the server and its life cycle, the rules for paths and methods,
// content negotiation, the reading of request bodies, and the one table that turns the domain's error codes into
// statuses. Dialects are folders below it; each registers its routes on the server's router and answers through an
// Adapter.
//
// Invariant: no status and no error body is chosen anywhere but in this package, and no answer shows what is inside the
// server.
package api
