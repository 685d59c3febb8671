package data_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"purser"
)

const (
	get   = http.MethodGet
	head  = http.MethodHead
	post  = http.MethodPost
	put   = http.MethodPut
	patch = http.MethodPatch
	del   = http.MethodDelete
	opt   = http.MethodOptions
)

const (
	readOnly = "GET, HEAD, OPTIONS"
	complete = `{"apiVersion":"v1","kind":"k","name":"p","version":"1.0.0","repositoryId":1,"repositoryName":"local"}`
)

// TestOddRequests sends what no good client sends, and what good ones send seldom. Each row has a server of its own
// with one package (id 1), one repository (id 1), and one release (id 1).
func TestOddRequests(t *testing.T) {
	for _, c := range []struct {
		rule    string
		method  string
		target  string
		body    string
		headers []string
		status  int
		answer  string   // the type, "" for no body
		holds   []string // in the body
		header  []string // pairs that must be there
	}{
		// ids
		{"an id that is no number", get, "/api/releases/abc", "", nil, 400, "application/json", []string{`"cause":{"cause":null,"message":"For input string: \"abc\""}`}, nil},
		{"HEAD of an id that is no number", head, "/api/releases/abc", "", nil, 400, "application/json", nil, nil},
		{"an id with a letter behind it", get, "/api/packageMetadata/1x", "", nil, 400, "application/json", []string{`"message":"The id \"1x\" is no number"`}, nil},
		{"an id of more than 64 bits", get, "/api/packageMetadata/99999999999999999999", "", nil, 400, "application/json", []string{`"cause":`}, nil},
		{"the id 0", get, "/api/packageMetadata/0", "", nil, 404, "", nil, nil},
		{"a negative id", get, "/api/repositories/-1", "", nil, 404, "", nil, nil},
		{"an id with zeros before it", get, "/api/repositories/01", "", nil, 200, "application/json", []string{`api/repositories/1"`}, nil},
		{"an id with a sign", get, "/api/repositories/+1", "", nil, 200, "application/json", nil, nil},
		{"an id with a blank", get, "/api/repositories/%201", "", nil, 200, "application/json", nil, nil},
		{"an id in hexadecimal", get, "/api/repositories/0x1", "", nil, 200, "application/json", nil, nil},
		{"a deployer has no number", get, "/api/deployers/1", "", nil, 404, "", nil, nil},
		// sub-paths
		{"a property", get, "/api/releases/1/info", "", nil, 404, "", nil, nil},
		{"a property of nothing", get, "/api/releases/999/info", "", nil, 404, "", nil, nil},
		{"a property of an id that is no number", get, "/api/releases/abc/info", "", nil, 404, "", nil, nil},
		{"a part of a property", get, "/api/packageMetadata/1/packageFile/2", "", nil, 404, "", nil, nil},
		{"a part of a part", get, "/api/packageMetadata/1/packageFile/2/3", "", nil, 404, "application/json", []string{"No message available"}, nil},
		{"POST to a property", post, "/api/packageMetadata/1/name", `{}`, nil, 404, "", nil, nil},
		{"OPTIONS of a property", opt, "/api/packageMetadata/1/name", "", nil, 404, "application/json", nil, nil},
		{"POST to a part of a property", post, "/api/packageMetadata/1/name/2", `{}`, nil, 404, "application/json", nil, nil},
		// methods
		{"POST to a read-only collection", post, "/api/repositories", `{}`, nil, 405, "", nil, []string{"Allow", readOnly}},
		{"POST of broken JSON to a read-only collection", post, "/api/releases", `{`, nil, 405, "", nil, []string{"Allow", readOnly}},
		{"DELETE of a collection", del, "/api/repositories", "", nil, 404, "application/json", []string{"No message available", `"path":"/api/repositories"`}, nil},
		{"PUT to a collection", put, "/api/packageMetadata", `{}`, nil, 404, "application/json", nil, nil},
		{"POST to an item", post, "/api/packageMetadata/1", complete, nil, 404, "application/json", nil, nil},
		{"an invented method", "FOO", "/api/releases", "", nil, 404, "application/json", nil, nil},
		{"an invented method on an item", "FOO", "/api/releases/1", "", nil, 404, "application/json", nil, nil},
		{"PUT to a repository", put, "/api/repositories/1", `{"name":"x"}`, nil, 405, "", nil, []string{"Allow", readOnly}},
		{"PATCH of a repository", patch, "/api/repositories/1", `{"name":"x"}`, nil, 405, "", nil, []string{"Allow", readOnly}},
		{"PATCH of a missing repository", patch, "/api/repositories/9", `{"name":"x"}`, nil, 404, "", nil, nil},
		{"PUT to a missing release", put, "/api/releases/9", `{}`, nil, 405, "", nil, []string{"Allow", readOnly}},
		{"PATCH of an id that is no number", patch, "/api/releases/abc", `{}`, nil, 400, "application/json", nil, nil},
		{"DELETE of a release", del, "/api/releases/1", "", nil, 405, "", nil, []string{"Allow", readOnly}},
		{"PUT to a package", put, "/api/packageMetadata/1", complete, nil, 409, "application/json", []string{"SkipperException", "does not change"}, nil},
		{"PATCH of a package", patch, "/api/packageMetadata/1", `{}`, nil, 409, "application/json", []string{"SkipperException"}, nil},
		{"PATCH of a missing package", patch, "/api/packageMetadata/9", `{}`, nil, 404, "", nil, nil},
		{"DELETE of a package that another tag is asked for", del, "/api/packageMetadata/1", "", []string{"If-Match", `"7"`}, 412, "", nil, []string{"ETag", `"7"`}},
		{"DELETE of a package with its tag", del, "/api/packageMetadata/1", "", []string{"If-Match", `"0"`}, 204, "", nil, nil},
		{"DELETE of a package with any tag", del, "/api/packageMetadata/1", "", []string{"If-Match", `*`}, 204, "", nil, nil},
		{"DELETE of an id that is no number", del, "/api/packageMetadata/abc", "", nil, 400, "application/json", nil, nil},
		{"DELETE of the id 0", del, "/api/packageMetadata/0", "", nil, 404, "", nil, nil},
		{"OPTIONS of a missing item", opt, "/api/packageMetadata/9", "", nil, 200, "", nil, []string{"Allow", "DELETE,GET,HEAD,OPTIONS,PATCH,PUT"}},
		// searches
		{"an unknown search", get, "/api/releases/search/findByVersion?name=x", "", nil, 404, "", nil, nil},
		{"HEAD of an unknown search", head, "/api/releases/search/findByVersion", "", nil, 404, "", nil, nil},
		{"OPTIONS of an unknown search", opt, "/api/releases/search/findByVersion", "", nil, 404, "", nil, nil},
		{"a search in another case", get, "/api/packageMetadata/search/findbyname?name=p", "", nil, 404, "", nil, nil},
		{"a search of another resource", get, "/api/repositories/search/findByNameContainingIgnoreCase?name=l", "", nil, 404, "", nil, nil},
		{"DELETE of a search", del, "/api/packageMetadata/search/findByName?name=p", "", nil, 404, "", nil, nil},
		{"DELETE of the search index", del, "/api/packageMetadata/search", "", nil, 400, "application/json", nil, nil},
		{"below a search", get, "/api/packageMetadata/search/findByName/x", "", nil, 404, "", nil, nil},
		{"an exact search for an empty name", get, "/api/packageMetadata/search/findByName?name=", "", nil, 200, "application/json", []string{`"packageMetadata" : [ ]`}, nil},
		{"a search for two names", get, "/api/packageMetadata/search/findByName?name=p&name=q", "", nil, 200, "application/json", []string{`"packageMetadata" : [ ]`}, nil},
		{"a deployer by name", get, "/api/deployers/search/findByName?name=default", "", nil, 200, "application/json", []string{`"name" : "default"`}, nil},
		{"a deployer by another name", get, "/api/deployers/search/findByName?name=other", "", nil, 404, "", nil, nil},
		{"a deployer by no name", get, "/api/deployers/search/findByName", "", nil, 404, "", nil, nil},
		// what is accepted
		{"XML of a collection", get, "/api/releases", "", []string{"Accept", "application/xml"}, 406, "", nil, nil},
		{"a page of an item", get, "/api/releases/1", "", []string{"Accept", "text/html"}, 406, "text/html", nil, nil},
		{"a vendor's JSON of a collection", get, "/api/releases", "", []string{"Accept", "application/vnd.x+json"}, 406, "application/vnd.x+json", []string{"Could not find acceptable representation"}, nil},
		{"HAL-FORMS of a collection", get, "/api/releases", "", []string{"Accept", "application/prs.hal-forms+json"}, 200, "application/prs.hal-forms+json", nil, nil},
		{"a vendor's JSON or ours", get, "/api/releases", "", []string{"Accept", "application/vnd.x+json, application/json;q=0.5"}, 200, "application/json", nil, nil},
		{"an Accept that is none", get, "/api/releases", "", []string{"Accept", "nonsense"}, 406, "", nil, nil},
		{"any JSON of a collection", get, "/api/releases", "", []string{"Accept", "application/*+json"}, 200, "application/hal+json", nil, nil},
		{"XML of what is missing", get, "/api/releases/9", "", []string{"Accept", "application/xml"}, 404, "", nil, nil},
		{"XML of an id that is no number", get, "/api/releases/abc", "", []string{"Accept", "application/xml"}, 400, "", nil, nil},
		{"XML where nothing is to be said", head, "/api/releases", "", []string{"Accept", "application/xml"}, 204, "", nil, nil},
		{"XML of a search", get, "/api/packageMetadata/search/findByName?name=p", "", []string{"Accept", "application/xml"}, 406, "", nil, nil},
		{"XML of a profile", get, "/api/profile/releases", "", []string{"Accept", "application/xml"}, 406, "", nil, nil},
		// conditions
		{"an unquoted tag", get, "/api/packageMetadata/1", "", []string{"If-None-Match", "0"}, 200, "application/json", nil, []string{"ETag", `"0"`}},
		{"GET does not ask for If-Match", get, "/api/packageMetadata/1", "", []string{"If-Match", `"7"`}, 200, "application/json", nil, nil},
		{"a tag of a deployer", get, "/api/deployers/search/findByName?name=default", "", []string{"If-None-Match", `"0"`}, 200, "application/json", nil, nil},
		{"a tag of a collection", get, "/api/packageMetadata", "", []string{"If-None-Match", `"0"`}, 200, "application/json", nil, nil},
		{"a date of a collection", get, "/api/packageMetadata", "", []string{"If-Modified-Since", "Thu, 01 Jan 2015 00:00:00 GMT"}, 200, "application/json", nil, nil},
		{"a tag of HEAD", head, "/api/packageMetadata/1", "", []string{"If-None-Match", `"0"`}, 204, "", nil, []string{"ETag", `"0"`}},
		{"not modified, whatever is accepted", get, "/api/packageMetadata/1", "", []string{"If-None-Match", `"0"`, "Accept", "application/xml"}, 304, "", nil, nil},
		// bodies
		{"a list for metadata", post, "/api/packageMetadata", `[]`, nil, 400, "application/json", []string{`"message":"JSON parse error: `}, nil},
		{"null for metadata", post, "/api/packageMetadata", `null`, nil, 400, "application/json", []string{"JSON parse error: "}, nil},
		{"an object for a text", post, "/api/packageMetadata", `{"name":{}}`, nil, 400, "application/json", []string{"JSON parse error: ", "'name'"}, nil},
		{"a word for a number", post, "/api/packageMetadata", `{"repositoryId":"one"}`, nil, 400, "application/json", []string{"'repositoryId'"}, nil},
		{"half an object", post, "/api/packageMetadata", `{"name":"p"`, nil, 400, "application/json", []string{"JSON parse error: "}, nil},
		{"text for metadata", post, "/api/packageMetadata", `{}`, []string{"Content-Type", "text/plain"}, 400, "application/json", []string{`{"cause":null,"message":"Content type 'text/plain`}, nil},
		{"a type that is none", post, "/api/packageMetadata", `{}`, []string{"Content-Type", "nonsense"}, 400, "application/json", []string{`"cause":null`}, nil},
		{"no type", post, "/api/packageMetadata", complete, []string{"Content-Type", ""}, 201, "application/json", nil, nil},
		{"HAL for metadata", post, "/api/packageMetadata", complete, []string{"Content-Type", "application/hal+json;charset=utf-8"}, 201, "application/json", nil, nil},
		{"metadata that lack fields", post, "/api/packageMetadata", `{"name":"p"}`, nil, 409, "application/json", []string{"SkipperException"}, nil},
		{"identical metadata", post, "/api/packageMetadata", strings.Replace(complete, `"p"`, `"there"`, 1), nil, 409, "application/json", []string{"SkipperException"}, nil},
		{"numbers for texts", post, "/api/packageMetadata", `{"apiVersion":1,"kind":true,"name":5,"version":1.5,"repositoryId":"1","repositoryName":"local","id":77,"x":[]}`, nil, 201, "application/json", []string{`"name" : "5"`, `"version" : "1.5"`, `"repositoryId" : 1`}, nil},
		{"metadata that nobody accepts", post, "/api/packageMetadata", complete, []string{"Accept", "application/xml"}, 406, "", nil, nil},
		{"metadata for nobody", post, "/api/packageMetadata", complete, []string{"Accept", ""}, 201, "", nil, []string{"Location", "http://example.com/api/packageMetadata/2"}},
		{"a summary of new metadata", post, "/api/packageMetadata?projection=summary", complete, nil, 201, "application/json", []string{`"id" : "2"`}, nil},
		{"metadata longer than anybody's", post, "/api/packageMetadata", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "application/json", []string{"SkipperException"}, nil},
		// profiles
		{"an unknown profile", get, "/api/profile/nosuch", "", nil, 404, "application/json", []string{`{"cause":null,"message":"Could not resolve repository metadata for nosuch."}`}, nil},
		{"POST to a profile", post, "/api/profile/releases", `{}`, nil, 404, "application/json", nil, nil},
		{"OPTIONS of a profile", opt, "/api/profile/releases", "", nil, 200, "", nil, []string{"Allow", "GET"}},
		{"below a profile", get, "/api/profile/releases/1", "", nil, 404, "application/json", nil, nil},
		// queries
		{"a broken escape in a query", get, "/api/packageMetadata?size=%zz", "", nil, 200, "application/json", []string{`"size" : 20`, `packageMetadata?size=%zz"`}, nil},
		{"a query without anything", get, "/api/packageMetadata?", "", nil, 200, "application/json", []string{`api/packageMetadata"`}, nil},
		{"a page as far as it goes", get, "/api/packageMetadata?page=2147483647&size=1000", "", nil, 200, "application/json", []string{`"number" : 2147483647`, `page=2147483646&size=1000`}, nil},
		{"a projection in capitals", get, "/api/packageMetadata/1?projection=SUMMARY", "", nil, 200, "application/json", []string{`"apiVersion" : `}, nil},
		{"a slash at the end of a page", get, "/api/packageMetadata/?page=1", "", nil, 200, "application/json", []string{`api/packageMetadata/?page=0&size=20"`, `api/packageMetadata/search"`}, nil},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := MustServer(t)
			s.MustPackage(t, purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "there", Version: "1.0.0", RepositoryID: 1, RepositoryName: "local"})
			s.MustRelease(t, purser.ReleaseKey{Name: "hello"}, 1, purser.StageDeployed)
			headers := slices.Clone(c.headers)
			if !slices.Contains(headers, "Accept") {
				headers = append(headers, "Accept", "application/json")
			}
			if c.body != "" && !slices.Contains(headers, "Content-Type") {
				headers = append(headers, "Content-Type", "application/json")
			}
			answer := s.do(t, c.method, c.target, []byte(c.body), headers...)
			body := text(t, answer)
			contentType, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
			if answer.StatusCode != c.status || contentType != c.answer {
				t.Errorf("got %d %q, want %d %q: %s", answer.StatusCode, contentType, c.status, c.answer, body)
			}
			if c.answer == "" && body != "" {
				t.Errorf("there is a body: %s", body)
			}
			for _, part := range c.holds {
				if !strings.Contains(body, part) {
					t.Errorf("the body does not hold %s: %s", part, body)
				}
			}
			for i := 0; i < len(c.header); i += 2 {
				if got := strings.Join(rawHeader(answer.Header, c.header[i]), "|"); got != c.header[i+1] {
					t.Errorf("%s is %q, want %q", c.header[i], got, c.header[i+1])
				}
			}
			if vary := answer.Header["Vary"]; !slices.Equal(vary, []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}) {
				t.Errorf("Vary is %q", vary)
			}
		})
	}
}
