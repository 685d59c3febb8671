package catalog_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The numbered cases of spec/dialects.md §2.5; the 20th is TestTransfer.
func TestNumberedCases(t *testing.T) {
	s, strict := MustSite(t), MustSite(t, func(o *settings) { o.strict = true })
	for n, c := range []func(s *site){
		1: full, 2: minimal, 3: statusOfTheBody, 4: wrongHash, 5: upperCaseHash, 6: unreachable, 7: twoOfThree, 8: fields,
		9: artifactFields, 10: unknownMembers, 11: credentials, 12: projects, 13: projectOfTheBody, 14: again, 15: afterRelease,
		16: dependencies, 17: images, 18: files, 19: malformed,
	} {
		if c != nil {
			t.Run(fmt.Sprintf("Case%02d", n), func(t *testing.T) {
				s.tb = t
				c(s)
			})
		}
	}
	t.Run("Case14Strict", func(t *testing.T) {
		strict.tb = t
		strict.brings(body("1.0.0"))
		strict.demo("POST /import", body("1.0.0").with("releaseNotes", "new")).refuses(t, 409, "Release version 1.0.0 already exists for project 1")
		strict.want(200, "GET /version/1.0.0", nil).is(t, "releaseNotes", nil)
	})
}

var hello = []byte("hello, world\n")

func full(s *site) {
	one := s.file("/one.bin", hello).with("platform", "linux", "isExecutable", true, "arguments", "--fast", "metadata", document{"a": 1})
	two := s.file("/two.bin", []byte("two"))
	h := s.brings(body("1.2.3", one, two).with("name", "Demo 1.2.3", "tag", "stable", "status", "draft", "releaseNotes", "The first one",
		"metadata", document{"autoDeploy": true, "installationSize": 100, "postInstallAction": document{"type": "WEB", "url": "/"}}, "projectIdentifier", document{"x": 1},
		"dockerImages", []document{{"name": "web", "imageUrl": "example.org/web:1"}}, "dependencies", []document{}))
	h.is(s.tb, "catalogId", "1.demo@1.2.3", "name", "Demo 1.2.3", "version", "1.2.3")
	h = s.want(200, "GET /version/1.2.3", nil)
	h.is(s.tb, "id", "1.demo@1.2.3", "project.id", 1, "project.name", "demo", "name", "Demo 1.2.3", "version", "1.2.3", "status", "draft",
		"releaseNotes", "The first one", "tag", "stable", "latest", false, "isImported", true, "readonly", false, "createdBy", "alice@example.org",
		"createdAt", "2026-01-31T12:00:00.000Z", "metadata.autoDeploy", true, "metadata.postInstallAction.type", "WEB", "totalSize", 100+len(hello)+3,
		"artifacts.0.artifactName", "one.bin", "artifacts.0.type", "file", "artifacts.0.platform", "linux", "artifacts.0.size", len(hello),
		"artifacts.0.sha256", digest(hello), "artifacts.0.status", "uploaded", "artifacts.0.progress", 100, "artifacts.0.error", nil,
		"artifacts.0.isExecutable", true, "artifacts.0.arguments", "--fast", "artifacts.0.metadata.a", 1,
		"artifacts.1.artifactName", "two.bin", "artifacts.2.type", "docker_image", "artifacts.2.downloadUrl", "example.org/web:1", "artifacts.3", nil)
	if got := s.download(h.at("artifacts.0.downloadUrl"), "X-Project-Token", "pt-demo"); string(got.text) != string(hello) {
		s.tb.Errorf("%d %q", got.status, got.text)
	}
}

func minimal(s *site) {
	s.brings(body("2.0.0")).is(s.tb, "name", "2.0.0", "version", "2.0.0", "catalogId", "1.demo@2.0.0")
	s.brings(body("2.0.1").with("name", "")).is(s.tb, "name", "2.0.1")
	s.brings(body("2.0.2").with("name", nil, "dockerImages", nil, "dependencies", nil, "metadata", nil)).is(s.tb, "name", "2.0.2")
	s.want(200, "GET /version/2.0.0", nil).is(s.tb, "name", "2.0.0", "artifacts.0", nil, "dependencies.0", nil, "releaseNotes", nil, "tag", nil, "totalSize", 0)
}

func statusOfTheBody(s *site) {
	for n, status := range []string{"released", "archived", "anything"} {
		version := fmt.Sprintf("3.0.%d", n)
		s.brings(body(version).with("status", status))
		s.want(200, "GET /version/"+version, nil).is(s.tb, "status", "draft", "readonly", false)
	}
}

func wrongHash(s *site) {
	bad := s.file("/bad.bin", hello).with("sha256", digest(nil))
	h := s.want(201, "POST /import", body("4.0.0", s.file("/good.bin", []byte("good")), bad))
	h.is(s.tb, "status", "draft", "warnings.0.artifactName", "bad.bin", "warnings.0.expectedSha256", digest(nil), "warnings.0.actualSha256", digest(hello),
		"warnings.1", nil, "message", "Release imported with warnings")
	if m := h.at("warnings.0.message").(string); !strings.HasPrefix(m, "Checksum mismatch") {
		s.tb.Error(m)
	}
	h = s.want(200, "GET /version/4.0.0", nil)
	h.is(s.tb, "artifacts.0.status", "uploaded", "artifacts.1.status", "error", "artifacts.1.sha256", digest(nil))
	if m, _ := h.at("artifacts.1.error").(string); !strings.HasPrefix(m, "Checksum mismatch") {
		s.tb.Error(m)
	}
	s.download(h.at("artifacts.1.downloadUrl"), "X-Project-Token", "pt-demo").refuses(s.tb, 404, "Artifact bad.bin is not available, its status is error")
	s.demo("POST /version/4.0.0/release", nil).refuses(s.tb, 400, "Not all artifacts are uploaded: bad.bin (error)")
	wrong := s.file("/size.bin", hello).with("size", 5)
	h = s.want(201, "POST /import", body("4.0.1", wrong, s.file("/f", hello).with("sha256", "xyz")))
	h.is(s.tb, "warnings.0.message", "Size mismatch for artifact size.bin: expected 5 bytes, got 13", "warnings.0.actualSha256", digest(hello),
		"warnings.1.expectedSha256", "xyz", "warnings.1.actualSha256", digest(hello), "warnings.2", nil)
}

func upperCaseHash(s *site) {
	s.brings(body("5.0.0", s.file("/f", hello).with("sha256", strings.ToUpper(digest(hello)))))
	s.want(200, "GET /version/5.0.0", nil).is(s.tb, "artifacts.0.status", "uploaded", "artifacts.0.sha256", digest(hello))
}

func unreachable(s *site) {
	closed := httptest.NewServer(nil)
	closed.Close()
	none := document{"name": "none", "size": 1, "sha256": digest(nil), "downloadUrl": s.files.URL + "/none"}
	h := s.want(201, "POST /import", body("6.0.0", none, none.with("name", "refused", "downloadUrl", strings.Replace(s.files.URL, "http://", "http://nobody.invalid.", 1))))
	h.is(s.tb, "warnings.0.artifactName", "none", "warnings.0.message", "Failed to import artifact: the server answered 404", "warnings.0.expectedSha256", digest(nil),
		"warnings.1.message", "Failed to import artifact: the host was not found", "warnings.2", nil)
	for _, w := range h.at("warnings").([]any) {
		if _, there := w.(map[string]any)["actualSha256"]; there {
			s.tb.Errorf("%s", h.text)
		}
	}
	s.want(200, "GET /version/6.0.0", nil).is(s.tb, "status", "draft", "artifacts.0.status", "error", "artifacts.0.progress", 0)
	open := MustSite(s.tb, func(o *settings) {
		o.text = "purser.dialects.catalog: {verify: {deny-private: false}, projects: [{id: 1, name: demo, tokens: [{token: pt-demo}]}]}\n"
	})
	open.want(201, "POST /import", body("6.0.0", none.with("downloadUrl", closed.URL+"/x"))).is(s.tb,
		"warnings.0.message", "Failed to import artifact: the connection was refused", "warnings.0.actualSha256", nil)
}

func twoOfThree(s *site) {
	none := document{"name": "none", "size": 1, "sha256": digest(nil), "downloadUrl": s.files.URL + "/none"}
	h := s.want(201, "POST /import", body("7.0.0", none, s.file("/good", hello), s.file("/bad", hello).with("sha256", digest(nil))))
	h.is(s.tb, "warnings.0.artifactName", "none", "warnings.1.artifactName", "bad", "warnings.2", nil)
}

func fields(s *site) {
	b := body("8.0.0")
	for _, row := range []struct {
		body     document
		messages []string
	}{
		{b.with("version", gone), []string{"version should not be empty", "version must be a string"}},
		{b.with("version", nil), []string{"version should not be empty", "version must be a string"}},
		{b.with("version", ""), []string{"version should not be empty"}},
		{b.with("version", 1.5), []string{"version must be a string"}},
		{b.with("author", "x"), []string{"author must be an email"}},
		{b.with("author", gone), []string{"author must be an email"}},
		{b.with("createdAt", "soon"), []string{"createdAt must be a valid ISO 8601 date string"}},
		{b.with("createdAt", gone), []string{"createdAt must be a valid ISO 8601 date string"}},
		{b.with("createdAt", 1769860800), []string{"createdAt must be a valid ISO 8601 date string"}},
		{b.with("artifacts", gone), []string{"artifacts must be an array"}},
		{b.with("artifacts", "x"), []string{"each value in nested property artifacts must be either object or array", "artifacts must be an array"}},
		{b.with("project", ""), []string{"project should not be empty"}},
		{b.with("name", 5), []string{"name must be a string"}},
		{b.with("tag", []int{}), []string{"tag must be a string"}},
		{b.with("releaseNotes", false), []string{"releaseNotes must be a string"}},
		{b.with("metadata", "x"), []string{"metadata must be an object"}},
		{b.with("metadata", []int{}), []string{"metadata must be an object"}},
		{b.with("version", "a/b"), []string{"version must not have slashes or control characters, and not be made of dots"}},
		{b.with("version", strings.Repeat("1", 256)), []string{"version must be shorter than or equal to 255 characters"}},
		{document{}, []string{
			"version should not be empty", "version must be a string", "createdAt must be a valid ISO 8601 date string",
			"project should not be empty", "project must be a string", "author must be an email", "artifacts must be an array",
		}},
	} {
		h := s.demo("POST /import", row.body)
		h.refuses(s.tb, 400, row.messages...)
		if _, list := h.at("message").([]any); !list {
			s.tb.Errorf("no list: %s", h.text)
		}
	}
	s.demo("GET /version/8.0.0", nil).refuses(s.tb, 404, "Release not found: 8.0.0")
}

func artifactFields(s *site) {
	good := s.file("/f", hello)
	for _, row := range []struct {
		artifacts []document
		messages  []string
	}{
		{[]document{good.with("name", gone)}, []string{"artifacts.0.name should not be empty", "artifacts.0.name must be a string"}},
		{[]document{good.with("size", "big")}, []string{"artifacts.0.size must be an integer number"}},
		{[]document{good.with("size", 1.5)}, []string{"artifacts.0.size must be an integer number"}},
		{[]document{good.with("size", -1)}, []string{"artifacts.0.size must not be less than 0"}},
		{[]document{good, good.with("sha256", 1, "platform", 2)}, []string{"artifacts.1.platform must be a string", "artifacts.1.sha256 must be a string"}},
		{[]document{good.with("downloadUrl", gone)}, []string{"artifacts.0.downloadUrl should not be empty", "artifacts.0.downloadUrl must be a string"}},
		{[]document{good.with("isExecutable", "yes")}, []string{"artifacts.0.isExecutable must be a boolean value"}},
		{[]document{good.with("arguments", 1, "metadata", 2)}, []string{"artifacts.0.arguments must be a string", "artifacts.0.metadata must be an object"}},
		{[]document{nil}, []string{"each value in nested property artifacts must be either object or array"}},
		{make([]document, 1001), []string{"artifacts must contain no more than 1000 elements"}},
	} {
		s.demo("POST /import", body("9.0.0", row.artifacts...)).refuses(s.tb, 400, row.messages...)
	}
	s.demo("POST /import", body("9.0.0").with("dockerImages", []document{{"name": "a"}}, "dependencies", []document{{"catalogId": "x"}})).refuses(s.tb, 400,
		"dockerImages.0.imageUrl should not be empty", "dockerImages.0.imageUrl must be a string",
		"dependencies.0.name should not be empty", "dependencies.0.name must be a string",
		"dependencies.0.version should not be empty", "dependencies.0.version must be a string")
	s.demo("GET /version/9.0.0", nil).refuses(s.tb, 404)
}

func unknownMembers(s *site) {
	s.brings(body("10.0.0", s.file("/f", hello).with("colour", "red")).with("colour", "red", "id", 7, "Version", "x", "metadata", document{"kept": true}))
	for _, path := range []string{"/version/10.0.0", "/version/10.0.0/export"} {
		if h := s.want(200, "GET "+path, nil); strings.Contains(string(h.text), "colour") || h.at("version") != "10.0.0" || h.at("metadata.kept") != true {
			s.tb.Errorf("%s", h.text)
		}
	}
}

func credentials(s *site) {
	at := "POST " + releases + "demo/import"
	for _, row := range []struct {
		rule    string
		headers []string
		status  int
		message string
	}{
		{"none", nil, 401, "No authentication provided"},
		{"a token that nobody has", []string{"X-Project-Token", "x"}, 401, "The credentials are not known"},
		{"a bearer that nobody has", []string{"Authorization", "Bearer x"}, 401, "The credentials are not known"},
		{"a bearer without a token", []string{"Authorization", "Bearer"}, 401, "No authentication provided"},
		{"another scheme", []string{"Authorization", "Basic dTpw"}, 401, "No authentication provided"},
		{"a project's token as bearer", []string{"Authorization", "Bearer pt-demo"}, 401, "The credentials are not known"},
		{"a user's token as project token", []string{"X-Project-Token", "u-alice"}, 401, "The credentials are not known"},
		{"the token of another project", []string{"X-Project-Token", "pt-other"}, 403, "Not allowed in this project: demo"},
		{"a user without a role", []string{"Authorization", "Bearer u-none"}, 403, "Not allowed in this project: demo"},
		{"a project token", []string{"X-Project-Token", "pt-demo"}, 201, ""},
		{"both roles", []string{"Authorization", "Bearer u-alice"}, 201, ""},
		{"create-release", []string{"Authorization", "bearer u-create"}, 201, ""},
		{"upload-artifact", []string{"Authorization", "Bearer u-upload"}, 201, ""},
		{"all projects", []string{"Authorization", "Bearer u-all"}, 201, ""},
		{"one that is known is enough", []string{"Authorization", "Bearer x", "X-Project-Token", "pt-demo"}, 201, ""},
	} {
		h := s.ask(at, body("11.0.0"), row.headers...)
		if row.status == 201 {
			if h.status != 201 {
				s.tb.Errorf("%s: %d %s", row.rule, h.status, h.text)
			}
			continue
		}
		h.refuses(s.tb, row.status, row.message)
		h.is(s.tb, "path", releases+"demo/import")
		if row.status == 401 && h.header.Get("WWW-Authenticate") == "" {
			s.tb.Errorf("%s: no challenge", row.rule)
		}
	}
	at = "POST " + releases + "other/import"
	s.ask(at, body("1.0.0"), "Authorization", "Bearer u-create").refuses(s.tb, 403, "Not allowed in this project: other")
	s.ask("POST "+releases+"demo/version/11.0.0/release", nil, "Authorization", "Bearer u-upload").refuses(s.tb, 403)
	s.ask("DELETE "+releases+"demo/version/11.0.0", nil, "Authorization", "Bearer u-upload").refuses(s.tb, 403)
	if h := s.ask("GET "+releases+"demo/version/11.0.0", nil, "Authorization", "Bearer u-none"); h.status != 200 {
		s.tb.Errorf("%d %s", h.status, h.text)
	}
	s.ask("POST "+releases+"demo/import", "{", "X-Project-Token", "x").refuses(s.tb, 401)
}

func projects(s *site) {
	for _, p := range []string{"nosuch", "9", "01", "Demo", "-1", "1e0"} {
		s.ask("POST "+releases+p+"/import", body("12.0.0"), "X-Project-Token", "pt-demo").refuses(s.tb, 404, "Project not found: "+p)
	}
	if h := s.ask("POST "+releases+"1/import", body("12.0.0"), "X-Project-Token", "pt-demo"); h.status != 201 || h.at("catalogId") != "1.demo@12.0.0" {
		s.tb.Errorf("%d %s", h.status, h.text)
	}
	byID, byName := s.ask("GET "+releases+"1/version/12.0.0", nil, "X-Project-Token", "pt-demo"), s.want(200, "GET /version/12.0.0", nil)
	if string(byID.text) != string(byName.text) {
		s.tb.Errorf("%s\n%s", byID.text, byName.text)
	}
	s.ask("GET "+releases+"30", nil, "X-Project-Token", "pt-demo").refuses(s.tb, 403, "Not allowed in this project: 30")
}

func projectOfTheBody(s *site) {
	s.brings(body("13.0.0").with("project", "other", "projectIdentifier", 2)).is(s.tb, "catalogId", "1.demo@13.0.0")
	s.ask("GET "+releases+"other/version/13.0.0", nil, "X-Project-Token", "pt-other").refuses(s.tb, 404, "Release not found: 13.0.0")
}

func again(s *site) {
	first := s.brings(body("14.0.0", s.file("/a", hello)).with("releaseNotes", "old", "tag", "t"))
	second := s.brings(body("14.0.0", s.file("/b", []byte("b")), s.file("/c", []byte("c"))).with("releaseNotes", "new"))
	if first.at("catalogId") != second.at("catalogId") {
		s.tb.Errorf("%s\n%s", first.text, second.text)
	}
	s.want(200, "GET /version/14.0.0", nil).is(s.tb, "releaseNotes", "new", "tag", nil, "artifacts.0.artifactName", "b", "artifacts.1.artifactName", "c", "artifacts.2", nil)
}

func afterRelease(s *site) {
	s.brings(body("15.0.0", s.file("/f", hello)).with("releaseNotes", "old"))
	h := s.want(200, "POST /version/15.0.0/release", nil)
	h.is(s.tb, "status", "released", "readonly", true, "id", "1.demo@15.0.0")
	s.demo("POST /import", body("15.0.0").with("releaseNotes", "new")).refuses(s.tb, 409, "Release version 15.0.0 already exists for project 1")
	if after := s.want(200, "GET /version/15.0.0", nil); string(after.text) != string(h.text) {
		s.tb.Errorf("%s\n%s", h.text, after.text)
	}
	s.demo("POST /version/15.0.0/release", nil).refuses(s.tb, 409, "Release 15.0.0 cannot be released, its status is released")
	s.demo("DELETE /version/15.0.0", nil).refuses(s.tb, 409, "Release 15.0.0 cannot be deleted, its status is released")
}

func dependencies(s *site) {
	needs := func(ids ...string) (list []document) {
		for _, id := range ids {
			list = append(list, document{"catalogId": id, "name": "the name", "version": "does not count"})
		}
		return list
	}
	for _, id := range []string{"1.demo@16.9.9", "9.demo@16.0.0", "2.demo@16.0.0", "demo@16.0.0", "1.other@16.0.0", "x", "1.demo@", "1.demo"} {
		s.demo("POST /import", body("16.0.0").with("dependencies", needs(id))).refuses(s.tb, 404, "Some dependencies do not exist")
	}
	s.demo("GET /version/16.0.0", nil).refuses(s.tb, 404)
	s.demo("POST /import", body("16.0.0").with("dependencies", needs("1.demo@16.0.0"))).refuses(s.tb, 409, "Release 16.0.0 cannot depend on itself.")
	s.brings(body("16.0.0"))
	if h := s.ask("POST "+releases+"base/import", body("1.0.0"), "X-Project-Token", "pt-base-2"); h.status != 201 || h.at("catalogId") != "30.base@1.0.0" {
		s.tb.Fatalf("%s", h.text)
	}
	s.brings(body("16.0.1").with("dependencies", needs("1.demo@16.0.0", "30.base@1.0.0")))
	s.want(200, "GET /version/16.0.1", nil).is(s.tb, "dependencies.0.catalogId", "1.demo@16.0.0", "dependencies.0.name", "the name",
		"dependencies.0.version", "16.0.0", "dependencies.1.catalogId", "30.base@1.0.0", "dependencies.2", nil)
	s.demo("POST /import", body("16.0.1").with("dependencies", needs("1.demo@16.0.0", "1.demo@16.9.9"), "releaseNotes", "lost")).refuses(s.tb, 404)
	s.want(200, "GET /version/16.0.1", nil).is(s.tb, "releaseNotes", nil, "dependencies.1.catalogId", "30.base@1.0.0")
	h := s.demo("DELETE /version/16.0.0", nil)
	h.refuses(s.tb, 400, "Release 16.0.0 cannot be deleted, other releases depend on it")
	h.is(s.tb, "errorCode", "RELEASE.hasDependents", "data.dependentReleases.0", "1.demo@16.0.1", "data.dependentReleases.1", nil)
	for _, version := range []string{"16.0.1", "16.0.0"} {
		if h := s.want(204, "DELETE /version/"+version, nil); len(h.text) > 0 {
			s.tb.Errorf("%s", h.text)
		}
		s.demo("DELETE /version/"+version, nil).refuses(s.tb, 404, "Release not found: "+version)
	}
}

func images(s *site) {
	s.brings(body("17.0.0").with("dockerImages", []document{
		{"name": "web", "imageUrl": s.files.URL + "/image", "platform": "linux", "metadata": document{"a": 1}}, {"name": "db", "imageUrl": "db:5"},
	}))
	s.want(200, "GET /version/17.0.0", nil).is(s.tb, "artifacts.0.artifactName", "web", "artifacts.0.type", "docker_image", "artifacts.0.platform", "linux",
		"artifacts.0.metadata.a", 1, "artifacts.0.status", "uploaded", "artifacts.1.artifactName", "db", "artifacts.1.type", "docker_image", "artifacts.2", nil)
	if n := s.fetched("/image"); n != 0 {
		s.tb.Errorf("the image was asked for %d times", n)
	}
	s.want(200, "POST /version/17.0.0/release", nil).is(s.tb, "status", "released")
}

func files(s *site) {
	passwd := document{"name": "p", "size": 1, "sha256": digest(nil)}
	redirect := s.put("/redirect", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	})
	inside := s.put("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.server.Base()+"/api/about", http.StatusFound)
	})
	for n, row := range []struct{ at, message string }{
		{"file:///etc/passwd", "only http and https addresses are fetched"},
		{"FILE:///etc/passwd", "only http and https addresses are fetched"},
		{"/etc/passwd", "only http and https addresses are fetched"},
		{"gopher://example.org/", "only http and https addresses are fetched"},
		{"ftp://example.org/", "only http and https addresses are fetched"},
		{"data:,x", "only http and https addresses are fetched"},
		{"http://", "it has no valid address"},
		{"http://127.0.0.1:9/", "the address is not public"},
		{"http://localhost:9/", "the address is not public"},
		{"http://[::1]:9/", "the address is not public"},
		{"http://0.0.0.0:9/", "the address is not public"},
		{"http://169.254.169.254/latest/meta-data", "the address is not public"},
		{"http://[::ffff:10.0.0.1]/", "the address is not public"},
		{s.server.Base() + "/api/about", "the address is not public"},
		{redirect, "only http and https addresses are fetched"},
		{inside, "the address is not public"},
	} {
		version := fmt.Sprintf("18.0.%d", n)
		h := s.want(201, "POST /import", body(version, passwd.with("downloadUrl", row.at)))
		h.is(s.tb, "warnings.0.message", "Failed to import artifact: "+row.message, "warnings.0.actualSha256", nil, "warnings.1", nil)
		s.want(200, "GET /version/"+version, nil).is(s.tb, "artifacts.0.status", "error", "artifacts.0.error", row.message)
	}
}

func malformed(s *site) {
	for _, row := range []struct{ body, message string }{
		{`{"version":`, "Unexpected end of JSON input"},
		{`{"version": }`, "Unexpected token } in JSON at position 12"},
		{`{'version': 1}`, "Unexpected token ' in JSON at position 1"},
		{`x`, "Unexpected token x in JSON at position 0"},
		{`"text"`, `Unexpected token " in JSON at position 0`},
		{`5`, "Unexpected token 5 in JSON at position 0"},
		{`{} {}`, "Unexpected token { in JSON at position 3"},
		{strings.Repeat("[", 100_000), "Unexpected end of JSON input"},
	} {
		s.demo("POST /import", row.body).refuses(s.tb, 400)
		if h := s.demo("POST /import", row.body); len(row.body) < 100 {
			h.refuses(s.tb, 400, row.message)
		}
	}
	for _, empty := range []any{nil, "", "  ", "[]"} {
		s.demo("POST /import", empty).is(s.tb, "message.0", "version should not be empty", "message.1", "version must be a string")
	}
	s.ask("POST "+releases+"demo/import", "version=1", "X-Project-Token", "pt-demo", "Content-Type", "application/x-www-form-urlencoded").refuses(s.tb, 415)
	s.demo("POST /import", `{"x":"`+strings.Repeat("x", 11<<20)+`"}`).refuses(s.tb, 413)
	s.ask("GET /api/v1/catalog/nosuch?a=b", nil).refuses(s.tb, 404, "Cannot GET /api/v1/catalog/nosuch?a=b")
	s.ask("PUT "+releases+"demo/import", "{}").refuses(s.tb, 405, "Cannot PUT "+releases+"demo/import")
	s.ask("GET "+releases+"%2F", nil).refuses(s.tb, 400)
}
