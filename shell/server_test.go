package shell_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"purser/shell"
)

// answer is what the server of the tests says to a request.
type answer struct {
	status int
	body   string
}

const (
	exceptions = "org.springframework.cloud.skipper."
	pkgDemo    = `{"metadata":{"apiVersion":"skipper.spring.io/v1","kind":"SkipperPackageMetadata","name":"demo","version":"1.0.0","description":"Says hello"},"templates":[],"dependencies":[],"configValues":{"raw":""},"fileHolders":[]}`
	status2    = `{"statusCode":"DEPLOYED","platformStatus":"[{\"deploymentId\":\"hello.demo-v2\",\"state\":\"deployed\",\"instances\":{\"hello.demo-v2-0\":{\"id\":\"hello.demo-v2-0\",\"state\":\"deployed\",\"attributes\":{}},\"hello.demo-v2-1\":{\"id\":\"hello.demo-v2-1\",\"state\":\"deployed\",\"attributes\":{}}}}]"}`
	info2      = `{"status":` + status2 + `,"firstDeployed":"2018-09-13T08:34:50.012+00:00","lastDeployed":"2018-09-13T08:34:50.012+00:00","deleted":null,"description":"Upgrade complete"}`
	release2   = `{"name":"hello","version":2,"info":` + info2 + `,"pkg":` + pkgDemo + `,"configValues":{"raw":""},"manifest":{"data":"x: 1\n"},"platformName":"default"}`
	release1   = `{"name":"hello","version":1,"info":{"status":{"statusCode":"DELETED","platformStatus":null},"firstDeployed":"2018-09-12T08:00:00.000+00:00","lastDeployed":"2018-09-12T08:00:00.000+00:00","deleted":"2018-09-13T08:34:51.000+00:00","description":"Delete complete"},"pkg":` + pkgDemo + `,"configValues":{"raw":""},"manifest":{"data":"x: 0\n"},"platformName":"default"}`
	difference = `{"empty":false,"applications":[{"name":"demo","change":"changed","properties":[{"section":"applicationProperties","name":"demo.greeting","old":"hi","new":"good day"},{"section":"applicationProperties","name":"server.port","old":null,"new":"8080"},{"section":"spec","name":"version","old":"1.0.0","new":null}]}]}`
	preview    = `{"name":"hello","version":3,"platformName":"default","packageName":"demo","packageVersion":"1.0.1","manifest":"x: 1\n","values":null,"applications":[{"name":"demo","action":"replace","deploymentId":"hello.demo-v3"}],"difference":` + difference + `}`
	metadata   = `{"apiVersion":"skipper.spring.io/v1","origin":"tests","repositoryId":1,"repositoryName":"local","kind":"SkipperPackageMetadata","name":"demo","displayName":null,"version":"1.0.0","packageSourceUrl":null,"packageHomeUrl":null,"tags":"web, demo","maintainer":"tests","description":"Says hello","sha256":null,"iconUrl":null,"_links":{"self":{"href":"<base>/packageMetadata/7"}}}`
	content    = `{"apiVersion":"skipper.spring.io/v1","name":"demo","version":"1.0.0","values":"a: 1\n","templates":[{"name":"demo.yml","text":"kind: X\n"}],"readme":"Read me.\n","dependencies":[{"name":"part","version":"1.0.0","values":"b: 2\n","templates":[],"readme":null,"dependencies":[]}]}`
	operation  = `{"id":4,"name":"hello","kind":"upgrade","rollback":true,"phase":"done","outcome":"failed","from":2,"to":3,"startedAt":"2018-09-13T08:34:50.012Z","finishedAt":"2018-09-13T08:34:55.012Z","deadline":null,"cancelRequested":null,"requestedBy":"","message":"It was not healthy"}`
)

// answers are what the server says, by method, path and query.
var answers = map[string]answer{
	"GET /api": {200, `{"_links":{"repositories":{"href":"<base>/repositories{?page,size,sort}","templated":true},` +
		`"packageMetadata":{"href":"<base>/packageMetadata{?page,size,sort,projection}","templated":true},` +
		`"releases":{"href":"<base>/releases{?page,size,sort}","templated":true},"deployers":{"href":"<base>/deployers{?page,size,sort}","templated":true},` +
		`"about":{"href":"<base>/about"},"release":{"href":"<base>/release"},"package":{"href":"<base>/package"}}}`},
	"GET /api/release": {200, `{"_links":{"status/name":{"href":"<base>/release/status/{name}","templated":true},` +
		`"status/name/version":{"href":"<base>/release/status/{name}/{version}","templated":true},"manifest":{"href":"<base>/release/manifest/{name}","templated":true},` +
		`"manifest/name/version":{"href":"<base>/release/manifest/{name}/{version}","templated":true},"upgrade":{"href":"<base>/release/upgrade"},` +
		`"logs/name":{"href":"<base>/release/logs/{name}","templated":true},"list":{"href":"<base>/release/list"},"list/name":{"href":"<base>/release/list/{name}","templated":true}}}`},
	"GET /api/package":                {200, `{"_links":{"upload":{"href":"<base>/package/upload"},"install":{"href":"<base>/package/install"},"install/id":{"href":"<base>/package/install/{id}","templated":true}}}`},
	"GET /api/packageMetadata/search": {200, `{"_links":{"findByNameContainingIgnoreCase":{"href":"<base>/packageMetadata/search/findByNameContainingIgnoreCase{?name,projection}","templated":true}}}`},
	"GET /api/releases/search":        {200, `{"_links":{"findByNameIgnoreCaseContainingOrderByNameAscVersionDesc":{"href":"<base>/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc{?name}","templated":true}}}`},
	"GET /api/purser": {200, `{"_links":{"operations":{"href":"<base>/purser/operations{?name,open,page,size}","templated":true},` +
		`"previewInstall":{"href":"<base>/purser/preview/install"},"previewUpgrade":{"href":"<base>/purser/preview/upgrade"},"previewRollback":{"href":"<base>/purser/preview/rollback"},` +
		`"difference":{"href":"<base>/purser/releases/{name}/difference{?from,to}","templated":true},"logs":{"href":"<base>/purser/releases/{name}/logs{?app,lines,follow}","templated":true},` +
		`"package":{"href":"<base>/purser/packages/{id}","templated":true}}}`},

	"GET /api/about": {200, `{"versionInfo":{"server":{"name":"Spring Cloud Skipper Server","version":"2.11.5"}}}`},
	"GET /api/deployers?size=2000": {200, `{"_embedded":{"deployers":[{"name":"default","type":"local","description":"ShutdownTimeout = [30]","options":[]},` +
		`{"name":"other","type":"local","description":null,"options":[]}]}}`},
	"GET /api/repositories?size=2000": {200, `{"_embedded":{"repositories":[{"name":"local","url":"http://localhost:7577","description":"Default local database backed repository","local":true,"repoOrder":1,"_links":{}}]}}`},

	"GET /api/packageMetadata?projection=summary&size=2000&sort=name%2Casc":                         {200, `{"_embedded":{"packageMetadata":[{"name":"demo","version":"1.0.0","description":"Says hello"},{"name":"demo","version":"1.0.1","description":null}]}}`},
	"GET /api/packageMetadata?size=2000":                                                            {200, `{"_embedded":{"packageMetadata":[` + metadata + `]}}`},
	"GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=EMO&projection=summary":    {200, `{"_embedded":{"packageMetadata":[{"name":"demo","version":"1.0.0","description":"Says hello"}]}}`},
	"GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=demo&projection=summary":   {200, `{"_embedded":{"packageMetadata":[{"name":"demo","version":"1.0.0","description":"Says hello"},{"name":"demos","version":"9.0.0"}]}}`},
	"GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=demo":                      {200, `{"_embedded":{"packageMetadata":[` + metadata + `]}}`},
	"GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=nosuch":                    {200, `{"_embedded":{"packageMetadata":[]}}`},
	"GET /api/packageMetadata/search/findByNameContainingIgnoreCase?name=nosuch&projection=summary": {200, `{}`},
	"POST /api/package/upload":   {201, metadata},
	"POST /api/package/install":  {201, release1},
	"DELETE /api/package/demo":   {200, ``},
	"DELETE /api/package/used":   {409, `{"exception":"` + exceptions + `PackageDeleteException","message":"Can not delete Package Metadata [used:1.0.0] in Repository [local]."}`},
	"GET /api/purser/packages/7": {200, content},

	"GET /api/release/list":        {200, `{"_embedded":{"releases":[` + release2 + `]}}`},
	"GET /api/release/list/hel":    {200, `{"_embedded":{"releases":[` + release2 + `]}}`},
	"GET /api/release/list/nosuch": {200, `{}`},
	"GET /api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=hello": {200, `{"_embedded":{"releases":[` + release2 + `,` + release1 + `]}}`},
	"GET /api/release/status/hello":                         {200, info2},
	"GET /api/release/status/hello/2":                       {200, info2},
	"GET /api/release/status/ended":                         {200, `{"status":{"statusCode":"DELETED","platformStatus":null},"firstDeployed":"2018-09-13T08:34:50.012+00:00","lastDeployed":"2018-09-13T08:34:50.012+00:00","deleted":null,"description":"Delete complete"}`},
	"GET /api/release/status/nosuch":                        {404, `{"exception":"` + exceptions + `ReleaseNotFoundException","message":"Release with the name [nosuch] doesn't exist","releaseName":"nosuch"}`},
	"GET /api/release/manifest/hello":                       {200, `{"data":"\"apiVersion\": \"skipper.spring.io/v1\"\n\"kind\": \"SpringCloudDeployerApplication\"\n"}`},
	"GET /api/release/manifest/hello/1":                     {200, `{"data":"\"apiVersion\": \"skipper.spring.io/v1\"\n"}`},
	"GET /api/release/manifest/nosuch":                      {404, `{"exception":"` + exceptions + `ReleaseNotFoundException","message":"Release with the name [nosuch] doesn't exist","releaseName":"nosuch"}`},
	"GET /api/release/manifest/gone":                        {404, ``},
	"GET /api/release/manifest/broken":                      {200, `<html>`},
	"POST /api/release/upgrade":                             {201, release2},
	"POST /api/release/rollback":                            {201, release2},
	"POST /api/release/cancel":                              {200, `{"accepted":true}`},
	"POST /api/release/scale/hello":                         {201, release2},
	"DELETE /api/release/hello":                             {200, release2},
	"DELETE /api/release/hello/package":                     {200, release2},
	"DELETE /api/release/nosuch":                            {404, `{"exception":"` + exceptions + `ReleaseNotFoundException","message":"x","releaseName":"nosuch"}`},
	"POST /api/purser/preview/install":                      {200, preview},
	"POST /api/purser/preview/upgrade":                      {200, preview},
	"POST /api/purser/preview/rollback":                     {200, preview},
	"GET /api/purser/operations?size=20":                    {200, `{"_embedded":{"operations":[` + operation + `]},"page":{"size":20,"totalElements":1,"totalPages":1,"number":0}}`},
	"GET /api/purser/releases/hello/difference":             {200, `{"name":"hello","from":1,"to":2,"difference":` + difference + `}`},
	"GET /api/purser/releases/hello/difference?from=1&to=2": {200, `{"name":"hello","from":1,"to":2,"difference":{"empty":true,"applications":[]}}`},
	"GET /api/purser/releases/hello/logs?lines=100":         {200, `{"name":"hello","version":2,"logs":[{"application":"demo","deploymentId":"hello.demo-v2","instance":"hello.demo-v2-0","stream":"stdout","text":"one\ntwo"},{"application":"demo","deploymentId":"hello.demo-v2","instance":"hello.demo-v2-1","stream":"stderr","text":"three"}]}`},
}

// skipperAlone among the answers makes a server that has nothing beyond Skipper.
const skipperAlone = "Skipper alone"

// server answers the shell and notes what it was asked.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // requests that change something, with their bodies
	extra map[string]answer
}

func MustServe(tb testing.TB, extra map[string]answer) *server {
	tb.Helper()
	s := &server{extra: extra}
	s.Server = httptest.NewServer(s)
	tb.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := r.Method + " " + r.URL.Path
	if r.URL.RawQuery != "" {
		key += "?" + r.URL.Query().Encode()
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.mu.Lock()
		s.asked = append(s.asked, strings.TrimSpace(key+" "+string(body)))
		s.mu.Unlock()
	}
	base := "http://" + r.Host + "/api"
	if _, alone := s.extra[skipperAlone]; !alone {
		w.Header().Add("Link", "<"+base+`/purser>; rel="service"`)
	}
	w.Header().Add("Link", fmt.Sprintf(`<http://%s%s/search>; rel="search"`, r.Host, r.URL.Path))
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	a, ok := s.extra[key]
	if !ok {
		a, ok = answers[key]
	}
	if !ok {
		a = answer{http.StatusNotFound, `{"status":404,"error":"Not Found","message":"nothing is known of ` + r.Method + `"}`}
	}
	w.Header().Set("Content-Type", "application/hal+json")
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, strings.ReplaceAll(a.body, "<base>", base))
}

func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// console is a shell with what it printed.
type console struct {
	*shell.Shell
	out, err bytes.Buffer
}

func MustConsole(tb testing.TB, uri string, change ...func(*shell.Options)) *console {
	tb.Helper()
	c := &console{}
	o := shell.Options{
		Streams: shell.Streams{In: strings.NewReader(""), Out: &c.out, Err: &c.err},
		Target:  shell.Target{URI: uri}, Version: "purser test", Zone: time.UTC,
	}
	for _, one := range change {
		one(&o)
	}
	c.Shell = shell.New(o)
	tb.Cleanup(func() {
		if made, err := c.Client(); err == nil {
			made.Close()
		}
	})
	return c
}

// run is what a line prints, its errors included, and its exit code.
func (c *console) run(ctx context.Context, mode shell.Mode, line string) (printed string, code int) {
	c.out.Reset()
	c.err.Reset()
	err := c.Execute(ctx, mode, line)
	c.Report(mode, err)
	return c.out.String() + c.err.String(), shell.ExitStatus(err)
}

// watcher is a server that notes the Authorization of each request.
type watcher struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
}

func MustWatchHeaders(tb testing.TB) *watcher {
	tb.Helper()
	w := &watcher{}
	inner := &server{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.seen = append(w.seen, r.Header.Get("Authorization"))
		w.mu.Unlock()
		inner.ServeHTTP(out, r)
	}))
	tb.Cleanup(w.Close)
	return w
}

func (w *watcher) authorizations() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.seen...)
}
