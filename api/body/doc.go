// Package body reads request bodies as leniently as Skipper does (spec/rest.md §3.1): unknown members are passed over,
// numbers and booleans are taken for text and the other way round, "" is null for a number and false for a boolean,
// bytes come as base64 or as a list of numbers, and a byte order mark, text after the document and repeated keys do no
// harm.
//
// Invariant: whatever the bytes are, reading ends in values or in one *Error that names the place; it never panics and
// never copies a value that nobody asks for.
package body
