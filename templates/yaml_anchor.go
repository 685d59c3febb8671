package templates

import (
	"errors"
	"fmt"
	"strings"

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

// anchorAt gives where the name begins that the library refuses, -1 when it cannot be found: on the line that the
// library names, behind the first sign of an anchor or an alias with whose name the text fails alike.
func anchorAt(text string, err error) int {
	starts := lineStarts(text)
	line := lineOf(err)
	if line > len(starts) {
		return -1
	}
	for i := starts[line-1]; i < len(text) && text[i] != '\n'; i++ {
		if text[i] != '&' && text[i] != '*' {
			continue
		}
		end := i + 1 + len(anchorName(text[i+1:]))
		if _, err := parseNodes(text[:end]); err != nil && problemOf(err) == badAnchor {
			return i + 1
		}
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
