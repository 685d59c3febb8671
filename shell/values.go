package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gopkg.in/yaml.v3"

	"purser/overrides"
	"purser/templates"
)

// values gives the YAML of --file, --properties and --set. What --set says goes before properties of the same name, and
// these before what the file says. A file without any value, and no option at all, give "".
func (c *Call) values() (string, error) {
	text, err := c.fileAndProperties()
	if err != nil {
		return "", err
	}
	var list []overrides.Assignment
	for _, line := range c.Words("set") {
		some, err := overrides.Parse(line)
		if err != nil {
			return "", &UsageError{Problems: []string{"--set: " + err.Error()}}
		}
		list = append(list, some...)
	}
	if len(list) == 0 {
		return text, nil
	}
	if text, err = overrides.Apply(text, list...); err != nil {
		return "", &UsageError{Problems: []string{"--set: " + err.Error()}}
	}
	return text, nil
}

// fileAndProperties gives the YAML of --file and --properties.
func (c *Call) fileAndProperties() (string, error) {
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
	merged, err := templates.New().MergeValues(&fromFile, &properties)
	if err != nil {
		return "", fmt.Errorf("%s: %w", c.Text("file"), err)
	}
	return *merged, nil
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
