package akkeris_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var syntaxError = regexp.MustCompile(`^SyntaxError: Unexpected (?:end of JSON input|(?s:token .|string|number) in JSON at position \d+)$`)

// Whatever a body holds, the answer is one of those that the contract has.
func FuzzBody(f *testing.F) {
	for _, text := range []string{
		`{"slug":"latest"}`, `{"slug":"` + idOf(1) + `"}`, `{"release":"` + idOf(1) + `","description":7}`, `{`, `[`, `"\ud800"`, `{"slug":1e999}`, "\xff", `{"a":"\u12G4"}`,
		`{"slug":"` + idOf(1) + `","release":"x"}`, `01`, `-`, `-x`, `1.`, `tru`, `nulL`, `{"a" 1}`, "\xef\xbb\xbf{}", `{"description":{},"slug":"x"}`, strings.Repeat("[", 20000), "🚀", `{"a":1,}`,
	} {
		f.Add([]byte(text))
	}
	s := MustFilledSite(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, do := range []string{"POST /apps/shop-dev/releases", "POST /apps/shop-dev/releases/" + idOf(3) + "/statuses", "PATCH /apps/shop-dev/releases/" + idOf(3) + "/statuses/" + idOf(101), "POST /events"} {
			w := s.ask(do, string(body))
			valid := json.Valid([]byte(strings.ToValidUTF8(string(body), "\uFFFD")))
			switch {
			case w.Code == http.StatusBadRequest && !valid:
				if !syntaxError.MatchString(w.Body.String()) {
					t.Errorf("%q: %q", body, w.Body)
				}
			case w.Code == http.StatusBadRequest && do != "POST /events", w.Code >= 500, !valid, !utf8.Valid(w.Body.Bytes()):
				t.Errorf("%s %q: %d %q", do, body, w.Code, w.Body)
			}
		}
	})
}

// Whatever stands in a path, the answer is a refusal with all that answers have, unless it names something.
func FuzzPath(f *testing.F) {
	for _, text := range []string{"shop-dev", "SHOP-DEV", idOf(900), idOf(3), "zzz", "..", "%", "é", "a/b", "\x00", ";x", "shop-dev;a=b", "", " ", "openapi.yaml", strings.Repeat("a", 5000)} {
		f.Add(text)
	}
	s := MustFilledSite(f)
	f.Fuzz(func(t *testing.T, text string) {
		part := url.PathEscape(text)
		for _, path := range []string{"/apps/" + part, "/apps/" + part + "/releases", "/apps/shop-dev/releases/" + part, "/apps/shop-dev/builds/" + part, "/apps/shop-dev/releases/" + idOf(3) + "/statuses/" + part, "/events/" + part, "/apps/shop-dev/" + part} {
			w := s.ask("GET "+path, "")
			switch w.Code {
			case http.StatusOK, http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity:
			default:
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
			if limit(w.Header()) == "" || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s: %v", path, w.Header())
			}
		}
	})
}

// What wants JSON and gets none is told where, as Node.js tells it.
func TestSyntaxErrors(t *testing.T) {
	s := MustFilledSite(t)
	for body, want := range map[string]string{
		``: "end of JSON input", ` `: "end of JSON input", `{`: "end of JSON input", `"a`: "end of JSON input", `-`: "end of JSON input", `1.`: "end of JSON input", `tru`: "end of JSON input", `[1,`: "end of JSON input", `{"a":"\`: "end of JSON input",
		`x`: "token x in JSON at position 0", `{]`: "token ] in JSON at position 1", `{"a"}`: "token } in JSON at position 4", `[1,]`: "token ] in JSON at position 3", `trux`: "token x in JSON at position 3",
		`{"a":"\x"}`: "token x in JSON at position 7", `"\u12G4"`: "token G in JSON at position 5", `01`: "number in JSON at position 1", `[1 -2]`: "number in JSON at position 3", `{"a" "b"}`: "string in JSON at position 5", `"a" "b"`: "string in JSON at position 4",
		`1.x`: "token x in JSON at position 2", `-x`: "token x in JSON at position 1", "\"é\"x": "token x in JSON at position 3", "\"🚀\"x": "token x in JSON at position 4", "🚀": "token \uFFFD in JSON at position 0", "\xff": "token \uFFFD in JSON at position 0",
		"\ufeff{}": "token \ufeff in JSON at position 0", "[\"a\nb\"]": "token \n in JSON at position 3", `{}}`: "token } in JSON at position 2", "{\x00}": "token \x00 in JSON at position 1",
	} {
		if got := s.ask("POST /events", body); got.Code != 400 || got.Body.String() != "SyntaxError: Unexpected "+want {
			t.Errorf("%q: %d %q, want %q", body, got.Code, got.Body, want)
		}
	}
}
