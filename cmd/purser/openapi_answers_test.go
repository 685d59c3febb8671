package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"purser/api/openapi/openapitest"
	"purser/cmd/purser/live"
)

// witness talks to a server and compares all it hears, and says, with the document.
type witness struct {
	base string
	doc  *openapitest.Document // nil: nothing is compared
	http *http.Client
	seen map[string]map[int]bool // statuses by operation
}

func newWitness(tb testing.TB, base string) *witness {
	tb.Helper()
	return &witness{
		base: base, doc: openapitest.MustLoad(tb), seen: map[string]map[int]bool{},
		http: &http.Client{
			Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// heard is an answer.
type heard struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request and gives the answer, which fits the document. A body that is no text is sent as JSON, and then the
// request fits the document as well. Headers are pairs of name and value.
func (w *witness) ask(t *testing.T, do string, body any, headers ...string) heard {
	t.Helper()
	method, target, _ := strings.Cut(do, " ")
	path, _, _ := strings.Cut(target, "?")
	var sent io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		sent = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if w.doc != nil {
			if err := w.doc.CheckRequest(method, path, text); err != nil {
				t.Error(err)
			}
		}
		sent = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, w.base+target, sent)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := w.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if w.doc != nil {
		w.compare(t, openapitest.Answer{
			Method: method, Path: path, Status: answer.StatusCode,
			Type: answer.Header.Get("Content-Type"), Body: text, Header: answer.Header,
		})
	}
	return heard{answer.StatusCode, answer.Header, text}
}

// compare compares an answer with the document, and takes note of it.
func (w *witness) compare(t *testing.T, a openapitest.Answer) {
	t.Helper()
	if err := w.doc.Check(a); err != nil {
		t.Errorf("%v in %.2000s", err, a.Body)
	}
	if o, ok := w.doc.Find(a.Method, a.Path); ok {
		if w.seen[o.OperationID] == nil {
			w.seen[o.OperationID] = map[int]bool{}
		}
		w.seen[o.OperationID][a.Status] = true
	}
}

// want is ask for an answer of a known status.
func (w *witness) want(t *testing.T, status int, do string, body any, headers ...string) heard {
	t.Helper()
	h := w.ask(t, do, body, headers...)
	if h.status != status {
		t.Fatalf("%s: %d, want %d: %s", do, h.status, status, h.body)
	}
	return h
}

// until repeats a request until the status of the release reads as wanted.
func (w *witness) until(t *testing.T, path, text string) {
	t.Helper()
	err := live.Until(t.Context(), 30*time.Second, 20*time.Millisecond, text, func() (bool, error) {
		return bytes.Contains(w.ask(t, "GET "+path, nil).body, []byte(text)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every operation of the document is called on the built server, with success, and every answer fits.
func TestAnswersFitTheDocument(t *testing.T) {
	s, _ := MustStart(t)
	w := newWitness(t, s.Base())
	w.life(t)
	w.resources(t)
	w.rest(t)
	for _, o := range w.doc.Operations() {
		want := w.successes(o)
		for _, status := range want {
			if !w.seen[o.OperationID][status] {
				t.Errorf("%s: %s %s was not answered %d", o.OperationID, o.Method, o.Path, status)
			}
		}
	}
	w.events(t)
}

// successes are the statuses below 400 that an operation may have. Groups of health exist on Kubernetes only, the sample
// application takes no POST, and the stream of events has no end.
func (w *witness) successes(o openapitest.Operation) []int {
	var list []int
	switch o.OperationID {
	case "getHealthOfGroup", "postToActuator", "streamEvents":
		return nil
	}
	for text := range o.Responses.Map() {
		if status, err := strconv.Atoi(text); err == nil && status < http.StatusBadRequest {
			list = append(list, status)
		}
	}
	return list
}

// life is a release from the upload to the end.
func (w *witness) life(t *testing.T) {
	archives, err := live.Pack("../../examples/packages", theBuilt.apps)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range archives {
		w.want(t, 201, "POST /api/package/upload", map[string]any{
			"repoName": "local", "name": p.Name, "version": p.Version, "extension": "zip", "packageFileAsBytes": p.Zip,
		})
	}
	w.want(t, 201, "POST /api/package/install", map[string]any{
		"packageIdentifier": map[string]any{"packageName": "hello", "packageVersion": "1.0.0"},
		"installProperties": map[string]any{
			"releaseName": "hello", "platformName": "default",
			"configValues": map[string]any{"raw": "spec:\n  applicationProperties:\n    greeting: hi\n"},
		},
	})
	w.until(t, "/api/release/status/hello", `\"state\":\"deployed\"}]`)
	w.platformStatus(t)
	for _, path := range []string{
		"status/hello/1", "statuses?names=hello,nosuch", "states?names=hello", "states?names=nosuch", "logs/hello",
		"logs/hello/hello.hello-v1", "manifest/hello", "manifest/hello/1", "list", "list/HEL", "list/nosuch",
	} {
		w.want(t, 200, "GET /api/release/"+path, nil)
	}
	instance := "/api/release/actuator/hello/hello.hello-v1/hello.hello-v1-0"
	w.want(t, 200, "GET "+instance+"?endpoint=/health", nil)
	w.want(t, 200, "GET "+instance+"?endpoint=health", nil, "Accept", "application/json")
	w.native(t)
	w.want(t, 201, "POST /api/release/scale/hello", map[string]any{"scale": []any{map[string]any{"name": "hello", "count": 2}}})
	upgrade := func(version string, timeout int) map[string]any {
		return map[string]any{
			"packageIdentifier": map[string]any{"packageName": "hello", "packageVersion": version},
			"upgradeProperties": map[string]any{"releaseName": "hello"}, "timeout": timeout, "force": false, "appNames": []string{},
		}
	}
	w.want(t, 201, "POST /api/release/upgrade", upgrade("1.0.1", 60000))
	w.until(t, "/api/release/status/hello/1", "Delete complete") // with which the upgrade ends
	w.want(t, 409, "POST /api/release/upgrade", upgrade("1.0.1", 60000))
	w.want(t, 200, "POST /api/release/cancel", map[string]any{"releaseName": "hello"})
	w.want(t, 201, "POST /api/release/rollback", map[string]any{"releaseName": "hello", "version": 0})
	w.until(t, "/api/release/status/hello/2", "Delete complete")
	w.want(t, 201, "POST /api/release/rollback/hello/2", nil)
	w.until(t, "/api/release/status/hello/3", "Delete complete")
	w.want(t, 409, "DELETE /api/package/hello", nil)
	w.want(t, 201, "POST /api/package/install/1", map[string]any{"releaseName": "other", "platformName": "default"})
	w.want(t, 200, "DELETE /api/release/other", nil)
	w.want(t, 200, "DELETE /api/release/hello/package", nil)
	w.want(t, 404, "DELETE /api/release/hello", nil)
	w.want(t, 201, "POST /api/package/upload", map[string]any{
		"repoName": "local", "name": "hello", "version": "1.0.0", "extension": "zip", "packageFileAsBytes": archives[0].Zip,
	})
	w.want(t, 200, "DELETE /api/package/hello", nil)
}

// native is what goes beyond Skipper.
func (w *witness) native(t *testing.T) {
	w.want(t, 200, "GET /api/purser", nil)
	w.want(t, 200, "POST /api/purser/preview/install", map[string]any{
		"packageIdentifier": map[string]any{"packageName": "hello"},
		"installProperties": map[string]any{"releaseName": "another", "platformName": "default"},
	})
	upgrade := map[string]any{
		"packageIdentifier": map[string]any{"packageName": "hello", "packageVersion": "1.0.1"},
		"upgradeProperties": map[string]any{"releaseName": "hello"},
	}
	w.want(t, 200, "POST /api/purser/preview/upgrade", upgrade)
	w.want(t, 404, "POST /api/purser/preview/rollback", map[string]any{"releaseName": "hello", "version": 9})
	w.want(t, 200, "POST /api/purser/preview/rollback", map[string]any{"releaseName": "hello", "version": 1})
	for _, path := range []string{
		"releases/hello/difference", "releases/hello/difference?from=1&to=1", "releases/hello/logs", "releases/hello/logs?app=hello&lines=1",
		"operations", "operations?name=hello&open=false&size=1", "packages/1",
	} {
		w.want(t, 200, "GET /api/purser/"+path, nil)
	}
	for path, status := range map[string]int{
		"releases/nosuch/difference": 404, "releases/hello/difference?from=9": 404, "releases/hello/difference?to=x": 400,
		"releases/nosuch/logs": 404, "releases/hello/logs?app=nosuch": 404, "releases/hello/logs?lines=-1": 400,
		"operations?open=perhaps": 400, "packages/999999": 404, "packages/x": 400,
	} {
		w.want(t, status, "GET /api/purser/"+path, nil)
	}
	w.want(t, 406, "GET /api/purser/releases/hello/logs?follow=true", nil, "Accept", "application/json")
}

// platformStatus looks into the text that holds JSON.
func (w *witness) platformStatus(t *testing.T) {
	var info struct {
		Status struct{ PlatformStatus string }
	}
	if err := json.Unmarshal(w.want(t, 200, "GET /api/release/status/hello", nil).body, &info); err != nil {
		t.Fatal(err)
	}
	if err := w.doc.CheckSchema("PlatformStatus", []byte(info.Status.PlatformStatus)); err != nil {
		t.Error(err)
	}
}

// resources are the stored ones.
func (w *witness) resources(t *testing.T) {
	metadata := map[string]any{
		"apiVersion": "skipper.spring.io/v1", "kind": "SkipperPackageMetadata", "name": "far", "version": "1.0.0",
		"repositoryId": 1, "repositoryName": "local",
	}
	posted := w.want(t, 201, "POST /api/packageMetadata", metadata, "Accept", "application/json")
	w.want(t, 409, "POST /api/packageMetadata", metadata)
	deleted := strings.TrimPrefix(posted.header.Get("Location"), w.base)
	for _, path := range []string{"packageMetadata", "releases", "repositories", "deployers"} {
		path = "/api/" + path
		for _, query := range []string{"", "?size=1&page=1&sort=name,desc", "?projection=summary"} {
			w.want(t, 200, "GET "+path+query, nil)
		}
		w.want(t, 204, "HEAD "+path, nil)
		w.want(t, 200, "GET "+path+"/search", nil)
		w.want(t, 204, "HEAD "+path+"/search", nil)
		item := w.firstItem(t, path)
		w.want(t, 200, "GET "+item, nil)
		w.want(t, 200, "GET "+item+"?projection=summary", nil, "Accept", "application/json")
		w.want(t, 304, "GET "+item, nil, "If-Modified-Since", "Sun, 22 Nov 2026 11:29:06 GMT")
		w.want(t, 204, "HEAD "+item, nil)
		w.want(t, 404, "GET "+path+"/999999", nil)
		w.ask(t, "GET "+path+"/abc", nil)
		w.ask(t, "HEAD "+path+"/abc", nil)
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			w.ask(t, method+" "+path+"/999999", "{}")
			w.ask(t, method+" "+path+"/abc", "{}")
			w.ask(t, method+" "+path, "{")
		}
	}
	for _, search := range []string{
		"packageMetadata/search/findByName?name=far", "packageMetadata/search/findByName", "packageMetadata/search/findByName?name=far&projection=summary",
		"packageMetadata/search/findByNameContainingIgnoreCase?name=A",
		"releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=HELLO",
	} {
		w.want(t, 200, "GET /api/"+search, nil)
		w.want(t, 204, "HEAD /api/"+search, nil)
	}
	for search, name := range map[string]string{"repositories/search/findByName": "local", "deployers/search/findByName": "default"} {
		w.want(t, 200, "GET /api/"+search+"?name="+name, nil)
		w.want(t, 304, "GET /api/"+search+"?name="+name, nil, "If-Modified-Since", "Sun, 22 Nov 2026 11:29:06 GMT")
		w.want(t, 404, "GET /api/"+search, nil)
		w.want(t, 204, "HEAD /api/"+search, nil)
	}
	w.want(t, 412, "DELETE "+deleted, nil, "If-Match", `"7"`)
	w.want(t, 204, "DELETE "+deleted, nil, "If-Match", `"0"`)
	w.want(t, 404, "DELETE "+deleted, nil)
}

// firstItem gives the path of the first element of a collection.
func (w *witness) firstItem(t *testing.T, path string) string {
	var page struct {
		Embedded map[string][]struct {
			Links struct{ Self struct{ Href string } } `json:"_links"`
		} `json:"_embedded"`
	}
	if err := json.Unmarshal(w.want(t, 200, "GET "+path, nil).body, &page); err != nil {
		t.Fatal(err)
	}
	for _, list := range page.Embedded {
		if len(list) > 0 {
			return strings.TrimPrefix(list[0].Links.Self.Href, w.base)
		}
	}
	t.Fatalf("%s is empty", path)
	return ""
}

// rest is everything else, and the questions that were asked of the reference server.
func (w *witness) rest(t *testing.T) {
	w.want(t, 302, "GET /", nil)
	w.want(t, 204, "HEAD /api", nil)
	for _, path := range []string{
		"/api", "/api/about", "/api/openapi.yaml", "/api/openapi.json", "/api/package", "/api/release", "/api/profile",
		"/actuator", "/actuator/health", "/actuator/info",
	} {
		w.want(t, 200, "GET "+path, nil)
		w.ask(t, "GET "+path, nil, "Accept", "application/json")
		w.ask(t, "GET "+path, nil, "Accept", "text/html")
		w.ask(t, "GET "+path, nil, "Accept", "image/png")
	}
	for _, resource := range []string{"repositories", "packageMetadata", "releases", "deployers"} {
		for _, accept := range []string{"*/*", "application/json", "application/schema+json"} {
			w.want(t, 200, "GET /api/profile/"+resource, nil, "Accept", accept)
		}
		w.want(t, 200, "HEAD /api/profile/"+resource, nil)
	}
	w.want(t, 200, "HEAD /api/profile", nil)
	w.want(t, 404, "GET /api/profile/nosuch", nil)
	w.want(t, 404, "HEAD /api/profile/nosuch", nil)
	w.want(t, 404, "GET /actuator/health/liveness", nil)
	for _, file := range []string{"recorded_errors.json", "recorded_root.json"} {
		text, err := os.ReadFile("../../api/rest/testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		var rows []struct {
			Do      string
			Headers map[string]string
			Body    *string
		}
		if err := json.Unmarshal(text, &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if _, target, _ := strings.Cut(row.Do, " "); strings.Contains(target, "%zz") {
				continue // no client of Go sends it
			}
			var body any
			if row.Body != nil {
				body = *row.Body
			}
			var headers []string
			for name, value := range row.Headers {
				headers = append(headers, name, value)
			}
			w.ask(t, row.Do, body, headers...)
		}
	}
}

// events are read from the beginning of the log up to the end of the release.
func (w *witness) events(t *testing.T) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/api/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", "0")
	answer, err := w.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	err = w.doc.Check(openapitest.Answer{
		Method: http.MethodGet, Path: "/api/events", Status: answer.StatusCode, Type: answer.Header.Get("Content-Type"), Header: answer.Header,
	})
	if err != nil {
		t.Error(err)
	}
	kinds := map[string]int{}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if err := w.doc.CheckSchema("Event", []byte(data)); err != nil {
			t.Errorf("%v in %s", err, data)
		}
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			t.Fatal(err)
		}
		kinds[e.Kind]++
		if e.Name == "hello" && e.Operation.Kind == "delete" && e.Operation.Outcome != "" {
			break
		}
	}
	for _, kind := range []string{"release", "operation", "application"} {
		if kinds[kind] == 0 {
			t.Errorf("no event of the kind %s among %v", kind, kinds)
		}
	}
}
