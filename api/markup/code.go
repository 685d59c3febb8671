package markup

import (
	"html/template"
	"strings"
)

// Code is a text with its parts marked, for a <pre>.
type Code struct {
	HTML  template.HTML
	Lines int
	Cut   bool // a part of the text is missing
}

// The classes of marked parts.
const (
	classKey     = "k"
	classText    = "s"
	classNumber  = "n"
	classWord    = "w" // true, false, null
	classComment = "c"
	classHole    = "h" // a place that a template fills
	classSign    = "p"
)

// Plain is text without marks.
func Plain(text string) Code { return mark(text, func(p *printer, line string) { p.put("", line) }) }

// mark bounds and cleans a text and has f write each of its lines.
func mark(text string, f func(p *printer, line string)) Code {
	text, cut := Clip(text)
	text = strings.TrimRight(Clean(text), "\n")
	p := &printer{}
	p.out.Grow(2 * len(text))
	lines := 0
	for line := range strings.SplitSeq(text, "\n") {
		if lines > 0 {
			p.out.WriteByte('\n')
		}
		lines++
		f(p, line)
	}
	return Code{HTML: template.HTML(p.out.String()), Lines: lines, Cut: cut} //nolint:gosec // the printer escapes
}

// printer writes parts of a text. It is the only way into Code, and it escapes.
type printer struct{ out strings.Builder }

func (p *printer) put(class, text string) {
	if text == "" {
		return
	}
	if class == "" {
		template.HTMLEscape(&p.out, []byte(text))
		return
	}
	p.out.WriteString(`<span class="`)
	p.out.WriteString(class)
	p.out.WriteString(`">`)
	template.HTMLEscape(&p.out, []byte(text))
	p.out.WriteString(`</span>`)
}
