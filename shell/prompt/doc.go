// Package prompt is the shell at a terminal: an editor with history, completion and colours, and a plain reader of lines
// where the terminal can do no more.
//
// Invariant: a command that is cancelled ends the command, never the session; and nothing that the server does or leaves
// undone keeps a key from being shown.
package prompt
