package templates

import (
	"strings"
	"unicode"
)

// standAlone takes away the lines that hold nothing but one tag without output, by JMustache's rule: a tag that opens or
// closes a section, or is silent, with only white space around it on its line. What the library would take away itself
// is left to it: white space that it does not know goes, one line break stays behind the tag.
func standAlone(tokens []token) {
	for i, t := range tokens {
		switch t.kind {
		case tokenSection, tokenInverted, tokenClose, tokenSilent:
		default:
			continue
		}
		before, after := 0, -1
		if i > 0 {
			if before = blankEnd(tokens[i-1], i == 1); before < 0 {
				continue
			}
		}
		if i+1 < len(tokens) {
			if after = blankStart(tokens[i+1]); after < 0 {
				continue
			}
		}
		if i > 0 {
			tokens[i-1].text = tokens[i-1].text[:before]
		}
		if after >= 0 {
			tokens[i+1].text = tokens[i+1].text[after:]
		}
	}
}

// blankEnd gives where the last line of text begins if it is blank, -1 if it is not. The first text of a template begins
// a line.
func blankEnd(t token, first bool) int {
	if t.kind != tokenText {
		return -1
	}
	end := strings.LastIndexByte(t.text, '\n') + 1
	if end == 0 && !first || !blank(t.text[end:]) {
		return -1
	}
	return end
}

// blankStart gives where the line break stands that ends the first line of text, if that line is blank, otherwise -1.
func blankStart(t token) int {
	if t.kind != tokenText {
		return -1
	}
	end := strings.IndexByte(t.text, '\n')
	if end < 0 || !blank(t.text[:end]) {
		return -1
	}
	return end
}

func blank(s string) bool {
	for _, r := range s {
		if !javaSpace(r) {
			return false
		}
	}
	return true
}

// javaSpace is white space as Java sees it.
func javaSpace(r rune) bool {
	switch r {
	case 0xa0, 0x2007, 0x202f, 0x85:
		return false
	case 0x1c, 0x1d, 0x1e, 0x1f:
		return true
	}
	return unicode.IsSpace(r)
}
