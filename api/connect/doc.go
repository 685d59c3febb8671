// Package connect is the ApplicationService over Connect, gRPC and gRPC-Web (spec/dialects.md §1): charts, which are packages,
// are installed into namespaces of scopes, which are platform accounts. The messages are those of
// proto/otterscale/application/v1/application.proto, and applicationv1 is made of it.
//
// Invariant: a release of this dialect has the key {scope/<scope>/<namespace>, name} and runs on the platform that the scope
// names; no call reaches a release of another scope or namespace.
package connect
