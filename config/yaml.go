package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"
)

// maxNodes bounds what the aliases of a file may unfold to.
const maxNodes = 100_000

// yamlLine finds the line in the messages of the YAML library.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// readYAML reads the documents of a YAML file.
func readYAML(file string, text []byte) ([]*node, error) {
	var documents []*node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, yamlError(file, err)
		}
		c := yamlConverter{file: file, left: maxNodes}
		n, err := c.convert(&document)
		if err != nil {
			return nil, err
		}
		switch {
		case n.kind == mapNode:
			documents = append(documents, n)
		case !n.null:
			return nil, &Problem{Origin: n.origin, Key: "the document", Value: shown("", n), Want: "a map of settings"}
		}
	}
}

// yamlError puts the file and the line before the library's words.
func yamlError(file string, err error) error {
	text := err.Error()
	origin := Origin{Source: file}
	if found := yamlLine.FindStringSubmatch(text); found != nil {
		origin.Line, _ = strconv.Atoi(found[1])
		text = text[len(found[0]):]
	}
	return fmt.Errorf("%s: not valid YAML: %s", origin, text)
}

// yamlConverter turns the library's nodes into ours.
type yamlConverter struct {
	file string
	left int
}

func (c *yamlConverter) convert(y *yaml.Node) (*node, error) {
	if c.left--; c.left < 0 {
		return nil, fmt.Errorf("%s: more than %d values", c.file, maxNodes)
	}
	n := &node{origin: Origin{Source: c.file, Line: y.Line}}
	switch y.Kind {
	case yaml.DocumentNode:
		return c.convert(y.Content[0])
	case yaml.AliasNode:
		return c.convert(y.Alias)
	case yaml.MappingNode:
		n.kind = mapNode
		return n, c.convertMap(n, y)
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			converted, err := c.convert(item)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, converted)
		}
	case yaml.ScalarNode:
		n.text, n.null = y.Value, y.ShortTag() == "!!null"
		n.plain = y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	}
	return n, nil
}

// convertMap takes in the pairs of a map. A key may not stand there twice; merged maps (<<) give way to the map's own.
func (c *yamlConverter) convertMap(n *node, y *yaml.Node) error {
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return fmt.Errorf("%s: a key is no text", Origin{c.file, key.Line})
		}
		converted, err := c.convert(value)
		if err != nil {
			return err
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, converted)
			continue
		}
		if before, ok := n.children[key.Value]; ok {
			return fmt.Errorf("%s: key %s stands on line %d already", Origin{c.file, key.Line}, key.Value, before.origin.Line)
		}
		n.put(key.Value, converted)
	}
	for _, m := range merged {
		n.merge(m)
	}
	return nil
}

// merge takes over what n does not have, as << asks for: of a map, or of a list of maps.
func (n *node) merge(other *node) {
	for _, item := range other.items {
		n.merge(item)
	}
	for _, key := range other.keys {
		if _, ok := n.children[key]; !ok {
			n.put(key, other.children[key])
		}
	}
}
