// Package conformance replays conversations that were recorded with the reference server, and compares the answers.
// Its tests do so against the built server, and show besides what other clients rely on: how leniently requests are
// read, the calls of Data Flow, and off-the-shelf HAL clients.
//
// Invariant: a server is known by its HTTP answers alone, and an answer is compared as a whole: what may differ is named,
// by the scenario, by Run.normalise or by better.
package conformance
