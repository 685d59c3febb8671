package browse

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"purser/api/markup"
)

//go:embed html
var templates embed.FS

// policy is the Content-Security-Policy of pages: what this server serves, and nothing inside of the page itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// page is what the layout needs.
type page struct {
	Template string // which of the pages
	Title    string
	Section  string // the entry of the menu that is marked
	Crumbs   []crumb
	Root     string
	Version  string
	Wide     bool
	Scripts  []string // besides the one that all pages have
	Styles   []string

	Live   bool    // it follows the events
	Names  []exact // of these releases; nil: of all
	Notice string  // what has just been done
	Source *source // the request that made it; nil for pages that are not the API's
	Token  string  // of its form; "": it has none
	Now    time.Time
	Data   any
}

// crumb is a step on the way to a page.
type crumb struct {
	Text any
	Href string // below the root; "": the page itself
}

func (v *visit) newPage() *page {
	return &page{Root: v.root, Version: v.Version, Now: time.Now(), Notice: notices[v.r.URL.Query().Get(paramSaid)]}
}

// notices are the things that may have been done when a page is shown.
var notices = map[string]string{
	"uploaded":  "The package is uploaded. The next step is to install it.",
	"installed": "The release is installed. Its applications are starting.",
	"upgraded":  "The upgrade has begun. The applications that run now stay until the new ones are healthy.",
	"rolled":    "The rollback has begun. The applications that run now stay until the others are healthy.",
	"scaled":    "The platform is changing the number of instances.",
	"cancelled": "The upgrade is asked to end. What it has deployed is being removed.",
	"late":      "There was nothing left to cancel: the upgrade had just ended.",
	"deleted":   "The release is deleted. Its history stays.",
	"removed":   "The package is deleted with all its versions.",
}

// render writes a page.
func (v *visit) render(status int, p *page) error {
	t, ok := v.parts().pages[p.Template]
	if !ok {
		return fmt.Errorf("there is no page %s", p.Template)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "layout", p); err != nil {
		return fmt.Errorf("making the page %s: %w", p.Template, err)
	}
	header := v.w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "private, no-cache")
	header.Set("Vary", "Accept, Accept-Encoding, User-Agent")
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	body := out.Bytes()
	if acceptsGzip(v.r) && len(body) > 1024 {
		header.Set("Content-Encoding", "gzip")
		body = v.packed(body)
	}
	v.write(status, body)
	return nil
}

// packed packs a page. What it takes to pack is large, and used again; how well it packs matters less than how fast.
func (h *Handler) packed(page []byte) []byte {
	w, ok := h.packers.Get().(*gzip.Writer)
	if !ok {
		w, _ = gzip.NewWriterLevel(nil, gzip.BestSpeed) // it is a level
	}
	defer h.packers.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(page) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

func (v *visit) write(status int, body []byte) {
	v.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	v.w.WriteHeader(status)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(body) // the browser is gone: nobody to tell
	}
}

// mustParsePages reads the templates: layout and parts go into each page.
func mustParsePages(all *files) map[string]*template.Template {
	funcs := template.FuncMap{
		"file": all.url,
		"when": when,
		"yaml": func(text any) markup.Code { return markup.YAML(asText(text)) },
		"json": func(text []byte) markup.Code { return markup.JSON(text) },
		"text": func(text any) markup.Code { return markup.Plain(asText(text)) },
		"readme": func(text any) template.HTML {
			return markup.Readme(asText(text), 3)
		},
		"web": func(text any) bool {
			return len(asText(text)) <= maxAddress && markup.IsWebAddress(asText(text))
		},
		"phases": phases,
		"list":   func(values ...any) []any { return values },
		"dict":   dict,
		"join":   strings.Join,
		"tone":   tone,
		"word":   word,
		"add":    func(a, b int) int { return a + b },
		"clip":   clip,
	}
	base := template.Must(template.New("").Funcs(funcs).ParseFS(templates, "html/layout.html", "html/parts.html"))
	names, err := templates.ReadDir("html")
	if err != nil {
		panic(fmt.Sprintf("the templates of the pages are damaged: %v", err))
	}
	pages := map[string]*template.Template{}
	for _, entry := range names {
		name := strings.TrimSuffix(entry.Name(), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		t := template.Must(base.Clone())
		pages[name] = template.Must(t.ParseFS(templates, path.Join("html", entry.Name())))
	}
	return pages
}

// dict makes the data of a part from names and values.
func dict(pairs ...any) (map[string]any, error) {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is no name", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

func asText(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case string:
		return x
	case *string:
		if x == nil {
			return ""
		}
		return *x
	case exact:
		return string(x)
	}
	return fmt.Sprint(value)
}

// maxClip is how many characters of a text stand in a line of a table.
const maxClip = 300

// clip shortens a text for a line of a table.
func clip(value any) string {
	text := asText(value)
	if e, ok := value.(exact); ok {
		text = e.String()
	}
	if len(text) <= maxClip {
		return text
	}
	runes := []rune(text[:min(len(text), 4*maxClip)])
	return string(runes[:min(len(runes), maxClip)]) + "…"
}

// moment is a point in time for a page.
type moment struct {
	ISO   string // for the machine
	Exact string // for people, in UTC
}

// when reads a date of the API: a text, a time or none.
func when(value any) *moment {
	var t time.Time
	switch x := value.(type) {
	case time.Time:
		t = x
	case *string:
		if x == nil {
			return nil
		}
		t = parseTime(*x)
	case string:
		t = parseTime(x)
	}
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &moment{ISO: t.Format("2006-01-02T15:04:05.000Z"), Exact: t.Format("2006-01-02 15:04:05 UTC")}
}

func parseTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
