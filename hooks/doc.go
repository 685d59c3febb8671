// Package hooks tells addresses outside of the server what has happened: a notice becomes one stored delivery for each hook
// that wants it, which is sent, signed, until it arrives or is given up.
//
// Invariant: a delivery is stored in the transaction of what it tells of, and leaves only with its outcome stored. So
// none is lost by a crash, and one that is sent twice has the same id both times.
package hooks
