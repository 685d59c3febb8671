package catalog_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	dialect "purser/api/catalog"
	"purser/api/openapi"
	"purser/api/openapi/openapitest"
	"purser/cmd/purser/live"
)

// built is where the programs are that all tests of this package run.
type built struct{ purser, folder string }

var theBuilt built

// TestMain builds what is run.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(live.WithFolder("purser-catalog-", build, m.Run))
}

func build(folder string) (err error) {
	theBuilt.folder = folder
	if theBuilt.purser, err = live.Build(folder, ".."); err != nil {
		return err
	}
	return errors.Join(err, live.Compile(filepath.Join(folder, "hello-1.0.0"), "../../../examples/hello", "-ldflags", "-X main.version=1.0.0"))
}

const configuration = `purser:
  dialects:
    catalog:
      strict-import: %v
      verify: {inline-timeout: %s, inline-bytes: %d, max-bytes: %d, redirects: 3, allow-hosts: ["%s"], deny-private: true}
      projects:
        - {id: 1, name: demo, tokens: [{token: pt-demo, subject: ci}]}
        - {id: 2, name: other, tokens: [{token: pt-other, subject: ci}]}
        - {id: 30, name: base, tokens: [{token: pt-base, subject: ci}, {token: pt-base-2, subject: cd}]}
      users:
        - {token: u-alice, subject: alice@example.org, roles: [create-release, upload-artifact], projects: [demo, other]}
        - {token: u-create, subject: carol@example.org, roles: [create-release], projects: [demo]}
        - {token: u-upload, subject: uli@example.org, roles: [upload-artifact], projects: [demo]}
        - {token: u-none, subject: nina@example.org, projects: [demo]}
        - {token: u-all, subject: root@example.org, roles: [create-release], projects: ["*"]}
`

// settings are what a site may have otherwise.
type settings struct {
	strict                bool
	inlineTimeout         string
	inlineBytes, maxBytes int64
	text                  string // in place of all of it; localhost:8000 is where files are
}

// site is a server, what asks it, and what it fetches from.
type site struct {
	tb     testing.TB
	server *live.Server
	api    *live.API
	client *http.Client
	doc    *openapitest.Document
	files  *httptest.Server

	mu      sync.Mutex
	content map[string]http.HandlerFunc
	asked   map[string]int          // paths that were fetched
	seen    map[string]map[int]bool // statuses by operation
}

// MustSite starts a server, and ends it and what it started with the test.
func MustSite(tb testing.TB, change ...func(s *settings)) *site {
	tb.Helper()
	s := &site{
		tb: tb, client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 30}}, doc: mustDocument(tb),
		content: map[string]http.HandlerFunc{}, asked: map[string]int{}, seen: map[string]map[int]bool{},
	}
	s.files = httptest.NewServer(http.HandlerFunc(s.serveFile))
	tb.Cleanup(s.files.Close)
	o := settings{inlineTimeout: "20s", inlineBytes: 64 << 20, maxBytes: 1 << 30}
	for _, c := range change {
		c(&o)
	}
	u, err := url.Parse(s.files.URL)
	if err != nil {
		tb.Fatal(err)
	}
	if o.text == "" {
		o.text = fmt.Sprintf(configuration, o.strict, o.inlineTimeout, o.inlineBytes, o.maxBytes, u.Host)
	}
	o.text = strings.ReplaceAll(o.text, "localhost:8000", u.Host)
	folder := tb.TempDir()
	file := filepath.Join(folder, "purser.yml")
	if err := os.WriteFile(file, []byte(o.text), 0o600); err != nil {
		tb.Fatal(err)
	}
	port, err := live.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	s.server = &live.Server{Binary: theBuilt.purser, Folder: folder, Port: port, Args: []string{"--config", file}}
	s.api = live.NewAPI(s.server.Base())
	tb.Cleanup(func() {
		s.client.CloseIdleConnections()
		if err := s.server.Stop(); err != nil {
			tb.Errorf("stopping the server: %v", err)
		}
		for _, pid := range live.Leftovers(s.server.Folder) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if tb.Failed() {
			tb.Logf("the server's last words:\n%s", live.Tail(s.server.LogFile()))
		}
	})
	s.mustStart()
	return s
}

func (s *site) mustStart() {
	s.tb.Helper()
	if _, err := s.server.Start(s.tb.Context(), s.api); err != nil {
		s.tb.Fatal(err)
	}
}

// mustDocument is the document that answers have to fit.
func mustDocument(tb testing.TB) *openapitest.Document {
	tb.Helper()
	return openapitest.MustRead(tb, openapi.Document{Path: dialect.PathOfDocument, YAML: dialect.Document()}, "Error")
}

func (s *site) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	serve := s.content[r.URL.Path]
	s.mu.Unlock()
	if serve == nil {
		http.NotFound(w, r)
		return
	}
	serve(w, r)
}

func (s *site) fetched(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// put has the file server answer at a path, and gives the URL.
func (s *site) put(path string, serve http.HandlerFunc) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content[path] = serve
	return s.files.URL + path
}

// document is a JSON object.
type document map[string]any

func (d document) with(pairs ...any) document {
	out := document{}
	for key, value := range d {
		out[key] = value
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if out[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == gone {
			delete(out, pairs[i].(string))
		}
	}
	return out
}

// gone leaves a member out.
var gone = &struct{ no int }{}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// file puts bytes at a path and gives the artifact.
func (s *site) file(path string, b []byte) document {
	at := s.put(path, func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	})
	return document{"name": strings.TrimPrefix(path, "/"), "size": len(b), "sha256": digest(b), "downloadUrl": at}
}

// body is an import that has what an import needs.
func body(version string, artifacts ...document) document {
	if artifacts == nil {
		artifacts = []document{}
	}
	return document{"version": version, "createdAt": "2026-01-31T12:00:00.000Z", "project": "demo", "author": "alice@example.org", "artifacts": artifacts}
}

// heard is an answer.
type heard struct {
	status int
	header http.Header
	text   []byte
	body   any
}

// at gives a part of the body, by members and indexes with dots between them; nil where there is none.
func (h heard) at(path string) any {
	value := h.body
	for part := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[part]
		case []any:
			var n int
			if _, err := fmt.Sscan(part, &n); err != nil || n >= len(v) {
				return nil
			}
			value = v[n]
		default:
			return nil
		}
	}
	return value
}

func (h heard) has(member string) bool {
	object, _ := h.body.(map[string]any)
	_, there := object[member]
	return there
}

const releases = "/api/v1/catalog/releases/project/"

// ask sends "METHOD path" with a body, nil for none, and headers, and gives the answer, which fits the document.
func (s *site) ask(do string, body any, headers ...string) heard {
	s.tb.Helper()
	h, err := s.tell(do, body, headers...)
	if err != nil {
		s.tb.Fatal(err)
	}
	return h
}

func (s *site) tell(do string, body any, headers ...string) (heard, error) {
	s.tb.Helper()
	method, target, _ := strings.Cut(do, " ")
	var sent io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		sent = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			return heard{}, err
		}
		sent = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(s.tb.Context(), method, s.server.Base()+target, sent)
	if err != nil {
		return heard{}, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return heard{}, err
	}
	defer answer.Body.Close()
	h := heard{status: answer.StatusCode, header: answer.Header}
	if h.text, err = io.ReadAll(answer.Body); err != nil {
		return heard{}, err
	}
	path, _, _ := strings.Cut(target, "?")
	if err := s.doc.Check(openapitest.Answer{
		Method: method, Path: path, Status: h.status, Type: answer.Header.Get("Content-Type"), Body: h.text, Header: answer.Header,
	}); err != nil {
		s.tb.Errorf("%s: %v in %.1000s", do, err, h.text)
	}
	s.note(method, path, h.status)
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(h.text, &h.body); err != nil {
			return heard{}, err
		}
	}
	return h, nil
}

// note keeps which operation was answered how.
func (s *site) note(method, path string, status int) {
	o, known := s.doc.Find(method, path)
	if !known {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[o.OperationID] == nil {
		s.seen[o.OperationID] = map[int]bool{}
	}
	s.seen[o.OperationID][status] = true
}

// demo asks "METHOD /path below the project" with the project's token.
func (s *site) demo(do string, body any) heard {
	s.tb.Helper()
	method, path, _ := strings.Cut(do, " ")
	return s.ask(method+" "+releases+"demo"+path, body, "X-Project-Token", "pt-demo")
}

// want is demo for an answer of a known status.
func (s *site) want(status int, do string, body any) heard {
	s.tb.Helper()
	h := s.demo(do, body)
	if h.status != status {
		s.tb.Fatalf("%s: %d, want %d: %s", do, h.status, status, h.text)
	}
	return h
}

// brings imports, and wants no warning.
func (s *site) brings(b document) heard {
	s.tb.Helper()
	h := s.want(201, "POST /import", b)
	h.is(s.tb, "status", "draft", "message", "Release imported successfully")
	if h.has("warnings") {
		s.tb.Errorf("%s", h.text)
	}
	return h
}

// until reads a release until a part of it is as wanted.
func (s *site) until(version, path string, want any) heard {
	s.tb.Helper()
	var h heard
	err := live.Until(s.tb.Context(), 60*time.Second, 20*time.Millisecond, fmt.Sprintf("%s is %v", path, want), func() (bool, error) {
		h = s.want(200, "GET /version/"+version, nil)
		return h.at(path) == want, nil
	})
	if err != nil {
		s.tb.Fatalf("%v: %s", err, h.text)
	}
	return h
}

// download fetches a URL that the server has told, with headers.
func (s *site) download(at any, headers ...string) heard {
	s.tb.Helper()
	text, _ := at.(string)
	path, ok := strings.CutPrefix(text, s.server.Base())
	if !ok {
		s.tb.Fatalf("%v is not at the server", at)
	}
	return s.ask("GET "+path, nil, headers...)
}

// is compares parts of an answer: pairs of path and value.
func (h heard) is(tb testing.TB, pairs ...any) {
	tb.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		want := pairs[i+1]
		if n, ok := want.(int); ok {
			want = float64(n)
		}
		if got := h.at(pairs[i].(string)); got != want {
			tb.Errorf("%s is %v, want %v in %.1500s", pairs[i], got, want, h.text)
		}
	}
}

// names of exceptions and the errors beside them, by status.
var names = map[int][2]string{
	400: {"BadRequestException", "Bad Request"},
	401: {"UnauthorizedException", "Unauthorized"},
	403: {"ForbiddenException", "Forbidden"},
	404: {"NotFoundException", "Not Found"},
	405: {"MethodNotAllowedException", "Method Not Allowed"},
	409: {"ConflictException", "Conflict"},
	413: {"PayloadTooLargeException", "Payload Too Large"},
	415: {"UnsupportedMediaTypeException", "Unsupported Media Type"},
}

// refuses compares a refusal; several messages are a list.
func (h heard) refuses(tb testing.TB, status int, messages ...string) {
	tb.Helper()
	if h.status != status {
		tb.Errorf("%d, want %d: %s", h.status, status, h.text)
	}
	h.is(tb, "name", names[status][0], "statusCode", status, "data.statusCode", status, "data.error", names[status][1])
	if fmt.Sprint(h.at("message")) != fmt.Sprint(h.at("data.message")) {
		tb.Errorf("two messages: %s", h.text)
	}
	if at, _ := h.at("timestamp").(string); !strings.HasSuffix(at, "Z") {
		tb.Errorf("timestamp %q", at)
	}
	got := []string{}
	switch m := h.at("message").(type) {
	case string:
		got = append(got, m)
	case []any:
		for _, one := range m {
			got = append(got, one.(string))
		}
	}
	if messages != nil && strings.Join(got, "\n") != strings.Join(messages, "\n") {
		tb.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(messages, "\n"))
	}
}
