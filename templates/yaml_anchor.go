package templates

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxAnchors is the number of anchors and aliases with names of their own kind that a text may have.
const maxAnchors = 64

// badAnchor is how the library refuses a name of an anchor or an alias.
const badAnchor = "did not find expected alphabetic or numeric character"

// parseAnchored parses like the library but with the reference's names of anchors, which may have nearly any sign: text
// that was escaped for HTML often begins with one (&#x3D;x). Such names are replaced for the library; the text that it
// has parsed comes back as well.
func parseAnchored(text string) ([]*yaml.Node, string, error) {
	plain := map[string]string{}
	for range maxAnchors {
		nodes, err := parseNodes(text)
		if err == nil || problemOf(err) != badAnchor {
			return nodes, text, err
		}
		at := anchorAt(text, err)
		if at < 0 {
			return nil, text, err
		}
		name := anchorName(text[at:])
		if name == "" {
			return nil, text, err
		}
		if plain[name] == "" {
			plain[name] = fmt.Sprintf("replaced-%d-by-purser", len(plain))
		}
		text = text[:at] + plain[name] + text[at+len(name):]
	}
	return nil, text, errors.New("too many anchors have signs in their names")
}

// anchorAt gives where the name begins that the library refuses, -1 when it cannot be found.
func anchorAt(text string, err error) int {
	e := locate(text, err)
	if e.line == 0 {
		return -1
	}
	starts := lineStarts(text)
	if e.line > len(starts) {
		return -1
	}
	at := starts[e.line-1]
	for range e.column - 1 {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	if at >= len(text) {
		return -1
	}
	// the fault is the sign itself, at the end of a text, or what follows it
	if text[at] == '&' || text[at] == '*' {
		return at + 1
	}
	if at > 0 && (text[at-1] == '&' || text[at-1] == '*') {
		return at
	}
	return -1
}

// anchorName gives the name that text begins with, by the reference's rule.
func anchorName(text string) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune(" \t"+breaks+":,[]{}/.*&", r) }); i >= 0 {
		return text[:i]
	}
	return text
}
