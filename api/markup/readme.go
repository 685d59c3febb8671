package markup

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
)

// Readme turns the part of Markdown that readmes are made of into HTML: headings, paragraphs, lists, quotes, blocks of code,
// rules, tables as they are written, and inside of lines code, emphasis and links. Raw HTML is text. Links lead to http and
// https alone; pictures are links, so that nothing is fetched. Headings begin at the level top.
func Readme(text string, top int) template.HTML {
	text, _ = Clip(text)
	r := &readme{lines: strings.Split(Clean(text), "\n"), top: top}
	r.blocks(0)
	return template.HTML(r.out.String()) //nolint:gosec // every piece of text goes through escape
}

type readme struct {
	out   strings.Builder
	lines []string
	top   int
}

// maxDepth is how deep quotes may stand in quotes.
const maxDepth = 4

func (r *readme) blocks(depth int) {
	for len(r.lines) > 0 {
		line := r.lines[0]
		trimmed := strings.TrimSpace(line)
		switch level, title := heading(trimmed); {
		case trimmed == "":
			r.lines = r.lines[1:]
		case strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~"):
			r.fence(trimmed[:3])
		case level > 0:
			r.lines = r.lines[1:]
			tag := "h" + strconv.Itoa(min(level-1+r.top, 6))
			r.out.WriteString("<" + tag + ">")
			r.inline(title)
			r.out.WriteString("</" + tag + ">")
		case isRule(trimmed):
			r.lines = r.lines[1:]
			r.out.WriteString("<hr>")
		case strings.HasPrefix(trimmed, ">") && depth < maxDepth:
			r.quote(depth)
		case strings.HasPrefix(trimmed, "|"):
			r.verbatim(func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), "|") }, "")
		case strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t"):
			r.verbatim(func(l string) bool { return strings.HasPrefix(l, "    ") || strings.HasPrefix(l, "\t") }, "    ")
		case item(trimmed) != "":
			r.list()
		default:
			r.paragraph()
		}
	}
}

func heading(s string) (level int, title string) {
	for level < len(s) && s[level] == '#' {
		level++
	}
	if level == 0 || level > 6 || level < len(s) && s[level] != ' ' {
		return 0, ""
	}
	return level, strings.TrimSpace(strings.TrimRight(s[level:], "#"))
}

func isRule(s string) bool {
	bare := strings.ReplaceAll(s, " ", "")
	return len(bare) >= 3 && (strings.Trim(bare, "-") == "" || strings.Trim(bare, "*") == "" || strings.Trim(bare, "_") == "")
}

// item gives the mark of a list that the line begins with; "" for none.
func item(s string) string {
	for _, mark := range []string{"- ", "* ", "+ "} {
		if strings.HasPrefix(s, mark) {
			return mark
		}
	}
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits > 0 && digits < 10 && len(s) > digits+1 && (s[digits] == '.' || s[digits] == ')') && s[digits+1] == ' ' {
		return s[:digits+2]
	}
	return ""
}

func (r *readme) fence(mark string) {
	r.lines = r.lines[1:]
	r.out.WriteString("<pre><code>")
	for len(r.lines) > 0 {
		line := r.lines[0]
		r.lines = r.lines[1:]
		if strings.HasPrefix(strings.TrimSpace(line), mark) {
			break
		}
		r.escape(line)
		r.out.WriteByte('\n')
	}
	r.out.WriteString("</code></pre>")
}

func (r *readme) verbatim(belongs func(string) bool, indent string) {
	r.out.WriteString("<pre><code>")
	for len(r.lines) > 0 && belongs(r.lines[0]) {
		r.escape(strings.TrimPrefix(strings.TrimPrefix(r.lines[0], indent), "\t"))
		r.out.WriteByte('\n')
		r.lines = r.lines[1:]
	}
	r.out.WriteString("</code></pre>")
}

func (r *readme) quote(depth int) {
	var inner []string
	for len(r.lines) > 0 {
		line, ok := strings.CutPrefix(strings.TrimSpace(r.lines[0]), ">")
		if !ok {
			break
		}
		inner = append(inner, strings.TrimPrefix(line, " "))
		r.lines = r.lines[1:]
	}
	rest := r.lines
	r.lines = inner
	r.out.WriteString("<blockquote>")
	r.blocks(depth + 1)
	r.out.WriteString("</blockquote>")
	r.lines = rest
}

func (r *readme) list() {
	tag := "ul"
	if first := item(strings.TrimSpace(r.lines[0])); first[0] >= '0' && first[0] <= '9' {
		tag = "ol"
	}
	r.out.WriteString("<" + tag + ">")
	for len(r.lines) > 0 {
		line := strings.TrimSpace(r.lines[0])
		mark := item(line)
		if mark == "" {
			break
		}
		text := []string{strings.TrimPrefix(line, mark)}
		r.lines = r.lines[1:]
		for len(r.lines) > 0 && continues(r.lines[0]) { // lines that belong to the item stand indented
			text = append(text, strings.TrimSpace(r.lines[0]))
			r.lines = r.lines[1:]
		}
		r.out.WriteString("<li>")
		r.inline(strings.Join(text, " "))
		r.out.WriteString("</li>")
	}
	r.out.WriteString("</" + tag + ">")
}

func continues(line string) bool {
	return strings.HasPrefix(line, "  ") && strings.TrimSpace(line) != "" && item(strings.TrimSpace(line)) == ""
}

func (r *readme) paragraph() {
	var text []string
	for len(r.lines) > 0 {
		line := strings.TrimSpace(r.lines[0])
		level, _ := heading(line)
		if line == "" || len(text) > 0 && (level > 0 || item(line) != "" || strings.HasPrefix(line, "```") || strings.HasPrefix(line, ">")) {
			break
		}
		text = append(text, line)
		r.lines = r.lines[1:]
	}
	r.out.WriteString("<p>")
	r.inline(strings.Join(text, "\n"))
	r.out.WriteString("</p>")
}

// inline writes a line with its code, emphasis and links.
func (r *readme) inline(s string) {
	start := 0
	flush := func(end int) { r.escape(s[start:end]) }
	for i := 0; i < len(s); {
		var tag, inner string
		var size int
		switch s[i] {
		case '\\':
			if i+1 < len(s) && strings.IndexByte("\\`*_[]()#!<>-", s[i+1]) >= 0 {
				flush(i)
				start = i + 1
				i += 2
				continue
			}
		case '`':
			tag, inner, size = "code", between(s[i:], "`"), 2
		case '*':
			if strings.HasPrefix(s[i:], "**") {
				tag, inner, size = "strong", between(s[i:], "**"), 4
			} else {
				tag, inner, size = "em", between(s[i:], "*"), 2
			}
		case '[', '!':
			if n := r.link(s, i, flush); n > 0 {
				i += n
				start = i
				continue
			}
		}
		if inner == "" {
			i++
			continue
		}
		flush(i)
		r.out.WriteString("<" + tag + ">")
		r.escape(inner)
		r.out.WriteString("</" + tag + ">")
		i += len(inner) + size
		start = i
	}
	flush(len(s))
}

// maxSpan is how far, in bytes, the end of a piece inside of a paragraph is looked for.
const maxSpan = 1000

// between gives what stands between the mark at the beginning of s and the next one; "" when there is none.
func between(s, mark string) string {
	rest := s[len(mark):min(len(s), len(mark)+maxSpan)]
	end := strings.Index(rest, mark)
	if end <= 0 || rest[0] == ' ' && mark != "`" {
		return ""
	}
	return rest[:end]
}

// link writes the link that begins at i and gives its length; 0 when there is none.
func (r *readme) link(s string, i int, flush func(end int)) int {
	from := i
	if s[i] == '!' {
		i++
	}
	if i >= len(s) || s[i] != '[' {
		return 0
	}
	closed := strings.IndexByte(s[i:min(len(s), i+maxSpan)], ']')
	if closed < 0 || i+closed+1 >= len(s) || s[i+closed+1] != '(' {
		return 0
	}
	text := s[i+1 : i+closed]
	target := s[i+closed+2:]
	end := strings.IndexByte(target[:min(len(target), maxSpan)], ')')
	if end < 0 {
		return 0
	}
	flush(from)
	href, _, _ := strings.Cut(strings.TrimSpace(target[:end]), " ")
	if text == "" {
		text = href
	}
	if IsWebAddress(href) {
		r.out.WriteString(`<a rel="noopener noreferrer nofollow" href="`)
		r.escape(href)
		r.out.WriteString(`">`)
		r.escape(text)
		r.out.WriteString("</a>")
	} else {
		r.escape(text)
	}
	return i + closed + 2 + end + 1 - from
}

func (r *readme) escape(s string) { template.HTMLEscape(&r.out, []byte(s)) }

// IsWebAddress tells whether a page may link to an address that came from outside.
func IsWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
