// Package authoring makes packages: it scaffolds them, checks them as the server will, and packs them the same way each
// time. It works on files alone and needs no server.
//
// Invariant: what may be in a package is known to the packages packages and templates alone; nothing is refused here that
// they accept, and nothing passes here that they refuse.
package authoring
