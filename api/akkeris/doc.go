// Package akkeris speaks the API of Akkeris, a platform in the manner of Heroku: builds of apps are released by their slugs,
// releases are rolled back to, and whoever checks them leaves a status. An app is a release key in a space of its own, a
// build is a package version, and a release is a version of the key, submitted and deployed in its turn.
//
// Invariant: what a release is (status, state, current) is derived when it is read, from what the core has stored.
package akkeris
