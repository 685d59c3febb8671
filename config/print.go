package config

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// printed is one line of the printed configuration.
type printed struct {
	key    string
	value  string // quoted as YAML wants it, secrets masked
	origin Origin
}

// Print writes the effective configuration, one setting a line with the place it was said in: valid YAML that can be
// loaded again, but for masked secrets.
func (c *Config) Print(w io.Writer) error {
	width := 0
	for _, line := range c.lines {
		if n := utf8.RuneCountInString(line.key) + utf8.RuneCountInString(line.value); n < 100 {
			width = max(width, n)
		}
	}
	for _, line := range c.lines {
		gap := width - utf8.RuneCountInString(line.key) - utf8.RuneCountInString(line.value)
		if _, err := fmt.Fprintf(w, "%s: %s%s  # %s\n", line.key, line.value, strings.Repeat(" ", max(gap, 0)), line.origin); err != nil {
			return err
		}
	}
	return nil
}

// lines gives the lines of Print: plain settings in the table's order, then what was said in sections.
func (l *layers) lines(s *scalars, e environment) []printed {
	var lines []printed
	for _, key := range l.schema.keys {
		if l.schema.scalars[canonical(key.Name)] == nil {
			continue
		}
		line := printed{key: key.Name, origin: defaultOrigin, value: l.effective(s, key)}
		if slot := l.slots[canonical(key.Name)]; slot != nil {
			line.origin = slot.origin()
		} else if value, ok := e.platformDefault(key.Name); ok {
			line.value, line.origin = value, Origin{Source: "default on platform " + e.platform()}
		}
		lines = append(lines, line)
	}
	for _, section := range l.sortedSections() {
		l.trees[section].each(split(section.prefix), func(path []segment, n *node) {
			name := join(section.printedPath(path))
			var value string
			switch {
			case n.kind == mapNode:
				value = "{}"
			case n.kind == listNode:
				value = "[]"
			case n.null:
				value = "null"
			case hidden(path) && n.text != "":
				value = quote(masked, false)
			default:
				value = quote(maskText(n.text), n.plain)
			}
			lines = append(lines, printed{name, value, n.origin})
		})
	}
	return lines
}

// printedPath parts the dotted names of known settings again.
func (s *section) printedPath(path []segment) []segment {
	at := strings.Count(s.prefix, ".") + 2
	if len(s.known) == 0 || len(path) <= at {
		return path
	}
	printed := append(slices.Clone(path[:at]), split(path[at].text)...)
	return append(printed, path[at+1:]...)
}

// hidden tells whether a value in a section is a secret: by what is below the chosen name.
func hidden(path []segment) bool {
	return slices.ContainsFunc(path, func(part segment) bool { return !part.index && isSecret(part.text) })
}

// effective writes the value of a plain setting.
func (l *layers) effective(s *scalars, key Key) string {
	value := s.v.Get(key.Name)
	text := ""
	switch v := value.(type) {
	case nil:
	case []string:
		quoted := make([]string, 0, len(v))
		for _, item := range v {
			quoted = append(quoted, quote(maskText(item), false))
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case time.Duration:
		text = durationText(v)
		if key.Kind == Millis {
			text = strconv.FormatInt(v.Milliseconds(), 10)
		}
	case int64:
		text = sizeText(v)
	default:
		text = fmt.Sprint(v)
	}
	if (key.Secret || isSecret(key.Name)) && text != "" {
		text = masked
	}
	return quote(maskText(text), key.Kind != Text)
}

// durationText writes 1m instead of 1m0s.
func durationText(d time.Duration) string {
	text := d.String()
	for _, rest := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, rest) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// sizeText writes a size in the largest unit that leaves it whole.
func sizeText(n int64) string {
	units := []string{"B", "KB", "MB", "GB"}
	for len(units) > 1 && n > 0 && n%1024 == 0 {
		n, units = n/1024, units[1:]
	}
	return strconv.FormatInt(n, 10) + units[0]
}

// quote writes a text as YAML: plain if it was no text or cannot be mistaken for something else.
func quote(text string, plain bool) string {
	if plain && isPlain(text) && !strings.EqualFold(text, "null") {
		return text
	}
	if isPlain(text) && strings.IndexFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '/' }) == 0 && !isWord(text) {
		return text
	}
	return strconv.Quote(text)
}

// isPlain tells whether YAML reads a text as it stands.
func isPlain(text string) bool {
	for i, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && (i == 0 && !strings.ContainsRune("/.-", r) || i > 0 && !strings.ContainsRune("/.-_+=$ ", r) && !(r == ':' && i+1 < len(text) && text[i+1] != ' ')) {
			return false
		}
	}
	return text != "" && !strings.HasSuffix(text, " ") && text != "-" && text != "---" && !strings.HasPrefix(text, "- ")
}

// isWord tells whether YAML reads a text as something else than a text.
func isWord(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		return true
	}
	return false
}
