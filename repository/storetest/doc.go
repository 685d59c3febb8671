// Package storetest is the contract of purser.Store as tests. A store's own test calls Run, and Compare with the reference
// store.
//
// Invariant: a rule that a caller may rely on is a named test here, and it holds for every store.
package storetest
