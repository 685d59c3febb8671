// Package connect holds the tests of the ApplicationService against the built server and real processes: the numbered cases of
// spec/dialects.md §1.5 and more of their kind, the binary vectors, clients of Connect, gRPC and gRPC-Web in Go and Node, the
// death of the server behind an answer, and the lines of the documentation.
//
// Invariant: the dialect is met over the network alone, as its users meet it.
package connect
