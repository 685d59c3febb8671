package config

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a map of a tree whose keys are known. What is read of it is remembered, so that end finds the rest.
type object struct {
	layers *layers
	path   string
	node   *node // nil: nobody has said anything
	known  []string
}

// names are those that are taken, with where.
type names map[string]Origin

// object makes an object of a node; nil and null are empty ones.
func (l *layers) object(path string, n *node) *object {
	o := &object{layers: l, path: path}
	switch {
	case n == nil || n.kind == scalarNode && n.null:
	case n.kind != mapNode:
		l.report.problem(n.origin, path, n, "settings below it")
	default:
		o.node = n
	}
	return o
}

// find gives the node of a key in whatever spelling, and remembers that the key is known. nil when it is absent or null.
func (o *object) find(name string) *node {
	if !slices.Contains(o.known, name) {
		o.known = append(o.known, name)
	}
	if o.node == nil {
		return nil
	}
	for _, key := range o.node.keys {
		if squeezed(key) == squeezed(name) {
			if n := o.node.children[key]; n.kind != scalarNode || !n.null {
				return n
			}
		}
	}
	return nil
}

// has tells whether a key is there.
func (o *object) has(name string) bool { return o.find(name) != nil }

// end notes the keys that nobody has asked for.
func (o *object) end() {
	if o.node == nil {
		return
	}
	for _, key := range o.node.keys {
		if !slices.ContainsFunc(o.known, func(known string) bool { return squeezed(known) == squeezed(key) }) {
			n := o.node.children[key]
			o.layers.report.problem(n.origin, o.path+"."+key, n, "one of the keys "+strings.Join(o.known, ", ")+" in its place")
		}
	}
}

func (o *object) problem(name string, n *node, want string) {
	if n == nil {
		n = &node{null: true, origin: o.origin()}
	}
	o.layers.report.problem(n.origin, o.path+"."+name, n, want)
}

// origin is where the object was said.
func (o *object) origin() Origin {
	if o.node == nil {
		return Origin{Source: "default"}
	}
	return o.node.origin
}

// parsed reads a scalar as a kind of setting; nil when it is absent or wrong.
func (o *object) parsed(name string, k Key) any {
	n := o.find(name)
	if n == nil {
		return nil
	}
	if n.kind != scalarNode {
		o.problem(name, n, wantOf(k))
		return nil
	}
	value, want := k.parse(n.text)
	if want != "" {
		o.problem(name, n, want)
		return nil
	}
	return value
}

func (o *object) truth(name string, fallback bool) bool {
	if v, ok := o.parsed(name, Key{Kind: Bool}).(bool); ok {
		return v
	}
	return fallback
}

func (o *object) text(name, fallback string) string {
	if v, ok := o.parsed(name, Key{Kind: Text}).(string); ok && v != "" {
		return v
	}
	return fallback
}

func (o *object) number(name string, fallback int, least, most int64) int {
	if v, ok := o.parsed(name, Key{Kind: Int, Min: least, Max: most}).(int); ok {
		return v
	}
	return fallback
}

func (o *object) size(name string, fallback int64) int64 {
	if v, ok := o.parsed(name, Key{Kind: Size, Min: 1}).(int64); ok {
		return v
	}
	return fallback
}

func (o *object) time(name string, fallback time.Duration) time.Duration {
	if v, ok := o.parsed(name, Key{Kind: Duration, Min: 1}).(time.Duration); ok {
		return v
	}
	return fallback
}

// needed notes a key that is not there.
func (o *object) needed(name string) {
	if n := o.find(name); n == nil || n.kind == scalarNode && n.text == "" {
		o.problem(name, n, "a value")
	}
}

// must reads a text that has to be there.
func (o *object) must(name string) string {
	o.needed(name)
	return o.text(name, "")
}

// unique reads a text that has to be there and that nobody else has.
func (o *object) unique(name string, taken names) string {
	value := o.must(name)
	o.checkUnique(name, taken)
	return value
}

// checkUnique notes a value that stands among the taken ones, and takes it.
func (o *object) checkUnique(name string, taken names) {
	n := o.find(name)
	if n == nil || n.kind != scalarNode || n.text == "" {
		return
	}
	if before, ok := taken[n.text]; ok {
		o.problem(name, n, "a value that no other one has, "+before.String()+" has it already")
	}
	taken[n.text] = n.origin
}

// checkName notes a name that is made of several keys and stands among the taken ones, and takes it.
func (o *object) checkName(name string, taken names) {
	if before, ok := taken[name]; ok {
		o.layers.report.problem(o.origin(), o.path, &node{text: name}, "a name that no other one has, "+before.String()+" has it already")
	}
	taken[name] = o.origin()
}

// checkURL notes a text that is no address.
func (o *object) checkURL(name string) {
	n := o.find(name)
	if n == nil || n.kind != scalarNode || n.text == "" {
		return
	}
	if u, err := url.Parse(n.text); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		o.problem(name, n, "a URL of scheme http, https")
	}
}

// object gives the object of a key.
func (o *object) object(name string) *object {
	return o.layers.object(o.path+"."+name, o.find(name))
}

// items gives the items of a list.
func (o *object) items(name string) []*node {
	n := o.find(name)
	if n == nil {
		return nil
	}
	if n.kind != listNode {
		if n.kind != mapNode || len(n.keys) > 0 {
			o.problem(name, n, "a list")
		}
		return nil
	}
	return n.items
}

// objects gives the objects of a list.
func (o *object) objects(name string) []*object {
	var all []*object
	for i, n := range o.items(name) {
		one := o.layers.object(o.path+"."+name+"["+strconv.Itoa(i)+"]", n)
		switch {
		case one.node != nil:
			all = append(all, one)
		case n.kind == scalarNode && n.null:
			one.node = &node{kind: mapNode, origin: n.origin}
			all = append(all, one)
		}
	}
	return all
}

// texts reads a list of texts.
func (o *object) texts(name string) []string {
	var all []string
	if n := o.find(name); n != nil && n.kind == scalarNode { // as a variable or an argument has it
		return splitList(n.text)
	}
	for i, n := range o.items(name) {
		if n.kind != scalarNode || n.null || n.text == "" {
			o.problem(name+"["+strconv.Itoa(i)+"]", n, "a text")
			continue
		}
		all = append(all, n.text)
	}
	return all
}

// words reads a list of texts, of which only a few mean anything.
func (o *object) words(name string, known []string) []string {
	all := o.texts(name)
	for _, word := range all {
		if !slices.Contains(known, word) {
			o.layers.report.warn("%s: '%s' in %s.%s means nothing, known are %s", o.find(name).origin, word, o.path, name, strings.Join(known, ", "))
		}
	}
	return all
}

// values reads a map of values as YAML; nil when there are none.
func (o *object) values(name string) *string {
	n := o.find(name)
	if n == nil || n.kind == mapNode && len(n.keys) == 0 {
		return nil
	}
	if n.kind != mapNode {
		o.problem(name, n, "a map")
		return nil
	}
	text, err := n.yamlText()
	if err != nil {
		o.problem(name, n, "values that YAML can hold")
		return nil
	}
	return &text
}
