package catalog_test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every status that the document promises of a call is one that the call gives.
func TestEveryStatusOfTheDocument(t *testing.T) {
	s := MustSite(t)
	f := s.file("/f", hello)
	s.brings(body("1.0.0", f))
	s.brings(body("2.0.0").with("dependencies", []document{{"catalogId": "1.demo@1.0.0", "name": "x", "version": "1.0.0"}}))
	s.want(201, "POST /import", body("3.0.0", f.with("sha256", "x")))
	s.want(400, "DELETE /version/1.0.0", nil)
	s.want(400, "POST /version/3.0.0/release", nil)
	at := s.want(200, "GET /version/1.0.0", nil).at("artifacts.0.downloadUrl").(string)
	for _, path := range []string{"", "/version/1.0.0", "/version/1.0.0/export", strings.TrimPrefix(at, s.server.Base()+releases+"demo")} {
		s.ask("GET "+releases+"demo"+path, nil).refuses(t, 401)
		s.ask("GET "+releases+"demo"+path, nil, "X-Project-Token", "pt-other").refuses(t, 403)
		s.ask("GET "+releases+"nosuch"+path, nil, "X-Project-Token", "pt-demo").refuses(t, 404, "Project not found: nosuch")
	}
	for _, do := range []string{"POST /import", "DELETE /version/9.9.9", "POST /version/9.9.9/release"} {
		method, path, _ := strings.Cut(do, " ")
		s.ask(method+" "+releases+"demo"+path, body("9.9.9")).refuses(t, 401)
		s.ask(method+" "+releases+"demo"+path, body("9.9.9"), "Authorization", "Bearer u-none").refuses(t, 403)
		s.ask(method+" "+releases+"nosuch"+path, body("9.9.9"), "Authorization", "Bearer u-none").refuses(t, 404)
	}
	s.demo("POST /import", body("")).refuses(t, 400)
	s.want(200, "POST /version/1.0.0/release", nil)
	for _, do := range []string{"POST /import", "DELETE /version/2.0.0", "POST /version/1.0.0/release"} {
		s.demo(do, body("1.0.0"))
	}
	s.want(200, "GET ", nil)
	s.want(200, "GET /version/1.0.0/export", nil)
	s.brings(body("4.0.0"))
	s.want(200, "POST /version/4.0.0/release", nil)
	s.demo("DELETE /version/4.0.0", nil).refuses(t, 409)
	s.ask("POST "+releases+"demo/import", "x", "X-Project-Token", "pt-demo", "Content-Type", "text/plain").refuses(t, 415)
	s.demo("POST /import", strings.Repeat(" ", 11<<20)).refuses(t, 413)
	tag := s.download(at).header.Get("ETag")
	for _, headers := range [][]string{{"Range", "bytes=0-0"}, {"Range", "bytes=99-"}, {"If-None-Match", tag}, {"If-Match", `"x"`}} {
		s.download(at, headers...)
	}
	for _, ending := range []string{"yaml", "json"} {
		s.ask("GET /api/v1/catalog/openapi."+ending, nil)
		s.ask("GET /api/v1/catalog/openapi."+ending, nil, "Accept", "image/png")
	}
	for _, o := range s.doc.Operations() {
		item := s.doc.Paths.Find(o.Path).GetOperation(o.Method)
		if o.Method == http.MethodHead || item == nil {
			continue
		}
		for status := range item.Responses.Map() {
			if n, err := strconv.Atoi(status); err == nil && !s.seen[o.OperationID][n] {
				t.Errorf("%s never gives %s, but %v", o.OperationID, status, slices.Sorted(maps.Keys(s.seen[o.OperationID])))
			}
		}
	}
}
