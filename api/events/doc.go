// Package events is the dialect of what happens: GET /api/events streams the events of Skipper's space as server-sent
// events, as they are committed, from this server and from others on the same store.
//
// Invariant: the store's log decides what a stream shows and in which order. A stream misses nothing between its beginning
// and its end; where it would, it says so by an event named reset.
package events
