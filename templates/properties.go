package templates

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ParseProperties reads the form a=1,b=2 of properties (spec/packages.md §7): commas divide, a piece without = belongs
// to the value before it, the first = divides a name from its value, blanks around both go. A later value replaces an
// earlier one of the same name. A first piece without = is dropped.
func ParseProperties(text string) map[string]string {
	var pairs []string
	for i, piece := range strings.Split(text, ",") {
		if !strings.Contains(piece, "=") && i > 0 && len(pairs) > 0 {
			pairs[len(pairs)-1] += "," + piece
			continue
		}
		pairs = append(pairs, piece)
	}
	properties := map[string]string{}
	for _, p := range pairs {
		if name, v, ok := strings.Cut(p, "="); ok {
			properties[strings.TrimSpace(name)] = strings.TrimSpace(v)
		}
	}
	return properties
}

// PropertiesYAML writes flat properties as YAML values: dots and [n] in names make maps and lists, sorted by name, every
// value is text, and a name that has both a value and names below it keeps both, the ones below with their dots. What
// stands below spec.applicationProperties and spec.deploymentProperties, of the package itself or of a dependency,
// keeps its dots as well. No properties give "".
func PropertiesYAML(properties map[string]string) (string, error) {
	if len(properties) == 0 {
		return "", nil
	}
	root := &branch{}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		path, err := splitName(name)
		if err != nil {
			return "", err
		}
		root.add(path, properties[name])
	}
	return dumpValues(root.value()), nil
}

// flatKeys are the maps whose names keep their dots.
var flatKeys = []string{"applicationProperties", "deploymentProperties"}

// splitName divides a name into the keys that lead to its value.
func splitName(name string) ([]string, error) {
	parts, err := splitKeys(name)
	if err != nil {
		return nil, err
	}
	for i := 0; i < 2 && i+2 < len(parts); i++ {
		if parts[i] != "spec" || !slices.Contains(flatKeys, parts[i+1]) {
			continue
		}
		prefix := strings.Join(parts[:i+2], ".") + "."
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return append(slices.Clone(parts[:i+2]), rest), nil
		}
	}
	return parts, nil
}

// splitKeys divides a name at its dots and brackets. Text in brackets is one key, with its dots.
func splitKeys(name string) ([]string, error) {
	var parts []string
	rest := name
	for rest != "" {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, fmt.Errorf("the property '%s' has a bracket without its end", name)
			}
			parts = append(parts, rest[:end+1])
			rest = strings.TrimPrefix(rest[end+1:], ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			return append(parts, rest), nil
		}
		parts = append(parts, rest[:end])
		rest = strings.TrimPrefix(rest[end:], ".")
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("there is a property without a name")
	}
	return parts, nil
}

// branch is a map or a list while it is put together.
type branch struct {
	text     *string
	children map[string]*branch
}

func (b *branch) add(path []string, text string) {
	if len(path) == 0 {
		b.text = &text
		return
	}
	if b.children == nil {
		b.children = map[string]*branch{}
	}
	// below a name that has a value of its own everything stays beside it, with its dots
	if c := b.children[path[0]]; c != nil && c.text != nil && len(path) > 1 {
		path = []string{joinKeys(path)}
	}
	c := b.children[path[0]]
	if c == nil {
		c = &branch{}
		b.children[path[0]] = c
	}
	c.add(path[1:], text)
}

func joinKeys(path []string) string {
	var b strings.Builder
	for i, p := range path {
		if i > 0 && !strings.HasPrefix(p, "[") {
			b.WriteByte('.')
		}
		b.WriteString(p)
	}
	return b.String()
}

func (b *branch) value() *value {
	if b.text != nil {
		return newText(*b.text)
	}
	if indexes, ok := b.indexes(); ok {
		l := &value{kind: kindList}
		for _, k := range indexes {
			l.list = append(l.list, b.children[k].value())
		}
		l.weigh()
		return l
	}
	var m mapping
	for _, k := range slices.Sorted(maps.Keys(b.children)) {
		m.put(newText(plainKey(k)), b.children[k].value())
	}
	return newMap(m)
}

// indexes gives the keys in the order of their numbers when all of them are indexes; gaps are closed.
func (b *branch) indexes() ([]string, bool) {
	keys := slices.Collect(maps.Keys(b.children))
	number := map[string]int{}
	for _, k := range keys {
		n, err := strconv.Atoi(plainKey(k))
		if err != nil || k[0] != '[' || n < 0 {
			return nil, false
		}
		number[k] = n
	}
	slices.SortFunc(keys, func(a, b string) int { return number[a] - number[b] })
	return keys, true
}

// plainKey takes a key out of its brackets.
func plainKey(k string) string {
	if strings.HasPrefix(k, "[") && strings.HasSuffix(k, "]") {
		return k[1 : len(k)-1]
	}
	return k
}
