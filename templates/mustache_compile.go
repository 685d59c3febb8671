package templates

import (
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/cbroglie/mustache"
)

// The library is given a text with delimiters of its own, in which each tag has a number instead of its name: the
// library's lookup splits names at dots and knows nothing of Java, so names are resolved here (mustache_resolve.go).
const (
	tagStart   = "\x01"
	tagEnd     = "\x02"
	preamble   = "{{=" + tagStart + " " + tagEnd + "=}}\n"
	literalTag = "literal" // name of a tag that prints tagStart
)

// maxSections is how deep sections may be nested.
const maxSections = 200

// compiled is a template ready to be rendered, by several at once.
type compiled struct {
	template *mustache.Template
	tags     []tag
	places   []place
	marks    []place // lines of text that are marked, to trace them
}

// tag is a tag as the library has parsed it, with its own name and line again.
type tag struct {
	place
	kind   mustache.TagType
	inside []tag // of a section
}

// place is one tag of a template.
type place struct {
	number string // its name for the library
	name   string
	parts  []string // of a dotted name; nil for any other
	line   int
}

var errPartial = errors.New("partials are not supported")

// noPartials is what keeps the library from reading files.
type noPartials struct{}

// Get implements mustache.PartialProvider.
func (noPartials) Get(string) (string, error) { return "", errPartial }

// compile parses a template. Errors are *templateError.
func compile(text string) (*compiled, error) { return compileMarked(text, false) }

// compileMarked parses a template; with marks, tags that print nothing stand where text begins, so that a trace sees it.
func compileMarked(text string, marks bool) (*compiled, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	standAlone(tokens)
	c := &compiled{}
	numbered, err := c.number(tokens, marks)
	if err != nil {
		return nil, err
	}
	if c.template, err = mustache.ParseStringPartials(numbered, noPartials{}); err != nil {
		return nil, &templateError{line: 1, problem: "it cannot be parsed"}
	}
	c.template.Escape(escapeHTML)
	c.tags = c.named(c.template.Tags())
	return c, nil
}

// number writes the text for the library and checks that sections are closed in order.
func (c *compiled) number(tokens []token, marks bool) (string, error) {
	var b strings.Builder
	b.WriteString(preamble)
	var open []place
	for _, t := range tokens {
		if t.kind == tokenText {
			b.WriteString(c.text(t, marks))
			continue
		}
		b.WriteString(tagStart)
		switch t.kind {
		case tokenSilent:
			b.WriteString("!")
		case tokenClose:
			if len(open) == 0 {
				return "", &templateError{t.line, "the section end '" + t.text + "' has no beginning"}
			}
			section := open[len(open)-1]
			if section.name != t.text {
				return "", &templateError{t.line, "the section end '" + t.text + "' does not fit the section '" + section.name +
					"' of line " + strconv.Itoa(section.line)}
			}
			open = open[:len(open)-1]
			b.WriteString("/" + section.number)
		default:
			p := c.add(t)
			b.WriteString(signs[t.kind] + p.number)
			if t.kind == tokenSection || t.kind == tokenInverted {
				if open = append(open, p); len(open) > maxSections {
					return "", &templateError{t.line, "sections are nested more than " + strconv.Itoa(maxSections) + " levels deep"}
				}
			}
		}
		b.WriteString(tagEnd)
	}
	if len(open) > 0 {
		p := open[len(open)-1]
		return "", &templateError{p.line, "the section '" + p.name + "' has no end"}
	}
	return b.String(), nil
}

// text writes a piece of text for the library, with a mark where its first line begins if that is not blank: on blank
// lines the library looks for tags that stand alone.
func (c *compiled) text(t token, marks bool) string {
	text := strings.ReplaceAll(t.text, tagStart, tagStart+"&"+literalTag+tagEnd)
	if !marks {
		return text
	}
	head := ""
	if rest, ok := strings.CutPrefix(text, "\n"); ok {
		head, text = "\n", rest
	}
	if first, _, _ := strings.Cut(text, "\n"); blank(first) {
		return head + text
	}
	m := place{number: "m" + strconv.Itoa(len(c.marks)), line: t.line + len(head)}
	c.marks = append(c.marks, m)
	return head + tagStart + "&" + m.number + tagEnd + text
}

var signs = map[tokenKind]string{tokenVariable: "", tokenRaw: "&", tokenSection: "#", tokenInverted: "^", tokenPartial: ">"}

func (c *compiled) add(t token) place {
	p := place{number: "n" + strconv.Itoa(len(c.places)), name: t.text, line: t.line}
	if t.text != "." && strings.Contains(t.text, ".") {
		// like Java's split: what is empty at the end does not count
		p.parts = strings.Split(strings.TrimRight(t.text, "."), ".")
	}
	c.places = append(c.places, p)
	return p
}

// named gives the library's tags their names back.
func (c *compiled) named(parsed []mustache.Tag) []tag {
	tags := make([]tag, 0, len(parsed))
	for _, p := range parsed {
		n, err := strconv.Atoi(strings.TrimPrefix(p.Name(), "n"))
		if err != nil {
			continue // the literal, which needs no value
		}
		t := tag{place: c.places[n], kind: p.Type()}
		if t.kind == mustache.Section || t.kind == mustache.InvertedSection {
			t.inside = c.named(p.Tags())
		}
		tags = append(tags, t)
	}
	return tags
}

var htmlEscaper = strings.NewReplacer("&", "&amp;", "'", "&#39;", `"`, "&quot;", "<", "&lt;", ">", "&gt;", "`", "&#x60;", "=", "&#x3D;")

func escapeHTML(s string) string { return htmlEscaper.Replace(s) }

// maxCached bounds the templates that are kept compiled, in bytes of their text.
const maxCached = 1 << 20

// cache keeps compiled templates by their text. When it is full it starts anew.
type cache struct {
	mu    sync.Mutex
	bytes int
	known map[string]*compiled
}

func (k *cache) compile(text string) (*compiled, error) {
	k.mu.Lock()
	c, ok := k.known[text]
	k.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := compile(text)
	if err != nil || len(text) > maxCached/16 {
		return c, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || k.bytes+len(text) > maxCached {
		k.known, k.bytes = map[string]*compiled{}, 0
	}
	if _, ok := k.known[text]; !ok {
		k.bytes += len(text)
		k.known[text] = c
	}
	return c, nil
}
