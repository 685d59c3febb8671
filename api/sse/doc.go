// Package sse writes server-sent events for the dialects that stream: the head of the answer, frames, and the time that a
// client has to take them. It is no dialect and has no routes.
//
// Invariant: a client that takes nothing is let go after the time-out, whatever is written.
package sse
