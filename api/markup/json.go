package markup

import (
	"bytes"
	"encoding/json"
	"strings"
)

// JSON marks the parts of a JSON document; one that stands in a single line is indented first.
func JSON(text []byte) Code {
	if !bytes.Contains(text, []byte("\n")) && len(text) <= MaxBytes {
		var out bytes.Buffer
		if json.Indent(&out, text, "", "  ") == nil {
			text = out.Bytes()
		}
	}
	return mark(string(text), jsonLine)
}

// jsonLine marks one line: strings never go over the end of a line.
func jsonLine(p *printer, line string) {
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == '"':
			end := i + quoted(line[i:])
			class := classText
			if rest := strings.TrimLeft(line[end:], " "); strings.HasPrefix(rest, ":") {
				class = classKey
			}
			p.put(class, line[i:end])
			i = end
		case strings.IndexByte("{}[]:,", c) >= 0:
			end := i + 1
			for end < len(line) && strings.IndexByte("{}[]:, ", line[end]) >= 0 {
				end++
			}
			p.put(classSign, line[i:end])
			i = end
		default:
			end := i + 1
			for end < len(line) && strings.IndexByte(`"{}[]:,`, line[end]) < 0 {
				end++
			}
			p.put(scalarClass(strings.TrimSpace(line[i:end])), line[i:end])
			i = end
		}
	}
}

// quoted gives the length of the string in double quotes that s begins with.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// scalarClass gives the class of a bare word.
func scalarClass(word string) string {
	switch word {
	case "":
		return ""
	case "true", "false", "null", "~", "yes", "no", "on", "off":
		return classWord
	}
	digits := 0
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c >= '0' && c <= '9':
			digits++
		case strings.IndexByte("+-.eE_", c) < 0:
			return ""
		}
	}
	if digits == 0 {
		return ""
	}
	return classNumber
}
