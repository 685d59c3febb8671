// Package screen is a terminal for tests: it runs a program in a pseudo-terminal, keeps what a person would see of it, with
// colours, and types like one.
//
// Invariant: it answers what programs ask a terminal, and waits for what shall be seen, never for time to pass.
package screen
