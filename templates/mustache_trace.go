package templates

import "bytes"

// trace records on which line of the output each variable was written, to lead faults of the output back to the
// template.
type trace struct {
	line   int
	prints []printed
}

// printed is one variable, or one mark, that was written.
type printed struct {
	line  int // of the output
	place place
	key   string // of the entry, inside a loop
	text  string // as it was before it was escaped
}

// traced is the text of a variable that notes when it is written.
type traced struct {
	text  string
	trace *trace
	place place
	key   string
}

// String implements fmt.Stringer; the library calls it just before it writes.
func (t traced) String() string {
	t.trace.prints = append(t.trace.prints, printed{t.trace.line, t.place, t.key, t.text})
	return t.text
}

func (t *trace) advance(b []byte) { t.line += bytes.Count(b, []byte("\n")) }

// origin gives the line of the template that a line of the output comes from, and what was printed there last; nil when
// nothing was.
func (t *trace) origin(line int) (templateLine int, last *printed) {
	templateLine = line
	for i, p := range t.prints {
		if p.line > line {
			break
		}
		templateLine = p.place.line + line - p.line
		if p.line == line && p.place.name != "" {
			last = &t.prints[i]
		}
	}
	if last != nil {
		return last.place.line, last
	}
	return templateLine, nil
}
