package templates

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// checkSyntax refuses what the library reads although YAML 1.1 does not have it, as the reference does: tabs before a
// token, and two escapes (spec/packages.md §2.1, §2.6).
func checkSyntax(text string, nodes []*yaml.Node) error {
	if !strings.Contains(text, "\t") && !strings.Contains(text, `\'`) {
		return nil
	}
	s := syntax{lines: lineStarts(text), text: text}
	for _, n := range nodes {
		if err := s.check(n); err != nil {
			return err
		}
	}
	return nil
}

type syntax struct {
	text  string
	lines []int // offset of each line
}

// lineStarts gives the offset of each line, lines ending as the library sees them.
func lineStarts(text string) []int {
	starts := []int{0}
	for i, r := range text {
		switch r {
		case '\r':
			if strings.HasPrefix(text[i+1:], "\n") {
				continue
			}
			fallthrough
		case '\n', '\u0085', '\u2028', '\u2029':
			starts = append(starts, i+utf8.RuneLen(r))
		}
	}
	return starts
}

func (s *syntax) check(n *yaml.Node) error {
	at := s.offset(n)
	if at > 0 && at < len(s.text) && s.text[at-1] == '\t' {
		return &yamlError{line: n.Line, column: n.Column, problem: "a tab stands before it where only blanks may"}
	}
	if n.Kind == yaml.ScalarNode && n.Style&yaml.DoubleQuotedStyle != 0 && strings.ContainsAny(n.Value, "'\t") {
		if hasForeignEscape(s.text[min(at, len(s.text)):]) {
			return &yamlError{line: n.Line, column: n.Column, problem: `neither \' nor a backslash before a tab is an escape in double quotes`}
		}
	}
	for _, c := range n.Content {
		if err := s.check(c); err != nil {
			return err
		}
	}
	return nil
}

// offset is where a node begins, its anchor and tag included.
func (s *syntax) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(s.lines) {
		return len(s.text)
	}
	at := s.lines[n.Line-1]
	for i := 1; i < n.Column && at < len(s.text); i++ {
		_, size := utf8.DecodeRuneInString(s.text[at:])
		at += size
	}
	return at
}

// hasForeignEscape scans the double-quoted scalar that text begins with, behind its anchor and tag.
func hasForeignEscape(text string) bool {
	start := strings.IndexByte(text, '"')
	if start < 0 {
		return false
	}
	for i := start + 1; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			if i++; i < len(text) && (text[i] == '\'' || text[i] == '\t') {
				return true
			}
		}
	}
	return false
}
