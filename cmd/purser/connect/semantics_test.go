package connect_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
)

func TestChartReferences(t *testing.T) {
	s := MustSite(t, "")
	rows := []struct{ rule, ref, version, resolved string }{
		{"name and version", "hello:1.0.0", "1.0.0", "hello:1.0.0"},
		{"no version is the highest", "hello", "2.0.0", "hello:2.0.0"},
		{"a repository", "local/hello:1.0.1", "1.0.1", "local/hello:1.0.1"},
		{"a repository and no version", "local/log", "1.0.0", "local/log:1.0.0"},
		{"blanks around it", " hello:1.0.0\n", "1.0.0", "hello:1.0.0"},
		{"the URL of an archive", "https://charts.example/x/hello-1.0.1.tgz", "1.0.1", "https://charts.example/x/hello-1.0.1.tgz"},
		{"the URL of a zip", "http://charts.example:8080/hello-1.0.0.zip?token=1#x", "1.0.0", "http://charts.example:8080/hello-1.0.0.zip?token=1#x"},
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			body, _ := json.Marshal(map[string]any{"name": "x", "chartRef": row.ref, "dryRun": true})
			r := s.call(t, "CreateRelease", string(body)).release(t)
			if r.Version.ChartVersion != row.version || r.Version.ChartRef != row.resolved {
				t.Errorf("%+v", r)
			}
		})
	}
	for _, ref := range []string{
		"hello:", ":1.0.0", "/hello", "a/b/hello", "hello:1.0.0:2", "hello/", "oci://a.example/hello:1.0.0", "https://a.example/hello.tgz",
		"https://a.example/hello-1.0.0.tar", "https://a.example/", "ftp://a.example/hello-1.0.0.tgz", "https:///hello-1.0.0.tgz", "file:///hello-1.0.0.zip",
		"://", "https://a.example/hello-1.0.0.tgz.zip", "https://%zz/hello-1.0.0.tgz", strings.Repeat("x", 5000),
	} {
		body, _ := json.Marshal(map[string]any{"name": "x", "chartRef": ref, "dryRun": true})
		if a := s.call(t, "CreateRelease", string(body)).want(t, 404, "cannot be found"); a.code(t) != "not_found" || len(a.Body) > 2000 {
			t.Errorf("%q: %s", ref, a.Body)
		}
	}
	for _, ref := range []string{"", " ", "\n"} {
		body, _ := json.Marshal(map[string]any{"name": "x", "chartRef": ref, "dryRun": true})
		s.call(t, "CreateRelease", string(body)).want(t, 400, "chart_ref")
	}
}

func TestNamespacesAndScopes(t *testing.T) {
	s := MustSite(t, "spring.cloud.skipper.server.platform.local.accounts: {default: {}, second: {}}\n")
	for _, namespace := range []string{"Dev", "a/b", "a.b", "-a", "a-", strings.Repeat("a", 64), " ", "ä"} {
		body, _ := json.Marshal(map[string]any{"name": "x", "namespace": namespace, "chartRef": "log", "dryRun": true})
		if a := s.call(t, "CreateRelease", string(body)).want(t, 400, "namespace"); a.code(t) != "invalid_argument" {
			t.Errorf("%q: %s", namespace, a.Body)
		}
	}
	for _, scope := range []string{"", "default", "second"} {
		s.call(t, "CreateRelease", `{"name":"web","scope":"`+scope+`","namespace":"n`+scope+`","chartRef":"log"}`).want(t, 200, `"revision":1`)
	}
	s.call(t, "CreateRelease", `{"name":"web","scope":"default","namespace":"n","chartRef":"log"}`).want(t, 409, "")
	if got := s.list(t); !slices.Equal(got, []string{"n/web", "ndefault/web"}) {
		t.Errorf("the default scope has %v", got)
	}
	if a := s.call(t, "ListReleases", `{"scope":"second"}`).want(t, 200, "nsecond"); strings.Count(a.Body, `"name"`) != 1 {
		t.Error(a.Body)
	}
	s.call(t, "ListReleases", `{"scope":"nosuch"}`).want(t, 404, "not_found")
	s.running(t, 3)
	// Skipper's own lists show none of them.
	if a := s.do(t, "GET", "/api/release/list", nil); strings.Contains(a.Body, "web") {
		t.Error(a.Body)
	}
}

// The life of a release: every call, its dry run, and its refusals.
func TestLife(t *testing.T) {
	s := MustSite(t, "")
	const web = `"name":"web"`
	for _, procedure := range []string{"UpdateRelease", "RollbackRelease", "DeleteRelease"} {
		s.call(t, procedure, `{`+web+`,"chartRef":"log"}`).want(t, 404, "not_found")
		s.call(t, procedure, `{`+web+`,"chartRef":"log","dryRun":true}`).want(t, 404, "not_found")
		s.call(t, procedure, `{"chartRef":"log"}`).want(t, 400, "name")
		s.call(t, procedure, `{"name":"B","chartRef":"log"}`).want(t, 400, "name")
		s.call(t, procedure, `{`+web+`,"scope":"nosuch","chartRef":"log"}`).want(t, 404, "scope")
	}
	s.call(t, "CreateRelease", `{`+web+`,"chartRef":"local/hello:1.0.0"}`).want(t, 200, "")
	s.settle(t, "web", 1, "deployed")
	s.call(t, "RollbackRelease", `{`+web+`}`).want(t, 400, "failed_precondition")
	s.call(t, "RollbackRelease", `{`+web+`,"dryRun":true}`).want(t, 400, "failed_precondition")
	s.call(t, "UpdateRelease", `{`+web+`}`).want(t, 400, "chart_ref")
	s.call(t, "UpdateRelease", `{`+web+`,"chartRef":"nosuch"}`).want(t, 404, "nosuch")
	s.call(t, "UpdateRelease", `{`+web+`,"chartRef":"hello:1.0.0","valuesYaml":"- a"}`).want(t, 400, "values_yaml")
	s.call(t, "UpdateRelease", `{`+web+`,"chartRef":"hello:1.0.0"}`).want(t, 400, "failed_precondition") // no difference

	s.call(t, "UpdateRelease", `{`+web+`,"chartRef":"hello:1.0.1","dryRun":true}`).want(t, 200, `"revision":2`)
	s.call(t, "UpdateRelease", `{`+web+`,"chartRef":"hello:1.0.1","valuesYaml":"spec: {applicationProperties: {hello.greeting: Hi}}"}`).want(t, 200, `"revision":2`)
	s.settle(t, "web", 2, "deployed")
	if got := s.latest(t, "web"); got.Revision != 2 || got.Version.ChartVersion != "1.0.1" || got.Version.ChartRef != "hello:1.0.1" {
		t.Errorf("%+v", got)
	}
	s.call(t, "RollbackRelease", `{`+web+`,"dryRun":true}`).want(t, 200, "{}")
	s.call(t, "RollbackRelease", `{`+web+`}`).want(t, 200, "{}")
	s.settle(t, "web", 3, "deployed")
	if got := s.latest(t, "web"); got.Revision != 3 || got.Version.ChartVersion != "1.0.0" || got.Version.ChartRef != "local/hello:1.0.0" {
		t.Errorf("%+v", got)
	}
	s.running(t, 1)
	s.call(t, "DeleteRelease", `{`+web+`,"dryRun":true}`).want(t, 200, "{}")
	s.running(t, 1)
	s.call(t, "DeleteRelease", `{`+web+`}`).want(t, 200, "{}")
	s.call(t, "DeleteRelease", `{`+web+`}`).want(t, 404, "not_found")
	s.running(t, 0)
	if got := s.list(t); len(got) > 0 {
		t.Errorf("after the end: %v", got)
	}
	s.call(t, "CreateRelease", `{`+web+`,"chartRef":"hello:1.0.0"}`).want(t, 200, `"revision":4`)
}

// latest gives a release of the default namespace as the list has it.
func (s *site) latest(t *testing.T, name string) (found release) {
	t.Helper()
	var l struct{ Releases []release }
	if err := json.Unmarshal([]byte(s.call(t, "ListReleases", "{}").Body), &l); err != nil {
		t.Fatal(err)
	}
	for _, r := range l.Releases {
		if r.Name == name {
			found = r
		}
	}
	return found
}

// settle waits until a version has come to a stage.
func (s *site) settle(t *testing.T, name string, version int, stage string) {
	t.Helper()
	err := live.Until(t.Context(), 30*time.Second, 20*time.Millisecond, name+" is "+stage, func() (bool, error) {
		return s.stored(t, "scope/default/default", name, version).Stage == stage, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A release that the platform does not take is told as aborted and kept as failed; its name is taken until it is deleted.
func TestFailedDeployments(t *testing.T) {
	s := MustSite(t, "")
	const bad = `{"name":"bad","chartRef":"log","valuesMap":{"count":"many"}}`
	a := s.call(t, "CreateRelease", bad).want(t, 409, "kept as failed")
	if a.code(t) != "aborted" {
		t.Error(a.Body)
	}
	var e struct {
		Details []struct {
			Type  string
			Debug struct {
				Reason   string
				Metadata map[string]string
			}
		}
	}
	if err := json.Unmarshal([]byte(a.Body), &e); err != nil || len(e.Details) != 1 {
		t.Fatalf("%v: %s", err, a.Body)
	}
	d := e.Details[0]
	if diff := cmp.Diff(map[string]string{"namespace": "default", "name": "bad", "revision": "1"}, d.Debug.Metadata); diff != "" || d.Type != "google.rpc.ErrorInfo" {
		t.Errorf("%+v %s", d, diff)
	}
	if got := s.stored(t, "scope/default/default", "bad", 1); got.Stage != "failed" {
		t.Errorf("%+v", got)
	}
	if got := s.list(t); !slices.Equal(got, []string{"default/bad"}) {
		t.Errorf("%v", got)
	}
	s.call(t, "CreateRelease", bad).want(t, 409, "already_exists")
	s.call(t, "CreateRelease", `{"name":"bad","chartRef":"log"}`).want(t, 409, "already_exists")
	s.call(t, "UpdateRelease", `{"name":"bad","chartRef":"log"}`).want(t, 400, "failed_precondition")
	s.call(t, "RollbackRelease", `{"name":"bad"}`).want(t, 400, "failed_precondition")
	s.call(t, "DeleteRelease", `{"name":"bad"}`).want(t, 200, "{}")
	s.call(t, "DeleteRelease", `{"name":"bad"}`).want(t, 404, "")
	s.call(t, "CreateRelease", `{"name":"bad","chartRef":"log"}`).want(t, 200, "")
	s.settle(t, "bad", 2, "deployed")
	// An upgrade that fails leaves what runs.
	s.call(t, "UpdateRelease", `{"name":"bad","chartRef":"log","valuesYaml":"port: none"}`).want(t, 409, "aborted")
	s.settle(t, "bad", 3, "failed")
	s.call(t, "CreateRelease", `{"name":"bad","chartRef":"log"}`).want(t, 409, "already_exists")
	s.running(t, 1)
	s.call(t, "DeleteRelease", `{"name":"bad"}`).want(t, 200, "{}")
	s.running(t, 0)
	if got := s.list(t); len(got) > 0 {
		t.Errorf("%v", got)
	}
	s.call(t, "CreateRelease", `{"name":"bad","chartRef":"log"}`).want(t, 200, "")
}

// What cannot be rendered is an invalid argument, and leaves nothing.
func TestWhatCannotBeRendered(t *testing.T) {
	s := MustSite(t, "")
	rows := []struct{ rule, body, want string }{
		{"no value for what the template names", `"valuesMap":{"spec":"1"},"chartRef":"hello"`, "spec"},
		{"a path into what is no map", `"valuesYaml":"a: 1","valuesMap":{"a.b":"2"}`, "values_map"},
		{"one pair against another", `"valuesMap":{"a":"1","a.b":"2"}`, "values_map"},
		{"an empty path", `"valuesMap":{"":"1"}`, "values_map"},
		{"an index that is too large", `"valuesMap":{"l[65537]":"1"}`, "65536"},
		{"a path that is too deep", `"valuesMap":{"` + strings.Repeat("a.", 31) + `a":"1"}`, "30"},
		{"a list without end", `"valuesMap":{"a":"{x"}`, "values_map[a]"},
		{"no resource", `"valuesMap":{"resource":""}`, ""},
	}
	for _, row := range rows {
		for _, dry := range []string{"true", "false"} {
			t.Run(row.rule+" "+dry, func(t *testing.T) {
				chart := `"chartRef":"log",`
				if strings.Contains(row.body, "chartRef") {
					chart = ""
				}
				a := s.call(t, "CreateRelease", `{"name":"x","dryRun":`+dry+`,`+chart+row.body+`}`).want(t, 400, row.want)
				if a.code(t) != "invalid_argument" {
					t.Error(a.Body)
				}
			})
		}
	}
	if got := s.list(t); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// Values get to the application: those of the map over those of the YAML over those of the package.
func TestValuesReachTheApplication(t *testing.T) {
	s := MustSite(t, "")
	port, err := live.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(map[string]any{
		"name": "web", "chartRef": "hello:1.0.0", "valuesYaml": "spec: {applicationProperties: {hello.greeting: Yaml}}",
		"valuesMap": map[string]string{`spec.applicationProperties.hello\.greeting`: "Hi, you", `spec.applicationProperties.server\.port`: jsonNumber(port)},
	})
	s.call(t, "CreateRelease", string(body)).want(t, 200, "")
	var page string
	err = live.Until(t.Context(), 20*time.Second, 50*time.Millisecond, "it greets", func() (bool, error) {
		page, _ = s.api.Page(t.Context(), "http://127.0.0.1:"+jsonNumber(port))
		return page != "", nil
	})
	if err != nil || page != "Hi, you from version 1.0.0" {
		t.Errorf("%q, %v", page, err)
	}
}

func jsonNumber(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

// Case 11: when the time has run out it is told so, and what was begun goes on.
func TestTheTimeRunsOut(t *testing.T) {
	s := MustSite(t, "")
	asked, release := make(chan struct{}, 8), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { close(release); slow.Close() })
	body := `{"name":"slow","chartRef":"log","valuesMap":{"resource":"` + slow.URL + `/app.jar"}}`
	if a := s.call(t, "CreateRelease", body, "Connect-Timeout-Ms: 1").want(t, 504, ""); a.code(t) != "deadline_exceeded" {
		t.Error(a.Body)
	}
	body = strings.Replace(body, `"slow"`, `"slower"`, 1)
	a := s.call(t, "CreateRelease", body, "Connect-Timeout-Ms: 700")
	if a.Status != 200 && a.code(t) != "deadline_exceeded" {
		t.Errorf("%+v", a)
	}
	<-asked // the platform was told
}
