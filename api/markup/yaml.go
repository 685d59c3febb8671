package markup

import "strings"

// YAML marks the parts of a YAML document, which may be a Mustache template. It looks at one line at a time and knows of
// what went before only whether it stands in a block of text; what it mistakes is marked wrongly and nothing else.
func YAML(text string) Code {
	block := -1 // the indent of the key whose block of text this is; -1: none
	return mark(text, func(p *printer, line string) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(line) == "") {
			holes(p, classText, line)
			return
		}
		block = -1
		if yamlLine(p, line) {
			block = indent
		}
	})
}

// yamlLine marks a line and tells whether a block of text begins behind it.
func yamlLine(p *printer, line string) (block bool) {
	rest := strings.TrimLeft(line, " \t")
	p.put("", line[:len(line)-len(rest)])
	for strings.HasPrefix(rest, "- ") {
		p.put(classSign, "-")
		after := strings.TrimLeft(rest[1:], " ")
		p.put("", rest[1:len(rest)-len(after)])
		rest = after
	}
	switch {
	case strings.HasPrefix(rest, "#"):
		p.put(classComment, rest)
		return false
	case rest == "---" || rest == "..." || rest == "-":
		p.put(classSign, rest)
		return false
	case strings.HasPrefix(rest, "{{"):
		holes(p, "", rest)
		return false
	}
	if end := keyEnd(rest); end > 0 {
		holes(p, classKey, rest[:end])
		p.put(classSign, ":")
		rest = rest[end+1:]
	}
	return yamlValue(p, rest)
}

// keyEnd gives the place of the colon behind a key; 0: the line has no key.
func keyEnd(s string) int {
	from := 0
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if s[0] == '"' {
			from = quoted(s)
		} else if end := strings.IndexByte(s[1:], '\''); end >= 0 {
			from = end + 2
		}
		if from >= len(s) || s[from] != ':' {
			return 0
		}
	}
	for i := from; i < len(s); i++ {
		if s[i] == '#' && i > 0 && s[i-1] == ' ' {
			return 0
		}
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ') {
			return i
		}
	}
	return 0
}

func yamlValue(p *printer, s string) (block bool) {
	value := strings.TrimLeft(s, " ")
	p.put("", s[:len(s)-len(value)])
	if value == "" {
		return false
	}
	switch value[0] {
	case '"':
		end := quoted(value)
		holes(p, classText, value[:end])
		comment(p, value[end:])
		return false
	case '\'':
		end := strings.IndexByte(value[1:], '\'')
		if end < 0 {
			end = len(value) - 2
		}
		holes(p, classText, value[:end+2])
		comment(p, value[end+2:])
		return false
	case '|', '>':
		p.put(classSign, value)
		return true
	case '#':
		p.put(classComment, value)
		return false
	}
	word, rest := value, ""
	if i := strings.Index(value, " #"); i >= 0 {
		word, rest = value[:i], value[i:]
	}
	holes(p, scalarClass(strings.TrimSpace(word)), word)
	comment(p, rest)
	return false
}

func comment(p *printer, s string) {
	if strings.HasPrefix(strings.TrimLeft(s, " "), "#") {
		p.put(classComment, s)
		return
	}
	p.put("", s)
}

// holes writes text in which {{...}} are the places that a template fills.
func holes(p *printer, class, s string) {
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			p.put(class, s)
			return
		}
		end := strings.Index(s[i:], "}}")
		if end < 0 {
			p.put(class, s)
			return
		}
		end += i + 2
		if end < len(s) && s[end] == '}' {
			end++
		}
		p.put(class, s[:i])
		p.put(classHole, s[i:end])
		s = s[end:]
	}
}
