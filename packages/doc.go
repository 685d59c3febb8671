// Package packages performs the life cycle of a package: reading archives in memory, upload, choosing a version,
// deletion, and the indexes and archives of remote repositories.
//
// Invariant: nothing of an archive is ever written to the file system or trusted before it was checked; what is stored
// can be read again, and is stored byte for byte as it was sent.
package packages
