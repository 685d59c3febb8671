// Package shelltest replays recorded sessions of Skipper's shell with the built program: what each command prints and its
// exit code, against a server of the same program.
//
// Invariant: the recorded answers are facts; nothing here writes them.
package shelltest
