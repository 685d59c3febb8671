package templates

import (
	"fmt"
	"strings"
)

// tokenKind says what a token of a template is.
type tokenKind uint8

const (
	tokenText     tokenKind = iota
	tokenVariable           // {{x}}, escaped
	tokenRaw                // {{{x}}} and {{&x}}
	tokenSection            // {{#x}}
	tokenInverted           // {{^x}}
	tokenClose              // {{/x}}
	tokenPartial            // {{>x}}
	tokenSilent             // a comment, or a change of the delimiters
)

// token is a piece of text, or a tag. Text holds the text, or the tag's name.
type token struct {
	kind tokenKind
	text string
	line int // where text begins, and where a tag ends
}

// noRune stands for the second sign of a delimiter that has only one.
const noRune = rune(0)

// templateError is a fault of a template.
type templateError struct {
	line    int
	problem string
}

// Error implements error.
func (e *templateError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.problem) }

// scanner divides a template into tokens the way JMustache does (spec/packages.md §3.4): what only begins like a tag
// stays text, delimiters may have one or two signs.
type scanner struct {
	source []rune
	at     int
	line   int

	start, end [2]rune
	text       []rune // of the token under way
	tokens     []token
}

// scan gives the tokens of a template. Pieces of text that touch are one token.
func scan(template string) ([]token, error) {
	s := scanner{source: []rune(template), line: 1, start: [2]rune{'{', '{'}, end: [2]rune{'}', '}'}}
	for s.at < len(s.source) {
		if !s.opens() {
			s.take()
			continue
		}
		if err := s.tag(); err != nil {
			return nil, err
		}
	}
	s.flush()
	return s.tokens, nil
}

// take moves one sign to the token under way.
func (s *scanner) take() {
	r := s.source[s.at]
	s.text = append(s.text, r)
	s.at++
	if r == '\n' {
		s.line++
	}
}

// meets tells whether a delimiter stands at the current place.
func (s *scanner) meets(delimiter [2]rune) bool {
	if s.source[s.at] != delimiter[0] {
		return false
	}
	return delimiter[1] == noRune || s.at+1 < len(s.source) && s.source[s.at+1] == delimiter[1]
}

func (s *scanner) opens() bool { return s.meets(s.start) }

func length(delimiter [2]rune) int {
	if delimiter[1] == noRune {
		return 1
	}
	return 2
}

func (s *scanner) flush() {
	if len(s.text) == 0 {
		return
	}
	if n := len(s.tokens); n > 0 && s.tokens[n-1].kind == tokenText {
		s.tokens[n-1].text += string(s.text)
	} else {
		text := string(s.text)
		s.tokens = append(s.tokens, token{kind: tokenText, text: text, line: s.line - strings.Count(text, "\n")})
	}
	s.text = s.text[:0]
}

// tag reads a tag from its opening delimiter on. Without an end, or with a sign that could open another tag inside, the
// delimiter was text.
func (s *scanner) tag() error {
	s.flush()
	opening := s.source[s.at : s.at+length(s.start)]
	s.at += length(s.start)
	for s.at < len(s.source) {
		switch {
		case s.meets(s.end):
			s.at += length(s.end)
			return s.finish()
		case s.source[s.at] == s.start[0] && len(s.text) > 0 && s.text[0] != '!':
			s.text = append(append([]rune{}, opening...), s.text...)
			s.flush()
			return nil
		default:
			s.take()
		}
	}
	s.text = append(append([]rune{}, opening...), s.text...)
	return nil
}

func (s *scanner) fail(format string, args ...any) error {
	return &templateError{line: s.line, problem: fmt.Sprintf(format, args...)}
}

var tagKindOf = map[rune]tokenKind{
	'#': tokenSection, '^': tokenInverted, '/': tokenClose, '>': tokenPartial, '!': tokenSilent, '&': tokenRaw,
}

// finish makes a token of a whole tag.
func (s *scanner) finish() error {
	content := string(s.text)
	s.text = s.text[:0]
	if content == "" {
		return s.fail("the tag is empty")
	}
	if content[0] == '=' {
		if err := s.delimit(content); err != nil {
			return err
		}
		s.tokens = append(s.tokens, token{kind: tokenSilent, line: s.line})
		return nil
	}
	kind := tokenVariable
	if content[0] == '{' && s.start == [2]rune{'{', '{'} && s.end == [2]rune{'}', '}'} {
		if s.at >= len(s.source) || s.source[s.at] != '}' {
			return s.fail("the tag {{%s}} must end with three braces", content)
		}
		s.at++
		content = "&" + content[1:]
	}
	name := trimJava(content)
	if name == "" {
		return s.fail("the tag is empty")
	}
	if k, ok := tagKindOf[rune(name[0])]; ok {
		kind = k
		name = trimJava(name[1:])
	}
	if kind == tokenSilent {
		name = ""
	} else if kind != tokenPartial && strings.ContainsAny(name, "\r\n") {
		return s.fail("the name of a tag has a line break: %q", name)
	}
	s.tokens = append(s.tokens, token{kind: kind, text: name, line: s.line})
	return nil
}

// delimit takes new delimiters out of a tag like =<% %>=.
func (s *scanner) delimit(content string) error {
	bad := s.fail("delimiters are changed like {{=<%% %%>=}}, with one or two signs on each side, not by {{%s}}", content)
	if len(content) < 2 {
		return bad
	}
	inner := []rune(content)
	parts := strings.Split(strings.TrimRight(string(inner[1:len(inner)-1]), " "), " ")
	if len(parts) != 2 {
		return bad
	}
	var next [2][2]rune
	for i, p := range parts {
		switch signs := []rune(p); len(signs) {
		case 1:
			next[i] = [2]rune{signs[0], noRune}
		case 2:
			next[i] = [2]rune{signs[0], signs[1]}
		default:
			return bad
		}
	}
	s.start, s.end = next[0], next[1]
	return nil
}

// trimJava cuts off what Java's trim does: all signs up to the blank.
func trimJava(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}
