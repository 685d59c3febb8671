package templates

import (
	"cmp"
	"slices"
	"unicode/utf16"
)

// sorted gives the entries by key, for comparing.
func (m *mapping) sorted() []entry {
	s := slices.Clone(m.entries)
	slices.SortStableFunc(s, func(a, b entry) int {
		ka, kb := a.key.identity(), b.key.identity()
		return cmp.Or(cmp.Compare(ka.text, kb.text), cmp.Compare(ka.kind, kb.kind))
	})
	return s
}

// hashOrder puts keys, given in the order of their insertion, into the order in which the reference walks over a map:
// by bucket of its hash table, inside a bucket by insertion (spec/packages.md §3.2). Loops show that order.
func hashOrder[E any](entries []E, key func(E) string) []E {
	size := uint32(16)
	for float64(len(entries)) > 0.75*float64(size) {
		size *= 2
	}
	type placed struct {
		bucket uint32
		entry  E
	}
	all := make([]placed, len(entries))
	for i, e := range entries {
		h := javaHash(key(e))
		all[i] = placed{(h ^ h>>16) & (size - 1), e}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.bucket, b.bucket) })
	out := make([]E, len(entries))
	for i, p := range all {
		out[i] = p.entry
	}
	return out
}

// javaHash is the hash of a text over its UTF-16 units.
func javaHash(s string) uint32 {
	var h uint32
	for _, r := range s {
		if r > 0xffff {
			a, b := utf16.EncodeRune(r)
			h = 31*(31*h+uint32(a)) + uint32(b)
			continue
		}
		h = 31*h + uint32(r)
	}
	return h
}
