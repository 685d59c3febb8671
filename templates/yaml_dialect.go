package templates

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// How often, and how much of it, a text is parsed anew for places where the library does not know what the reference
// does.
const (
	maxRepairs     = 64
	maxRepairBytes = 1 << 20
)

// What the library refuses although the reference reads it.
const (
	badAnchor    = "did not find expected alphabetic or numeric character"
	badVersion   = "found incompatible YAML document"
	badDirective = "found unknown directive name"
)

// parseDialect parses like the library but by the reference's rules: names of anchors may have nearly any sign (text that
// was escaped for HTML often begins with one: &#x3D;x), every version 1 is accepted, and unknown directives are ignored.
// What the library cannot read is replaced for it; the text that it has parsed comes back as well.
func parseDialect(text string) ([]*yaml.Node, string, error) {
	anchors := map[string]string{}
	for n, bytes := 0, 0; n < maxRepairs && bytes <= maxRepairBytes; n, bytes = n+1, bytes+len(text) {
		nodes, err := parseNodes(text)
		if err == nil {
			return nodes, text, nil
		}
		repaired := text
		switch problemOf(err) {
		case badAnchor:
			repaired = repairAnchor(text, err, anchors)
		case badVersion:
			repaired = repairLine(text, err, versionOne, "%YAML 1.1")
		case badDirective:
			repaired = repairLine(text, err, anyDirective, "#")
		}
		if repaired == text {
			return nil, text, err
		}
		text = repaired
	}
	return nil, text, errors.New("too many anchors have signs in their names")
}

var (
	versionOne   = regexp.MustCompile(`^%YAML[ \t]+1\.[0-9]+`)
	anyDirective = regexp.MustCompile(`^%`)
)

// repairLine replaces the beginning of the line that the library names; text that does not fit stays as it is.
func repairLine(text string, err error, beginning *regexp.Regexp, by string) string {
	starts := lineStarts(text)
	line := lineOf(err)
	if line > len(starts) {
		return text
	}
	at := starts[line-1]
	found := beginning.FindString(text[at:])
	if found == "" {
		return text
	}
	return text[:at] + by + text[at+len(found):]
}

// repairAnchor replaces a name of an anchor or an alias, the same name always alike.
func repairAnchor(text string, err error, anchors map[string]string) string {
	at := anchorAt(text, err)
	if at < 0 {
		return text
	}
	name := anchorName(text[at:])
	if anchors[name] == "" {
		anchors[name] = fmt.Sprintf("Anchor-%d-", len(anchors))
	}
	return text[:at] + anchors[name] + text[at+len(name):]
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
		name := anchorName(text[i+1:])
		if plainAnchor.MatchString(name) {
			continue
		}
		end := i + 1 + len(name)
		if _, err := parseNodes(text[:end]); err != nil && problemOf(err) == badAnchor {
			return i + 1
		}
	}
	return -1
}

// plainAnchor is a name that the library knows, or none at all.
var plainAnchor = regexp.MustCompile(`^[0-9A-Za-z_-]*$`)

// anchorName gives the name that text begins with, by the reference's rule.
func anchorName(text string) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune(" \t"+breaks+":,[]{}/.*&", r) }); i >= 0 {
		return text[:i]
	}
	return text
}
