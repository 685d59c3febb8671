package config

import (
	"slices"
	"strconv"
	"strings"
)

// layers collects what all sources say, later ones over earlier ones.
type layers struct {
	schema *schema
	source int              // the number of the source that is being read
	slots  map[string]*slot // plain settings, known or not, by canonical name without indexes
	trees  map[*section]*node
	report *Report
}

// slot is one plain setting. A source that says it replaces all that earlier ones said, a list's items included.
type slot struct {
	source int
	name   string // as it was written
	scalar *node
	items  map[string]*node // by what follows the name: [0], [0].url
}

func newLayers(s *schema, report *Report) *layers {
	return &layers{schema: s, slots: map[string]*slot{}, trees: map[*section]*node{}, report: report}
}

// next begins a source.
func (l *layers) next() { l.source++ }

// addTree takes in what a structured source says.
func (l *layers) addTree(chunks []string, n *node) {
	switch {
	case n.kind == mapNode && len(n.keys) > 0:
		for _, key := range n.keys {
			l.addTree(append(slices.Clone(chunks), key), n.children[key])
		}
	case n.kind == listNode && len(n.items) > 0 && len(chunks) > 0 && l.schema.locate(chunks, false).section == nil:
		last := len(chunks) - 1
		for i, item := range n.items {
			indexed := slices.Clone(chunks)
			indexed[last] += "[" + strconv.Itoa(i) + "]"
			l.addTree(indexed, item)
		}
	case len(chunks) > 0:
		l.add(l.schema.locate(chunks, n.kind == mapNode), n)
	}
}

// addFlat takes in one dotted name.
func (l *layers) addFlat(name string, n *node) {
	l.add(l.schema.locate([]string{name}, false), n)
}

// add takes in one value.
func (l *layers) add(p place, n *node) {
	n.stamp(l.source)
	if p.section == nil {
		l.addPlain(p.flat, n)
		return
	}
	tree := l.trees[p.section]
	if tree == nil {
		tree = &node{kind: mapNode, origin: n.origin, source: l.source}
		l.trees[p.section] = tree
	}
	if !p.section.named {
		if len(p.path) > 0 || n.kind == mapNode {
			tree.set(p.path, n, sameSpelling(l.source))
		} else if !n.null {
			l.report.problem(n.origin, p.flat, n, "settings below it")
		}
		return
	}
	switch {
	case p.name == "" && (n.null || n.kind == mapNode):
	case p.name == "" || len(p.path) == 0 && !n.null && n.kind != mapNode:
		l.report.problem(n.origin, p.flat, n, "settings below it")
	default:
		one := tree.children[p.name]
		if one == nil {
			one = &node{kind: mapNode, origin: n.origin, source: l.source}
			tree.put(p.name, one)
		}
		if len(p.path) > 0 {
			one.set(p.path, n, sameSpelling(l.source))
		}
	}
}

// stamp writes the number of its source on a value.
func (n *node) stamp(source int) {
	n.source = source
	for _, item := range n.items {
		item.stamp(source)
	}
	for _, child := range n.children {
		child.stamp(source)
	}
}

// addPlain takes in one value of a plain setting.
func (l *layers) addPlain(name string, n *node) {
	base, suffix, indexed := strings.Cut(name, "[")
	key := canonical(base)
	if known := l.schema.scalars[key]; known != nil {
		key = canonical(known.Name) // of an alias
	}
	if over := l.schema.over(key); over != nil {
		l.report.problem(n.origin, over.Name, &node{kind: mapNode}, wantOf(*over))
		return
	}
	s := l.slots[key]
	if s == nil || s.source != l.source {
		s = &slot{source: l.source, name: base}
		l.slots[key] = s
	}
	if !indexed {
		s.scalar = n
		return
	}
	if s.items == nil {
		s.items = map[string]*node{}
	}
	s.items["["+suffix] = n
}

// origin is where the slot was said first.
func (s *slot) origin() Origin {
	if s.scalar != nil {
		return s.scalar.origin
	}
	var first *node
	for _, n := range s.items {
		if first == nil || n.origin.Line < first.origin.Line {
			first = n
		}
	}
	return first.origin
}

// list gives the scalar items in order.
func (s *slot) list() []*node {
	var items []*node
	for i := 0; ; i++ {
		n := s.items["["+strconv.Itoa(i)+"]"]
		if n == nil {
			return items
		}
		items = append(items, n)
	}
}
