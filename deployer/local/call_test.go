package local_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purser"
)

func TestActuator(t *testing.T) {
	g := MustGround(t, map[string]any{"app-admin.user": "u", "app-admin.password": "p"})
	d := g.MustOpenAndClear()
	s := MustRun(t, d, app("a", "serve"), 2)
	call := func(method, endpoint, authorization string, body []byte) purser.ActuatorRequest {
		return purser.ActuatorRequest{
			DeploymentID: s.DeploymentID, InstanceGUID: "test.a-v1-1", Method: method, Endpoint: endpoint,
			Authorization: authorization, Body: body,
		}
	}
	for _, row := range []struct {
		rule   string
		call   purser.ActuatorRequest
		status int
		want   string
	}{
		{"GET", call("GET", "/health", "", nil), 200, `{"status":"UP"}`},
		{"without the slash", call("GET", "health", "", nil), 200, `{"status":"UP"}`},
		{"the account's credentials", call("GET", "/echo", "", nil), 200, "GET Basic dTpw "},
		{"the caller's go first", call("GET", "/echo", "Bearer x", nil), 200, "GET Bearer x "},
		{"POST with a body", call("POST", "echo", "Bearer x", []byte(`{"a":1}`)), 200, `POST Bearer x {"a":1}`},
		{"an error of the application is an answer", call("GET", "/missing", "", nil), 404, "404 page not found\n"},
		{"an endpoint cannot name another host", call("GET", "@192.0.2.1/", "", nil), 404, "404 page not found\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := d.Actuator(t.Context(), row.call)
			if err != nil || got.Status != row.status || string(got.Body) != row.want {
				t.Errorf("%d %q, %v", got.Status, got.Body, err)
			}
		})
	}
	t.Run("another method is refused", func(t *testing.T) {
		if _, err := d.Actuator(t.Context(), call(http.MethodDelete, "/health", "", nil)); purser.ErrorCode(err) != purser.CodeInvalid {
			t.Error(err)
		}
	})
	t.Run("an endpoint that is no URL is refused", func(t *testing.T) {
		if _, err := d.Actuator(t.Context(), call("GET", "/%zz", "", nil)); purser.ErrorCode(err) != purser.CodeInvalid {
			t.Error(err)
		}
	})
	t.Run("an unknown instance", func(t *testing.T) {
		r := call("GET", "/health", "", nil)
		r.InstanceGUID = "test.a-v1-9"
		_, err := d.Actuator(t.Context(), r)
		if purser.ErrorCode(err) != purser.CodeNotFound || err.Error() != "App with deploymentId test.a-v1 and guid test.a-v1-9 not deployed" {
			t.Error(err)
		}
	})
	t.Run("an application that does not answer", func(t *testing.T) {
		post(t, s.Instances[1].Attributes["url"]+"/deaf", "")
		url := s.Instances[1].Attributes["url"]
		for response, err := http.Get(url); err == nil; response, err = http.Get(url) {
			_ = response.Body.Close()
			http.DefaultClient.CloseIdleConnections()
		}
		_, err := d.Actuator(t.Context(), call("GET", "/health", "", nil))
		if purser.ErrorCode(err) != purser.CodePlatform || strings.Contains(purser.ErrorMessage(err), "connect") {
			t.Error(err)
		}
	})
}

func TestPoliteStop(t *testing.T) {
	for _, row := range []struct {
		rule    string
		timeout int
		want    string
	}{
		{"the shutdown endpoint is called first", 5, "asked to end\n"},
		{"a timeout of 0 leaves the call out", 0, ""},
		{"a timeout of -1 leaves the call out", -1, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			g := MustGround(t, map[string]any{"shutdown-timeout": row.timeout, "delete-files-on-exit": false})
			d := g.MustOpenAndClear()
			i := MustRun(t, d, app("a", "serve", "test.shutdown", "yes"), 1).Instances[0]
			MustUndeploy(t, d, "test.a-v1")
			gone(t, pid(t, i))
			b, err := os.ReadFile(i.Attributes["stdout"])
			if err != nil || strings.TrimPrefix(string(b), "hello from test.a-v1-0\n") != row.want {
				t.Errorf("%q, %v", b, err)
			}
		})
	}
}

func TestLogs(t *testing.T) {
	g := MustGround(t, nil)
	g.options.LogLimit = 64 << 10
	d := g.MustOpenAndClear()
	s := MustRun(t, d, app("a", "serve"), 1)
	i := s.Instances[0]

	t.Run("error output first", func(t *testing.T) {
		text, err := d.Logs(t.Context(), s.DeploymentID)
		if want := "stderr:\nstderr of test.a-v1-0\nstdout:\nhello from test.a-v1-0\n"; err != nil || text != want {
			t.Errorf("%q, %v", text, err)
		}
	})
	t.Run("they are cut when they grow, and the end is kept", func(t *testing.T) {
		url := i.Attributes["url"] + "/print"
		line := strings.Repeat("x", 999) + "\n"
		aside := i.Attributes["stdout"] + ".1"
		deadline := time.Now().Add(patience)
		for {
			post(t, url, strings.Repeat(line, 100))
			if b, err := os.ReadFile(aside); err == nil && len(b) > 0 {
				if len(b) > 64<<10 {
					t.Errorf("%d bytes are kept aside", len(b))
				}
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("they are not cut")
			}
		}
		for { // what comes while the file is being cut is lost
			post(t, url, "after the cut\n")
			text, err := d.Logs(t.Context(), s.DeploymentID)
			if err != nil || strings.ContainsRune(text, 0) {
				t.Fatalf("%d bytes, %v", len(text), err)
			}
			if strings.HasSuffix(text, "after the cut\n") {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("nothing is written after the cut")
			}
		}
	})
	t.Run("only the end is given of long ones", func(t *testing.T) {
		line := strings.Repeat("y", 99) + "\n"
		if err := os.WriteFile(i.Attributes["stdout"], []byte(strings.Repeat(line, 30000)), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := d.Logs(t.Context(), s.DeploymentID)
		_, out, _ := strings.Cut(text, "stdout:\n")
		if err != nil || len(text) > 1<<20 || len(out) < 400<<10 || !strings.HasPrefix(out, line) {
			t.Errorf("%d bytes, %v", len(text), err)
		}
	})
	t.Run("a file that cannot be read says so", func(t *testing.T) {
		if err := os.Remove(i.Attributes["stderr"]); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(i.Attributes["stderr"], 0o700); err != nil {
			t.Fatal(err)
		}
		text, err := d.Logs(t.Context(), s.DeploymentID)
		if err != nil || !strings.HasPrefix(text, "stderr:\nLog retrieval returned ") || strings.Contains(text, g.dir) {
			t.Errorf("%.100q, %v", text, err)
		}
	})
}

func TestInheritLogging(t *testing.T) {
	g := MustGround(t, map[string]any{"inherit-logging": true})
	d := g.MustOpenAndClear()
	i := MustRun(t, d, app("a", "serve"), 1).Instances[0]
	if _, ok := i.Attributes["stdout"]; ok {
		t.Errorf("%v", i.Attributes)
	}
	if text, err := d.Logs(t.Context(), "test.a-v1"); text != "" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// waitRemoved waits until a folder is there no more.
func waitRemoved(tb testing.TB, dir string) {
	tb.Helper()
	deadline := time.Now().Add(patience)
	for {
		if _, err := os.Stat(dir); err != nil {
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%s is there still", dir)
		}
		<-time.After(time.Millisecond)
	}
}

func TestRunFolders(t *testing.T) {
	folder := func(t *testing.T, g *ground, closed bool) string {
		t.Helper()
		d := g.MustOpenAndClear()
		i := MustRun(t, d, app("a", "serve"), 1).Instances[0]
		dir := i.Attributes["working.dir"]
		if filepath.Base(dir) != "test.a-v1" || filepath.Dir(filepath.Dir(dir)) != g.options.Account.WorkingDirectoriesRoot {
			t.Errorf("run folder %s", dir)
		}
		if _, err := os.Stat(filepath.Join(dir, "stdout_0.log")); err != nil {
			t.Error(err)
		}
		MustUndeploy(t, d, "test.a-v1")
		gone(t, pid(t, i))
		waitRemoved(t, filepath.Join(g.options.StateDir, "deployments", "test.a-v1"))
		if closed {
			_ = d.Close()
		}
		return dir
	}
	t.Run("are kept for a while after an undeploy, and removed then", func(t *testing.T) {
		g := MustGround(t, nil)
		g.options.KeepFiles = 200 * time.Millisecond
		waitRemoved(t, filepath.Dir(folder(t, g, false)))
	})
	t.Run("are removed when the server ends", func(t *testing.T) {
		g := MustGround(t, nil)
		dir := folder(t, g, true)
		if _, err := os.Stat(filepath.Dir(dir)); err == nil {
			t.Error("it is there still")
		}
	})
	t.Run("are there until then", func(t *testing.T) {
		g := MustGround(t, nil)
		if _, err := os.Stat(folder(t, g, false)); err != nil {
			t.Error(err)
		}
	})
	t.Run("stay without delete-files-on-exit", func(t *testing.T) {
		g := MustGround(t, map[string]any{"delete-files-on-exit": false})
		if _, err := os.Stat(folder(t, g, true)); err != nil {
			t.Error(err)
		}
	})
	t.Run("are removed by the next server after a crash", func(t *testing.T) {
		g := MustGround(t, nil)
		dir := filepath.Join(g.options.Account.WorkingDirectoriesRoot, "1", "x")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		notes := filepath.Join(g.options.StateDir, "expired")
		if err := os.MkdirAll(notes, 0o700); err != nil {
			t.Fatal(err)
		}
		note := `{"dir":"` + dir + `","removeAfter":"2020-01-01T00:00:00Z"}`
		if err := os.WriteFile(filepath.Join(notes, "1-x.json"), []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		g.MustOpen()
		waitRemoved(t, dir)
	})
}
