// Package artifacts performs the life cycle of package versions that come with files: import, fetching and checking the
// files, release and removal. Files are kept by their SHA-256.
//
// Invariant: a file stands under a checksum only when all of its bytes are on disk and have it. An artifact is stored
// before anything is fetched for it, and is fetched until it is here or given up, whatever ends the server meanwhile.
package artifacts
