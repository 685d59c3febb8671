package conformance_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// Requests are read as leniently as the reference reads them (spec/rest.md §1, §3.1). The rows are one conversation.
func TestLeniency(t *testing.T) {
	t.Parallel()
	s, a := MustServe(t)
	archive := mustArchive(t, "demo-1.0.0")
	mustUpload(t, a, "demo-1.0.1")
	const demo = `"packageIdentifier":{"packageName":"demo","packageVersion":"1.0.0","unknown":[1,{}]}`
	typed := func(lines ...string) []string { return lines }

	for _, row := range []lenient{
		{
			"upload: bytes as a list of numbers, unknown properties", "POST /api/package/upload",
			`{"repoName":"local","name":"demo","version":"1.0.0","extension":"zip","unknown":{"a":[]},"packageFileAsBytes":` + signedBytes(archive) + `}`,
			nil, http.StatusCreated,
			[]string{`"name":"demo","displayName":null,"version":"1.0.0"`},
		},
		{
			"upload: line feeds inside of base64", "POST /api/package/upload",
			`{"repoName":"local","name":"demo","version":"1.0.0","extension":"zip","packageFileAsBytes":"` + foldedBase64(archive) + `"}`,
			nil, http.StatusConflict,
			[]string{"Package [demo:1.0.0] in Repository [local] already exists."},
		},
		{
			"upload: base64 without padding", "POST /api/package/upload", `{"repoName":"local","name":"x","version":"1.0.0","packageFileAsBytes":"UEsFBg"}`,
			nil, http.StatusBadRequest,
			[]string{"HttpMessageNotReadableException"},
		},
		{
			"install: unknown properties, a number for a name", "POST /api/package/install",
			`{` + demo + `,"installProperties":{"releaseName":5,"platformName":"default","configValues":{"raw":null,"more":1},"x":null},"y":{}}`,
			nil, http.StatusCreated,
			[]string{`"name":"5","version":1`},
		},
		{
			"install with a slash at the end, a byte order mark, text after the JSON, keys twice", "POST /api/package/install/",
			"\ufeff" + `{` + demo + `,"installProperties":{},"installProperties":{"releaseName":"odd","platformName":"default"}} and more`,
			nil, http.StatusCreated,
			[]string{`"name":"odd","version":1`},
		},
		{
			"upgrade: texts for number and boolean", "POST /api/release/upgrade",
			`{"packageIdentifier":{"packageName":"demo","packageVersion":"1.0.1"},"upgradeProperties":{"releaseName":"odd"},"timeout":"60000","force":" true ","appNames":null}`,
			nil, http.StatusCreated,
			[]string{`"name":"odd","version":2`},
		},
		{
			"upgrade: null for the boolean, a fraction for the time", "POST /api/release/upgrade",
			`{"packageIdentifier":{"packageName":"demo","packageVersion":"1.0.1"},"upgradeProperties":{"releaseName":5},"timeout":60000.5,"force":null}`,
			nil, http.StatusCreated,
			[]string{`"name":"5","version":2`},
		},
		{
			"upgrade: a text that is no boolean", "POST /api/release/upgrade",
			`{"packageIdentifier":{"packageName":"demo"},"upgradeProperties":{"releaseName":5},"force":"yes"}`,
			nil, http.StatusBadRequest,
			[]string{"HttpMessageNotReadableException", "JSON parse error: "},
		},
		{"scale: a text for the count is read", "POST /api/release/scale/nosuch", `{"scale":[{"name":"demo","count":"2","properties":null,"z":0}]}`, nil, http.StatusNotFound, []string{"ReleaseNotFoundException"}},
		{"rollback: a text for the version", "POST /api/release/rollback", `{"releaseName":"nosuch","version":"1","timeout":""}`, nil, http.StatusNotFound, []string{"ReleaseNotFoundException"}},
		{"rollback by path: versions as Java reads them", "POST /api/release/rollback/nosuch/+01", ``, nil, http.StatusNotFound, []string{"ReleaseNotFoundException"}},
		{"cancel: unknown properties", "POST /api/release/cancel", `{"releaseName":"nosuch","a":{"b":[null]}}`, nil, http.StatusOK, []string{`{"accepted":false}`}},
		{"status: a version with a plus and a nought", "GET /api/release/status/odd/+01", ``, nil, http.StatusOK, []string{`"statusCode":`}},

		{"the list that the Java client accepts", "GET /api/about", ``, typed("Accept: application/json, application/*+json"), http.StatusOK, []string{"Content-Type:[application/json]"}},
		{"weights count", "GET /api/about", ``, typed("Accept: application/json;q=0.5, application/hal+json"), http.StatusOK, []string{"Content-Type:[application/hal+json]"}},
		{"what a browser accepts", "GET /api/releases", ``, typed("Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), http.StatusOK, []string{"Content-Type:[application/hal+json]"}},
		{"types that are not made, and one that is", "GET /api/release/list", ``, typed("Accept: text/plain, image/png;q=0.1, application/json"), http.StatusOK, []string{"Content-Type:[application/json]"}},
		{"what the Java client accepts of the actuator", "GET /api/release/states?names=odd", ``, typed("Accept: text/plain, application/json, application/*+json, */*"), http.StatusOK, []string{"Content-Type:[application/json]", `"odd":{`}},
		{"only types that are not made", "GET /api/about", ``, typed("Accept: text/plain"), http.StatusNotAcceptable, nil},
		{"no Accept at all", "DELETE /api/package/nosuch", ``, typed("User-Agent: Apache-HttpClient/4.5.14"), http.StatusConflict, []string{"Content-Type:[application/json]", "SkipperException"}},

		{"the body's type with a charset", "POST /api/release/cancel", `{"releaseName":"x"}`, typed("Content-Type: application/json;charset=UTF-8"), http.StatusOK, []string{`"accepted":false`}},
		{"the body's type of HAL", "POST /api/release/cancel", `{"releaseName":"x"}`, typed("Content-Type: application/hal+json"), http.StatusOK, []string{`"accepted":false`}},
		{"no type of the body", "POST /api/release/cancel", `{"releaseName":"x"}`, typed("Accept: application/json"), http.StatusUnsupportedMediaType, []string{`Content type 'application/octet-stream' not supported`}},
		{"no type of an upload", "POST /api/package/upload", `{}`, typed("Accept: application/json"), http.StatusUnsupportedMediaType, []string{`Content type 'application/octet-stream' not supported`}},
		{"no type, and no body either, where none is needed", "POST /api/release/rollback/nosuch/1", ``, typed("Accept: application/json"), http.StatusNotFound, []string{"ReleaseNotFoundException"}},

		{"slash: about", "GET /api/about/", ``, nil, http.StatusOK, []string{`"versionInfo":`}},
		{"slash: list of one name", "GET /api/release/list/odd/", ``, nil, http.StatusOK, []string{`"name":"odd"`}},
		{"slash: status", "GET /api/release/status/odd/", ``, nil, http.StatusOK, []string{`"statusCode":`}},
		{"slash: manifest of a version", "GET /api/release/manifest/odd/1/", ``, nil, http.StatusOK, []string{`"data":`}},
		{"slash: states", "GET /api/release/states/?names=odd", ``, nil, http.StatusOK, []string{`"odd":{`}},
		{"slash: a collection, whose self keeps it", "GET /api/releases/?size=1", ``, nil, http.StatusOK, []string{`"self":{"href":"BASE/api/releases/?size=1"}`}},
		{"slash: a search", "GET /api/packageMetadata/search/findByName/?name=demo", ``, nil, http.StatusOK, []string{`"name":"demo"`}},
		{"slash: cancel", "POST /api/release/cancel/", `{"releaseName":"x"}`, nil, http.StatusOK, []string{`"accepted":false`}},
		{"slash: the root", "GET /api/", ``, nil, http.StatusOK, []string{`"about":`}},
	} {
		t.Run(row.rule, func(t *testing.T) { row.check(t, s.Base()) })
	}
	for _, name := range []string{"odd", "5"} {
		mustBecome(t, a, name, 2, "DEPLOYED")
		if err := a.Call(t.Context(), http.MethodDelete, "/api/release/"+name, nil, nil); err != nil {
			t.Error(err)
		}
	}
}

// The Java client escapes the values of a query twice, and its paths once; a value is decoded once, as the reference
// does, so that a name is found under the escapes that such a client sends of it, and the blank itself under one escape.
func TestValuesEscapedTwice(t *testing.T) {
	t.Parallel()
	s, a := MustServe(t)
	for _, name := range []string{"a%20b", "a b"} {
		zip, err := live.Zip(name+"-1.0.0", map[string]string{
			"package.yml": fmt.Sprintf("apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: %q\nversion: 1.0.0\n", name),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Upload(t.Context(), live.Archive{Name: name, Version: "1.0.0", Zip: zip}); err != nil {
			t.Fatal(err)
		}
	}
	const search = "GET /api/packageMetadata/search/"
	for _, row := range []lenient{
		{"twice, exact", search + "findByName?name=a%2520b", ``, nil, 200, []string{`"name":"a%20b"`, `"self":{"href":"BASE/api/packageMetadata/search/findByName?name=a%2520b"}`}},
		{"twice, part of a name", search + "findByNameContainingIgnoreCase?size=2000&name=A%2520B&projection=summary&sort=name,asc", ``, nil, 200, []string{`"name":"a%20b"`}},
		{"once", search + "findByName?name=a%20b", ``, nil, 200, []string{`"name":"a b"`}},
		{"a plus", search + "findByName?name=a+b", ``, nil, 200, []string{`"name":"a b"`}},
		{"history, twice", "GET /api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=a%2520b", ``, nil, 200, []string{`{"_embedded":{"releases":[]}`}},
		{"statuses, twice, commas as they are", "GET /api/release/statuses?names=a%2520b,c%2525", ``, nil, 200, []string{`{}`}},
		{"statuses of nothing", "GET /api/release/statuses?names=", ``, nil, 200, []string{`{}`}},
		{"states of nothing have no body", "GET /api/release/states?names=", ``, nil, 200, []string{`Content-Length:[0]`}},
		{"a path is escaped once", "DELETE /api/package/a%20b", ``, nil, 200, nil},
	} {
		t.Run(row.rule, func(t *testing.T) { row.check(t, s.Base()) })
	}
	t.Run("what was escaped once was one package", func(t *testing.T) {
		lenient{do: "GET /api/packageMetadata", status: 200, wants: []string{`"totalElements":1`, `"name":"a%20b"`}}.check(t, s.Base())
	})
}

// Headers of a proxy count in links when the server is told so.
func TestForwardedHeaders(t *testing.T) {
	t.Parallel()
	proxy := []string{
		"Accept: application/json", "X-Forwarded-Host: skipper.example.org", "X-Forwarded-Proto: https", "X-Forwarded-Port: 8443", "X-Forwarded-Prefix: /front",
	}
	for _, row := range []struct{ strategy, base string }{
		{"", "BASE"},
		{"none", "BASE"},
		{"native", "https://skipper.example.org:8443"},
		{"framework", "https://skipper.example.org:8443/front"},
	} {
		t.Run("strategy "+row.strategy, func(t *testing.T) {
			var args []string
			if row.strategy != "" {
				args = append(args, "--server.forward-headers-strategy="+row.strategy)
			}
			s, _ := MustServe(t, args...)
			for _, one := range []lenient{
				{do: "GET /api", status: 200, wants: []string{`"about":{"href":"` + row.base + `/api/about"}`}},
				{do: "GET /api/package", status: 200, wants: []string{`"upload":{"href":"` + row.base + `/api/package/upload"}`}},
				{do: "GET /api/releases", status: 200, wants: []string{`"self":{"href":"` + row.base + `/api/releases"}`}},
				{do: "GET /", status: 302, wants: []string{"Location:[" + row.base + "/api]"}},
			} {
				one.lines = proxy
				one.check(t, s.Base())
			}
		})
	}
}

// mustArchive zips one of the package folders of the scenarios.
func mustArchive(t *testing.T, folder string) []byte {
	t.Helper()
	archives, err := live.PackWith("testdata/packages", "@PAYLOAD@", theBuilt.payload)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range archives {
		if p.Name+"-"+p.Version == folder {
			return p.Zip
		}
	}
	t.Fatalf("no package folder %s", folder)
	return nil
}

// mustUpload uploads one of the package folders of the scenarios.
func mustUpload(t *testing.T, a *live.API, folder string) {
	t.Helper()
	name, version, _ := strings.Cut(folder, "-")
	if err := a.Upload(t.Context(), live.Archive{Name: name, Version: version, Zip: mustArchive(t, folder)}); err != nil {
		t.Fatal(err)
	}
}

// mustBecome waits until a version of a release has a status code.
func mustBecome(t *testing.T, a *live.API, name string, version int, code string) {
	t.Helper()
	var last live.Info
	err := live.Until(t.Context(), 30*time.Second, 20*time.Millisecond, fmt.Sprintf("%s v%d %s", name, version, code), func() (bool, error) {
		var err error
		last, err = a.Status(t.Context(), name, version)
		return last.Status.StatusCode == code, err
	})
	if err != nil {
		t.Fatalf("%v; it reads %+v", err, last)
	}
}

// signedBytes writes bytes as a JSON list, as Java counts them: -128 to 127.
func signedBytes(data []byte) string {
	numbers := make([]string, len(data))
	for i, b := range data {
		numbers[i] = fmt.Sprint(int8(b)) //nolint:gosec // as Java does it
	}
	return "[" + strings.Join(numbers, ",") + "]"
}

// foldedBase64 writes base64 with an escaped line feed after each 76 characters.
func foldedBase64(data []byte) string {
	text := base64.StdEncoding.EncodeToString(data)
	var out strings.Builder
	for len(text) > 76 {
		out.WriteString(text[:76] + `\n`)
		text = text[76:]
	}
	return out.String() + text
}
