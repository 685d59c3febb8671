// Command purser takes packages in and sends releases out. This folder wires the packages of the module together and
// does nothing else; each command has a file.
//
// Invariant: nobody imports it.
package main
