package config

import (
	"strings"
	"unicode"
)

// segment is one part of a dotted name.
type segment struct {
	text   string
	index  bool // it stood in brackets and is a number: an item of a list
	quoted bool // it stood in brackets: a name that is taken as it is
}

// split parts a name at its dots. Brackets hold numbers, or names with dots: a[Prod.EU-West].b[0].
func split(name string) []segment {
	var segments []segment
	for name != "" {
		end := strings.IndexAny(name, ".[")
		switch {
		case end < 0:
			return append(segments, segment{text: name})
		case name[end] == '.':
			segments = append(segments, segment{text: name[:end]})
			name = name[end+1:]
		default:
			stop := strings.IndexByte(name[end:], ']')
			if stop < 0 {
				return append(segments, segment{text: name})
			}
			if end > 0 {
				segments = append(segments, segment{text: name[:end]})
			}
			inner := name[end+1 : end+stop]
			segments = append(segments, segment{text: inner, index: isNumber(inner), quoted: true})
			name = strings.TrimPrefix(name[end+stop+1:], ".")
		}
	}
	return segments
}

// join is the reverse of split: a name with dots gets brackets.
func join(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		switch {
		case s.index || s.quoted && strings.ContainsAny(s.text, ".[]"):
			b.WriteString("[" + s.text + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.text)
		}
	}
	return b.String()
}

func isNumber(text string) bool {
	return text != "" && len(text) < 6 && strings.Trim(text, "0123456789") == ""
}

// canonical brings the spellings of a dotted name together: lower case, without - and _.
func canonical(name string) string {
	plain := true
	for i := range len(name) {
		if c := name[i]; c == '-' || c == '_' || c >= 'A' && c <= 'Z' || c >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// squeezed is canonical without dots: what is left of a name in an environment variable.
func squeezed(name string) string {
	return strings.ReplaceAll(canonical(name), ".", "")
}
