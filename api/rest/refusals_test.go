package rest_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"purser"
	"purser/api"
)

const (
	skipperError  = api.SkipperException
	notFound      = api.ReleaseNotFoundException
	noDifference  = api.ReleaseUpgradeException
	packageInUse  = api.PackageDeleteException
	notReadable   = api.NotReadableException
	noParameter   = api.MissingParameterException
	wrongType     = api.TypeMismatchException
	wrongMethod   = api.MethodNotSupportedException
	wrongMedia    = api.MediaTypeNotSupported
	notAcceptable = api.MediaTypeNotAcceptable
)

// refusal is a question and how it is refused.
type refusal struct {
	do        string
	body      string
	label     string // Content-Type; "": application/json, "-": none
	status    int
	exception string
	message   string // a part of it
}

func TestRefusals(t *testing.T) {
	const (
		upload, install, byID = "POST /api/package/upload", "POST /api/package/install", "POST /api/package/install/1"
		upgrade, rollback     = "POST /api/release/upgrade", "POST /api/release/rollback"
		cancel, scale         = "POST /api/release/cancel", "POST /api/release/scale/hello"
		actuator              = "/api/release/actuator/hello/a/b"
		jsonError, missing    = "JSON parse error: ", "Required request body is missing: "
	)
	rows := []refusal{
		// Bodies that are no JSON.
		{upload, `{bad`, "", 400, notReadable, jsonError + "unexpected character 'b' where a member name in quotes is expected (line 1, column 2)"},
		{upload, `{`, "", 400, notReadable, jsonError + "the text ends where a member name in quotes is expected"},
		{upload, `{"a"`, "", 400, notReadable, "a colon is expected"},
		{upload, `{"a":`, "", 400, notReadable, "a value is expected"},
		{upload, `{"a":1`, "", 400, notReadable, "a comma or the end of the object is expected"},
		{upload, `{"a":1,}`, "", 400, notReadable, "a member name in quotes is expected"},
		{upload, `{"a":[1,]}`, "", 400, notReadable, "a value is expected"},
		{upload, `{"a":[1`, "", 400, notReadable, "a comma or the end of the list is expected"},
		{upload, "{\n\"a\": tru}", "", 400, notReadable, "(line 2, column 6)"},
		{upload, `{"a":nul}`, "", 400, notReadable, jsonError},
		{upload, `{"a":01}`, "", 400, notReadable, jsonError},
		{upload, `{"a":1.}`, "", 400, notReadable, "a digit is expected"},
		{upload, `{"a":-}`, "", 400, notReadable, "a digit is expected"},
		{upload, `{"a":1e}`, "", 400, notReadable, "a digit is expected"},
		{upload, `{"a":"x`, "", 400, notReadable, "a text begins here and has no end"},
		{upload, `{"a":"\x"}`, "", 400, notReadable, "an escape that JSON knows"},
		{upload, `{"a":"\u12g4"}`, "", 400, notReadable, "hexadecimal digits"},
		{upload, "{\"a\":\"x\ny\"}", "", 400, notReadable, "control character 0x0A"},
		{upload, "{\"a\":\"\xff\"}", "", 400, notReadable, "byte 0xFF is no UTF-8"},
		{upload, "{\"a\":\xff}", "", 400, notReadable, "byte 0xFF is no UTF-8"},
		{upload, `{'a':1}`, "", 400, notReadable, jsonError},
		{upload, `{"a":` + strings.Repeat("[", 2000) + `}`, "", 400, notReadable, "nested deeper than 500 levels"},
		{upload, ` `, "", 400, notReadable, jsonError},
		{upload, "\xef\xbb\xbf", "", 400, notReadable, jsonError},
		{upload, "\x00\x00\x00", "", 400, notReadable, jsonError},
		{upload, "{\x00\"\x00", "", 400, notReadable, jsonError},
		{upload, "{\x00\"", "", 400, notReadable, "UTF-16"},
		// Bodies that are missing.
		{upload, ``, "", 400, notReadable, missing},
		{upload, ``, "-", 400, notReadable, missing},
		{upload, `null`, "", 400, notReadable, missing},
		{cancel, ` null `, "", 400, notReadable, missing},
		{byID, ``, "", 400, notReadable, missing},
		{"POST " + actuator, ``, "", 400, notReadable, missing},
		// Bodies of the wrong shape.
		{upload, `[]`, "", 400, notReadable, "an object is expected, not a list"},
		{install, `"x"`, "", 400, notReadable, `an object is expected, not the text "x"`},
		{cancel, `5`, "", 400, notReadable, "an object is expected, not the number 5"},
		{cancel, `true`, "", 400, notReadable, "an object is expected, not true"},
		{upload, `{"repoName":{"a":1}}`, "", 400, notReadable, "'repoName' wants a text, not an object (line 1, column 13)"},
		{cancel, `{"releaseName":["a"]}`, "", 400, notReadable, "'releaseName' wants a text, not a list"},
		{upload, `{"packageFileAsBytes":"@@@@"}`, "", 400, notReadable, "'packageFileAsBytes' is no base64 text"},
		{upload, `{"packageFileAsBytes":"QQ"}`, "", 400, notReadable, "no base64"},
		{upload, `{"packageFileAsBytes":"_-8="}`, "", 400, notReadable, "no base64"},
		{upload, `{"packageFileAsBytes":[256]}`, "", 400, notReadable, "a list of bytes"},
		{upload, `{"packageFileAsBytes":[-129]}`, "", 400, notReadable, "a list of bytes"},
		{upload, `{"packageFileAsBytes":[[1]]}`, "", 400, notReadable, "a list of bytes"},
		{upload, `{"packageFileAsBytes":{"a":1}}`, "", 400, notReadable, "base64 text or a list of bytes"},
		{upload, `{"packageFileAsBytes":true}`, "", 400, notReadable, "base64 text or a list of bytes"},
		{install, `{"installProperties":[]}`, "", 400, notReadable, "'installProperties' wants an object, not a list"},
		{install, `{"installProperties":""}`, "", 400, notReadable, "wants an object"},
		{install, `{"installProperties":{"configValues":"raw"}}`, "", 400, notReadable, "'configValues' wants an object"},
		{install, `{"installProperties":{"configValues":{"raw":{}}}}`, "", 400, notReadable, "'raw' wants a text"},
		{upgrade, `{"force":"yes","upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, `'force' wants true or false, not the text "yes"`},
		{upgrade, `{"force":"tRue","upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'force' wants true or false"},
		{upgrade, `{"force":1.0,"upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'force' wants true or false"},
		{upgrade, `{"force":[],"upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'force' wants true or false"},
		{upgrade, `{"timeout":"soon","upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'timeout' wants a whole number of 64 bits"},
		{upgrade, `{"timeout":1e30,"upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'timeout' wants a whole number of 64 bits"},
		{upgrade, `{"timeout":9223372036854775808,"upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "64 bits"},
		{upgrade, `{"appNames":"one","upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'appNames' wants a list of texts"},
		{upgrade, `{"appNames":[{}],"upgradeProperties":{"releaseName":"r"}}`, "", 400, notReadable, "'appNames' wants a list of texts"},
		{rollback, `{"releaseName":"r","version":"x"}`, "", 400, notReadable, `'version' wants a whole number of 32 bits, not the text "x"`},
		{rollback, `{"releaseName":"r","version":2147483648}`, "", 400, notReadable, "32 bits"},
		{rollback, `{"releaseName":"r","version":true}`, "", 400, notReadable, "32 bits, not true"},
		{scale, `{"scale":[{"name":"a","count":"many"}]}`, "", 400, notReadable, "'count' wants a whole number"},
		{scale, `{"scale":{"name":"a"}}`, "", 400, notReadable, "'scale' wants a list of objects"},
		{scale, `{"scale":["a"]}`, "", 400, notReadable, "'scale' wants a list of objects"},
		{scale, `{"scale":[{"name":"a","count":1,"properties":[]}]}`, "", 400, notReadable, "'properties' wants an object"},
		{scale, `{"scale":[{"name":"a","count":1,"properties":{"x":{}}}]}`, "", 400, notReadable, "'properties.x' wants a text"},
		{"POST " + actuator, `{"endpoint":"/x","body":"text"}`, "", 400, notReadable, "'body' wants an object"},
		// Bodies of other types.
		{upload, `{}`, "text/plain", 415, wrongMedia, "Content type 'text/plain;charset=UTF-8' not supported"},
		{upload, `{}`, "text/plain; charset=ISO-8859-1", 415, wrongMedia, "Content type 'text/plain;charset=ISO-8859-1' not supported"},
		{upload, `{}`, "-", 415, wrongMedia, "Content type 'application/octet-stream' not supported"},
		{upload, `{}`, "nonsense", 415, wrongMedia, `Invalid mime type "nonsense": does not contain '/'`},
		{upload, `{}`, "a b/c", 415, wrongMedia, `Invalid mime type "a b/c": Invalid token character ' ' in token "a b"`},
		{upload, `{}`, "application/", 415, wrongMedia, `Invalid mime type "application/": does not contain subtype after '/'`},
		{upload, `{}`, "/json", 415, wrongMedia, `Invalid mime type "/json": 'type' must not be empty`},
		{upload, `{}`, "*/json", 415, wrongMedia, `Invalid mime type "*/json": wildcard type is legal only in '*/*' (all mime types)`},
		{upload, `{}`, "; a=b", 415, wrongMedia, `Invalid mime type "; a=b": 'mimeType' must not be empty`},
		{upload, `{}`, "application/json, text/plain", 415, wrongMedia, `Invalid token character ',' in token "json, text/plain"`},
		{upload, `{}`, "multipart/form-data; boundary=x", 415, wrongMedia, "Content type 'multipart/form-data;boundary=x;charset=UTF-8' not supported"},
		{upload, `{}`, "Text/X; charset=utf-8 ; a=\"b;c\"; d", 415, wrongMedia, `Content type 'text/x;charset=utf-8;a="b;c"' not supported`},
		{upload, `{}`, "application/json;charset=klingon", 415, wrongMedia, "unsupported charset 'klingon'"},
		{upload, `{}`, "application/*", 415, wrongMedia, "not supported"},
		{upload, `a=b`, "application/x-www-form-urlencoded", 415, wrongMedia, "Content type 'application/x-www-form-urlencoded;charset=UTF-8' not supported"},
		{upload, ``, "text/plain", 415, wrongMedia, "not supported"},
		// Objects and names that are missing.
		{install, `{}`, "", 409, skipperError, "Install properties must not be null"},
		{install, `{"installProperties":null}`, "", 409, skipperError, "Install properties must not be null"},
		{upgrade, `{}`, "", 409, skipperError, "Upgrade properties must not be null"},
		{upgrade, `{"upgradeProperties":{}}`, "", 409, skipperError, "Release name must not be empty"},
		{rollback, `{}`, "", 409, skipperError, "Release name must not be empty"},
		{rollback, `{"releaseName":"r"}`, "", 409, skipperError, "Rollback version must not be null"},
		{rollback, `{"releaseName":"r","version":""}`, "", 409, skipperError, "Rollback version must not be null"},
		{cancel, `{}`, "", 409, skipperError, "Release name must not be empty"},
		// Numbers in paths.
		{"GET /api/release/status/r/x", ``, "", 400, wrongType, `required type 'java.lang.Integer'; nested exception is java.lang.NumberFormatException: For input string: "x"`},
		{"GET /api/release/status/r/1.5", ``, "", 400, wrongType, `For input string: "1.5"`},
		{"GET /api/release/status/r/2147483648", ``, "", 400, wrongType, `For input string: "2147483648"`},
		{"GET /api/release/status/r/0x-1", ``, "", 400, wrongType, `For input string: "0x-1"`},
		{"GET /api/release/manifest/r/%20", ``, "", 400, wrongType, `For input string: ""`},
		{"POST /api/release/rollback/r/x", ``, "", 400, wrongType, "required type 'int'"},
		{"POST /api/package/install/abc", `{}`, "", 400, wrongType, "required type 'java.lang.Long'"},
		{"POST /api/package/install/99999999999999999999", `{}`, "", 400, wrongType, "java.lang.Long"},
		{"POST /api/package/install/0", `{}`, "", 409, skipperError, "Package with id='0' can not be found."},
		{"GET /api/release/status/r/0", ``, "", 404, notFound, "Release with the name [r] and version [0] doesn't exist"},
		{"GET /api/release/status/r/-1", ``, "", 404, notFound, "Release with the name [r] and version [-1] doesn't exist"},
		{"GET /api/release/manifest/r/-0x1", ``, "", 404, notFound, "version [-1]"},
		{"GET /api/release/manifest/r/3", ``, "", 404, notFound, "Release with the name [r] and version [3] doesn't exist"},
		{"GET /api/release/manifest/r", ``, "", 404, notFound, "Release with the name [r] doesn't exist"},
		// Parameters.
		{"GET /api/release/statuses", ``, "", 400, noParameter, "Required request parameter 'names' for method parameter type String[] is not present"},
		{"GET /api/release/states?name=x", ``, "", 400, noParameter, "'names'"},
		{"GET " + actuator, ``, "", 400, noParameter, "Required request parameter 'endpoint' for method parameter type String is not present"},
		// Paths and methods.
		{"GET /api/nosuch", ``, "", 404, "", "No message available"},
		{"GET /api//about", ``, "", 404, "", "No message available"},
		{"GET /API/about", ``, "", 404, "", "No message available"},
		{"GET /api/release/a/b/c", ``, "", 404, "", "No message available"},
		{"POST /api", `{}`, "", 404, "", "No message available"},
		{"GET /actuator/env", ``, "", 404, "", "No message available"},
		{"GET /api/release/upgrade", ``, "", 405, wrongMethod, "Request method 'GET' not supported"},
		{"PUT /api/about", `{}`, "", 405, wrongMethod, "Request method 'PUT' not supported"},
		{"FOO /api/about", ``, "", 405, wrongMethod, "Request method 'FOO' not supported"},
		{"GET /api/release/status/a%2Fb", ``, "", 400, skipperError, "not valid"},
		{"GET /api/release/status/a%00", ``, "", 400, skipperError, "not valid"},
		{"GET /../api", ``, "", 400, skipperError, "leaves the root"},
		// Size.
		{upload, `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, "", 413, skipperError, "1048576 bytes"},
	}
	if len(rows) < 60 {
		t.Fatalf("%d rows", len(rows))
	}
	f := mustServe(t)
	for i, row := range rows {
		t.Run(strconv.Itoa(i)+" "+row.do, func(t *testing.T) {
			method, target, _ := strings.Cut(row.do, " ")
			header := []string{"Content-Type", "application/json"}
			switch {
			case row.label == "-":
				header = nil
			case row.label != "":
				header[1] = row.label
			}
			w := call(f, method, target, row.body, header...)
			path, _, _ := strings.Cut(target, "?")
			checkProblem(t, w.Code, w.Header(), w.Body.Bytes(), path, row)
			if row.status == 415 && !strings.HasPrefix(w.Header().Get("Accept"), "application/json, application/hal+json, ") {
				t.Errorf("a 415 without the types that are read: %v", w.Header())
			}
		})
	}
}

var keyOrder = regexp.MustCompile(`^\{"timestamp":"2026-11-22T11:29:06.491\+00:00","status":\d+,"error":"[^"]+",("exception":"[^"]+",)?"message":"([^"\\]|\\.)+","path":"[^"]+"(,"releaseName":"[^"]*"(,"version":-?\d+)?)?\}$`)

func checkProblem(t *testing.T, status int, header http.Header, body []byte, path string, row refusal) {
	t.Helper()
	if status != row.status || header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %q, want %d: %s", status, header.Get("Content-Type"), row.status, body)
	}
	if !keyOrder.Match(body) {
		t.Errorf("not in the shape of errors: %s", body)
	}
	var problem struct {
		Status                   int
		Exception, Message, Path string
	}
	if err := json.Unmarshal(body, &problem); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if problem.Status != row.status || problem.Exception != row.exception || problem.Path != path || !strings.Contains(problem.Message, row.message) {
		t.Errorf("got %s, want %s %q at %s", body, row.exception, row.message, path)
	}
}

// Every code of the domain, and its form on the wire.
func TestCodes(t *testing.T) {
	for _, row := range []struct {
		rule      string
		err       error
		status    int
		exception string
		message   string
	}{
		{"no release", purser.ErrReleaseNotFound("hello"), 404, notFound, `"message":"Release with the name [hello] doesn't exist","path":"/api/release/hello","releaseName":"hello"}`},
		{"no version", purser.ErrVersionNotFound("hello", 3), 404, notFound, `"releaseName":"hello","version":3}`},
		{"not found", purser.Errorf(purser.CodeNotFound, "No deployer named 'x'"), 409, skipperError, `"message":"No deployer named 'x'"`},
		{"invalid", purser.Errorf(purser.CodeInvalid, "line 3"), 409, skipperError, `"message":"line 3"`},
		{"conflict", purser.Errorf(purser.CodeConflict, "exists"), 409, skipperError, `"message":"exists"`},
		{"busy", purser.Errorf(purser.CodeBusy, "Statemachine is not in state ready to do DELETE"), 409, skipperError, `to do DELETE"`},
		{"no difference", purser.Errorf(purser.CodeNoDifference, "the same"), 409, noDifference, `"message":"the same"`},
		{"in use", purser.Errorf(purser.CodePackageInUse, "is used"), 409, packageInUse, `"message":"is used"`},
		{"platform", purser.Errorf(purser.CodePlatform, "refused"), 409, skipperError, `"message":"refused"`},
		{"too large", purser.Errorf(purser.CodeTooLarge, "too many entries"), 409, skipperError, `"error":"Conflict"`},
		{"unavailable", purser.Errorf(purser.CodeUnavailable, "shutting down"), 503, skipperError, `"message":"shutting down"`},
		{"internal", &purser.Error{Code: purser.CodeInternal, Message: "secret", Err: errSecret}, 500, skipperError, `log has the details. Error id: id-1"`},
		{"no code", errSecret, 500, skipperError, `log has the details. Error id: id-1"`},
		{"an unknown code", &purser.Error{Code: "new", Message: "secret"}, 500, skipperError, `Error id: id-1"`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t)
			f.engine.err = row.err
			w := call(f, "DELETE", "/api/release/hello", "")
			body := w.Body.String()
			if w.Code != row.status || !strings.Contains(body, `"exception":"`+row.exception+`"`) || !strings.Contains(body, row.message) {
				t.Errorf("%d %s", w.Code, body)
			}
			if !keyOrder.MatchString(body) || strings.Contains(body, "secret") {
				t.Errorf("not in the shape of errors, or shows what is inside: %s", body)
			}
			if (w.Header().Get("Retry-After") != "") != (row.status == 503) {
				t.Errorf("Retry-After: %v", w.Header())
			}
		})
	}
}

// What an application refuses, or answers badly, is a 4xx that quotes it.
func TestActuatorFailures(t *testing.T) {
	long := strings.Repeat("é", 300)
	for _, row := range []struct {
		rule   string
		method string
		answer purser.ActuatorResponse
		want   string
	}{
		{"with its status and body", "GET", purser.ActuatorResponse{Status: 404, Body: []byte("no\n")}, `404 Not Found: \"no<EOL>\"`},
		{"without a body", "POST", purser.ActuatorResponse{Status: 503}, `503 Service Unavailable: [no body]`},
		{"a long body is cut between letters", "GET", purser.ActuatorResponse{Status: 500, Body: []byte(long)}, strings.Repeat("é", 100) + `... (600 bytes)\"`},
		{"bytes that are no text", "GET", purser.ActuatorResponse{Status: 500, Body: []byte("a\xffb")}, `\"a` + "\ufffd" + `b\"`},
		{"an answer to a POST that is no JSON", "POST", purser.ActuatorResponse{Status: 200, Body: []byte("<html>")}, `\"<html>\", which is no JSON`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t)
			f.engine.answer = row.answer
			w := call(f, row.method, "/api/release/actuator/a/b/c?endpoint=/x", `{"endpoint":"/x"}`, "Content-Type", "application/json")
			if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), row.want) || !strings.Contains(w.Body.String(), skipperError) {
				t.Errorf("%d %s, want %s", w.Code, w.Body, row.want)
			}
		})
	}
}

// Which form an answer and a refusal get under an Accept header (spec/rest.md §1.1).
func TestAccept(t *testing.T) {
	const model, plain, refused, management = "GET /api/release", "GET /api/release/statuses?names=x", "GET /api/release/manifest/x", "GET /actuator/health"
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, row := range []struct {
		do     string
		accept string // "-": none
		status int
		label  string
		body   string // what it begins with; "": nothing
	}{
		{model, "-", 200, "application/hal+json", "{\n"},
		{model, "*/*", 200, "application/hal+json", "{\n"},
		{model, "application/json", 200, "application/json", "{\n"},
		{model, "application/json, application/*+json", 200, "application/json", "{\n"},
		{model, "application/hal+json", 200, "application/hal+json", "{\n"},
		{model, browser, 200, "application/hal+json", "{\n"},
		{model, "application/vnd.x+json", 200, "application/vnd.x+json", "{\n"},
		{model, "application/json;charset=UTF-8", 200, "application/json", "{\n"},
		{model, "text/html", 406, "text/html;charset=UTF-8", "<!DOCTYPE html>"},
		{model, "text/plain", 406, "", ""},
		{model, "application/xml", 406, "", ""},
		{model, "nonsense", 406, "", ""},
		{plain, "-", 200, "application/json", "{}"},
		{plain, "application/hal+json", 200, "application/hal+json", "{}"},
		{plain, browser, 200, "application/json", "{}"},
		{plain, "application/vnd.x+json", 200, "application/vnd.x+json", "{}"},
		{plain, "application/xml", 406, "", ""},
		{refused, "-", 404, "application/json", `{"timestamp"`},
		{refused, "application/hal+json", 404, "application/hal+json", `{"timestamp"`},
		{refused, "text/html", 404, "text/html;charset=UTF-8", "<!DOCTYPE html>"},
		{refused, browser, 404, "text/html;charset=UTF-8", "<!DOCTYPE html>"},
		{refused, "application/xml", 404, "", ""},
		{refused, "image/png", 404, "", ""},
		{refused, "nonsense", 404, "", ""},
		{management, "-", 200, "application/vnd.spring-boot.actuator.v3+json", "{"},
		{management, "application/json", 200, "application/json", "{"},
		{management, "application/vnd.spring-boot.actuator.v2+json", 200, "application/vnd.spring-boot.actuator.v2+json", "{"},
		{management, "application/hal+json", 406, "application/hal+json", `{"timestamp"`},
		{management, "text/plain", 406, "", ""},
	} {
		t.Run(row.do+" "+row.accept, func(t *testing.T) {
			f := mustServe(t)
			method, target, _ := strings.Cut(row.do, " ")
			var header []string
			if row.accept != "-" {
				header = []string{"Accept", row.accept}
			}
			w := call(f, method, target, "", header...)
			label := w.Header().Get("Content-Type")
			if row.label == "application/json" {
				label = strings.TrimSuffix(label, ";charset=UTF-8") // echoed when it was asked for
			}
			if w.Code != row.status || label != row.label || !strings.HasPrefix(w.Body.String(), row.body) || row.body == "" && w.Body.Len() > 0 {
				t.Errorf("%d %q %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
		})
	}
}

func TestActuatorLabels(t *testing.T) {
	for accept, label := range map[string]string{
		"*/*":                  "text/plain;charset=UTF-8",
		"text/plain":           "text/plain;charset=UTF-8",
		"application/json":     "application/json",
		"application/hal+json": "application/hal+json",
	} {
		f := mustServe(t)
		f.engine.answer = purser.ActuatorResponse{Status: 200, Body: []byte(`{ "a" : 1 }`)}
		w := call(f, "GET", "/api/release/actuator/a/b/c?endpoint=x", "", "Accept", accept)
		if w.Header().Get("Content-Type") != label || w.Body.String() != `{ "a" : 1 }` {
			t.Errorf("%s: %q %s", accept, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

// A page shows its text as text.
func TestPagesEscape(t *testing.T) {
	w := call(mustServe(t), "GET", "/api/release/manifest/%3Cscript%3E", "", "Accept", "text/html")
	if strings.Contains(w.Body.String(), "<script>") || !strings.Contains(w.Body.String(), "&lt;script&gt;") {
		t.Errorf("%s", w.Body)
	}
}

func TestHeadersOfAnswers(t *testing.T) {
	f := mustServe(t)
	f.engine.releases = map[string]purser.Release{"hello": sampleRelease("hello", 1)}
	for _, row := range []struct {
		target string
		want   []string
	}{
		{"/api/about", []string{"Content-Length", "Content-Type"}},
		{"/api", []string{"Content-Length", "Content-Type", "Link", "Vary"}},
		{"/api/release/list", []string{"Content-Type"}},
		{"/api/release/statuses?names=hello", []string{"Content-Length", "Content-Type"}},
		{"/api/release/states?names=hello", nil},
		{"/nothing", []string{"Content-Length", "Content-Type", "Vary"}},
	} {
		var got []string
		for name := range call(f, "GET", row.target, "").Header() {
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.target, got, row.want)
		}
	}
}
