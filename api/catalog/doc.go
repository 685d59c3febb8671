// Package catalog is the dialect of a catalog: releases of projects are imported with their artifacts, which are checked
// and kept, and are released, exported and downloaded (spec/dialects.md §2, spec/setup.md). A project is a package, and a
// release one of its versions.
//
// Invariant: nothing of a draft leaves the server without credentials for its project, and nothing of a released version
// ever changes.
package catalog
