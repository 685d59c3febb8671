// Package live runs a Purser server as a child process and speaks to it the way a client does: for the demo, the
// benchmarks and the end-to-end tests.
//
// Invariant: it knows the server by its command line and its API alone, and imports nothing of it.
package live
