// Package shell is the command language of Skipper's shell: one table of commands, the parser of their lines, their
// output, and the ways to run them (one line, several, a script, interactively). Every way of typing a command, the
// commands of the purser program included, is made from the same table.
//
// Invariant: nothing is sent before a line has been understood whole, and nothing is connected before a command needs
// the server.
package shell
