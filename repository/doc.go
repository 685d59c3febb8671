// Package repository holds what the stores below it have in common: deep copies of what they keep, the folding of names
// for searches without regard to case, and the times they keep.
//
// Invariant: two stores that were told the same give the same answers. Whatever could differ between them is defined
// here, or pinned by the suite in storetest.
package repository
