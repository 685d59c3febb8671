package shell

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// form is a form of output.
type form uint8

const (
	formTable form = iota
	formJSON
	formYAML
)

func (c *Call) form() (form, error) {
	switch strings.ToLower(c.Text("output")) {
	case "table", "text", "":
		return formTable, nil
	case "json":
		return formJSON, nil
	case "yaml", "yml":
		return formYAML, nil
	}
	return formTable, usageErrorf("--output is table, json or yaml, not '%s'", c.Text("output"))
}

// Result is what a command answers. A form of output takes what it needs of it.
type Result struct {
	// Text is the sentence or text of the plain form, without the line feed at its end.
	Text string
	// Tables are shown after the text, a blank line after each.
	Tables []Table
	// Names is what --quiet shows, one a line.
	Names []string
	// Data is what --output json and yaml show; it must be fit for encoding/json.
	Data any
}

// Show writes a result in the form that was asked for.
func (c *Call) Show(r Result) error {
	text, err := c.text(r)
	if err != nil {
		return err
	}
	_, err = c.Streams.Out.Write([]byte(text))
	return err
}

func (c *Call) text(r Result) (string, error) {
	switch {
	case c.output == formJSON:
		return jsonText(r.Data)
	case c.output == formYAML:
		return yamlText(r.Data)
	case c.Quiet():
		var b strings.Builder
		for _, n := range r.Names {
			fmt.Fprintln(&b, n)
		}
		return b.String(), nil
	}
	var b strings.Builder
	if r.Text != "" {
		fmt.Fprintln(&b, r.Text)
	}
	for _, t := range r.Tables {
		b.WriteString(t.Render(c.Streams.columns()))
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func jsonText(data any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(data); err != nil {
		return "", err
	}
	return b.String(), nil
}

// yamlText writes the same data as jsonText, in the same order of keys.
func yamlText(data any) (string, error) {
	text, err := jsonText(data)
	if err != nil {
		return "", err
	}
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		return "", err
	}
	blockStyle(&node)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&node); err != nil {
		return "", err
	}
	return b.String(), nil
}

// blockStyle takes away the braces of JSON and those quotes that YAML does not need.
func blockStyle(n *yaml.Node) {
	n.Style = 0
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
		n.SetString(n.Value)
	}
	for _, child := range n.Content {
		blockStyle(child)
	}
}
