package templates

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The line breaks of YAML 1.1. A carriage return alone is one when read; written it is an escape.
const (
	lineBreaks = "\n\u0085\u2028\u2029"
	breaks     = lineBreaks + "\r"
)

// newLine goes to the indent of the innermost collection, on a new line unless this one has only indicators that may
// share it.
func (e *emitter) newLine() {
	indent := max(e.indent, 0)
	if !e.indention || e.column > indent || (e.column == indent && !e.whitespace) {
		e.lineBreak()
	}
	if n := indent - e.column; n > 0 {
		e.whitespace = true
		e.out.WriteString(strings.Repeat(" ", n))
		e.column = indent
	}
}

func (e *emitter) lineBreak() {
	e.out.WriteByte('\n')
	e.whitespace, e.indention, e.column = true, true, 0
}

// indicator writes a sign of YAML. blank: a blank must stand before it; opens: what follows needs none; shares: what
// follows may begin a collection on the same line.
func (e *emitter) indicator(sign string, blank, opens, shares bool) {
	if blank && !e.whitespace {
		e.write(" ")
	}
	e.whitespace = opens
	e.indention = e.indention && shares
	e.write(sign)
}

func (e *emitter) write(s string) {
	e.out.WriteString(s)
	e.column += unitLength(s)
}

// unitLength is the length of text in UTF-16 units.
func unitLength(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// printable tells whether YAML can hold text as it is.
func printable(s string) bool {
	for _, r := range s {
		if !printableRune(r) {
			return false
		}
	}
	return true
}

func printableRune(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return true
	case r >= 0x20 && r <= 0x7e, r >= 0xa0 && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffd:
		return true
	default:
		return r >= 0x10000
	}
}

var escapes = map[rune]string{
	0: `\0`, 7: `\a`, 8: `\b`, 9: `\t`, '\n': `\n`, 0x0b: `\v`, 0x0c: `\f`, '\r': `\r`, 0x1b: `\e`,
	'"': `\"`, '\\': `\\`, 0x85: `\N`, 0xa0: `\_`, 0x2028: `\L`, 0x2029: `\P`,
}

// doubleQuoted writes text in double quotes; with fold, lines that get too long are broken at blanks, and behind what is
// not plain ASCII or needs an escape.
func (e *emitter) doubleQuoted(s string, fold bool) {
	e.indicator(`"`, true, false, false)
	last := 0
	if _, n := utf8.DecodeLastRuneInString(s); n > 0 {
		last = len(s) - n
	}
	for i, r := range s {
		escape, ok := escapes[r]
		switch {
		case fold && r == ' ' && i > 0 && i < last && e.column > foldFrom:
			e.breakQuoted()
			e.write(`\ `)
		case ok:
			e.write(escape)
		case printableRune(r):
			e.write(string(r))
		default:
			e.write(fmt.Sprintf(`\u%04x`, r))
		}
		alone := ok || r < ' ' || r > '~'
		if fold && alone && (i > 0 || r > 0xffff) && i < last && e.column > foldFrom+1 {
			e.breakQuoted()
			if _, n := utf8.DecodeRuneInString(s[i:]); s[i+n] == ' ' {
				e.write(`\`)
			}
		}
	}
	e.indicator(`"`, false, false, false)
}

// breakQuoted goes on with text in double quotes on a new line.
func (e *emitter) breakQuoted() {
	e.write(`\`)
	e.newLine()
	e.whitespace, e.indention = false, false
}

// literal writes text of several lines, or base64, as a block.
func (e *emitter) literal(s string) {
	sign := "|"
	if s[0] == ' ' || strings.HasPrefix(s, "\n") {
		sign += "2"
	}
	switch {
	case !strings.HasSuffix(s, "\n"):
		sign += "-"
	case s == "\n", strings.HasSuffix(s, "\n\n"):
		sign += "+"
	}
	e.indicator(sign, true, false, false)
	e.lineBreak()
	for line := range strings.SplitAfterSeq(s, "\n") {
		if content := strings.TrimSuffix(line, "\n"); content != "" {
			e.newLine()
			e.write(content)
		} else if line == "" {
			break
		}
		e.lineBreak()
	}
}

// plain writes text without quotes.
func (e *emitter) plain(s string, fold bool) {
	if s == "" {
		return
	}
	if !e.whitespace {
		e.write(" ")
	}
	e.whitespace, e.indention = false, false
	e.folded(s, fold)
}

// singleQuoted writes text in single quotes. It has no line breaks: such text is written otherwise.
func (e *emitter) singleQuoted(s string, fold bool) {
	e.indicator("'", true, false, false)
	quoted := strings.ReplaceAll(s, "'", "''")
	// blanks at either end must stay on the line of their quote
	inner := strings.Trim(quoted, " ")
	if start := strings.Index(quoted, inner); fold && inner != "" {
		e.write(quoted[:start])
		e.folded(inner, true)
		e.write(quoted[start+len(inner):])
	} else {
		e.write(quoted)
	}
	e.indicator("'", false, false, false)
}

// folded writes text; with fold, single blanks beyond the column of foldFrom become line breaks.
func (e *emitter) folded(s string, fold bool) {
	for fold && s != "" {
		word := len(s) - len(strings.TrimLeft(s, " "))
		next := strings.IndexByte(s[word:], ' ')
		if word == 1 && e.column > foldFrom && !strings.HasPrefix(s[1:], " ") {
			e.newLine()
			e.whitespace, e.indention = false, false
		} else {
			e.write(s[:word])
		}
		if next < 0 {
			s = s[word:]
			break
		}
		e.write(s[word : word+next])
		s = s[word+next:]
	}
	e.write(s)
}
