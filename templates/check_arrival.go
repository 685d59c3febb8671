package templates

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"
)

// addFault adds what is wrong with a document, at the line of the part that is meant when that is known.
func (c *checker) addFault(file string, line int, fault error, at func(line int) int) {
	shape, ok := errors.AsType[*shapeError](fault)
	if !ok {
		c.found.addAt(file, line, fault)
		return
	}
	if shape.line > 0 {
		line = at(shape.line)
	}
	c.found.refused = true
	c.found.all = append(c.found.all, Fault{File: file, Line: line, Problem: shape.Error()})
}

// arrivals warns of values that are something else when the rendered text has been read as YAML: of 1.10, that becomes
// 1.1 without quotes, and of a=b, that is escaped for HTML with two braces (spec/packages.md §4, §10).
func (c *checker) arrivals(file, text string, p piece, t *trace) {
	nodes, _, err := parseDialect(text)
	if err != nil {
		return // read before without fault
	}
	lines := map[int][]*yaml.Node{}
	for _, n := range nodes {
		scalars(n, lines)
	}
	type told struct {
		line      int
		name, key string
	}
	done := map[told]bool{}
	for _, printed := range t.prints {
		id := told{printed.place.line, printed.place.name, printed.key}
		if printed.place.name == "" || done[id] || !mayChange(printed.text) {
			continue
		}
		arrived, same := arrivedAs(printed.text, lines[p.line+printed.line-1])
		if same {
			continue
		}
		done[id] = true
		what := "'" + printed.place.name + "'"
		if printed.key != "" {
			what += " of the entry '" + printed.key + "'"
		}
		c.found.warn(file, printed.place.line, "%s is %q and arrives as %q; write \"{{{%s}}}\", with quotes and three braces",
			what, plainBackslashes(printed.text), arrived, printed.place.name)
	}
}

// scalars sorts the scalars of a document by the line they begin on.
func scalars(n *yaml.Node, lines map[int][]*yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		lines[n.Line] = append(lines[n.Line], n)
	}
	for _, child := range n.Content {
		scalars(child, lines)
	}
}

// mayChange tells whether a value can be followed through the text: it is one line, and no list or map, which templates
// put into the text to be read as such.
func mayChange(text string) bool {
	return text != "" && text != null.text && !strings.ContainsAny(text[:1], "[{") && !strings.ContainsAny(text, "\r\n\u0085\u2028\u2029")
}

// arrivedAs looks for a value among the scalars of its line. Without scalars nothing is known, and it counts as found.
func arrivedAs(text string, line []*yaml.Node) (arrived string, same bool) {
	if len(line) == 0 {
		return "", true
	}
	for _, n := range line {
		v, err := (&constructor{}).scalar(n, explicitTag(n))
		if err != nil {
			return "", true // an alias or a merge key
		}
		for _, sent := range []string{text, plainBackslashes(text)} {
			if v.text == sent || n.Value != sent && strings.Contains(v.text, sent) {
				return "", true
			}
		}
		arrived = v.text
	}
	return arrived, false
}

func explicitTag(n *yaml.Node) string {
	if n.Style&yaml.TaggedStyle != 0 {
		return n.Tag
	}
	return ""
}

// plainBackslashes undoes what the model does to backslashes for quoted lines.
func plainBackslashes(s string) string { return strings.ReplaceAll(s, `\\`, `\`) }
