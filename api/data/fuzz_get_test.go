package data_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"purser"
)

// FuzzGet asks for collections, items and searches with any query and any headers: there is an answer, it is no fault
// of the server, and a body of JSON is JSON.
func FuzzGet(f *testing.F) {
	for _, seed := range [][4]string{
		{"releases", "page=1&size=2&sort=name,desc", "application/json", `"0"`},
		{"packageMetadata/1", "projection=summary", "*/*", `W/"1", *`},
		{"packageMetadata/search/findByName", "name=%zz&name=;", "text/html", ""},
		{"repositories/0x", "a=b&a&=c", ";;q=2", `"`},
		{"profile/deployers", "\x00", "application/schema+json;a=b", ","},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	s := MustServer(f)
	s.MustPackage(f, purser.PackageMetadata{Name: "there", Version: "1.0.0"})
	s.MustRelease(f, purser.ReleaseKey{Name: "hello"}, 1, purser.StageDeployed)
	f.Fuzz(func(t *testing.T, path, query, accept, tag string) {
		target := (&url.URL{Path: "/api/" + path, RawQuery: query}).String()
		if _, err := url.ParseRequestURI(target); err != nil || strings.ContainsAny(target, " \r\n") {
			return // no request line can hold this
		}
		answer := s.do(t, http.MethodGet, target, nil, "Accept", accept, "If-None-Match", tag)
		body := text(t, answer)
		if answer.StatusCode >= http.StatusInternalServerError {
			t.Errorf("GET %s: %s %s", target, answer.Status, body)
		}
		if strings.Contains(answer.Header.Get("Content-Type"), "json") && !json.Valid([]byte(body)) {
			t.Errorf("GET %s: no JSON: %s", target, body)
		}
	})
}
