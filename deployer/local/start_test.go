package local_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

// MustWrite writes a file into the test's folder.
func MustWrite(tb testing.TB, name, text string, mode os.FileMode) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		tb.Fatal(err)
	}
	return file
}

func TestWhatCannotStartIsFailed(t *testing.T) {
	for _, row := range []struct{ rule, resource, reason string }{
		{"a file that is not there", "file:/nosuch/app-1.0.jar", "there is no file:/nosuch/app-1.0.jar"},
		{"a scheme that nobody knows", "bogus:x", "bogus:x is not known"},
		{"a container image", "docker:org/image:1.0", "not container images"},
		{"a file of another kind", "file:" + MustWrite(t, "app.jar", "hello", 0o644), "neither an archive"},
		{"an empty file", "file:" + MustWrite(t, "app.jar", "", 0o644), "neither an archive"},
		{"a folder", "file:" + t.TempDir(), "is a directory"},
		{"an executable that is damaged", "file:" + MustWrite(t, "app", "\x7fELFnonsense", 0o755), "exec format error"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			g := MustGround(t, nil)
			d := g.MustOpenAndClear()
			a := app("a", "serve")
			a.Resource = row.resource
			MustDeploy(t, d, a)
			i := MustAwait(t, d, a.ID, purser.AppStatus.FailedForGood).Instances[0]
			if !strings.Contains(i.Reason, row.reason) {
				t.Errorf("reason %q, expected %q", i.Reason, row.reason)
			}
			keys := slices.Sorted(maps.Keys(i.Attributes))
			if diff := cmp.Diff([]string{"guid", "port", "stderr", "stdout", "url", "working.dir"}, keys); diff != "" {
				t.Error(diff)
			}
			text, err := d.Logs(t.Context(), a.ID)
			if err != nil || !strings.HasPrefix(text, "stderr:\n") || !strings.Contains(text, row.reason) {
				t.Errorf("logs %q, %v", text, err)
			}
			_ = d.Close()
			if s := status(t, g.MustOpen(), a.ID); !s.FailedForGood() || s.Instances[0].Reason != i.Reason {
				t.Errorf("after a restart: %+v", s)
			}
		})
	}
}

func TestFirstBytesDecide(t *testing.T) {
	g := MustGround(t, nil)
	d := g.MustOpenAndClear()

	t.Run("a script without the right to be executed is copied to the run folder", func(t *testing.T) {
		a := app("script", "serve")
		a.Resource = "file:" + MustWrite(t, "app-1.0.jar", "#!/bin/sh\necho \"runs as $0\"\nexit 5\n", 0o600)
		MustDeploy(t, d, a)
		i := MustAwait(t, d, a.ID, purser.AppStatus.FailedForGood).Instances[0]
		text, _ := d.Logs(t.Context(), a.ID)
		if want := "stdout:\nruns as " + i.Attributes["working.dir"] + "/app-1.0.jar\n"; i.Attributes["exitCode"] != "5" || text != want {
			t.Errorf("%+v, logs %q, expected %q", i, text, want)
		}
	})

	t.Run("an archive is started by java", func(t *testing.T) {
		a := app("archive", "serve")
		a.Resource = "file:" + MustWrite(t, "app.bin", "PK\x03\x04", 0o600)
		a.DeploymentProperties["spring.cloud.deployer.memory"] = "1g"
		a.DeploymentProperties["spring.cloud.deployer.local.java_opts"] = "-Da=b -Dc=d"
		a.DeploymentProperties["spring.cloud.deployer.local.debugPort"] = "5000"
		a.DeploymentProperties["spring.cloud.deployer.local.debug-suspend"] = "n"
		a.DeploymentProperties["spring.cloud.deployer.local.javaCmd"] = MustWrite(t, "java", "#!/bin/sh\necho \"$@\"\n", 0o755)
		a.DeploymentProperties["spring.cloud.deployer.count"] = "2"
		MustDeploy(t, d, a)
		MustAwait(t, d, a.ID, purser.AppStatus.FailedForGood)
		text, _ := d.Logs(t.Context(), a.ID)
		for _, port := range []string{"5000", "5001"} {
			want := "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=" + port +
				" -Xmx1024m -Da=b -Dc=d -jar " + strings.TrimPrefix(a.Resource, "file:") + "\n"
			if !strings.Contains(text, want) {
				t.Errorf("logs %q, expected %q", text, want)
			}
		}
	})
}

func get(tb testing.TB, url string) string {
	tb.Helper()
	response, err := http.Get(url)
	if err != nil {
		tb.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func post(tb testing.TB, url, body string) {
	tb.Helper()
	response, err := http.Post(url, "text/plain", strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	_ = response.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}

func TestEnvironmentOfAnInstance(t *testing.T) {
	g := MustGround(t, nil)
	g.options.Environ = append(g.options.Environ, "AWS_SECRET=not for applications", "SPRING_APPLICATION_JSON={\"from\":\"the server\"}")
	d := g.MustOpenAndClear()
	s := MustRun(t, d, app("a", "serve", "secret", "s3cr3t", "html", "<&>"), 1)
	url := s.Instances[0].Attributes["url"]

	var environ []string
	if err := json.Unmarshal([]byte(get(t, url+"/environ")), &environ); err != nil {
		t.Fatal(err)
	}
	variables := map[string]string{}
	for _, v := range environ {
		name, text, _ := strings.Cut(v, "=")
		variables[name] = text
	}
	if diff := cmp.Diff([]string{"GORACE", "LANG", "PATH", "SPRING_APPLICATION_JSON", "SUPERVISED_INSTANCE"}, slices.Sorted(maps.Keys(variables))); diff != "" {
		t.Error(diff)
	}
	var properties map[string]string
	if err := json.Unmarshal([]byte(variables["SPRING_APPLICATION_JSON"]), &properties); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"test.app": "serve", "secret": "s3cr3t", "html": "<&>",
		"server.port": s.Instances[0].Attributes["port"], "spring.jmx.default-domain": "test.a-v1",
		"endpoints.shutdown.enabled": "true", "endpoints.jmx.unique-names": "true", "spring.cloud.application.group": "test",
		"instance.index": "0", "spring.cloud.stream.instanceIndex": "0", "spring.application.index": "0",
		"spring.cloud.application.guid": "test.a-v1-0",
	}
	if diff := cmp.Diff(want, properties); diff != "" {
		t.Error(diff)
	}
	command, err := os.ReadFile(filepath.Join("/proc", s.Instances[0].Attributes["pid"], "cmdline"))
	if err != nil || strings.Contains(string(command), "s3cr3t") {
		t.Errorf("command %q, %v", command, err)
	}
}
