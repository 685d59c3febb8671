package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gopkg.in/yaml.v3"

	"purser/templates"
)

// values gives the YAML of --file and --properties. Properties go before what the file says of the same name. A file
// without any value, and no option at all, give "".
func (c *Call) values() (string, error) {
	fromFile := ""
	if file := c.Text("file"); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", unreadable(file, err)
		}
		if fromFile, err = valuesOfFile(text); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
	}
	properties, err := templates.PropertiesYAML(templates.ParseProperties(c.Text("properties")))
	if err != nil {
		return "", &UsageError{Problems: []string{"--properties: " + err.Error()}}
	}
	switch {
	case properties == "":
		return fromFile, nil
	case fromFile == "":
		return properties, nil
	}
	return mergeValues(fromFile, properties)
}

// valuesOfFile checks that a text is one YAML document with a map; nothing but comments is "".
func valuesOfFile(text []byte) (string, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if err := decoder.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		return "", err
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			return "", err
		}
		return "", fmt.Errorf("line %d: values are one document, here a second one begins", second.Line)
	}
	root := first.Content[0]
	switch {
	case root.Kind == yaml.MappingNode:
		return string(text), nil
	case root.Tag == "!!null":
		return "", nil
	}
	return "", fmt.Errorf("line %d: values are a map of keys, not '%s'", root.Line, excerpt(root.Value))
}

func excerpt(text string) string {
	if line, _, more := strings.Cut(text, "\n"); more {
		text = line + "..."
	}
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:60], "") + "..."
	}
	return text
}

// mergeValues puts the second text's values over those of the first.
func mergeValues(under, over string) (string, error) {
	var a, b yaml.Node
	if err := yaml.Unmarshal([]byte(under), &a); err != nil {
		return "", err
	}
	if err := yaml.Unmarshal([]byte(over), &b); err != nil {
		return "", err
	}
	root, err := withoutAliases(a.Content[0], new(int))
	if err != nil {
		return "", err
	}
	mergeNodes(root, b.Content[0])
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return "", err
	}
	return text.String(), nil
}

// mergeNodes puts the map over into the map under: maps are merged, everything else is replaced.
func mergeNodes(under, over *yaml.Node) {
	under.Style = 0
	for i := 0; i+1 < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		at := -1
		for j := 0; j+1 < len(under.Content); j += 2 {
			if under.Content[j].Value == key.Value {
				at = j + 1
			}
		}
		switch {
		case at < 0:
			under.Content = append(under.Content, key, value)
		case value.Kind == yaml.MappingNode && under.Content[at].Kind == yaml.MappingNode:
			mergeNodes(under.Content[at], value)
		default:
			under.Content[at] = value
		}
	}
}

// maxNodes bounds what aliases may grow to.
const maxNodes = 1 << 20

// withoutAliases copies a node with everything that its aliases stand for, so that a change in one place is none in
// another.
func withoutAliases(n *yaml.Node, made *int) (*yaml.Node, error) {
	if *made++; *made > maxNodes {
		return nil, errors.New("its aliases stand for too much")
	}
	if n.Kind == yaml.AliasNode {
		return withoutAliases(n.Alias, made)
	}
	copied := *n
	copied.Anchor = ""
	copied.Content = make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		var err error
		if copied.Content[i], err = withoutAliases(c, made); err != nil {
			return nil, err
		}
	}
	return &copied, nil
}
