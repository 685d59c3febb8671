package config

import (
	"slices"
	"strconv"
	"strings"
)

// Origin is where a value was said.
type Origin struct {
	Source string // a file's name, "env NAME", "command line", "default", ...
	Line   int    // in a YAML file; 0 when unknown
}

// String gives the origin for people: purser.yml:12.
func (o Origin) String() string {
	if o.Line == 0 {
		return o.Source
	}
	return o.Source + ":" + strconv.Itoa(o.Line)
}

// node is a value as a source gave it: a scalar, a list or a map with its keys as they were written and in their order.
type node struct {
	kind     nodeKind
	text     string // of a scalar
	plain    bool   // the source does not tell texts from others: true and 12 are no texts
	null     bool
	items    []*node
	keys     []string
	children map[string]*node
	origin   Origin
	source   int // which source said it, counted in order of precedence
}

type nodeKind int

const (
	scalarNode nodeKind = iota
	listNode
	mapNode
)

// put sets a child of a map.
func (n *node) put(key string, child *node) {
	if n.children == nil {
		n.children = map[string]*node{}
	}
	if _, ok := n.children[key]; !ok {
		n.keys = append(n.keys, key)
	}
	n.children[key] = child
}

// value gives the node as plain Go values: nil, bool, int, float64, string, []any and map[string]any. Numbers that would
// not print as they were written stay texts: 1.0 is a version.
func (n *node) value() any {
	switch n.kind {
	case mapNode:
		m := make(map[string]any, len(n.keys))
		for _, key := range n.keys {
			m[key] = n.children[key].value()
		}
		return m
	case listNode:
		list := make([]any, 0, len(n.items))
		for _, item := range n.items {
			list = append(list, item.value())
		}
		return list
	case scalarNode:
	}
	switch {
	case n.null:
		return nil
	case !n.plain:
		return n.text
	case n.text == "true", n.text == "false":
		return n.text == "true"
	}
	if i, err := strconv.Atoi(n.text); err == nil && strconv.Itoa(i) == n.text {
		return i
	}
	if f, err := strconv.ParseFloat(n.text, 64); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == n.text && strings.ContainsRune(n.text, '.') {
		return f
	}
	return n.text
}

// set lays a value over the place that path leads to. A list is replaced as a whole by a later source; so is a scalar.
// match finds a child that is meant by a name; nil: the names must be equal.
func (n *node) set(path []segment, value *node, match func(parent *node, name string) string) {
	if len(path) == 0 {
		if value.kind != mapNode || n.kind != mapNode {
			*n = *value
		}
		return
	}
	step := path[0]
	if step.index {
		if n.kind != listNode || n.source != value.source {
			*n = node{kind: listNode, origin: value.origin, source: value.source}
		}
		i, _ := strconv.Atoi(step.text)
		for len(n.items) <= min(i, maxItems) {
			n.items = append(n.items, &node{null: true, origin: value.origin, source: value.source})
		}
		if i < len(n.items) {
			n.items[i].set(path[1:], value, match)
		}
		return
	}
	if n.kind != mapNode {
		*n = node{kind: mapNode, origin: value.origin, source: value.source}
	}
	name := step.text
	if match != nil && !slices.Contains(n.keys, name) {
		name = match(n, name)
	}
	child, ok := n.children[name]
	if !ok {
		child = &node{null: true, origin: value.origin, source: value.source}
		n.put(name, child)
	}
	child.set(path[1:], value, match)
}

// maxItems bounds the lists that are made of indexed names.
const maxItems = 1000

// find gives what is at a path, nil when nothing is.
func (n *node) find(path ...string) *node {
	for _, name := range path {
		switch {
		case n == nil:
			return nil
		case n.kind == listNode:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(n.items) {
				return nil
			}
			n = n.items[i]
		default:
			n = n.children[name]
		}
	}
	return n
}

// each calls f for every scalar, with its path; empty lists and maps count as scalars.
func (n *node) each(path []segment, f func(path []segment, n *node)) {
	switch {
	case n.kind == mapNode && len(n.keys) > 0:
		for _, key := range n.keys {
			n.children[key].each(append(slices.Clone(path), segment{text: key, quoted: true}), f)
		}
	case n.kind == listNode && len(n.items) > 0:
		for i, item := range n.items {
			item.each(append(slices.Clone(path), segment{text: strconv.Itoa(i), index: true}), f)
		}
	default:
		f(path, n)
	}
}

// sameSpelling finds a child from another source whose name is the same in Spring's relaxed sense.
func sameSpelling(source int) func(*node, string) string {
	return func(parent *node, name string) string {
		for _, key := range parent.keys {
			if parent.children[key].source != source && canonical(key) == canonical(name) {
				return key
			}
		}
		return name
	}
}
