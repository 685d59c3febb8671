package catalog_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
)

// mustArchive is a package whose application is the sample.
func mustArchive(tb testing.TB, name, version string) []byte {
	tb.Helper()
	zip, err := live.Zip(name+"-"+version, map[string]string{
		"package.yml": "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: " + name + "\nversion: " + version + "\n",
		"values.yml":  "greeting: Hello\n",
		"templates/hello.yml": "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata: {name: hello}\n" +
			"spec: {resource: \"file:" + theBuilt.folder + "/hello-1.0.0\", applicationProperties: {hello.greeting: \"{{greeting}}\"}}\n",
	})
	if err != nil {
		tb.Fatal(err)
	}
	return zip
}

// transferable is a release with everything that a release can have, and its export by the first server.
func transferable(s *site) heard {
	s.tb.Helper()
	if h := s.ask("POST "+releases+"base/import", body("1.0.0"), "X-Project-Token", "pt-base"); h.status != 201 {
		s.tb.Fatalf("%s", h.text)
	}
	zip := s.file("/demo-1.2.3.zip", mustArchive(s.tb, "demo", "1.2.3"))
	binary := s.file("/größe \"x\".bin", hello).with("platform", "linux", "isExecutable", false, "arguments", "", "metadata", document{"b": []int{1, 2}, "a": 1.50})
	binary["downloadUrl"] = s.files.URL + "/" + url.PathEscape(`größe "x".bin`)
	s.brings(body("1.2.3", zip, binary).with("name", "Demo ü", "tag", "stable", "releaseNotes", "line\nline", "author", "bob@example.org",
		"createdAt", "2026-02-03T04:05:06.789+01:00", "metadata", document{"z": nil, "installationSize": 5},
		"dockerImages", []document{{"name": "web", "imageUrl": "example.org/web:1", "platform": "linux", "metadata": document{"c": true}}, {"name": "db", "imageUrl": "db"}},
		"dependencies", []document{{"catalogId": "30.base@1.0.0", "name": "Base", "version": "1.0.0"}}))
	s.want(200, "POST /version/1.2.3/release", nil)
	return s.want(200, "GET /version/1.2.3/export", nil)
}

// What a server exports another one imports, and exports again: equal but for ids, times and addresses (case 20).
func TestTransfer(t *testing.T) {
	first := MustSite(t)
	exported := transferable(first)
	u, err := url.Parse(first.server.Base())
	if err != nil {
		t.Fatal(err)
	}
	second := MustSite(t, func(o *settings) { o.text = fmt.Sprintf(configuration, false, "20s", 64<<20, 1<<30, u.Host) })
	if h := second.ask("POST "+releases+"base/import", body("1.0.0"), "X-Project-Token", "pt-base"); h.status != 201 {
		t.Fatalf("%s", h.text)
	}
	h := second.want(201, "POST /import", string(exported.text))
	h.is(t, "message", "Release imported successfully", "warnings", nil, "catalogId", "1.demo@1.2.3", "name", "Demo ü")
	second.want(200, "POST /version/1.2.3/release", nil)
	again := second.want(200, "GET /version/1.2.3/export", nil)
	if diff := cmp.Diff(plain(first, exported), plain(second, again)); diff != "" {
		t.Errorf("exports (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(plain(first, first.want(200, "GET /version/1.2.3", nil)), plain(second, second.want(200, "GET /version/1.2.3", nil))); diff != "" {
		t.Errorf("releases (-first +second):\n%s", diff)
	}
	for n, want := range []string{string(mustArchive(t, "demo", "1.2.3")), string(hello)} {
		if got := second.download(again.at(fmt.Sprintf("artifacts.%d.downloadUrl", n))); got.status != 200 || string(got.text) != want {
			t.Errorf("artifact %d: %d, %d bytes", n, got.status, len(got.text))
		}
	}
}

// plain leaves ids, times and addresses out.
func plain(s *site, h heard) any {
	var clean func(value any) any
	clean = func(value any) any {
		switch v := value.(type) {
		case map[string]any:
			out := map[string]any{}
			for key, member := range v {
				if key != "updatedAt" && key != "releasedAt" && !(key == "id" && fmt.Sprintf("%T", member) == "float64") {
					out[key] = clean(member)
				}
			}
			return out
		case []any:
			var out []any
			for _, one := range v {
				out = append(out, clean(one))
			}
			return out
		case string:
			if rest, ok := strings.CutPrefix(v, s.server.Base()); ok {
				return rest[:strings.LastIndexByte(rest, '/')]
			}
		}
		return value
	}
	return clean(h.body)
}

// A released version with a package among its artifacts can be installed by the project's name, and no draft can.
func TestReleasedPackagesAreInstallable(t *testing.T) {
	s := MustSite(t)
	skipper := func(do string, body any) (int, string) {
		t.Helper()
		method, path, _ := strings.Cut(do, " ")
		var out json.RawMessage
		err := s.api.Call(t.Context(), method, path, body, &out)
		if refused, ok := err.(*live.Refusal); ok { //nolint:errorlint // it is never wrapped
			return refused.Status, refused.Message
		}
		if err != nil {
			t.Fatal(err)
		}
		return 200, string(out)
	}
	install := func(release, version string) map[string]any {
		return map[string]any{
			"packageIdentifier": map[string]any{"packageName": "demo", "packageVersion": version},
			"installProperties": map[string]any{"releaseName": release, "platformName": "default"},
		}
	}
	s.brings(body("1.0.0", s.file("/demo-1.0.0.zip", mustArchive(t, "demo", "1.0.0")), s.file("/readme.txt", hello)))
	for _, path := range []string{"/api/packageMetadata", "/api/packageMetadata/search/findByName?name=demo", "/api/packageMetadata?projection=summary"} {
		if _, text := skipper("GET "+path, nil); strings.Contains(text, `"demo"`) {
			t.Errorf("%s shows a draft: %s", path, text)
		}
	}
	if status, text := skipper("POST /api/package/install", install("one", "1.0.0")); status != 409 || !strings.Contains(text, "Can not find package 'demo', version '1.0.0'") {
		t.Errorf("%d %s", status, text)
	}
	s.want(200, "POST /version/1.0.0/release", nil)
	if _, text := skipper("GET /api/packageMetadata/search/findByName?name=demo", nil); !strings.Contains(text, `"version" : "1.0.0"`) && !strings.Contains(text, `"version":"1.0.0"`) {
		t.Errorf("it is not shown: %s", text)
	}
	if status, text := skipper("POST /api/package/install", install("one", "1.0.0")); status != 200 || !strings.Contains(text, `"one"`) {
		t.Errorf("%d %s", status, text)
	}

	// Whatever it is called inside, it is the project's.
	s.brings(body("2026.1", s.file("/any.zip", mustArchive(t, "something", "7.0.0"))))
	s.want(200, "POST /version/2026.1/release", nil)
	if status, text := skipper("POST /api/package/install", install("two", "2026.1")); status != 200 || !strings.Contains(text, `"demo"`) {
		t.Errorf("%d %s", status, text)
	}

	// A zip without the layout is a file as any other.
	zip, err := live.Zip("folder", map[string]string{"a.txt": "a"})
	if err != nil {
		t.Fatal(err)
	}
	s.brings(body("3.0.0", s.file("/plain.zip", zip)))
	s.want(200, "POST /version/3.0.0/release", nil).is(t, "status", "released", "latest", true)
	if status, _ := skipper("POST /api/package/install", install("three", "3.0.0")); status != 409 {
		t.Errorf("%d", status)
	}

	// What somebody has uploaded is not replaced, and what is broken is not released.
	if err := s.api.Upload(t.Context(), live.Archive{Name: "demo", Version: "4.0.0", Zip: mustArchive(t, "demo", "4.0.0")}); err != nil {
		t.Fatal(err)
	}
	s.brings(body("4.0.0", s.file("/demo-4.0.0.zip", mustArchive(t, "demo", "4.0.0"))))
	s.demo("POST /version/4.0.0/release", nil).refuses(t, 409, "Package [demo:4.0.0] in Repository [local] already exists.")
	broken, err := live.Zip("x", map[string]string{"package.yml": "name: 'demo"})
	if err != nil {
		t.Fatal(err)
	}
	s.brings(body("5.0.0", s.file("/broken.zip", broken)))
	h := s.demo("POST /version/5.0.0/release", nil)
	h.refuses(t, 400)
	if m := h.at("message").(string); !strings.Contains(m, "broken.zip") || !strings.Contains(m, "x/package.yml") {
		t.Error(m)
	}
	s.want(200, "GET /version/4.0.0", nil).is(t, "status", "draft")
	for _, name := range []string{"one", "two"} {
		if status, text := skipper("DELETE /api/release/"+name, nil); status != 200 {
			t.Errorf("%d %s", status, text)
		}
	}
}
