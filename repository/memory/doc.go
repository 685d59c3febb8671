// Package memory is the reference store: it keeps everything in memory and forgets it at the end. Tests of other packages
// run on it, and the other stores are compared with it.
//
// Invariant: a state that readers have seen is never changed. A transaction works on a copy that becomes the state when
// it commits, so readers see all of it or nothing.
package memory
