package config

import (
	"fmt"
	"strings"

	"github.com/magiconair/properties"
)

// property is one line of a .properties file, or one argument.
type property struct {
	name  string
	value *node
}

// readProperties reads the documents of a Java properties file, which lines of #--- part, each in the file's order.
func readProperties(file string, text []byte) ([][]property, error) {
	var documents [][]property
	line := 1
	for _, part := range partProperties(string(text)) {
		loader := properties.Loader{Encoding: properties.UTF8, DisableExpansion: true}
		parsed, err := loader.LoadBytes([]byte(part))
		if err != nil {
			return nil, fmt.Errorf("%s: not a valid properties file: %w", file, err)
		}
		lines := propertyLines(part)
		var document []property
		for _, key := range parsed.Keys() {
			value, _ := parsed.Get(key)
			n := &node{text: value, plain: true, origin: Origin{Source: file}}
			if at, ok := lines[key]; ok {
				n.origin.Line = line + at
			}
			document = append(document, property{key, n})
		}
		documents = append(documents, document)
		line += strings.Count(part, "\n") + 1
	}
	return documents, nil
}

// partProperties parts a file at its lines of #--- or !---.
func partProperties(text string) []string {
	var parts []string
	var part []string
	for line := range strings.SplitSeq(text, "\n") {
		if trimmed := strings.TrimRight(line, " \t\r"); trimmed == "#---" || trimmed == "!---" {
			parts = append(parts, strings.Join(part, "\n"))
			part = nil
			continue
		}
		part = append(part, line)
	}
	return append(parts, strings.Join(part, "\n"))
}

// propertyLines finds the lines, from 0, of plainly written keys; the last one counts.
func propertyLines(text string) map[string]int {
	lines := map[string]int{}
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		if key := strings.TrimLeft(line, " \t\f"); key != "" {
			if end := strings.IndexAny(key, " \t\f=:\r"); end > 0 {
				key = key[:end]
			}
			lines[key] = number
		}
		number++
	}
	return lines
}
