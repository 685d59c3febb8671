package templates

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// What a YAML text may cost. The first three are the reference's own limits; the weight bounds what aliases can make of
// a small text.
const (
	maxYAMLBytes  = 3 << 20
	maxDepth      = 50
	maxAliases    = 50
	weightBase    = 256 << 10
	weightPerByte = 16
)

// yamlError is a fault of a YAML text. Line and column are those of the text, 0 when unknown.
type yamlError struct {
	line, column int
	key          string // path of the key, "" at the top
	problem      string
}

// Error implements error.
func (e *yamlError) Error() string {
	var b strings.Builder
	if e.line > 0 {
		fmt.Fprintf(&b, "line %d", e.line)
		if e.column > 0 {
			fmt.Fprintf(&b, ", column %d", e.column)
		}
	}
	if e.key != "" {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "key '%s'", e.key)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.problem)
	return b.String()
}

// readDocuments reads every document of a YAML 1.1 text. A document without content is null; a text without documents
// gives none. All errors are *yamlError.
func readDocuments(text string) ([]*value, error) {
	if len(text) > maxYAMLBytes {
		return nil, &yamlError{problem: fmt.Sprintf("it has %d bytes, more than the %d that are read", len(text), maxYAMLBytes)}
	}
	if !utf8.ValidString(text) {
		return nil, &yamlError{line: invalidLine(text), problem: "it is not UTF-8"}
	}
	limit := weightBase + weightPerByte*len(text)
	text, mark := withoutMarks(text)
	nodes, text, err := parseDialect(text)
	if err != nil {
		return nil, locate(text, err)
	}
	if err := checkSyntax(text, nodes); err != nil {
		return nil, err
	}
	c := constructor{known: map[*yaml.Node]*value{}, limit: limit, mark: mark}
	var docs []*value
	for _, n := range nodes {
		v, err := c.document(n)
		if err != nil {
			return nil, err
		}
		docs = append(docs, v)
	}
	return docs, nil
}

// parseNodes runs the library. Whatever it panics with on bytes it was not made for becomes an error.
func parseNodes(text string) (nodes []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			nodes, err = nil, errors.New("it cannot be parsed")
		}
	}()
	d := yaml.NewDecoder(strings.NewReader(text))
	for {
		var n yaml.Node
		switch err := d.Decode(&n); {
		case errors.Is(err, io.EOF):
			return nodes, nil
		case err != nil:
			return nil, err
		}
		if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
			nodes = append(nodes, n.Content[0])
		}
	}
}

// byteOrderMark is a plain sign, but for one that begins a text.
const byteOrderMark = "\ufeff"

// withoutMarks replaces byte order marks inside of a text by another sign, which comes back as well: the library takes
// such a mark for the beginning of a line wherever its buffer happens to begin with one.
func withoutMarks(text string) (replaced, mark string) {
	begin := ""
	if rest, ok := strings.CutPrefix(text, byteOrderMark); ok {
		begin, text = byteOrderMark, rest
	}
	if !strings.Contains(text, byteOrderMark) {
		return begin + text, ""
	}
	const firstPrivate, lastPrivate = 0xe000, 0xf8ff
	lower := strings.ToLower(text)
	for r := rune(firstPrivate); r <= lastPrivate; r++ {
		if !strings.ContainsRune(text, r) && !strings.Contains(lower, strconv.FormatInt(int64(r), 16)) { // nor as an escape
			return begin + strings.ReplaceAll(text, byteOrderMark, string(r)), string(r)
		}
	}
	return begin + text, ""
}

func invalidLine(text string) int {
	line := 1
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		text = text[n:]
	}
	return line
}
