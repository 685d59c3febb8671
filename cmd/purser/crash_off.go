//go:build !crashpoints

package main

// crashHook is nothing here: only builds with the tag crashpoints can be told to crash.
func crashHook() func(point string) { return nil }
