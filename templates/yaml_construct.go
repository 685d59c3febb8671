package templates

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// constructor makes values of the library's nodes, by the rules of YAML 1.1: it resolves plain scalars, merge keys,
// duplicate keys (the last counts, in its own place) and aliases.
type constructor struct {
	known   map[*yaml.Node]*value // what anchors stand for; nil while that is being read
	limit   int                   // of the weight of a document
	aliases int                   // of lists and maps met so far
	mark    string                // what stands for byte order marks, "" for nothing
	path    []string
}

func (c *constructor) document(n *yaml.Node) (*value, error) {
	c.path = c.path[:0]
	v, err := c.value(n, 0)
	if err != nil {
		return nil, err
	}
	if v.weight > c.limit {
		return nil, c.fail(n, "its aliases expand to far more than the text")
	}
	return v, nil
}

func (c *constructor) fail(n *yaml.Node, format string, args ...any) *yamlError {
	return &yamlError{line: n.Line, column: n.Column, key: strings.Join(c.path, "."), problem: fmt.Sprintf(format, args...)}
}

func (c *constructor) value(n *yaml.Node, depth int) (*value, error) {
	if n.Kind == yaml.AliasNode {
		return c.alias(n)
	}
	if depth > maxDepth {
		return nil, c.fail(n, "it is nested more than %d levels deep", maxDepth)
	}
	if n.Anchor != "" {
		c.known[n] = nil
	}
	v, err := c.construct(n, depth)
	if err != nil {
		return nil, err
	}
	v.line, v.column = n.Line, n.Column
	if n.Anchor != "" {
		c.known[n] = v
	}
	return v, nil
}

func (c *constructor) alias(n *yaml.Node) (*value, error) {
	if n.Alias.Kind != yaml.ScalarNode {
		if c.aliases++; c.aliases > maxAliases {
			return nil, c.fail(n, "there are more than %d aliases of lists and maps", maxAliases)
		}
	}
	v := c.known[n.Alias]
	if v == nil {
		return nil, c.fail(n, "the alias '%s' stands inside what it names", n.Value)
	}
	return v, nil
}

func (c *constructor) construct(n *yaml.Node, depth int) (*value, error) {
	tag := ""
	if n.Style&yaml.TaggedStyle != 0 {
		tag = n.Tag
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return c.scalar(n, tag)
	case yaml.SequenceNode:
		switch tag {
		case "", "!!seq":
			return c.list(n, depth)
		case "!!pairs":
			return c.pairs(n, depth)
		case "!!omap":
			return c.orderedMap(n, depth)
		}
	case yaml.MappingNode:
		switch tag {
		case "", "!!map":
			return c.mapping(n, depth)
		case "!!set":
			v, err := c.mapping(n, depth)
			if err != nil {
				return nil, err
			}
			return c.set(v), nil
		}
	}
	return nil, c.fail(n, "the tag %s is not known here", tag)
}

var tagKinds = map[string]kind{
	"!!str": kindText, "!!null": kindNull, "!!bool": kindBool, "!!int": kindInt, "!!float": kindFloat,
	"!!timestamp": kindTime, "!!binary": kindBinary,
}

func (c *constructor) scalar(n *yaml.Node, tag string) (*value, error) {
	text := n.Value
	if c.mark != "" {
		text = strings.ReplaceAll(text, c.mark, byteOrderMark)
	}
	k := kindText
	switch {
	case tag != "":
		known, ok := tagKinds[tag]
		if !ok {
			return nil, c.fail(n, "the tag %s is not known here", tag)
		}
		k = known
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0:
		plain, merge := plainKind(text)
		if merge {
			return nil, c.fail(n, "the merge sign << can only be a key")
		}
		k = plain
	}
	v, err := scalarOf(k, text)
	if err != nil {
		return nil, c.fail(n, "%s", err)
	}
	return v, nil
}

func (c *constructor) list(n *yaml.Node, depth int) (*value, error) {
	v := &value{kind: kindList, list: make([]*value, 0, len(n.Content))}
	for i, child := range n.Content {
		if n.Style&yaml.FlowStyle != 0 {
			child = flowPair(child)
		}
		c.path = append(c.path, fmt.Sprintf("[%d]", i))
		e, err := c.value(child, depth+1)
		if err != nil {
			return nil, err
		}
		c.path = c.path[:len(c.path)-1]
		v.list = append(v.list, e)
	}
	v.weigh()
	return v, c.weighed(n, v)
}

// In brackets a colon ends a key also where a bracket or a comma follows it at once: [a:] is [{a: null}] and {a:} is
// {a: null}. The library reads the colon as a part of the text.
func endsInColon(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style == 0 && n.Anchor == "" && len(n.Value) > 1 && strings.HasSuffix(n.Value, ":")
}

func isNothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

func withoutColon(n *yaml.Node) *yaml.Node {
	k := *n
	k.Value = strings.TrimSuffix(k.Value, ":")
	return &k
}

// flowPair makes a key that stands alone in a list in brackets a map of its own.
func flowPair(n *yaml.Node) *yaml.Node {
	if !endsInColon(n) {
		return n
	}
	empty := &yaml.Node{Kind: yaml.ScalarNode, Line: n.Line, Column: n.Column}
	return &yaml.Node{
		Kind: yaml.MappingNode, Style: yaml.FlowStyle, Line: n.Line, Column: n.Column,
		Content: []*yaml.Node{withoutColon(n), empty},
	}
}

// orderedMap reads a list of maps with one key each.
func (c *constructor) orderedMap(n *yaml.Node, depth int) (*value, error) {
	l, err := c.list(n, depth)
	if err != nil {
		return nil, err
	}
	v := &value{kind: kindMap}
	for _, e := range l.list {
		if e.kind != kindMap || len(e.entries.entries) != 1 {
			return nil, c.fail(n, "the elements of !!omap must be maps with one key")
		}
		v.entries.put(e.entries.entries[0].key, e.entries.entries[0].value)
	}
	v.weigh()
	return v, nil
}

// pairs reads a list of maps with one key each as a list of lists of two.
func (c *constructor) pairs(n *yaml.Node, depth int) (*value, error) {
	l, err := c.list(n, depth)
	if err != nil {
		return nil, err
	}
	v := &value{kind: kindList}
	for _, e := range l.list {
		if e.kind != kindMap || len(e.entries.entries) != 1 {
			return nil, c.fail(n, "the elements of !!pairs must be maps with one key")
		}
		pair := &value{kind: kindList, list: []*value{e.entries.entries[0].key, e.entries.entries[0].value}}
		pair.weigh()
		v.list = append(v.list, pair)
	}
	v.weigh()
	return v, nil
}

func (c *constructor) set(m *value) *value {
	v := &value{kind: kindSet}
	for _, e := range m.entries.entries {
		v.entries.put(e.key, null)
	}
	v.weigh()
	return v
}

func (c *constructor) mapping(n *yaml.Node, depth int) (*value, error) {
	v := &value{kind: kindMap}
	put, superseded := v.entries.putLast, map[int]bool(nil)
	if hasMerge(n) { // then what stays of the keys is settled first, and stays where a merge key has put it
		var err error
		if superseded, err = c.superseded(n, depth); err != nil {
			return nil, err
		}
		put = v.entries.put
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, child := n.Content[i], n.Content[i+1]
		if n.Style&yaml.FlowStyle != 0 && endsInColon(k) && isNothing(child) {
			k = withoutColon(k)
		}
		if isMerge(k) {
			if err := c.merge(v, child, depth); err != nil {
				return nil, err
			}
			continue
		}
		key, err := c.value(k, depth+1)
		if err != nil {
			return nil, err
		}
		c.path = append(c.path, key.javaText())
		e, err := c.value(child, depth+1)
		if err != nil {
			return nil, err
		}
		c.path = c.path[:len(c.path)-1]
		if !superseded[i] {
			put(key, e)
		}
	}
	v.entries.settle()
	v.weigh()
	return v, c.weighed(n, v)
}

// superseded finds the keys, by their position, that stand in a map once more further down.
func (c *constructor) superseded(n *yaml.Node, depth int) (map[int]bool, error) {
	last, superseded := map[identity]int{}, map[int]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			continue
		}
		key, err := c.value(n.Content[i], depth+1)
		if err != nil {
			return nil, err
		}
		id := key.identity()
		if earlier, met := last[id]; met {
			superseded[earlier] = true
		}
		last[id] = i
	}
	return superseded, nil
}

func hasMerge(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			return true
		}
	}
	return false
}

// weighed stops a document that aliases have made too heavy.
func (c *constructor) weighed(n *yaml.Node, v *value) error {
	if v.weight > c.limit {
		return c.fail(n, "its aliases expand to far more than the text")
	}
	return nil
}

func isMerge(k *yaml.Node) bool {
	return k.Kind == yaml.ScalarNode && k.Value == "<<" && k.Tag == "!!merge" && k.Style == 0
}

// merge takes over the entries of a map, or of each map of a list, whose keys are not there yet. Keys of the map itself
// that follow replace them in place.
func (c *constructor) merge(v *value, n *yaml.Node, depth int) error {
	from, err := c.value(n, depth+1)
	if err != nil {
		return err
	}
	sources := []*value{from}
	if from.kind == kindList {
		sources = from.list
	}
	for _, s := range sources {
		if s.kind != kindMap {
			return c.fail(n, "the merge key << needs a map or a list of maps, not %s", s.noun())
		}
		for _, e := range s.entries.entries {
			if v.entries.find(e.key.identity()) < 0 {
				v.entries.put(e.key, e.value)
			}
		}
	}
	return nil
}
