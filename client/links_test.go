package client

import (
	"net/http"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestChoose(t *testing.T) {
	const one, get = "/a/{name}/{app}", "/a/{name}/{app}?endpoint={endpoint}"
	for _, c := range []struct {
		rule      string
		templates []string
		vars      vars
		want      string
		ok        bool
	}{
		{"no template", []string{"/a"}, nil, "/a", true},
		{"none at all", nil, nil, "", false},
		{"a query vanishes without values", []string{"/a{?page,size}"}, nil, "/a", true},
		{"a query with values", []string{"/a{?page,size}"}, vars{"size": "5"}, "/a?size=5", true},
		{"size may be left out", []string{"/a"}, vars{"size": "5"}, "/a", true},
		{"a name may not", []string{"/a"}, vars{"name": "x"}, "", false},
		{"a path needs its values", []string{"/a/{name}"}, nil, "", false},
		{"a query written out needs its values", []string{get}, vars{"name": "x", "app": "y"}, "", false},
		{"values are encoded", []string{"/a/{name}"}, vars{"name": "x/y z%é"}, "/a/x%2Fy%20z%25%C3%A9", true},
		{"the one with the most values", []string{one, get}, vars{"name": "x", "app": "y", "endpoint": "/z"}, "/a/x/y?endpoint=%2Fz", true},
		{"the one that needs no more", []string{get, one}, vars{"name": "x", "app": "y"}, "/a/x/y", true},
		{"a broken template is passed over", []string{"/a{", "/b"}, nil, "/b", true},
		{"each byte of UTF-8 is encoded", []string{"/a/{name}{?x}"}, vars{"name": "é世😀", "x": "ü"}, "/a/%C3%A9%E4%B8%96%F0%9F%98%80?x=%C3%BC", true},
		{"an empty path", []string{"/a/{name}"}, vars{"name": ""}, "", false},
		{"an empty query", []string{"/a{?name}"}, vars{"name": ""}, "/a?name=", true},
		{"a path that leads up", []string{"/a/{name}/package"}, vars{"name": ".."}, "", false},
		{"a NUL", []string{"/a{?name}"}, vars{"name": "a\x00b"}, "", false},
		{"a continued query", []string{"/a?x=1{&name}"}, vars{"name": "n"}, "/a?x=1&name=n", true},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got, err := choose(c.templates, c.vars); got != c.want || (err == nil) != c.ok {
				t.Errorf("choose(%v, %v) = %q, %v; want %q, %t", c.templates, c.vars, got, err, c.want, c.ok)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	for _, c := range []struct {
		rule, json string
		header     []string
		want       links
	}{
		{"one and several", `{"a":{"href":"/a"},"b":[{"href":"/b"},{"href":"/c"}]}`, nil, links{"a": {"/a"}, "b": {"/b", "/c"}}},
		{"what is no link", `{"a":1,"b":{"title":"x"},"c":[1]}`, nil, links{}},
		{"no object", `[]`, nil, nil},
		{"a header", `{}`, []string{`</a>;rel="x", </b,c>; title="q, \"w"; rel=y`}, links{"x": {"/a"}, "y": {"/b,c"}}},
		{"several relations and lines", `{}`, []string{`</a>; REL="x y"`, `</b>;rel=x`}, links{"x": {"/a", "/b"}, "y": {"/a"}}},
		{"a broken header", `{}`, []string{`a`, `<b`, `<c>`, `;rel=x`}, links{}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var got links
			if err := got.UnmarshalJSON([]byte(c.json)); err != nil {
				t.Fatal(err)
			}
			got.addHeader(http.Header{"Link": c.header})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What a server links to is reached by the address that the caller gave, whatever the server takes for its own.
func TestMoved(t *testing.T) {
	for _, c := range []struct{ rule, found, own, link, want string }{
		{"the same address", "http://a/api", "http://a/api", "http://a/api/release", "http://a/api/release"},
		{"behind TLS", "https://a/api", "http://a/api", "http://a/api/release", "https://a/api/release"},
		{"behind another host and a prefix", "https://a/x/api", "http://b:7577/api", "http://b:7577/api/release{?n}", "https://a/x/api/release"},
		{"a path alone", "https://a/x/api", "http://b/api", "/api/purser", "https://a/x/api/purser"},
		{"beside the API", "https://a/x/api", "http://b/api", "http://b/apis/x", "http://b/apis/x"},
		{"elsewhere", "http://a/api", "http://a/api", "http://c/api/x", "http://c/api/x"},
		{"the API itself", "https://a/x/api", "http://b/api", "http://b/api?x=1", "https://a/x/api?x=1"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			d := document{api: mustParse(t, c.found), own: mustParse(t, c.own), links: links{"rel": {c.link}}}
			at, err := d.follow(route{rel: "rel"}, nil)
			if err != nil || at.String() != c.want {
				t.Errorf("%s leads to %v, %v; want %s", c.link, at, err, c.want)
			}
		})
	}
}

func TestTrusted(t *testing.T) {
	for _, c := range []struct {
		base, to string
		want     bool
	}{
		{"http://a:1/api", "http://a:1/x", true},
		{"http://a:1/api", "http://A:1/x", true},
		{"http://a:1/api", "http://a:2/x", false},
		{"http://a:1/api", "https://a/x", true},
		{"https://a/api", "http://a/x", false},
		{"http://a/api", "https://b/x", false},
		{"http://a/api", "http://b.a/x", false},
	} {
		if got := trusted(mustParse(t, c.base), mustParse(t, c.to)); got != c.want {
			t.Errorf("trusted(%s, %s) = %t", c.base, c.to, got)
		}
	}
}

// The table is whole: each place leads to the API, over documents that are read without variables, and has one way there.
func TestRoutes(t *testing.T) {
	for p, r := range routes {
		if (r.rel == "") == (r.below == "") {
			t.Errorf("%s needs a link or a path below another place, and not both", p)
		}
		steps := 0
		for at := r.from; at != placeAPI; at = routes[at].from {
			if routes[at].rel == "" {
				t.Errorf("%s is found by %s, which nothing links to", p, at)
			}
			if steps++; steps > len(routes) {
				t.Fatalf("%s is never found", p)
			}
		}
	}
}

func FuzzLinks(f *testing.F) {
	f.Add(`{"a":{"href":"/a{?x}"}}`, `</a>;rel="x y", <b>;rel=z`)
	f.Add(`{"a":[{"href":"{"}]}`, `<`)
	f.Fuzz(func(t *testing.T, text, header string) {
		var got links
		if err := got.UnmarshalJSON([]byte(text)); err != nil || got == nil {
			got = links{}
		}
		got.addHeader(http.Header{"Link": {header}})
		for _, templates := range got {
			if at, err := choose(templates, vars{"a": "b"}); err != nil && at != "" {
				t.Errorf("%v: %q and %v", templates, at, err)
			}
		}
		got.id("a", "self")
	})
}

// An expanded value is read by a server as it was given.
func TestExpandedValuesAreReadAsGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[^\x00]+`).Filter(func(s string) bool { return s != "." && s != ".." && utf8.ValidString(s) }).Draw(t, "value")
		at, err := choose([]string{"http://h/a/{name}/b{?x}"}, vars{"name": value, "x": value})
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if u.Path != "/a/"+value+"/b" || u.Query().Get("x") != value {
			t.Errorf("%q became %s", value, at)
		}
	})
}

func mustParse(tb testing.TB, text string) *url.URL {
	tb.Helper()
	at, err := url.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}
