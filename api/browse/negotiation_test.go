package browse_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const htmlFirst = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// Browsers get pages, and nobody else does: what the API says to others is not touched.
func TestWhoGetsPages(t *testing.T) {
	s := MustServe(t, map[string]string{"GET /api": `{"_links":{}}`})
	for _, row := range []struct {
		rule, method string
		header       map[string]string
		page         bool
	}{
		{"Firefox", "GET", firefox, true},
		{"a browser over HTTPS tells that it navigates", "GET", map[string]string{"Accept": htmlFirst, "Sec-Fetch-Mode": "navigate"}, true},
		{"a browser over HTTP asks for more safety", "GET", map[string]string{"Accept": htmlFirst, "Upgrade-Insecure-Requests": "1"}, true},
		{"a page that is fetched again by its script", "GET", map[string]string{"Accept": "text/html", "User-Agent": "Mozilla/5.0", "Sec-Fetch-Mode": "cors"}, true},
		{"a browser in a terminal", "GET", map[string]string{"Accept": "text/html, text/*;q=0.5, */*;q=0.1", "User-Agent": "w3m/0.5.3"}, true},
		{"curl that asks for HTML", "GET", map[string]string{"Accept": "text/html", "User-Agent": "curl/7.88.1"}, true},
		{"HEAD", "HEAD", firefox, true},
		{"curl", "GET", map[string]string{"Accept": "*/*", "User-Agent": "curl/7.88.1"}, false},
		{"no Accept", "GET", map[string]string{"User-Agent": "Mozilla/5.0"}, false},
		{"a script of a page that asks for HAL", "GET", map[string]string{"Accept": "application/hal+json", "User-Agent": "Mozilla/5.0"}, false},
		{"JSON before HTML", "GET", map[string]string{"Accept": "application/json, text/html", "User-Agent": "Mozilla/5.0"}, false},
		{"HTML with less weight", "GET", map[string]string{"Accept": "text/html;q=0.5, application/json", "User-Agent": "Mozilla/5.0"}, false},
		{"HTML that is refused", "GET", map[string]string{"Accept": "text/html;q=0, */*", "User-Agent": "Mozilla/5.0"}, false},
		{"an image", "GET", map[string]string{"Accept": "image/avif,image/webp,*/*;q=0.8", "User-Agent": "Mozilla/5.0"}, false},
		{"Java, which prefers HTML without knowing", "GET", map[string]string{"Accept": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "User-Agent": "Java/17.0.9"}, false},
		{"a program that names HTML", "GET", map[string]string{"Accept": "text/html", "User-Agent": "Python-urllib/3.11"}, false},
		{"a program without a name", "GET", map[string]string{"Accept": htmlFirst}, false},
		{"a nonsense Accept", "GET", map[string]string{"Accept": "text/html, no type at all", "User-Agent": "Mozilla/5.0"}, false},
		{"POST", "POST", firefox, false},
	} {
		t.Run(row.rule, func(t *testing.T) {
			r := s.do(row.method, "/api", row.header, "")
			if got := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && r.Header.Get("Content-Security-Policy") != ""; got != row.page {
				t.Errorf("%d %s", r.StatusCode, r.Header)
			}
		})
	}
}

func TestHead(t *testing.T) {
	s := MustServe(t, world(""))
	for _, path := range []string{"/api", "/browse/upload", "/api/nosuch", "/explorer"} {
		got, want := s.do(http.MethodHead, path, firefox, ""), s.do(http.MethodGet, path, firefox, "")
		if got.StatusCode != want.StatusCode || got.Header.Get("Content-Type") != want.Header.Get("Content-Type") || mustRead(t, got) != "" {
			t.Errorf("%s: HEAD %d %s, GET %d %s", path, got.StatusCode, got.Header, want.StatusCode, want.Header)
		}
	}
}

// ?format=json is the document as the API gives it, for whoever prefers HTML.
func TestFormat(t *testing.T) {
	s := MustServe(t, map[string]string{"GET /api/about": `{"a":1}`})
	for _, row := range []struct{ target, query string }{
		{"/api/about?format=json", ""},
		{"/api/about?page=1&format=json&sort=a%2Cb", "page=1&sort=a%2Cb"},
	} {
		r, text := s.open(row.target)
		last := s.asked[len(s.asked)-1]
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/hal+json" || text != `{"a":1}` || last.query != row.query {
			t.Errorf("%s: %d %s %s, asked %s", row.target, r.StatusCode, r.Header, text, last.query)
		}
	}
	if r, text := s.open("/api/nosuch?format=json"); r.StatusCode != http.StatusNotFound || !strings.HasPrefix(text, "{") {
		t.Errorf("%d %s", r.StatusCode, text)
	}
	if r := s.do(http.MethodGet, "/api/about?format=json", map[string]string{"Accept": "text/html", "User-Agent": "anything"}, ""); mustRead(t, r) != `{"a":1}` {
		t.Errorf("%d %s", r.StatusCode, r.Header)
	}
}

// The API is asked with what the browser sent about itself, and without what concerns the page alone.
func TestWhatTheAPIIsAsked(t *testing.T) {
	s := MustServe(t, map[string]string{"GET /api/about": "{}"})
	header := map[string]string{
		"Accept": htmlFirst, "User-Agent": "Mozilla/5.0", "Authorization": "Basic x", "X-Forwarded-Host": "outside.example",
		"If-None-Match": `"1"`, "Accept-Encoding": "gzip", "Range": "bytes=0-1",
	}
	s.do(http.MethodGet, "/api/about?a=%2B1&said=deleted", header, "")
	last := s.asked[len(s.asked)-1]
	got := map[string]string{"query": last.query}
	for _, name := range []string{"Accept", "Authorization", "X-Forwarded-Host", "If-None-Match", "Accept-Encoding", "Range"} {
		got[name] = last.header.Get(name)
	}
	want := map[string]string{
		"query": "a=%2B1", "Accept": "application/hal+json, application/json;q=0.9, */*;q=0.5", "Authorization": "Basic x",
		"X-Forwarded-Host": "outside.example", "If-None-Match": "", "Accept-Encoding": "", "Range": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Behind a proxy that adds a prefix, everything that a page refers to has it.
func TestPrefix(t *testing.T) {
	s := MustServe(t, world("x"))
	header := map[string]string{"X-Forwarded-Prefix": "/purser", "X-Forwarded-Host": "outside.example", "X-Forwarded-Proto": "https"}
	for name, value := range firefox {
		header[name] = value
	}
	address := regexp.MustCompile(`(?:href|src|action|data-worker|data-url|data-follow)="(/[^"]*)"`)
	for _, path := range pages {
		r := s.do(http.MethodGet, path, header, "")
		for _, found := range address.FindAllStringSubmatch(mustRead(t, r), -1) {
			if !strings.HasPrefix(found[1], "/purser/") {
				t.Errorf("%s refers to %s", path, found[1])
			}
		}
		for _, c := range r.Cookies() {
			if c.Path != "/purser/" || !c.Secure {
				t.Errorf("%s gives the cookie %v", path, c)
			}
		}
	}
}

// A resource that is a stream is named and left.
func TestStreamsAreLeft(t *testing.T) {
	s := MustServe(t, map[string]string{"GET /api/endless": "event: x\ndata: y\n\n"})
	if r, text := s.open("/api/endless"); r.StatusCode != http.StatusOK || !strings.Contains(text, "stream without an end") {
		t.Errorf("%d %s", r.StatusCode, text)
	}
}

// Every page says what it may do, and is small before it has anything to show.
func TestPages(t *testing.T) {
	s := MustServe(t, world("x"))
	for _, path := range pages {
		r, text := s.open(path)
		header := r.Header
		policy := header.Get("Content-Security-Policy")
		if r.StatusCode != http.StatusOK || len(text) > 60<<10 || header.Get("Content-Type") != "text/html; charset=utf-8" ||
			!strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") ||
			header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %d, %d bytes, %s\n%.2000s", path, r.StatusCode, len(text), header, text)
		}
		if strings.Contains(text, "<style") || strings.Contains(text, " style=") || regexp.MustCompile(`(?i)<script[^>]*>[^<]|\son\w+=`).MatchString(text) {
			t.Errorf("%s has something inline that its own policy forbids", path)
		}
		if strings.HasPrefix(path, "/api/") && path != "/api/docs" && !strings.Contains(text, "curl -s &#39;http://purser.example"+strings.SplitN(path, "?", 2)[0]) {
			t.Errorf("%s does not say what made it", path)
		}
	}
}

func TestErrorsArePages(t *testing.T) {
	s := MustServe(t, map[string]string{"GET /api/refused": "409 " + `{"status":409,"exception":"a.b.SkipperException","message":"no <b>"}`})
	for _, row := range []struct {
		path   string
		status int
		says   string
	}{
		{"/nosuch", 404, "Nothing is here."},
		{"/api/nosuch", 404, "Nothing is here."},
		{"/api/refused", 409, "no &lt;b&gt;"},
		{"/api//x", 404, "Nothing is here."},
		{"/api/a%2Fb", 400, "an escape is broken"},
		{"/browse/release/nosuch/upgrade", 404, "There is no release named nosuch."},
		{"/browse/install/9", 404, "There is no such package."},
		{"/browse/package/nosuch/delete", 404, "There is no such package."},
	} {
		t.Run(row.path, func(t *testing.T) {
			if r, text := s.open(row.path); r.StatusCode != row.status || !strings.Contains(text, row.says) || !strings.Contains(text, `class="menu"`) {
				t.Errorf("%d %s", r.StatusCode, text)
			}
		})
	}
}

// Files are kept for ever under names that hold what is in them, packed for those who take that.
func TestFiles(t *testing.T) {
	s := MustServe(t, world(""))
	_, text := s.open("/api/docs")
	addresses := regexp.MustCompile(`(?:href|src|data-worker)="(/browse/static/[^"]*)"`).FindAllStringSubmatch(text, -1)
	if len(addresses) < 7 {
		t.Fatalf("files: %v", addresses)
	}
	for _, found := range addresses {
		plain := s.do(http.MethodGet, found[1], nil, "")
		packed := s.do(http.MethodGet, found[1], map[string]string{"Accept-Encoding": "br, gzip"}, "")
		unpack, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatalf("%s: %v", found[1], err)
		}
		unpacked, err := io.ReadAll(unpack)
		if err != nil || string(unpacked) != mustRead(t, plain) || packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v, %s", found[1], err, packed.Header)
		}
		if got := packed.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %s", found[1], got)
		}
		if again := s.do(http.MethodGet, found[1], map[string]string{"If-None-Match": packed.Header.Get("Etag")}, ""); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d", found[1], again.StatusCode)
		}
	}
	if r := s.do(http.MethodGet, "/browse/static/purser-000000000000.css", nil, ""); r.StatusCode != http.StatusNotFound {
		t.Errorf("a file of another version: %d", r.StatusCode)
	}
}
