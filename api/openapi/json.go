package openapi

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"purser/api/hal"
)

// toJSON writes a YAML document as JSON. It knows what the document needs: no aliases, and texts as keys.
func toJSON(text []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("the document is no YAML: %w", err)
	}
	if len(root.Content) != 1 {
		return nil, fmt.Errorf("the document is empty")
	}
	w := hal.NewWriter(hal.Compact, nil)
	if err := write(w, root.Content[0]); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

func write(w *hal.Writer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		return writeObject(w, n)
	case yaml.SequenceNode:
		return writeArray(w, n)
	case yaml.ScalarNode:
		return writeScalar(w, n)
	}
	return refused(n, "aliases are not understood")
}

func writeObject(w *hal.Writer, n *yaml.Node) error {
	w.BeginObject()
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.ShortTag() != "!!str" {
			return refused(key, "a key must be a text")
		}
		w.Key(key.Value)
		if err := write(w, n.Content[i+1]); err != nil {
			return err
		}
	}
	w.EndObject()
	return nil
}

func writeArray(w *hal.Writer, n *yaml.Node) error {
	w.BeginArray()
	for _, entry := range n.Content {
		if err := write(w, entry); err != nil {
			return err
		}
	}
	w.EndArray()
	return nil
}

func writeScalar(w *hal.Writer, n *yaml.Node) error {
	var value any
	if err := n.Decode(&value); err != nil {
		return refused(n, err.Error())
	}
	switch value.(type) {
	case nil, string, bool, int, int64, float64:
		w.Value(value)
		return nil
	}
	return refused(n, "a value of the type "+n.ShortTag()+" has no form in JSON")
}

func refused(n *yaml.Node, why string) error {
	return fmt.Errorf("line %d: %s", n.Line, why)
}
