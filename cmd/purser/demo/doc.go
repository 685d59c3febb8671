// Package demo tells the main job as a story on a server of its own, and checks each step as it goes: packages in,
// releases out, an upgrade without a gap, one that fails, a rollback, a killed server, and nothing left behind.
//
// Invariant: whatever happens, no process and no file of the story outlives it.
package demo
