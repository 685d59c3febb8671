package akkeris_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	dialect "purser/api/akkeris"
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
	os.Exit(live.WithFolder("purser-akkeris-", build, m.Run))
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

const theKey = "s3cret"

// setup is what differs between the configurations of these tests.
type setup struct {
	unknownAfter string // "": one minute
	hooks        string // YAML in one line
	binary       string // "": the server as users run it
	apps         string // further lines
}

// configuration has many apps of one package, so that each test has its own.
func (u setup) configuration() string {
	if u.unknownAfter == "" {
		u.unknownAfter = "1m"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `purser:
  dialects:
    akkeris:
      key: %s
      unknown-after: %s
      hooks: [%s]
      apps:
        - {name: shop, space: dev, package: demo, values: {greeting: Welcome}}
        - {name: shop, space: prod, package: demo, downstream: true}
        - {name: Big, space: Letters, package: demo}
        - {name: other, space: dev, package: other}
        - {name: late, space: dev, package: comes-later}
        - {name: nowhere, space: dev, package: demo, platform: nowhere}
        - {name: silent, space: dev, package: silent}
        - {name: two, space: dev, package: two}
        - {name: ghost, space: dev, package: ghost}
        - {name: broken, space: dev, package: broken}
        - {name: drafts, space: dev, package: drafts}
%s`, theKey, u.unknownAfter, u.hooks, u.apps)
	for n := range 40 {
		fmt.Fprintf(&b, "        - {name: app, space: c%d, package: demo}\n", n)
	}
	return b.String()
}

// template is an application of the sample program.
const template = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata:
  name: %s
spec:
  resource: file:%s/hello-%s
  applicationProperties:
    hello.greeting: {{greeting}}
  deploymentProperties:
    %s
`

// hello is a template whose application is that version of the sample.
func hello(version string) string {
	return fmt.Sprintf(template, "web", theBuilt.folder, version, "spring.cloud.deployer.count: 1")
}

// silent is one whose application never reports health.
func silent(version string) string {
	return fmt.Sprintf(template, "web", theBuilt.folder, version, "spring.cloud.deployer.local.startup-probe.path: /nosuch")
}

// site is a server, and what asks it.
type site struct {
	server *live.Server
	api    *live.API
	client *http.Client
	doc    *openapitest.Document
}

// MustSite starts a server without packages, and ends it and what it started with the test.
func MustSite(tb testing.TB, u setup) *site {
	tb.Helper()
	s := mustPrepare(tb, u)
	s.mustStart(tb)
	return s
}

// mustPrepare is MustSite for a server that is started later.
func mustPrepare(tb testing.TB, u setup) *site {
	tb.Helper()
	if u.binary == "" {
		u.binary = theBuilt.purser
	}
	return mustPrepareWith(tb, u.binary, u.configuration())
}

func mustPrepareWith(tb testing.TB, binary, settings string) *site {
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
		client: &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 30, DisableCompression: true}},
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
	return s
}

func mustDocument(tb testing.TB) *openapitest.Document {
	tb.Helper()
	return openapitest.MustRead(tb, openapi.Document{Path: dialect.PathOfDocument, YAML: dialect.Document()})
}

func (s *site) mustStart(tb testing.TB) {
	tb.Helper()
	if _, err := s.server.Start(tb.Context(), s.api); err != nil {
		tb.Fatal(err)
	}
}

// mustUpload uploads a package with templates.
func (s *site) mustUpload(tb testing.TB, name, version string, templates ...string) {
	tb.Helper()
	zip, err := live.Zip(name+"-"+version, map[string]string{
		"package.yml":       "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: " + name + "\nversion: " + version + "\n",
		"values.yml":        "greeting: Hello\n",
		"templates/app.yml": strings.Join(templates, "---\n"),
	})
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.api.Upload(tb.Context(), live.Archive{Name: name, Version: version, Zip: zip}); err != nil {
		tb.Fatal(err)
	}
}

// heard is an answer.
type heard struct {
	status int
	header http.Header
	text   string
	body   any // of a text that is JSON
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

// ask sends "METHOD path" with a body, "" for none, as whoever has the key, and gives the answer, which fits the document and
// has what all answers have.
func (s *site) ask(tb testing.TB, do, body string, headers ...string) heard {
	tb.Helper()
	h, err := s.tell(tb, do, body, append([]string{"Authorization", theKey}, headers...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// tell is ask with nothing but the headers, which are pairs of name and value; "" stands for none of that name.
func (s *site) tell(tb testing.TB, do, body string, headers ...string) (heard, error) {
	tb.Helper()
	h, err := s.send(tb, do, body, headers...)
	if err == nil && h.header.Get("Content-Encoding") == "" {
		method, target, _ := strings.Cut(do, " ")
		s.compare(tb, method, target, h)
	}
	return h, err
}

// raw is tell for answers that need not be the dialect's.
func (s *site) raw(tb testing.TB, do string) (heard, error) {
	tb.Helper()
	return s.send(tb, do, "")
}

func (s *site) send(tb testing.TB, do, body string, headers ...string) (heard, error) {
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
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return heard{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	h := heard{status: answer.StatusCode, header: answer.Header, text: string(text)}
	_ = json.Unmarshal(text, &h.body) // texts of errors are no JSON
	return h, err
}

// compare compares an answer with the document.
func (s *site) compare(tb testing.TB, method, target string, h heard) {
	tb.Helper()
	path, _, _ := strings.Cut(target, "?")
	label := h.header.Get("Content-Type")
	if err := s.doc.Check(openapitest.Answer{
		Method: method, Path: strings.ToLower(path), Status: h.status, Type: label, Body: []byte(h.text), Header: h.header,
	}); err != nil {
		tb.Errorf("%v in %.1000s", err, h.text)
	}
	if label != "application/json" || h.header.Get("RateLimit-Remaining") != "2400" {
		tb.Errorf("%s %s: %v", method, target, h.header)
	}
}

// refuses compares a refusal with its text.
func (h heard) refuses(tb testing.TB, status int, text string) {
	tb.Helper()
	if h.status != status || h.text != text {
		tb.Errorf("%d %q, want %d %q", h.status, h.text, status, text)
	}
}

// app is an app of the configuration.
type app struct {
	*site
	tb   testing.TB
	name string
}

func (s *site) app(tb testing.TB, name string) app { return app{s, tb, name} }

// do asks; "METHOD /path below the app".
func (a app) do(do, body string, headers ...string) heard {
	a.tb.Helper()
	method, path, _ := strings.Cut(do, " ")
	return a.ask(a.tb, method+" /apps/"+a.name+path, body, headers...)
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

// slug gives the id of a build by the version of the package.
func (a app) slug(version string) string {
	a.tb.Helper()
	h := a.want(200, "GET /builds", "")
	for _, b := range h.body.([]any) {
		build := heard{body: b}
		if build.at("source_blob.version") == version {
			return build.at("id").(string)
		}
	}
	a.tb.Fatalf("there is no build of %s in %s", version, h.text)
	return ""
}

// release releases a version of the package and gives the id of the release.
func (a app) release(version string) string {
	a.tb.Helper()
	return a.want(201, "POST /releases", fmt.Sprintf(`{"slug":%q}`, a.slug(version))).at("id").(string)
}

// rollBack goes back to a release and gives the id of the new one.
func (a app) rollBack(to string) string {
	a.tb.Helper()
	return a.want(201, "POST /releases", fmt.Sprintf(`{"release":%q}`, to)).at("id").(string)
}

// until waits until a release has a status and gives it.
func (a app) until(release, status string) heard {
	a.tb.Helper()
	var h heard
	err := live.Until(a.tb.Context(), time.Minute, 20*time.Millisecond, "the status "+status, func() (bool, error) {
		h = a.want(200, "GET /releases/"+release, "")
		return h.at("status") == status, nil
	})
	if err != nil {
		a.tb.Fatalf("%v: %s", err, h.text)
	}
	return h
}

// current gives the ids of the releases that say that they are current.
func (a app) current() string {
	a.tb.Helper()
	var ids []string
	for _, one := range a.want(200, "GET /releases", "").body.([]any) {
		if r := (heard{body: one}); r.at("current") == true {
			ids = append(ids, r.at("id").(string))
		}
	}
	return strings.Join(ids, " ")
}

// isCurrent compares the current release.
func (a app) isCurrent(release string) {
	a.tb.Helper()
	if got := a.current(); got != release {
		a.tb.Errorf("current is %q, want %q", got, release)
	}
}
