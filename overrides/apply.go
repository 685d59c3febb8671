package overrides

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxNodes bounds the values that come of it all: gaps of lists and aliases of aliases grow beyond what was sent.
const maxNodes = 1 << 19

// Apply carries assignments out on a YAML map, one after the other, and gives the YAML of the result. A null removes its
// key; in a list it is an element. A blank text is an empty map. Without assignments the text is only checked, and comes out
// as it is; "" when it has no values.
func Apply(text string, list ...Assignment) (string, error) {
	root, err := read(text)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		if root == nil {
			return "", nil
		}
		return text, nil
	}
	t := tree{left: maxNodes, open: map[*yaml.Node]bool{}, keys: map[*yaml.Node]map[string]int{}}
	if root == nil {
		root = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	} else if root, err = t.expand(root, 0); err != nil {
		return "", err
	}
	for _, a := range list {
		if err := t.assign(root, a); err != nil {
			return "", fmt.Errorf("%s: %w", pathText(a.path), err)
		}
	}
	t.sweep()
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return "", plain(err)
	}
	return out.String(), e.Close()
}

// read gives the map of a text; nil when it has no values.
func read(text string) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var first, second yaml.Node
	if err := decoder.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil //nolint:nilnil // nothing is no failure
		}
		return nil, plain(err)
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, fmt.Errorf("line %d: values are one document, here a second one begins", second.Line)
	case !errors.Is(err, io.EOF):
		return nil, plain(err)
	}
	root := first.Content[0]
	switch {
	case root.Kind == yaml.MappingNode:
		return root, nil
	case root.ShortTag() == "!!null":
		return nil, nil //nolint:nilnil // as above
	}
	return nil, fmt.Errorf("line %d: values are a map of keys", root.Line)
}

// plain leaves the library's name out of its messages.
func plain(err error) error { return errors.New(strings.TrimPrefix(err.Error(), "yaml: ")) }

// maxDepth bounds how deep values stand within values.
const maxDepth = 1000

// tree is a document that is being changed.
type tree struct {
	left int                           // nodes that may still come to be
	open map[*yaml.Node]bool           // nodes with an anchor that are being expanded
	keys map[*yaml.Node]map[string]int // of the maps that were looked into, the places of their keys
}

var errTooLarge = fmt.Errorf("that makes more than %d values", maxNodes)

func (t *tree) take(n int) error {
	if t.left -= n; t.left < 0 {
		return errTooLarge
	}
	return nil
}

// expand copies a node with copies in place of aliases, and with what is merged (<<) written out, so that a change reaches
// one place alone.
func (t *tree) expand(n *yaml.Node, depth int) (*yaml.Node, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case t.open[n]:
		return nil, fmt.Errorf("line %d: '&%s' contains itself", n.Line, n.Anchor)
	case depth > maxDepth:
		return nil, fmt.Errorf("line %d: nested deeper than %d", n.Line, maxDepth)
	}
	if err := t.take(1); err != nil {
		return nil, err
	}
	if n.Anchor != "" {
		t.open[n] = true
		defer delete(t.open, n)
	}
	out := *n
	out.Anchor, out.Content = "", make([]*yaml.Node, 0, len(n.Content))
	for _, child := range n.Content {
		c, err := t.expand(child, depth+1)
		if err != nil {
			return nil, err
		}
		out.Content = append(out.Content, c)
	}
	if n.Kind == yaml.MappingNode {
		return &out, merge(&out)
	}
	return &out, nil
}

// identity is what makes two keys the same.
type identity struct{ tag, value string }

// merge writes out what a map takes over from others: what it does not have itself, from the first that has it. Of a key
// that stands there twice the last counts.
func merge(m *yaml.Node) error {
	places := map[identity]int{}
	var own, others []*yaml.Node
	put := func(key, value *yaml.Node, replaces bool) {
		id := identity{key.ShortTag(), key.Value}
		place, there := places[id]
		switch {
		case there && key.Kind == yaml.ScalarNode && replaces:
			own[place] = value
		case !there || key.Kind != yaml.ScalarNode:
			own = append(own, key, value)
			places[id] = len(own) - 1
		}
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		key, value := m.Content[i], m.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!merge":
			put(key, value, true)
		case value.Kind == yaml.SequenceNode:
			others = append(others, value.Content...)
		default:
			others = append(others, value)
		}
	}
	for _, other := range others {
		if other.Kind != yaml.MappingNode {
			return fmt.Errorf("line %d: only maps can be merged", other.Line)
		}
		for i := 0; i+1 < len(other.Content); i += 2 {
			put(other.Content[i], other.Content[i+1], false)
		}
	}
	m.Content = own
	return nil
}

func (t *tree) assign(root *yaml.Node, a Assignment) error {
	if last := a.path[len(a.path)-1]; a.value == nil && !last.indexed {
		return t.remove(root, a.path)
	}
	slot := &root
	var err error
	for i, s := range a.path {
		if s.indexed {
			slot, err = t.element(slot, s.index)
		} else {
			slot, err = t.entry(slot, s.key, i > 0 && a.path[i-1].indexed)
		}
		if err != nil {
			return fmt.Errorf("%w: %s", err, pathText(a.path[:i]))
		}
	}
	*slot = node(a.value)
	if list, ok := a.value.([]any); ok {
		return t.take(len(list))
	}
	return nil
}

// remove takes a key out of a map. One that is not there is no error.
func (t *tree) remove(at *yaml.Node, path []step) error {
	for i, s := range path {
		switch {
		case isNull(at):
			return nil
		case s.indexed && at.Kind != yaml.SequenceNode:
			return fmt.Errorf("%w: %s", errNoList, pathText(path[:i]))
		case s.indexed && s.index >= len(at.Content):
			return nil
		case s.indexed:
			at = at.Content[s.index]
			continue
		case at.Kind != yaml.MappingNode:
			return fmt.Errorf("%w: %s", errNoMap, pathText(path[:i]))
		}
		keys := t.keysOf(at)
		place, there := keys[s.key]
		switch {
		case !there:
			return nil
		case i == len(path)-1:
			delete(keys, s.key)
			at.Content[place], at.Content[place+1] = nil, nil // a gap, until sweep
			return nil
		}
		at = at.Content[place+1]
	}
	return nil
}

// keysOf gives the places of the keys of a map.
func (t *tree) keysOf(m *yaml.Node) map[string]int {
	keys, known := t.keys[m]
	if known {
		return keys
	}
	keys = map[string]int{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if key := m.Content[i]; key.Kind == yaml.ScalarNode {
			keys[key.Value] = i
		}
	}
	t.keys[m] = keys
	return keys
}

// sweep closes the gaps that remove has left.
func (t *tree) sweep() {
	for m := range t.keys {
		m.Content = slices.DeleteFunc(m.Content, func(n *yaml.Node) bool { return n == nil })
	}
}

var (
	errNoMap  = errors.New("this is no map")
	errNoList = errors.New("this is no list")
)

// entry gives the place of a key in the map at slot, which is made when there is none. What is no map is replaced within a
// list, and refused elsewhere.
func (t *tree) entry(slot **yaml.Node, key string, inList bool) (**yaml.Node, error) {
	at := *slot
	if isNull(at) || inList && at.Kind != yaml.MappingNode {
		at = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		*slot = at
	}
	if at.Kind != yaml.MappingNode {
		return nil, errNoMap
	}
	keys := t.keysOf(at)
	i, there := keys[key]
	if !there {
		if err := t.take(2); err != nil {
			return nil, err
		}
		i = len(at.Content)
		keys[key] = i
		at.Content = append(at.Content, keyNode(key), node(nil))
	}
	return &at.Content[i+1], nil
}

// element gives the place of an index in the list at slot, which is made, and filled up with nulls, when need be.
func (t *tree) element(slot **yaml.Node, index int) (**yaml.Node, error) {
	at := *slot
	if isNull(at) {
		at = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		*slot = at
	}
	if at.Kind != yaml.SequenceNode {
		return nil, errNoList
	}
	if missing := index + 1 - len(at.Content); missing > 0 {
		if err := t.take(missing); err != nil {
			return nil, err
		}
		gap := node(nil) // one for all: what is null is replaced, never changed
		for range missing {
			at.Content = append(at.Content, gap)
		}
	}
	return &at.Content[index], nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// plainKey fits keys that are text for every reader of YAML.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// words are read as something else than text by some.
var words = regexp.MustCompile(`(?i)^(?:y|n|yes|no|on|off|true|false|null)$`)

func keyNode(key string) *yaml.Node {
	n := node(key)
	if plainKey.MatchString(key) && !words.MatchString(key) {
		n.Style = 0
	}
	return n
}

// node gives a value its form. Text is quoted: nobody takes it for anything else.
func node(value any) *yaml.Node {
	switch v := value.(type) {
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	case int64:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(v, 10)}
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v, Style: yaml.DoubleQuotedStyle}
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
		for _, one := range v {
			n.Content = append(n.Content, node(one))
		}
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}
