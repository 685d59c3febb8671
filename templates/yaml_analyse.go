package templates

import (
	"strings"
	"unicode/utf8"
)

// analysis tells which forms can hold a text.
type analysis struct {
	multiline bool
	plain     bool
	single    bool // single quotes
	block     bool // a literal block
}

// analyse looks for what each form cannot hold: indicators, blanks at the ends and around line breaks, characters that
// need an escape.
func analyse(s string) analysis {
	if s == "" {
		return analysis{single: true}
	}
	a := analysis{plain: true, single: true, block: true}
	if strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...") || strings.ContainsAny(s[:1], "#,[]{}&*!|>'\"%@`") {
		a.plain = false
	}
	before := ' '
	for i, r := range s {
		rest := s[i+utf8.RuneLen(r):]
		blankFollows := rest == "" || strings.ContainsAny(rest[:1], " \t\n\r") || startsWithBreak(rest)
		switch {
		case r == ':' && blankFollows, r == '#' && isBlank(before), i == 0 && (r == '?' || r == '-') && blankFollows:
			a.plain = false
		case r == '\n', r == 0x85, r == 0x2028, r == 0x2029:
			a.multiline = true
			if isBlank(before) && i > 0 && before == ' ' { // a blank before a break would be lost
				a = analysis{multiline: true}
			}
		case r == ' ' && i > 0 && strings.ContainsRune(breaks, before): // a blank behind a break as well
			a.plain, a.single = false, false
		case r == '\t', r == '\r', r == 0xfeff, r != '\n' && !printableRune(r):
			return analysis{multiline: strings.ContainsAny(s, breaks)}
		}
		before = r
	}
	first, last := s[0], before
	if first == ' ' || last == ' ' || strings.ContainsAny(s[:1], "\n") || startsWithBreak(s) || strings.ContainsRune(breaks, last) {
		a.plain = false
	}
	if last == ' ' {
		a.block = false
	}
	// of the breaks only \n is kept by every form
	if strings.ContainsAny(s, "\u0085\u2028\u2029") {
		return analysis{multiline: true}
	}
	if a.multiline {
		a.plain, a.single = false, false
	}
	return a
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || strings.ContainsRune(breaks, r) }

func startsWithBreak(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(breaks, r)
}
