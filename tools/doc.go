// Package tools pins the programs that the Makefile builds: they stand in a module of their own, so that what they need
// does not reach the server's.
package tools
