package openapitest_test

import (
	"net/http"
	"strings"
	"testing"

	"purser/api/openapi/openapitest"
)

const refusal = `{"timestamp":"2026-11-22T11:29:06.491+00:00","status":404,"error":"Not Found","message":"No message available","path":"/x"}`

// A check that finds nothing would prove nothing.
func TestCheckFindsWhatDoesNotFit(t *testing.T) {
	d := openapitest.MustLoad(t)
	for name, row := range map[string]struct {
		do     string
		status int
		label  string
		body   string
		want   string // "": it fits
	}{
		"as it should be":                {"POST /api/release/cancel", 200, "application/json", `{"accepted":true}`, ""},
		"a slash at the end":             {"POST /api/release/cancel/", 200, "application/json", `{"accepted":true}`, ""},
		"a member of the wrong type":     {"POST /api/release/cancel", 200, "application/json", `{"accepted":"yes"}`, "at /accepted"},
		"a member too many":              {"POST /api/release/cancel", 200, "application/json", `{"accepted":true,"why":"x"}`, "why"},
		"a member too few":               {"POST /api/release/cancel", 200, "application/json", `{}`, "accepted"},
		"a member deep inside":           {"GET /api/release/list", 200, "application/json", `{"_embedded":{"releases":[{}]}}`, "/_embedded/releases/0"},
		"a link too many":                {"GET /api/package", 200, "application/json", `{"_links":{"upload":{"href":"x"},"install":{"href":"x"},"install/id":{"href":"x"},"y":{"href":"x"}}}`, "y"},
		"another status":                 {"POST /api/release/cancel", 202, "application/json", `{"accepted":true}`, "status"},
		"another type":                   {"POST /api/release/cancel", 200, "text/plain", `{"accepted":true}`, "type"},
		"no body":                        {"POST /api/release/cancel", 200, "", ``, "body is missing"},
		"a body where none is":           {"DELETE /api/package/x", 200, "application/json", `{}`, "not expected"},
		"an empty body where one may be": {"GET /api/release/states", 200, "", ``, ""},
		"an unknown path is refused":     {"GET /nosuch", 404, "application/json", refusal, ""},
		"an unknown path is answered":    {"GET /nosuch", 200, "application/json", `{}`, "not in the document"},
		"an unknown method is refused":   {"PUT /api/about", 405, "application/json", refusal, ""},
		"a refusal of another shape":     {"GET /nosuch", 404, "application/json", `{"message":"x"}`, "timestamp"},
		"a fault":                        {"GET /api", 500, "application/json", strings.Replace(refusal, "404", "500", 1), ""},
		"the other shape of refusals":    {"GET /api/releases/abc", 400, "application/json", `{"cause":null,"message":"x"}`, ""},
		"the wrong one of both":          {"GET /api/releases/abc", 400, "application/json", refusal, "cause"},
		"a fixed path before a name":     {"DELETE /api/release/list", 404, "application/json", refusal, ""},
	} {
		t.Run(name, func(t *testing.T) {
			method, path, _ := strings.Cut(row.do, " ")
			err := d.Check(openapitest.Answer{Method: method, Path: path, Status: row.status, Type: row.label, Body: []byte(row.body)})
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("%v, want %q", err, row.want)
			}
		})
	}
	t.Run("a header that must be there", func(t *testing.T) {
		err := d.Check(openapitest.Answer{Method: http.MethodPost, Path: "/api/packageMetadata", Status: 201, Body: []byte{}, Header: http.Header{}})
		if err == nil || !strings.Contains(err.Error(), "Location") {
			t.Error(err)
		}
	})
}

func TestCheckRequestFindsWhatDoesNotFit(t *testing.T) {
	d := openapitest.MustLoad(t)
	for name, row := range map[string]struct{ do, body, want string }{
		"as it should be":     {"POST /api/release/rollback", `{"releaseName":"x","version":0}`, ""},
		"a member too few":    {"POST /api/release/rollback", `{"releaseName":"x"}`, "version"},
		"what takes no body":  {"GET /api/about", `{}`, "takes no body"},
		"what does not exist": {"POST /nosuch", `{}`, "takes no body"},
		"bytes as base64":     {"POST /api/package/upload", `{"repoName":"local","name":"x","version":"1.0.0","extension":"zip","packageFileAsBytes":"AA=="}`, ""},
		"bytes as a list":     {"POST /api/package/upload", `{"repoName":"local","name":"x","version":"1.0.0","extension":"zip","packageFileAsBytes":[80,-1]}`, ""},
		"another extension":   {"POST /api/package/upload", `{"repoName":"local","name":"x","version":"1.0.0","extension":"tar","packageFileAsBytes":""}`, "extension"},
	} {
		t.Run(name, func(t *testing.T) {
			method, path, _ := strings.Cut(row.do, " ")
			err := d.CheckRequest(method, path, []byte(row.body))
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("%v, want %q", err, row.want)
			}
		})
	}
}
