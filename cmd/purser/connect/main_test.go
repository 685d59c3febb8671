package connect_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // what is stored is looked at

	dialect "purser/api/connect"
	"purser/api/openapi"
	"purser/api/openapi/openapitest"
	"purser/cmd/purser/live"
)

// built is where the programs are that all tests of this package run.
type built struct{ purser, apps string }

var theBuilt built

// TestMain builds what is run.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(live.WithFolder("purser-connect-", build, m.Run))
}

func build(folder string) (err error) {
	theBuilt.apps = folder
	if theBuilt.purser, err = live.Build(folder, ".."); err != nil {
		return err
	}
	for _, v := range []string{"1.0.0", "1.0.1", "2.0.0"} {
		err = errors.Join(err, live.Compile(filepath.Join(folder, "hello-"+v), "../../../examples/hello", "-ldflags", "-X main.version="+v))
	}
	return err
}

// site is a server with packages, and what asks it.
type site struct {
	*live.Server
	api    *live.API
	client *http.Client
	doc    *openapitest.Document

	disabled bool // the dialect is not there
}

// MustSite starts a server that has the packages hello and log, and ends it and what it started with the test.
func MustSite(tb testing.TB, configuration string, args ...string) *site {
	tb.Helper()
	folder := tb.TempDir()
	if configuration != "" {
		file := filepath.Join(folder, "purser.yml")
		if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
			tb.Fatal(err)
		}
		args = append(args, "--config="+file)
	}
	port, err := live.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	s := &site{
		Server: &live.Server{Binary: theBuilt.purser, Folder: folder, Port: port, Args: args},
		doc:    openapitest.MustRead(tb, openapi.Document{Path: dialect.PathOfDocument, YAML: dialect.Document()}, "Error"),
		client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}},
	}
	s.api = live.NewAPI(s.Base())
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("stopping the server: %v", err)
		}
		for _, pid := range live.Leftovers(s.Folder) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if tb.Failed() {
			tb.Logf("the server's last words:\n%s", live.Tail(s.LogFile()))
		}
	})
	s.mustStart(tb)
	archives, err := live.Pack("../../../examples/packages", theBuilt.apps)
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range archives {
		s.mustUpload(tb, p)
	}
	for _, version := range []string{"1.0.0", "0.9.0"} {
		s.mustUpload(tb, logPackage(tb, version))
	}
	return s
}

func (s *site) mustStart(tb testing.TB) {
	tb.Helper()
	if _, err := s.Start(context.Background(), s.api); err != nil {
		tb.Fatal(err)
	}
}

func (s *site) mustUpload(tb testing.TB, p live.Archive) {
	tb.Helper()
	if err := s.api.Upload(tb.Context(), p); err != nil {
		tb.Fatal(err)
	}
}

// logPackage is a package with one application, whose greeting is a value.
func logPackage(tb testing.TB, version string) live.Archive {
	tb.Helper()
	top := "log-" + version
	data, err := live.Zip(top, map[string]string{
		"package.yml": "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: log\nversion: " + version + "\n",
		"values.yml":  "greeting: Hello\ncount: 1\nport: 0\nresource: file:" + theBuilt.apps + "/hello-1.0.0\n",
		"templates/log.yml": "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata:\n  name: log\nspec:\n" +
			"  resource: \"{{{resource}}}\"\n  applicationProperties:\n    hello.greeting: \"{{{greeting}}}\"\n    server.port: \"{{{port}}}\"\n" +
			"  deploymentProperties:\n    spring.cloud.deployer.count: \"{{{count}}}\"\n",
	})
	if err != nil {
		tb.Fatal(err)
	}
	return live.Archive{Name: "log", Version: version, Zip: data}
}

const service = "/otterscale.application.v1.ApplicationService/"

// answer is what a call was answered.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// post makes a call over Connect. headers are "Name: value".
func (s *site) post(tb testing.TB, procedure, kind string, body []byte, headers ...string) answer {
	tb.Helper()
	return s.do(tb, http.MethodPost, service+procedure, body, append([]string{"Content-Type: " + kind}, headers...)...)
}

// call is post with JSON.
func (s *site) call(tb testing.TB, procedure, body string, headers ...string) answer {
	tb.Helper()
	return s.post(tb, procedure, "application/json", []byte(body), headers...)
}

func (s *site) do(tb testing.TB, method, path string, body []byte, headers ...string) answer {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, s.Base()+path, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	response, err := s.client.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	path, _, _ = strings.Cut(path, "?")
	if _, known := s.doc.Find(method, path); known && !s.disabled && !strings.HasSuffix(path, "/") && response.Header.Get("Content-Encoding") == "" {
		err := s.doc.Check(openapitest.Answer{
			Method: method, Path: path, Status: response.StatusCode, Type: response.Header.Get("Content-Type"), Body: text, Header: response.Header,
		})
		if err != nil {
			tb.Errorf("the answer is not as in the document: %v", err)
		}
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// want checks the status and that the body has a text.
func (a answer) want(tb testing.TB, status int, text string) answer {
	tb.Helper()
	if a.Status != status || !strings.Contains(a.Body, text) {
		tb.Errorf("%d %s, want %d with %q", a.Status, a.Body, status, text)
	}
	return a
}

// code gives the code of an error.
func (a answer) code(tb testing.TB) string {
	tb.Helper()
	var e struct{ Code string }
	if err := json.Unmarshal([]byte(a.Body), &e); err != nil || a.Header.Get("Content-Type") != "application/json" {
		tb.Errorf("%v: %d %s %s", err, a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	return e.Code
}

// release is a revision as JSON has it.
type release struct {
	Namespace, Name, ChartName string
	Revision                   int
	Version                    struct{ ChartVersion, ChartRef, ApplicationVersion string }
}

func (a answer) release(tb testing.TB) (r release) {
	tb.Helper()
	a.want(tb, http.StatusOK, "")
	if err := json.Unmarshal([]byte(a.Body), &r); err != nil {
		tb.Fatalf("%v: %s", err, a.Body)
	}
	return r
}

// list gives the names of the releases of the default scope, with their namespaces.
func (s *site) list(tb testing.TB) (names []string) {
	tb.Helper()
	var l struct{ Releases []release }
	if err := json.Unmarshal([]byte(s.call(tb, "ListReleases", "{}").want(tb, 200, "").Body), &l); err != nil {
		tb.Fatal(err)
	}
	for _, r := range l.Releases {
		names = append(names, r.Namespace+"/"+r.Name)
	}
	return names
}

// mustOpen opens the store of the server that runs, to look into it.
func (s *site) mustOpen(tb testing.TB) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.DataDir(), "purser.db")+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

// row is a version of a release as it is stored.
type row struct {
	ID            int64
	Stage, Values string
}

// stored gives what is stored of a version.
func (s *site) stored(tb testing.TB, space, name string, version int) (r row) {
	tb.Helper()
	db := s.mustOpen(tb)
	defer db.Close()
	err := db.QueryRowContext(tb.Context(), `SELECT r.id, r.stage, COALESCE(c.override_values, '') FROM releases r
		JOIN release_contents c ON c.release_id = r.id WHERE r.space = ? AND r.name = ? AND r.version = ?`, space, name, version).
		Scan(&r.ID, &r.Stage, &r.Values)
	if err != nil {
		tb.Fatalf("%s %s v%d: %v", space, name, version, err)
	}
	return r
}

// running waits until a release has an application that runs as its own process.
func (s *site) running(tb testing.TB, count int) {
	tb.Helper()
	err := live.Until(tb.Context(), 20*time.Second, 20*time.Millisecond, "applications run", func() (bool, error) {
		found := 0
		for _, p := range live.Processes(s.Folder) {
			if len(p.Args) > 0 && strings.HasPrefix(filepath.Base(p.Args[0]), "hello-") {
				found++
			}
		}
		return found == count, nil
	})
	if err != nil {
		tb.Error(err)
	}
}
