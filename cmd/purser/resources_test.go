package main

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// mustServeRepository serves the sample application as a Maven artifact and as a plain download, with checksums.
func mustServeRepository(t *testing.T) *httptest.Server {
	t.Helper()
	program, err := os.ReadFile(filepath.Join(theBuilt.apps, "hello-1.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(program)
	mux := http.NewServeMux()
	for _, path := range []string{"/maven/org/example/hello/1.0.0/hello-1.0.0.jar", "/downloads/hello"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(program) })
		mux.HandleFunc("GET "+path+".sha1", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(hex.EncodeToString(sum[:])))
		})
	}
	mux.HandleFunc("GET /maven/org/example/bad/1.0.0/bad-1.0.0.jar", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(program) })
	mux.HandleFunc("GET /maven/org/example/bad/1.0.0/bad-1.0.0.jar.sha1", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("0", 40)))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// Applications come from files, web servers and Maven repositories; what cannot be had is a failed application with a
// reason, not a failed install.
func TestResources(t *testing.T) {
	repository := mustServeRepository(t)
	_, a := MustStart(t,
		"--maven.local-repository="+t.TempDir(), "--maven.include-default-remote-repos=false",
		"--maven.remote-repositories.test.url="+repository.URL+"/maven",
		"--maven.remote-repositories.test.policy.checksum-policy=fail")
	for name, row := range map[string]struct {
		resource, version, state string
	}{
		"maven":     {"maven://org.example:hello", "1.0.0", "deployed"},
		"checksum":  {"maven://org.example:bad", "1.0.0", "failed"},
		"http":      {repository.URL + "/downloads/hello", "", "deployed"},
		"file":      {"file:" + theBuilt.apps + "/hello-1.0.1", "", "deployed"},
		"not-there": {"file:/nosuch", "", "failed"},
		"scheme":    {"bogus:x", "", "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := "  resource: " + row.resource + "\n"
			if row.version != "" {
				spec += "  version: " + row.version + "\n"
			}
			zip := mustZip(t, name+"-1.0.0", map[string]string{
				"package.yml": metadataOf(name, "1.0.0"),
				"templates/app.yml": "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\n" +
					"metadata:\n  name: app\nspec:\n" + spec,
			})
			if err := a.Upload(t.Context(), live.Archive{Name: name, Version: "1.0.0", Zip: zip}); err != nil {
				t.Fatal(err)
			}
			r, err := a.Install(t.Context(), name, "1.0.0")
			if err != nil || r.Info.Status.StatusCode != "DEPLOYED" {
				t.Fatalf("%+v, %v", r.Info, err)
			}
			err = live.Until(t.Context(), 20*time.Second, 10*time.Millisecond, "state "+row.state, func() (bool, error) {
				i, err := a.Status(t.Context(), name, 0)
				if err != nil {
					return false, err
				}
				all, err := i.Instances()
				return len(all) == 1 && all[0].State == row.state, err
			})
			if err != nil {
				t.Error(err)
			}
			if err := a.Call(t.Context(), http.MethodDelete, "/api/release/"+name, nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
}
