// Package local is the platform that runs applications as processes of the server's own machine. Each instance runs
// under a small supervisor of its own (RunShim), which outlives the server, so that a restart of the server finds
// everything again; what is wanted stands in files of the state folder before anything is started.
//
// Invariant: the folder of one instance (its home) starts at most one process in its whole life. The supervisor holds
// the home's lock while it lives and refuses a home that has been used, whoever asks.
package local
