package apps_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	dialect "purser/api/apps"
	"purser/api/openapi"
	"purser/api/openapi/openapitest"
	"purser/cmd/purser/live"
)

// built is where the programs are that all tests of this package run.
type built struct {
	purser   string // as users run it
	crashing string // can be told to die at an edge
	folder   string // of hello-1.0.0, hello-1.0.1, and hello-2.0.0 which ends at once
}

var theBuilt built

// TestMain builds what is run.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(live.WithFolder("purser-apps-", build, m.Run))
}

func build(folder string) (err error) {
	theBuilt.folder = folder
	if theBuilt.purser, err = live.Build(folder, ".."); err != nil {
		return err
	}
	if theBuilt.crashing, err = live.Build(folder, "..", "crashpoints"); err != nil {
		return err
	}
	for _, v := range []string{"1.0.0", "1.0.1", "2.0.0"} {
		err = errors.Join(err, live.Compile(filepath.Join(folder, "hello-"+v), "../../../examples/hello", "-ldflags", "-X main.version="+v))
	}
	return err
}

// configuration is what the servers of these tests run with: many apps of one package, so that each test has its own.
func configuration() string {
	var b strings.Builder
	b.WriteString(`purser:
  dialects:
    apps:
      activation-timeout: 20s
      orgs:
        - id: acme
          workspaces:
            - id: other
              apps: [{id: app-0, package: demo}]
            - id: main
              apps:
                - {id: shop, package: demo, values: {greeting: Welcome}}
                - {id: late, package: comes-later}
                - {id: nowhere, package: demo, platform: nowhere}
                - {id: fragile, package: fragile}
                - {id: gone, package: gone}
                - {id: broken, package: broken}
                - {id: ports, package: ports}
`)
	for n := range 40 {
		fmt.Fprintf(&b, "                - {id: app-%d, package: demo}\n", n)
	}
	b.WriteString(`        - id: globex
          workspaces:
            - id: main
              apps: [{id: app-0, package: demo}]
        - id: empty
      users:
        - {token: t-admin, subject: alice, orgs: ["*"], permissions: ["release:*"]}
        - {token: t-all, subject: root, permissions: ["*"]}
        - {token: t-view, subject: bob, orgs: [acme], permissions: ["release:read"]}
        - {token: t-make, subject: carol, orgs: [acme], permissions: ["release:create"]}
        - {token: t-globex, subject: dave, orgs: [globex], permissions: ["release:*"]}
        - {token: t-none, subject: eve}
`)
	return b.String()
}

const manifest = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata:
  name: hello
spec:
  resource: file:%s/hello-%s
  applicationProperties:
    hello.greeting: {{greeting}}
`

// twoPorts has an application with a port, one without, one with a path, and one whose port is known to nobody.
const twoPorts = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata: {name: web}
spec: {resource: "maven://org:web", version: 1.2.3, applicationProperties: {server.port: 8080}}
---
apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata: {name: worker}
spec: {resource: "maven://org:worker:2"}
---
apiVersion: skipper.spring.io/v1
kind: SpringBootApp
metadata: {name: admin}
spec: {resource: "docker:org/admin", version: "7", path: /admin, applicationProperties: {server.port: "9090"}}
---
apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata: {name: free}
spec: {resource: "maven://org:free:1", applicationProperties: {server.port: "${PORT}"}}
`

// mustUpload uploads a package with one template.
func (s *site) mustUpload(tb testing.TB, name, version, template string) {
	tb.Helper()
	zip, err := live.Zip(name+"-"+version, map[string]string{
		"package.yml":         "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: " + name + "\nversion: " + version + "\n",
		"values.yml":          "greeting: Hello\n",
		"templates/hello.yml": template,
	})
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.api.Upload(tb.Context(), live.Archive{Name: name, Version: version, Zip: zip}); err != nil {
		tb.Fatal(err)
	}
}

// hello is the template of a package whose application is that version of the sample.
func hello(version string) string { return fmt.Sprintf(manifest, theBuilt.folder, version) }

// site is a server, and what asks it.
type site struct {
	server *live.Server
	api    *live.API
	client *http.Client
	doc    *openapitest.Document

	uploads int // of versions of demo after the first

	mu   sync.Mutex
	seen map[string]map[int]bool // statuses by operation
}

// MustSite starts a server without packages, and ends it and what it started with the test.
func MustSite(tb testing.TB, binary string) *site {
	tb.Helper()
	return MustSiteWith(tb, binary, configuration())
}

// MustSiteWith is MustSite with another configuration.
func MustSiteWith(tb testing.TB, binary, settings string) *site {
	tb.Helper()
	folder := tb.TempDir()
	file := filepath.Join(folder, "purser.yml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		tb.Fatal(err)
	}
	port, err := live.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	s := &site{
		server: &live.Server{Binary: binary, Folder: folder, Port: port, Args: []string{"--config", file}},
		client: &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 30}},
		doc:    mustDocument(tb),
	}
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
	s.mustStart(tb)
	return s
}

// mustDocument is the document that answers have to fit.
func mustDocument(tb testing.TB) *openapitest.Document {
	tb.Helper()
	return openapitest.MustRead(tb, openapi.Document{Path: dialect.PathOfDocument, YAML: dialect.Document()}, "Detail")
}

func (s *site) mustStart(tb testing.TB) {
	tb.Helper()
	if _, err := s.server.Start(tb.Context(), s.api); err != nil {
		tb.Fatal(err)
	}
}

// heard is an answer.
type heard struct {
	status int
	header http.Header
	text   []byte
	body   map[string]any
}

// at gives a part of the body, by members and indexes with dots between them; nil where there is none.
func (h heard) at(path string) any {
	var value any = h.body
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

// ask sends "METHOD path" with a body, "" for none, and gives the answer, which fits the document.
func (s *site) ask(tb testing.TB, token, do, body string, headers ...string) heard {
	tb.Helper()
	h, err := s.tell(tb, token, do, body, headers...)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// raw asks and takes the status of the answer only.
func (s *site) raw(token, do string) (status int, err error) {
	method, target, _ := strings.Cut(do, " ")
	r, err := http.NewRequest(method, s.server.Base()+target, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

func (s *site) tell(tb testing.TB, token, do, body string, headers ...string) (heard, error) {
	tb.Helper()
	method, target, _ := strings.Cut(do, " ")
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(tb.Context(), method, s.server.Base()+target, sent)
	if err != nil {
		return heard{}, err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
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
		tb.Errorf("%v in %.1000s", err, h.text)
	}
	s.note(method, path, h.status)
	if len(h.text) > 0 && bytes.HasPrefix(h.text, []byte("{")) {
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
	if s.seen == nil {
		s.seen = map[string]map[int]bool{}
	}
	if s.seen[o.OperationID] == nil {
		s.seen[o.OperationID] = map[int]bool{}
	}
	s.seen[o.OperationID][status] = true
}

// app is an app of the organisation acme.
type app struct {
	*site
	tb   testing.TB
	path string // of its releases
}

func (s *site) app(tb testing.TB, id string) app {
	return app{s, tb, "/v1/orgs/acme/workspaces/main/apps/" + id + "/releases"}
}

// do asks as alice, who may everything; "METHOD /path below the releases".
func (a app) do(do, body string, headers ...string) heard {
	a.tb.Helper()
	method, path, _ := strings.Cut(do, " ")
	return a.ask(a.tb, "t-admin", method+" "+a.path+path, body, headers...)
}

// want is do for an answer of a known status.
func (a app) want(status int, do, body string, headers ...string) heard {
	a.tb.Helper()
	h := a.do(do, body, headers...)
	if h.status != status {
		a.tb.Fatalf("%s %s: %d, want %d: %s", do, body, h.status, status, h.text)
	}
	return h
}

// make makes a release and gives its id.
func (a app) make(tag string) string {
	a.tb.Helper()
	return a.want(201, "POST ", fmt.Sprintf(`{"release_tag":%q}`, tag)).body["release_id"].(string)
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

// refuses compares a refusal.
func (h heard) refuses(tb testing.TB, status int, word string, pairs ...any) {
	tb.Helper()
	if h.status != status {
		tb.Errorf("%d, want %d: %s", h.status, status, h.text)
	}
	h.is(tb, append([]any{"error", word, "status_code", status}, pairs...)...)
}

// invalid compares the only issue of a 422.
func (h heard) invalid(tb testing.TB, kind string, loc ...any) {
	tb.Helper()
	got := fmt.Sprint(h.at("detail.0.loc"))
	if h.status != 422 || h.at("detail.0.type") != kind || got != fmt.Sprintf("%v", loc) || h.at("detail.1") != nil {
		tb.Errorf("%d %s, want %s at %v", h.status, h.text, kind, loc)
	}
}
