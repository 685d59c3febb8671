package shell

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a word of a line.
type Token struct {
	Text   string // without quotes and escapes
	Start  int    // byte offsets in the line: Start is the first byte, a quote included, End the one after the last
	End    int
	Quoted bool // begins with a quote
	Open   rune // the quote or the backslash that waits for more; 0 when the word is complete
}

// Tokenize divides a line into words (spec/clients.md §1.1): white space divides, ' and " quote, also inside of a word,
// a closing quote ends the word, \ takes away the meaning of the next character, in quotes too. It never fails; of a
// line that is not finished the last word is Open.
func Tokenize(line string) []Token {
	var tokens []Token
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		t := scanToken(line, i)
		tokens = append(tokens, t)
		i = t.End
	}
	return tokens
}

func scanToken(line string, start int) Token {
	t := Token{Start: start, Quoted: isQuote(rune(line[start]))}
	var text strings.Builder
	var quote rune
	i := start
	for i < len(line) {
		r, size := utf8.DecodeRuneInString(line[i:])
		i += size
		switch {
		case r == '\\':
			if i == len(line) {
				t.Open = '\\'
				break
			}
			_, size = utf8.DecodeRuneInString(line[i:])
			text.WriteString(line[i : i+size])
			i += size
		case quote == 0 && isQuote(r):
			quote = r
		case quote != 0 && r == quote:
			t.Text, t.End = text.String(), i
			return t
		case quote == 0 && unicode.IsSpace(r):
			t.Text, t.End = text.String(), i-size
			return t
		default:
			text.WriteString(line[i-size : i])
		}
	}
	if t.Open == 0 {
		t.Open = quote
	}
	t.Text, t.End = text.String(), i
	return t
}

func isQuote(r rune) bool { return r == '\'' || r == '"' }

// Quote writes a word so that Tokenize reads it as one word with that text.
func Quote(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsSpace(r) || isQuote(r) || r == '\\' }) {
		return word
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range []byte(word) {
		if r == '"' || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(r)
	}
	b.WriteByte('"')
	return b.String()
}

// Unfinished tells whether a line goes on in the next one: an open quote, or a backslash at its end.
func Unfinished(line string) bool {
	tokens := Tokenize(line)
	return len(tokens) > 0 && tokens[len(tokens)-1].Open != 0
}
