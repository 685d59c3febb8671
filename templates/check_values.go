package templates

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// retyped warns of values that are something else than they look like once YAML 1.1 has read them: 1.10 is 1.1, 010 is 8,
// yes is true, 12:30 is 750 (spec/packages.md §2.6). Null is what it looks like.
func (c *checker) retyped(file string, text *string) {
	if isBlankText(text) {
		return
	}
	nodes, _, err := parseDialect(*text)
	if err != nil {
		return // told already
	}
	for _, n := range nodes {
		c.retypedBelow(file, n, nil)
	}
}

func (c *checker) retypedBelow(file string, n *yaml.Node, path []string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			c.retypedBelow(file, n.Content[i+1], append(path, n.Content[i].Value))
		}
	case yaml.SequenceNode:
		for i, e := range n.Content {
			c.retypedBelow(file, e, append(path, "["+strconv.Itoa(i)+"]"))
		}
	case yaml.ScalarNode:
		if n.Style != 0 {
			return // in quotes, or with a tag: somebody knew
		}
		v, err := (&constructor{}).scalar(n, "")
		if err != nil || v.kind == kindNull || strings.EqualFold(v.javaText(), n.Value) {
			return
		}
		c.found.warn(file, n.Line, "'%s' is written %s and read as %s; put it in quotes if it is meant as text", strings.Join(path, "."), n.Value, v.javaText())
	}
}
