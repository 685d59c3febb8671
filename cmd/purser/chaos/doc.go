// Package chaos kills servers: its tests run the built binary and kill it at every edge of every operation, at random
// moments under load, beside a second server, and politely. After each death the next server must bring everything that
// was accepted to its right end, unasked, and exactly the right processes must run.
//
// Invariant: what is expected is worked out from the answers that clients got and from the processes of the machine; no
// test looks into the store or at the state of a platform.
package chaos
