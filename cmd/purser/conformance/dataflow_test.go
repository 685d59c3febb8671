package conformance_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
)

// ticktock is a stream whose properties are hard to carry through values, templates and manifests.
var ticktock = stream{
	name: "ticktock", dsl: "time --format='HH:mm:ss' | log --expression=\"a: b\"",
	apps: []streamApp{
		{"time", "source", "1.0.0", map[string]string{
			"spring.cloud.stream.bindings.output.destination":             "ticktock.time",
			"spring.cloud.stream.bindings.output.producer.requiredGroups": "ticktock",
			"time.date-format":  `%d{HH:mm:ss} # 'quoted'`,
			"time.pattern":      `\d+\w*`,
			"time.expression":   `payload.a == 'x' ? 1 : 2`,
			"time.number":       "007",
			"time.truth":        "true",
			"time.names":        "Grün, 🚢",
			"time.placeholder":  "${vcap.application.cf_instance_internal_ip:${spring.cloud.client.ip-address:}}",
			"time.html":         `<a href='x'>&amp;</a> {{no}}`,
			"time.blank at end": "x ",
		}},
		{"log", "sink", "1.0.0", map[string]string{
			"spring.cloud.stream.bindings.input.destination": "ticktock.time",
			"demo.greeting": "tick",
		}},
	},
}

// A stream from its deployment to its end, with the calls of Data Flow. The steps are one story.
func TestDataFlow(t *testing.T) {
	t.Parallel()
	s, _ := MustServe(t)
	d := dataflow{t: t, base: s.Base()}
	timeV1 := map[string]string{"ticktock.time-v1": "deployed", "ticktock.log-v1": "deployed"}

	t.Run("about", func(t *testing.T) {
		var about struct {
			VersionInfo struct {
				Server struct{ Name, Version string }
			}
		}
		d.on(t).must(http.StatusOK, "GET /about", nil, &about)
		if about.VersionInfo.Server.Name == "" || about.VersionInfo.Server.Version == "" {
			t.Errorf("%+v", about)
		}
	})
	t.Run("a stream that is not deployed is a refusal that can be decoded", func(t *testing.T) {
		for _, do := range []string{"GET /release/status/ticktock", "GET /release/manifest/ticktock"} {
			var refused refusal
			d.on(t).must(http.StatusNotFound, do, nil, &refused)
			want := refusal{"org.springframework.cloud.skipper.ReleaseNotFoundException", "Release with the name [ticktock] doesn't exist", "ticktock"}
			if diff := cmp.Diff(want, refused); diff != "" {
				t.Errorf("%s (-want +got):\n%s", do, diff)
			}
		}
	})
	t.Run("deploy", func(t *testing.T) {
		r := d.on(t).deploy(ticktock)
		if r.Version != 1 || r.PlatformName != "default" || r.Pkg == nil || r.Pkg.Metadata == nil || r.Pkg.Metadata.Name != "ticktock" {
			t.Errorf("%+v", r)
		}
		mustCarry(t, r.Manifest.Data, ticktock, nil)
		d.on(t).becomes("ticktock", timeV1)
	})
	t.Run("applications get the properties as they are in the definition", func(t *testing.T) {
		url := d.on(t).status("ticktock").mustApps(t)["ticktock.time-v1"].Instances["ticktock.time-v1-0"].Attributes["url"]
		var got map[string]string
		if err := json.Unmarshal([]byte(mustCall(t, url, "GET /properties", "").text), &got); err != nil {
			t.Fatal(err)
		}
		for key, want := range ticktock.applicationProperties(ticktock.apps[0]) {
			if got[key] != want {
				t.Errorf("%s: %q, want %q", key, got[key], want)
			}
		}
	})
	t.Run("a second upload of the version is refused", func(t *testing.T) {
		var refused refusal
		d.on(t).upload(ticktock, http.StatusConflict, &refused)
		const want = "Failed to upload the package. Package [ticktock:1.0.0] in Repository [local] already exists."
		if refused.Message != want || refused.Exception != "org.springframework.cloud.skipper.SkipperException" {
			t.Errorf("%+v", refused)
		}
	})
	t.Run("an update is merged and replaces what it changes", func(t *testing.T) {
		r := d.on(t).update(ticktock, map[string]string{"log": "      demo.greeting: tock\n"})
		mustCarry(t, r.Manifest.Data, ticktock, map[string]string{"demo.greeting": "tock"})
		d.on(t).becomes("ticktock", map[string]string{"ticktock.time-v1": "deployed", "ticktock.log-v2": "deployed"})
		d.on(t).settled("ticktock", 2)
		d.on(t).says("ticktock.log-v2", "tock from 1.0.0")
	})
	t.Run("an update of a version keeps what earlier updates said", func(t *testing.T) {
		r := d.on(t).update(ticktock, map[string]string{"version of log": "    version: 1.0.1\n"})
		log := mustReadManifest(t, r.Manifest.Data)["log"].Spec
		if log.Version != "1.0.1" || log.ResourceMetadata != log.Resource+":jar:metadata:1.0.1" {
			t.Errorf("%+v", log)
		}
		d.on(t).settled("ticktock", 3)
		d.on(t).says("ticktock.log-v3", "tock from 1.0.1")
	})
	t.Run("history", func(t *testing.T) {
		var list struct {
			Embedded struct{ Releases []release } `json:"_embedded"`
		}
		d.on(t).must(http.StatusOK, "GET /releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=ticktock", nil, &list)
		var got []string
		for _, r := range list.Embedded.Releases {
			got = append(got, r.Info.Status.StatusCode+" "+r.Info.Description)
		}
		if diff := cmp.Diff([]string{"DEPLOYED Upgrade complete", "DELETED Delete complete", "DELETED Delete complete"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("rollback brings back the first definition", func(t *testing.T) {
		var r release
		d.on(t).must(http.StatusCreated, "POST /release/rollback", map[string]any{"releaseName": "ticktock", "version": 1, "timeout": nil}, &r)
		mustCarry(t, r.Manifest.Data, ticktock, nil)
		d.on(t).settled("ticktock", 4)
		d.on(t).becomes("ticktock", map[string]string{"ticktock.time-v1": "deployed", "ticktock.log-v4": "deployed"})
		var manifest struct{ Data string }
		d.on(t).must(http.StatusOK, "GET /release/manifest/ticktock/4", nil, &manifest)
		mustCarry(t, manifest.Data, ticktock, nil)
	})
	t.Run("scale", func(t *testing.T) {
		var r release
		d.on(t).must(http.StatusCreated, "POST /release/scale/ticktock", map[string]any{
			"scale": []any{map[string]any{"name": "log", "count": 2, "properties": map[string]string{}}},
		}, &r)
		err := live.Until(t.Context(), 20*time.Second, 20*time.Millisecond, "two instances", func() (bool, error) {
			return d.on(t).status("ticktock").mustApps(t)["ticktock.log-v4"].Instances["ticktock.log-v4-1"].State == "deployed", nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("logs", func(t *testing.T) {
		var all, one struct{ Logs map[string]string }
		d.on(t).must(http.StatusOK, "GET /release/logs/ticktock", nil, &all)
		d.on(t).must(http.StatusOK, "GET /release/logs/ticktock/ticktock.log-v4", nil, &one)
		if len(all.Logs) != 2 || len(one.Logs) != 1 || !strings.Contains(one.Logs["ticktock.log-v4"], "greeting tick") {
			t.Errorf("%v and %v", all, one)
		}
	})
	t.Run("runtime", func(t *testing.T) { d.on(t).runtime() })
	t.Run("undeploy", func(t *testing.T) { d.on(t).undeploy("ticktock") })
	t.Run("redeploy", func(t *testing.T) {
		if r := d.on(t).deploy(ticktock); r.Version != 5 {
			t.Errorf("version %d", r.Version)
		}
		d.on(t).becomes("ticktock", map[string]string{"ticktock.time-v5": "deployed", "ticktock.log-v5": "deployed"})
		d.on(t).undeploy("ticktock")
	})
	t.Run("a stream that cannot be deployed leaves its name free", func(t *testing.T) {
		broken := stream{
			name: "broken", dsl: "log", apps: []streamApp{{"log", "sink", "1.0.0", nil}},
			platform: map[string]string{"spring.cloud.deployer.count": "many"},
		}
		d := d.on(t)
		d.upload(broken, http.StatusCreated, nil)
		var refused refusal
		d.must(http.StatusConflict, "POST /package/install", map[string]any{
			"packageIdentifier": map[string]any{"repositoryName": "local", "packageName": "broken", "packageVersion": "1.0.0"},
			"installProperties": map[string]any{"releaseName": "broken", "platformName": "default", "configValues": map[string]any{"raw": nil}},
		}, &refused)
		if refused.Message == "" || refused.Exception != "org.springframework.cloud.skipper.SkipperException" {
			t.Errorf("%+v", refused)
		}
		d.must(http.StatusOK, "DELETE /package/broken", nil, nil)
		d.upload(broken, http.StatusCreated, nil)
	})
}

// mustCarry checks a manifest against a definition: no property of an application lost, added or changed but for
// changes to the log.
func mustCarry(t *testing.T, manifest string, s stream, changes map[string]string) {
	t.Helper()
	got := mustReadManifest(t, manifest)
	if len(got) != len(s.apps) {
		t.Errorf("%d applications in\n%s", len(got), manifest)
	}
	for _, a := range s.apps {
		want := s.applicationProperties(a)
		for key, value := range changes {
			if _, has := want[key]; has {
				want[key] = value
			}
		}
		if diff := cmp.Diff(want, got[a.label].Spec.ApplicationProperties); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a.label, diff)
		}
		platform := got[a.label].Spec.DeploymentProperties
		if platform["spring.cloud.deployer.count"] == "1" {
			delete(platform, "spring.cloud.deployer.count") // an upgrade writes the running count of what it replaces
		}
		if diff := cmp.Diff(s.deploymentProperties(), platform); diff != "" {
			t.Errorf("%s, for the platform (-want +got):\n%s", a.label, diff)
		}
	}
}
