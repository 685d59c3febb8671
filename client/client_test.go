package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/client"
)

func TestNew(t *testing.T) {
	for _, c := range []struct {
		rule, base string
		options    client.Options
		want       string // URL, "" for an error
	}{
		{"the default", "", client.Options{}, "http://localhost:7577/api"},
		{"slashes at the end do not count", "https://a/x/api//", client.Options{}, "https://a/x/api"},
		{"a query does not count", "http://a/api?x=1#y", client.Options{}, "http://a/api"},
		{"credentials leave the address", "http://u:p@a/api", client.Options{}, "http://a/api"},
		{"no scheme", "localhost:7577/api", client.Options{}, ""},
		{"another scheme", "ftp://a/api", client.Options{}, ""},
		{"no host", "http:///api", client.Options{}, ""},
		{"no URL", "http://a b/%", client.Options{}, ""},
		{"a password alone", "", client.Options{Password: "x"}, ""},
		{"certificates of another's transport", "", client.Options{SkipTLSVerification: true, HTTPClient: &http.Client{Transport: &refusing{}}}, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := client.New(c.base, c.options)
			switch {
			case c.want == "" && err == nil:
				t.Errorf("it is taken: %s", got.URL())
			case c.want != "" && (err != nil || got.URL() != c.want):
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// Credentials are sent with the first request already, and only to the server that they are for.
func TestCredentials(t *testing.T) {
	calls := 0
	for _, c := range []struct {
		rule    string
		options client.Options
		want    string
	}{
		{"none", client.Options{}, ""},
		{"basic", client.Options{Username: "user", Password: "secret"}, "Basic dXNlcjpzZWNyZXQ="},
		{"a header for each request", client.Options{Username: "user", Authorization: func(context.Context) (string, error) {
			calls++
			return "Bearer " + strconv.Itoa(calls), nil
		}}, "Bearer 2"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := MustServer(t, indexes(t))
			c.options.UserAgent = "tests"
			if _, err := MustClient(t, s.URL+"/api", c.options).About(short(t)); err != nil {
				t.Fatal(err)
			}
			r, _ := s.last(t, http.MethodGet)
			if got := r.Header.Get("Authorization"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if r.UserAgent() != "tests" {
				t.Errorf("the user agent is %s", r.UserAgent())
			}
		})
	}

	t.Run("none for another server", func(t *testing.T) {
		other := MustServer(t, map[string]row{"GET /about": file(t, "about.json")})
		s := MustServer(t, map[string]row{
			"GET /api": {body: `{"_links":{"about":{"href":"` + other.URL + `/about"},"x":{"href":"<base>/x"}}}`},
		})
		c := MustClient(t, s.URL+"/api", client.Options{Username: "user", Password: "secret"})
		if _, err := c.About(short(t)); err != nil {
			t.Fatal(err)
		}
		s.set("GET /api", row{status: 302, header: map[string]string{"Location": other.URL + "/about"}})
		_, err := MustClient(t, s.URL+"/api", client.Options{Username: "user", Password: "secret"}).About(short(t))
		if err == nil {
			t.Error("the answer of another server is taken for the API")
		}
		for _, r := range other.seen {
			if got := r.Header.Get("Authorization"); got != "" {
				t.Errorf("%s got %s", r.URL, got)
			}
		}
		if len(other.seen) != 2 {
			t.Errorf("the other server was asked %v", other.asked())
		}
	})

	t.Run("an error ends the call", func(t *testing.T) {
		locked := errors.New("the keyring is locked")
		c := MustClient(t, "http://127.0.0.1:1", client.Options{Authorization: func(context.Context) (string, error) { return "", locked }})
		if _, err := c.About(short(t)); !errors.Is(err, locked) {
			t.Error(err)
		}
	})
}

// Links are read once.
func TestIndexesAreReadOnce(t *testing.T) {
	s := MustServer(t, indexes(t))
	c := MustClient(t, s.URL+"/api", client.Options{})
	for range 3 {
		if _, err := c.About(short(t)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"GET /api", "GET /api/about", "GET /api/about", "GET /api/about"}, s.asked()); diff != "" {
		t.Error(diff)
	}
}

// A link that leads nowhere any more is looked up again; one that leads to the same place is not followed twice.
func TestLinksThatMove(t *testing.T) {
	s := MustServer(t, indexes(t))
	c := MustClient(t, s.URL+"/api", client.Options{})
	if _, err := c.About(short(t)); err != nil {
		t.Fatal(err)
	}
	s.set("GET /api/about", row{status: http.StatusGone})
	if _, err := c.About(short(t)); !isType[*client.HTTPError](err) {
		t.Errorf("what is gone is %v", err)
	}
	s.set("GET /api", row{body: strings.ReplaceAll(file(t, "index.json").body, "<base>/api/about", "<base>/v2/api/about")})
	s.set("GET /v2/api/about", file(t, "about.json"))
	if _, err := c.About(short(t)); err != nil {
		t.Error(err)
	}
}

// A server behind a prefix that it does not know of is reached by the address that the caller gave.
func TestBehindAProxy(t *testing.T) {
	s := MustServer(t, indexes(t), map[string]row{"GET /api/release/list": file(t, "list.json")})
	passed := 0
	proxy := httptest.NewServer(http.StripPrefix("/skipper", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passed++
		s.ServeHTTP(w, r)
	})))
	t.Cleanup(proxy.Close)
	list, err := MustClient(t, proxy.URL+"/skipper/api", client.Options{}).Releases(short(t), "")
	if err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
	if passed != 3 || len(s.asked()) != 3 {
		t.Errorf("%d of %v came through the proxy", passed, s.asked())
	}
}

// What only Purser has is told to be missing, and looked for again each time: the server may become another.
func TestUnsupported(t *testing.T) {
	s := MustServer(t, indexes(t))
	c := MustClient(t, s.URL+"/api", client.Options{})
	_, err := c.Operations(short(t), client.OperationFilter{})
	e, ok := errors.AsType[*client.UnsupportedError](err)
	if !ok || e.Resource != "operations" || err.Error() != "operations: not supported by the server at "+s.URL+"/api" {
		t.Errorf("%T %v", err, err)
	}
	grown := file(t, "index.json")
	grown.header = map[string]string{"Link": `<<base>/api/purser>; rel="service"`}
	s.set("GET /api", grown)
	s.set("GET /api/purser", row{body: `{"_links":{"operations":{"href":"<base>/api/purser/operations{?name,open,page,size}","templated":true}}}`})
	s.set("GET /api/purser/operations?name=a&open=true&size=5", row{body: `{"_embedded":{"operations":[{"id":1,"to":2,"outcome":null,"cancelRequested":true}]},"page":{"size":5}}`})
	page, err := c.Operations(short(t), client.OperationFilter{Name: "a", Open: true, Size: 5})
	want := client.OperationPage{Operations: []client.Operation{{ID: 1, To: 2, CancelRequested: true}}, Page: client.Page{Size: 5}}
	if diff := cmp.Diff(want, page); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Where a HEAD does not pass, or a proxy takes its links away, the collection itself tells where its searches are.
func TestWithoutHead(t *testing.T) {
	const history = "GET /api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=a"
	for rule, head := range map[string]row{"no HEAD": {status: http.StatusMethodNotAllowed}, "no links": {status: http.StatusNoContent}} {
		t.Run(rule, func(t *testing.T) {
			s := MustServer(t, indexes(t), map[string]row{
				"HEAD /api/releases": head,
				"GET /api/releases":  {body: `{"_links":{"search":{"href":"<base>/api/releases/search"}}}`},
				history:              {body: `{"_embedded":{"releases":[]}}`},
			})
			if _, err := MustClient(t, s.URL+"/api", client.Options{}).History(short(t), "a"); err != nil {
				t.Error(err)
			}
		})
	}
}

// Many goroutines share one client, while its links are forgotten and found again.
func TestTogether(t *testing.T) {
	s := MustServer(t, indexes(t), map[string]row{
		"GET /api/release/list":           {body: `{}`},
		"DELETE /api/package/a":           {},
		"GET /api/release/states?names=a": {status: http.StatusNotFound},
	})
	c := MustClient(t, s.URL+"/api", client.Options{})
	ctx := short(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if _, err := c.Releases(ctx, ""); err != nil {
					t.Error(err)
				}
				if _, err := c.States(ctx, "a"); !isType[*client.HTTPError](err) {
					t.Error(err)
				}
				if err := c.DeletePackage(ctx, "a"); err != nil {
					t.Error(err)
				}
				if _, err := c.Operations(ctx, client.OperationFilter{}); !isType[*client.UnsupportedError](err) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
