// Package purser is the vocabulary of the server: the types every other package speaks in, the table of a release's
// stages, the error codes, and the ports (interfaces) through which the packages meet.
//
// Invariant: nothing here does I/O, and nothing here imports another folder of the module.
package purser
