// Package release is the life cycle of releases: install, upgrade, rollback, delete, scale, activate and cancel,
// each of them a durable operation that is stored before the platform is touched and continued after a restart; snapshots that
// are staged, archived and discarded; and what can be asked of a release: status, states, logs, actuator.
//
// Invariant: an operation moves only along the edges of phases.go, each edge in one transaction, performed by the one
// server that holds the operation's lease; what an operation does to a platform may be done again without harm.
package release
