// Package skipper holds the representations of Skipper's dialect (spec/rest.md §4): the types that its controllers and
// its Data REST resources both send, and the bodies that others besides its controllers read. Each type is a domain type
// under another name, so that a conversion is the mapping, and says its members in the order of the wire. It is no
// dialect of its own and has no routes.
//
// Invariant: all keys are always there, null included; ids and revisions never are.
package skipper
