package markup

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Clean makes text inert on a screen: control characters, marks that turn the direction of writing, and characters that
// cannot be seen stand there as visible signs. Tabs and line feeds stay; CR LF becomes a line feed.
func Clean(s string) string {
	if !needsCleaning(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + len(s)/8)
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == '\r' && i+1 < len(s) && s[i+1] == '\n':
			// the line feed behind it says it all
		case c == utf8.RuneError && size == 1:
			out.WriteRune(utf8.RuneError)
		case c == '\t' || c == '\n':
			out.WriteRune(c)
		case c < ' ':
			out.WriteRune('␀' + c)
		case c == 0x7f:
			out.WriteRune('␡')
		case hidden(c):
			fmt.Fprintf(&out, "⟨U+%04X⟩", c)
		default:
			out.WriteRune(c)
		}
		i += size
	}
	return out.String()
}

func needsCleaning(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' || c == 0x7f {
				return true
			}
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && size == 1 || hidden(c) {
			return true
		}
		i += size
	}
	return false
}

// hidden tells of the characters outside of ASCII that are not seen but change what is seen.
func hidden(c rune) bool {
	switch {
	case c >= 0x80 && c <= 0x9f, // C1 controls
		c == 0xad,                  // soft hyphen
		c == 0x61c,                 // Arabic letter mark
		c == 0x115f || c == 0x1160, // Hangul fillers
		c == 0x17b4 || c == 0x17b5, // Khmer vowels without a sign
		c == 0x180e,
		c >= 0x200b && c <= 0x200f, // zero width, left-to-right and right-to-left marks
		c >= 0x2028 && c <= 0x202e, // separators of lines and paragraphs, embeddings and overrides
		c >= 0x2060 && c <= 0x206f, // joiners, isolates
		c == 0x3164 || c == 0xffa0,
		c == 0xfeff,
		c >= 0xfff9 && c <= 0xfffb,
		c >= 0xe0000 && c <= 0xe007f: // tags
		return true
	}
	return false
}

// Limits of what a page shows of one text.
const (
	MaxBytes     = 256 << 10
	MaxLines     = 5000
	MaxLineBytes = 4000
)

// Clip bounds a text for a page: the number and the length of its lines, and all of it. cut tells that something is
// missing; a line that is cut says so itself.
func Clip(s string) (clipped string, cut bool) {
	if len(s) > MaxBytes {
		s, cut = s[:runeStart(s, MaxBytes)], true
	}
	if len(s) <= MaxLineBytes && strings.Count(s, "\n") < MaxLines {
		return s, cut
	}
	var out strings.Builder
	lines := 0
	for line := range strings.Lines(s) {
		if lines++; lines > MaxLines {
			return out.String(), true
		}
		if len(line) <= MaxLineBytes {
			out.WriteString(line)
			continue
		}
		end := runeStart(line, MaxLineBytes)
		fmt.Fprintf(&out, "%s… (%d more bytes)\n", line[:end], len(line)-end)
		cut = true
	}
	return out.String(), cut
}

// runeStart gives the last place at or before i at which a character begins.
func runeStart(s string, i int) int {
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
