package rest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/api/rest"
)

// Answers are compared as a whole: status, label and bytes, which stand in golden files.
func TestAnswers(t *testing.T) {
	deleted := sampleRelease("hello", 2)
	deleted.Stage, deleted.Statuses, deleted.Description = purser.StageDeleted, nil, "Delete complete"
	underWay := sampleRelease("hello", 2)
	underWay.Stage, underWay.Statuses, underWay.Description = purser.StageDeploying, nil, "Upgrade install underway"
	failed := sampleRelease("frail", 3)
	failed.Stage = purser.StageFailed
	draft := sampleRelease("draft", 1)
	draft.Stage = purser.StageDraft

	const hal, plain = "application/hal+json", "application/json"
	for _, row := range []struct {
		rule   string
		do     string
		body   string
		given  func(f *fixture)
		status int
		label  string
		file   string // "": the answer has no body
	}{
		{"the index", "GET /api", "", nil, 200, hal, "index.json"},
		{"about", "GET /api/about", "", nil, 200, hal, "about.json"},
		{"the index of packages", "GET /api/package", "", nil, 200, hal, "package_index.json"},
		{"the index of releases", "GET /api/release", "", nil, 200, hal, "release_index.json"},
		{"upload", "POST /api/package/upload", `{"name":"demo","packageFileAsBytes":"AAEC"}`, func(f *fixture) {
			f.packages.metadata = sampleMetadata()
		}, 201, hal, "upload.json"},
		{"install", "POST /api/package/install", `{"installProperties":{"releaseName":"hello"}}`, func(f *fixture) {
			f.engine.release = sampleRelease("hello", 1)
		}, 201, hal, "install.json"},
		{"install by id", "POST /api/package/install/7", `{"releaseName":"hello"}`, func(f *fixture) {
			f.engine.release = sampleRelease("hello", 1)
		}, 201, hal, "install.json"},
		{"upgrade", "POST /api/release/upgrade", `{"upgradeProperties":{"releaseName":"hello"}}`, func(f *fixture) {
			f.engine.release = underWay
		}, 201, hal, "upgrade.json"},
		{"rollback", "POST /api/release/rollback", `{"releaseName":"hello","version":0}`, func(f *fixture) {
			f.engine.release = underWay
		}, 201, hal, "upgrade.json"},
		{"rollback by path", "POST /api/release/rollback/hello/1", "", func(f *fixture) {
			f.engine.release = underWay
		}, 201, hal, "upgrade.json"},
		{"scale", "POST /api/release/scale/hello", `{}`, func(f *fixture) {
			f.engine.release = sampleRelease("hello", 1)
		}, 201, hal, "install.json"},
		{"delete", "DELETE /api/release/hello", "", func(f *fixture) { f.engine.release = deleted }, 200, hal, "delete.json"},
		{"delete with the package", "DELETE /api/release/hello/package", "", func(f *fixture) {
			f.engine.release = deleted
		}, 200, hal, "delete.json"},
		{"delete of a package", "DELETE /api/package/demo", "", nil, 200, "", ""},
		{"cancel", "POST /api/release/cancel", `{"releaseName":"hello"}`, func(f *fixture) { f.engine.accepted = true }, 200, plain, "cancel.json"},
		{"status", "GET /api/release/status/hello", "", func(f *fixture) {
			f.engine.release = sampleRelease("hello", 1)
		}, 200, hal, "status.json"},
		{"statuses", "GET /api/release/statuses?names=hello,other", "", func(f *fixture) {
			f.engine.releases = map[string]purser.Release{"other": deleted, "hello": sampleRelease("hello", 1)}
		}, 200, plain, "statuses.json"},
		{"statuses of nothing", "GET /api/release/statuses?names=x", "", nil, 200, plain, "empty_plain.json"},
		{"states", "GET /api/release/states?names=hello,other", "", func(f *fixture) {
			f.engine.states = map[string]map[string]purser.AppState{"other": {}, "hello": {"hello.b-v1": "failed", "hello.a-v1": "deployed"}}
		}, 200, plain, "states.json"},
		{"states of nothing have no body", "GET /api/release/states?names=x", "", nil, 200, "", ""},
		{"manifest", "GET /api/release/manifest/hello", "", func(f *fixture) {
			f.put(t, sampleRelease("hello", 1), sampleRelease("hello", 2))
		}, 200, hal, "manifest.json"},
		{"manifest of a version", "GET /api/release/manifest/hello/+01", "", func(f *fixture) {
			f.put(t, sampleRelease("hello", 1))
		}, 200, hal, "manifest.json"},
		{"logs", "GET /api/release/logs/hello", "", func(f *fixture) {
			f.engine.logs = map[string]string{"hello.b-v1": "", "hello.a-v1": "stderr:\nno\nstdout:\n\"yes\"\n"}
		}, 200, hal, "logs.json"},
		{"no logs", "GET /api/release/logs/hello/x", "", nil, 200, hal, "no_logs.json"},
		{"an empty list is an empty object", "GET /api/release/list", "", func(f *fixture) {
			f.put(t, draft)
		}, 200, hal, "empty_hal.json"},
		{"a list holds what is deployed or failed", "GET /api/release/list", "", func(f *fixture) {
			f.put(t, sampleRelease("hello", 1), deleted, draft, failed)
		}, 200, hal, "list.json"},
		{"a list by a part of the name", "GET /api/release/list/RAI", "", func(f *fixture) {
			f.put(t, sampleRelease("hello", 1), failed)
		}, 200, hal, "list_of_one.json"},
		{"actuator", "GET /api/release/actuator/hello/hello.demo-v1/hello.demo-v1-0?endpoint=/info", "", func(f *fixture) {
			f.engine.answer = purser.ActuatorResponse{Status: 200, Body: []byte(`{"a" : "b"}`)}
		}, 200, "text/plain;charset=UTF-8", "actuator.txt"},
		{"actuator, posted", "POST /api/release/actuator/hello/hello.demo-v1/x", `{"endpoint":"/loggers"}`, func(f *fixture) {
			f.engine.answer = purser.ActuatorResponse{Status: 200, Body: []byte("{\"a\" : [ 1 ]}\n")}
		}, 200, plain, "actuator_post.json"},
		{"actuator, posted without an answer", "POST /api/release/actuator/hello/hello.demo-v1/x", `{"endpoint":"/loggers"}`, func(f *fixture) {
			f.engine.answer = purser.ActuatorResponse{Status: 204}
		}, 200, "", ""},
		{"management", "GET /actuator", "", nil, 200, "application/vnd.spring-boot.actuator.v3+json", "management.json"},
		{"health", "GET /actuator/health", "", nil, 200, "application/vnd.spring-boot.actuator.v3+json", "health.json"},
		{"info", "GET /actuator/info", "", nil, 200, "application/vnd.spring-boot.actuator.v3+json", "info.json"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t)
			if row.given != nil {
				row.given(f)
			}
			method, target, _ := strings.Cut(row.do, " ")
			w := call(f, method, target, row.body, "Content-Type", "application/json")
			if w.Code != row.status || w.Header().Get("Content-Type") != row.label {
				t.Errorf("%d %q, want %d %q: %s", w.Code, w.Header().Get("Content-Type"), row.status, row.label, w.Body)
			}
			if row.file == "" {
				if w.Body.Len() > 0 {
					t.Errorf("a body where none is wanted: %s", w.Body)
				}
				return
			}
			golden(t, row.file, w.Body.String())
		})
	}
}

func TestHealthFollowsReady(t *testing.T) {
	f := mustServe(t, func(o *rest.Options) { o.Ready = func(context.Context) error { return errSecret } })
	w := call(f, "GET", "/actuator/health", "")
	if w.Code != http.StatusServiceUnavailable || w.Body.String() != `{"status":"DOWN"}` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHealthGroups(t *testing.T) {
	for _, row := range []struct {
		rule   string
		probes bool
		path   string
		ready  error
		status int
		body   string
	}{
		{"without probes there are none", false, "/actuator/health/liveness", nil, 404, ""},
		{"they are listed", true, "/actuator/health", nil, 200, `{"status":"UP","groups":["liveness","readiness"]}`},
		{"liveness needs nothing", true, "/actuator/health/liveness", errSecret, 200, `{"status":"UP"}`},
		{"readiness is the health", true, "/actuator/health/readiness", errSecret, 503, `{"status":"DOWN"}`},
		{"others do not exist", true, "/actuator/health/ping", nil, 404, ""},
		{"nor does anything below", true, "/actuator/health/liveness/x", nil, 404, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t, func(o *rest.Options) {
				o.Probes, o.Ready = row.probes, func(context.Context) error { return row.ready }
			})
			if w := call(f, "GET", row.path, ""); w.Code != row.status || w.Body.String() != row.body {
				t.Errorf("%d %s, want %d %s", w.Code, w.Body, row.status, row.body)
			}
		})
	}
}

func TestAboutNamesWhereTheShellIs(t *testing.T) {
	for _, row := range []struct{ rule, version, url, want string }{
		{"a release", "2.11.5", "", "https://repo.maven.apache.org/maven2/org/springframework/cloud/spring-cloud-skipper-shell/2.11.5/spring-cloud-skipper-shell-2.11.5.jar"},
		{"a snapshot", "3.0.0.BUILD-SNAPSHOT", "", "https://repo.spring.io/snapshot/org/springframework/cloud/spring-cloud-skipper-shell/3.0.0.BUILD-SNAPSHOT/spring-cloud-skipper-shell-3.0.0.BUILD-SNAPSHOT.jar"},
		{"a milestone", "3.0.0.M1", "{repository}/{version}", "https://repo.spring.io/milestone/3.0.0.M1"},
		{"a candidate", "3.0.0.RC2", "{repository}", "https://repo.spring.io/milestone"},
		{"what is configured", "1", "https://example.org/{version}.jar", "https://example.org/1.jar"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t, func(o *rest.Options) { o.About.ShellVersion, o.About.ShellURL = row.version, row.url })
			if w := call(f, "GET", "/api/about", ""); !strings.Contains(w.Body.String(), `"url" : "`+row.want+`"`) {
				t.Errorf("%s is not in %s", row.want, w.Body)
			}
		})
	}
}

func TestAboutShowsChecksums(t *testing.T) {
	sums := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/2.11.5.sha1":
			_, _ = w.Write([]byte("abc123\n"))
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer sums.Close()
	for _, row := range []struct {
		rule         string
		fetch        bool
		sha1, sha256 rest.Checksum
		status       int
		want, not    string
	}{
		{"not unless it is asked for", false, rest.Checksum{Value: "aaa"}, rest.Checksum{}, 200, "", "checksum"},
		{"what is configured", true, rest.Checksum{Value: "aaa"}, rest.Checksum{Value: "bbb"}, 200, `"checksumSha256" : "bbb"`, ""},
		{"what the URL gives", true, rest.Checksum{URL: sums.URL + "/{version}.sha1"}, rest.Checksum{}, 200, `"checksumSha1" : "abc123"`, "Sha256"},
		{"what is not there is left out", true, rest.Checksum{URL: sums.URL + "/nothing"}, rest.Checksum{}, 200, "", "checksum"},
		{"a server that fails is a fault", true, rest.Checksum{URL: sums.URL + "/broken"}, rest.Checksum{}, 500, "Error id", "502"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t, func(o *rest.Options) {
				o.About.Fetch, o.About.SHA1, o.About.SHA256, o.About.Client = row.fetch, row.sha1, row.sha256, sums.Client()
			})
			w := call(f, "GET", "/api/about", "")
			if w.Code != row.status || !strings.Contains(w.Body.String(), row.want) || row.not != "" && strings.Contains(w.Body.String(), row.not) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

// brokenReader fails at the row that it is told to.
type brokenReader struct {
	purser.Reader
	rows int
}

func (b brokenReader) ScanReleases(_ context.Context, _ purser.ReleaseFilter, visit func(purser.Release) error) error {
	for range b.rows {
		if err := visit(sampleRelease("hello", 1)); err != nil {
			return err
		}
	}
	return errors.New("the disk is gone")
}

func TestListThatFails(t *testing.T) {
	f := mustServe(t, func(o *rest.Options) { o.Store = brokenReader{} })
	if w := call(f, "GET", "/api/release/list", ""); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("before the first row: %d %s", w.Code, w.Body)
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want http.ErrAbortHandler", err)
		}
	}()
	f = mustServe(t, func(o *rest.Options) { o.Store = brokenReader{rows: 1000} })
	call(f, "GET", "/api/release/list", "")
	t.Error("a list that broke off looks whole")
}

// countingReader counts the questions to the store.
type countingReader struct {
	purser.Reader
	asked int
}

func (c *countingReader) FindReleases(ctx context.Context, filter purser.ReleaseFilter) ([]purser.Release, int, error) {
	c.asked++
	return c.Reader.FindReleases(ctx, filter)
}

func TestListAsksTheStoreOnce(t *testing.T) {
	counting := &countingReader{}
	f := mustServe(t, func(o *rest.Options) { counting.Reader, o.Store = o.Store, counting })
	f.put(t, sampleRelease("a", 1), sampleRelease("b", 1), sampleRelease("c", 1))
	if w := call(f, "GET", "/api/release/list", ""); w.Code != http.StatusOK || strings.Count(w.Body.String(), `"platformName"`) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if counting.asked != 1 {
		t.Errorf("asked %d times", counting.asked)
	}
}

func TestLinksFollowTheHost(t *testing.T) {
	f := mustServe(t)
	f.engine.release = sampleRelease("hello", 1)
	w := call(f, "DELETE", "/api/release/hello", "", "Host", "skipper.example.org")
	want := `"_links" : {
    "status" : {
      "href" : "http://skipper.example.org/api/release/status/{name}",
      "templated" : true
    }
  }`
	if !strings.Contains(w.Body.String(), want) {
		t.Error(cmp.Diff(want, w.Body.String()))
	}
}
