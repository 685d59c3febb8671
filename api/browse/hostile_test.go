package browse_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// hostile is a text that would do harm if it were anything but text.
const hostile = `</pre></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>"'` + "`" + `{{.}}&#60;` + "\u202edrow\u2066\u200b\x1b[31m\x00\r\n\u2028"

// A tag that a page writes itself.
var tag = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)`)

// The tags of pages: none is an img, an iframe, an object, a base, a style.
var allowed = regexp.MustCompile(`^(?:html|head|meta|title|link|script|body|a|p|header|svg|path|span|nav|div|main|ol|ul|li|footer|h[1-6]|` +
	`section|article|aside|table|thead|tbody|tr|th|td|code|pre|button|details|summary|dl|dt|dd|time|form|input|label|select|option|` +
	`textarea|fieldset|legend|datalist|noscript|strong|em|b|i|del|ins|blockquote|hr|br)$`)

func TestHostileTextIsText(t *testing.T) {
	s := MustServe(t, world(hostile))
	plain := MustServe(t, world("x"))
	scripts := func(text string) int { return strings.Count(strings.ToLower(text), "<script") }
	see := func(t *testing.T, path, text, same string) {
		t.Helper()
		if scripts(text) != scripts(same) {
			t.Errorf("%s has %d scripts in place of %d", path, scripts(text), scripts(same))
		}
		for _, found := range tag.FindAllStringSubmatch(text, -1) {
			if !allowed.MatchString(strings.ToLower(found[2])) {
				t.Errorf("%s has a tag %s", path, found[0])
			}
		}
		if regexp.MustCompile(`(?i)(?:href|src|action)="\s*(?:javascript|data):`).MatchString(text) {
			t.Errorf("%s has an address that runs", path)
		}
		text = regexp.MustCompile(` value="[^"]*"`).ReplaceAllString(text, "") // goes back as it came, and is not shown
		if i := strings.IndexFunc(text, func(c rune) bool {
			return c < ' ' && c != '\n' && c != '\t' || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200b || c == 0x2028
		}); i >= 0 {
			t.Errorf("%s has a character that is not seen: %q", path, text[max(0, i-80):i+4])
		}
	}
	for _, path := range append(pages, "/api/refused") {
		r, text := s.open(path)
		if path != "/api/refused" && r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", path, r.StatusCode, text)
		}
		_, same := plain.open(path)
		see(t, path, text, same)
	}
	for _, form := range []struct {
		target string
		fields map[string]string
	}{
		{"/browse/install/1", map[string]string{"step": "preview", "release": "r", "values": "x"}},
		{"/browse/release/r/upgrade", map[string]string{"step": "preview", "version": "1", "keep": "keep"}},
		{"/browse/release/r/rollback", map[string]string{"step": "preview", "version": "1"}},
	} {
		_, text := s.send(form.target, form.fields)
		_, same := plain.send(form.target, form.fields)
		see(t, form.target, text, same)
	}
}

// What was typed is given back as it was typed, and nothing else.
func TestHostileFields(t *testing.T) {
	answers := world("x")
	answers["POST /api/purser/preview/install"] = `409 {"status":409,"message":"no"}`
	s := MustServe(t, answers)
	_, text := s.send("/browse/install/1", map[string]string{"step": "preview", "release": `"><script>`, "platform": `"><script>`, "values": `</textarea><script>`})
	if strings.Contains(text, "<script>") || !strings.Contains(text, "&lt;/textarea&gt;&lt;script&gt;") {
		t.Error(text)
	}
}

// However long texts are, pages are not.
func TestLongTextIsBounded(t *testing.T) {
	s := MustServe(t, world(strings.Repeat("<", 6_000)))
	for _, path := range pages {
		if r, text := s.open(path); len(text) > 200<<10 {
			t.Errorf("%s: %d, %d bytes", path, r.StatusCode, len(text))
		}
	}
	line := strings.Repeat("<&\"", 1<<20/3) // of a megabyte
	answers := world("x")
	answers["GET /api/release/manifest/r"] = text(map[string]any{"data": line + "\n" + line})
	answers["GET /api/purser/releases/r/logs"] = text(map[string]any{"name": "r", "version": 2, "logs": []any{map[string]any{"text": line}}})
	answers["GET /api/purser/packages/1"] = text(map[string]any{"name": "p", "values": line, "readme": line, "templates": []any{map[string]any{"name": "t", "text": line}}})
	answers["GET /api/refused"] = "409 " + text(map[string]any{"message": line})
	answers["GET /api/about"] = text(map[string]any{"x": line})
	s = MustServe(t, answers)
	for _, path := range []string{"/api/release/manifest/r", "/api/purser/releases/r/logs", "/api/purser/packages/1", "/api/packageMetadata/1", "/api/refused", "/api/about"} {
		if r, text := s.open(path); len(text) > 200<<10 || !strings.Contains(text, "…") && !strings.Contains(text, "not all of it") && !strings.Contains(text, ">All ") {
			t.Errorf("%s: %d, %d bytes", path, r.StatusCode, len(text))
		}
	}
	// A document that no page could hold is named, and not read to its end.
	answers["GET /api/about"] = `{"x":"` + strings.Repeat("x", 40<<20) + `"}`
	if r, text := MustServe(t, answers).open("/api/about"); r.StatusCode != http.StatusOK || !strings.Contains(text, "longer than a page shows") {
		t.Errorf("%d %.300s", r.StatusCode, text)
	}
}
