package browse_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Forms that another site sends, or that no page of this server has given out, change nothing.
func TestForgedForms(t *testing.T) {
	const target = "/browse/release/r/delete"
	s := MustServe(t, world("x"))
	token, cookie := s.form(target)
	other, _ := s.form(target)
	good := map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie,
		"Origin": "http://purser.example", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "User-Agent": "Mozilla/5.0",
	}
	for _, row := range []struct {
		rule   string
		token  string
		header map[string]string // in place of the good ones; "" takes one away
		status int
	}{
		{"another site, as the browser says", token, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}, 403},
		{"a neighbour under the same domain", token, map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://other.purser.example"}, 403},
		{"another origin in an old browser", token, map[string]string{"Sec-Fetch-Site": "", "Origin": "http://evil.example"}, 403},
		{"another port", token, map[string]string{"Sec-Fetch-Site": "", "Origin": "http://purser.example:8080"}, 403},
		{"a page without an origin", token, map[string]string{"Sec-Fetch-Site": "", "Origin": "null"}, 403},
		{"no cookie, as from another site", token, map[string]string{"Cookie": ""}, 403},
		{"a cookie that somebody made up", token, map[string]string{"Cookie": "purser-forms=x"}, 403},
		{"no token", "", nil, 403},
		{"the token of another browser", other, nil, 403},
		{"a cut token", token[:len(token)-1], nil, 403},
		{"a body that a form of another site can have without asking", token, map[string]string{"Content-Type": "text/plain"}, 415},
		{"JSON", token, map[string]string{"Content-Type": "application/json"}, 415},
		{"this browser's own form", token, nil, 303},
		{"the same in an old browser", token, map[string]string{"Sec-Fetch-Site": "", "Origin": ""}, 303},
	} {
		t.Run(row.rule, func(t *testing.T) {
			header := maps.Clone(good)
			for name, value := range row.header {
				header[name] = value
				if value == "" {
					delete(header, name)
				}
			}
			before := len(s.changes())
			r := s.do(http.MethodPost, target, header, url.Values{"token": {row.token}, "step": {"apply"}}.Encode())
			changed := len(s.changes()) > before
			if r.StatusCode != row.status || changed != (row.status == http.StatusSeeOther) {
				t.Errorf("%d, changed: %v", r.StatusCode, changed)
			}
		})
	}
}

// Behind a proxy the browser knows the server by another name, and that one counts.
func TestFormsBehindAProxy(t *testing.T) {
	s := MustServe(t, world("x"))
	token, cookie := s.form("/browse/release/r/delete")
	for origin, status := range map[string]int{"https://outside.example": 303, "http://purser.example": 403} {
		r := s.do(http.MethodPost, "/browse/release/r/delete", map[string]string{
			"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": origin,
			"X-Forwarded-Host": "outside.example", "X-Forwarded-Proto": "https",
		}, url.Values{"token": {token}, "step": {"apply"}}.Encode())
		if r.StatusCode != status {
			t.Errorf("%s: %d", origin, r.StatusCode)
		}
	}
}

// Whatever is fetched, and however, nothing changes by it.
func TestNothingChangesByReading(t *testing.T) {
	s := MustServe(t, world("x"))
	for _, path := range pages {
		for _, query := range []string{"", "?step=apply&token=x&version=1&release=r&count.a=3"} {
			s.open(path + query)
			s.do(http.MethodHead, path+query, firefox, "")
		}
	}
	if got := s.changes(); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// The forms without JavaScript: what is shown first, what the API is asked for then, and where it leads.
func TestForms(t *testing.T) {
	const values = "a:\r\n  b: 1\r\n"
	for _, row := range []struct {
		rule, target string
		fields       map[string]string
		preview      string // what the API is asked about what would happen; "": nothing
		change       string // what it is asked to do
		leads        string
	}{
		{
			"install", "/browse/install/1",
			map[string]string{"release": "r", "platform": "p", "values": values},
			`/api/purser/preview/install`,
			`POST /api/package/install {"packageIdentifier":{"packageName":"px","packageVersion":"1.0.0x"},"installProperties":{"releaseName":"r","platformName":"p","configValues":{"raw":"a:\n  b: 1\n"}}}`,
			"/api/release/status/r?said=installed",
		},
		{
			"upgrade keeps the values that are there", "/browse/release/r/upgrade",
			map[string]string{"version": "2.0.0", "keep": "keep", "timeout": "90"},
			`/api/purser/preview/upgrade`,
			`POST /api/release/upgrade {"packageIdentifier":{"packageName":"px","packageVersion":"2.0.0"},"upgradeProperties":{"releaseName":"r","configValues":{"raw":"{}"}},"timeout":90000}`,
			"/api/release/status/r?said=upgraded",
		},
		{
			"upgrade drops them", "/browse/release/r/upgrade",
			map[string]string{"version": "2.0.0", "keep": "drop", "force": "true"},
			`/api/purser/preview/upgrade`,
			`POST /api/release/upgrade {"packageIdentifier":{"packageName":"px","packageVersion":"2.0.0"},"upgradeProperties":{"releaseName":"r"},"force":true}`,
			"/api/release/status/r?said=upgraded",
		},
		{
			"rollback", "/browse/release/r/rollback",
			map[string]string{"version": "1"},
			`/api/purser/preview/rollback`, `POST /api/release/rollback {"releaseName":"r","version":1}`, "/api/release/status/r?said=rolled",
		},
		{
			"scale", "/browse/release/r/scale",
			map[string]string{"count.ax": "3"},
			"", `POST /api/release/scale/r {"scale":[{"name":"ax","count":3}]}`, "/api/release/status/r?said=scaled",
		},
		{"cancel", "/browse/release/r/cancel", nil, "", `POST /api/release/cancel {"releaseName":"r"}`, "/api/release/status/r?said=cancelled"},
		{"delete", "/browse/release/r/delete", nil, "", `DELETE /api/release/r `, "/api/release/status/r?said=deleted"},
		{"delete with the package", "/browse/release/r/delete", map[string]string{"package": "true"}, "", `DELETE /api/release/r/package `, "/api/release/status/r?said=deleted"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := MustServe(t, world("x"))
			fields := map[string]string{}
			maps.Copy(fields, row.fields)
			if row.preview != "" {
				fields["step"] = "preview"
				r, text := s.send(row.target, fields)
				if r.StatusCode != http.StatusOK || !strings.Contains(text, "What would happen") || !strings.Contains(text, `value="apply"`) || len(s.changes()) > 0 {
					t.Fatalf("%d %s", r.StatusCode, text)
				}
				for name, value := range row.fields { // they go on to the next step
					if !strings.Contains(text, `type="hidden" name="`+name+`" value="`+value+`"`) {
						t.Errorf("%s is not kept in %s", name, text)
					}
				}
				if last := s.asked[len(s.asked)-1]; last.path != row.preview {
					t.Errorf("asked for %s", last.path)
				}
				fields["step"] = "edit"
				if r, text = s.send(row.target, fields); r.StatusCode != http.StatusOK || !strings.Contains(text, `value="preview"`) || len(s.changes()) > 0 {
					t.Errorf("%d %s", r.StatusCode, text)
				}
			}
			fields["step"] = "apply"
			r, text := s.send(row.target, fields)
			if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != row.leads {
				t.Fatalf("%d %s %s", r.StatusCode, r.Header, text)
			}
			var did []string
			for _, c := range s.changes() {
				did = append(did, c.method+" "+c.path+" "+c.body)
			}
			if diff := cmp.Diff([]string{row.change}, did); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What the API refuses stands with the form, and so does what was typed.
func TestRefusalsStandWithTheForm(t *testing.T) {
	answers := world("x")
	for _, path := range []string{"/purser/preview/install", "/package/install", "/purser/preview/upgrade", "/release/upgrade"} {
		answers["POST /api"+path] = `409 {"status":409,"message":"line 1: \"<b>\" is no YAML"}`
	}
	s := MustServe(t, answers)
	for _, row := range []struct {
		rule, target string
		fields       map[string]string
		status       int
		says         string
	}{
		{"the preview is refused", "/browse/install/1", map[string]string{"step": "preview", "release": "r<", "values": "<textarea>"}, 409, "line 1: &#34;&lt;b&gt;&#34; is no YAML"},
		{"the change is refused", "/browse/install/1", map[string]string{"step": "apply", "release": "r<", "values": "<textarea>"}, 409, "line 1: &#34;&lt;b&gt;&#34; is no YAML"},
		{"a field is empty", "/browse/install/1", map[string]string{"step": "apply", "release": " ", "values": "<textarea>"}, 400, "The release needs a name."},
		{"a number is none", "/browse/release/r/upgrade", map[string]string{"step": "apply", "version": "1", "timeout": "soon", "values": "<textarea>"}, 400, "is a number of seconds"},
		{"values are dropped and given", "/browse/release/r/upgrade", map[string]string{"step": "apply", "keep": "drop", "values": "<textarea>"}, 400, "leave the field empty"},
		{"nothing is chosen", "/browse/release/r/rollback", map[string]string{"step": "preview", "version": "x"}, 400, "Choose the version"},
		{"nothing changes", "/browse/release/r/scale", map[string]string{"step": "preview", "count.ax": "1"}, 400, "how many instances there are already"},
		{"a count is none", "/browse/release/r/scale", map[string]string{"step": "apply", "count.ax": "-1"}, 400, "is a number from 0 on"},
		{"the step is none", "/browse/release/r/delete", map[string]string{"step": "nonsense"}, 400, "does not say what is to be done"},
		{"no file", "/browse/upload", map[string]string{"step": "apply", "version": "<textarea>"}, 400, "Choose the file"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			r, text := s.send(row.target, row.fields)
			if r.StatusCode != row.status || !strings.Contains(text, row.says) || !strings.Contains(text, `role="alert"`) {
				t.Errorf("%d %s", r.StatusCode, text)
			}
			if row.fields["values"] != "" && !strings.Contains(text, "&lt;textarea&gt;") || strings.Contains(text, "<b>\"") {
				t.Errorf("what was typed is not kept: %s", text)
			}
		})
	}
}

func TestUpload(t *testing.T) {
	archive := func(top string) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		if _, err := w.Create(top + "package.yml"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for _, row := range []struct {
		rule, file    string
		content       []byte
		fields        map[string]string
		name, version string
	}{
		{"the folder says what it is", "x.zip", archive("my-app-1.2.0/"), nil, "my-app", "1.2.0"},
		{"a version with a dash", "x.zip", archive("app-1.2.0-rc-1/"), nil, "app", "1.2.0-rc-1"},
		{"a name with a number", "x.zip", archive("app-2-1.2.0/"), nil, "app-2", "1.2.0"},
		{"the name of the file, if there is no folder", "C:\\tmp\\app-1.0.0.zip", archive(""), nil, "app", "1.0.0"},
		{"no zip at all", "app-1.0.0.zip", []byte("x"), nil, "app", "1.0.0"},
		{"what is typed goes first", "x.zip", archive("app-1.0.0/"), map[string]string{"name": "b", "version": "2.0.0"}, "b", "2.0.0"},
		{"nothing says anything", "x.zip", []byte("x"), nil, "", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := MustServe(t, world("x"))
			token, cookie := s.form("/browse/upload")
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			fields := map[string]string{"token": token, "step": "apply", "repository": "local"}
			maps.Copy(fields, row.fields)
			for name, value := range fields {
				if err := w.WriteField(name, value); err != nil {
					t.Fatal(err)
				}
			}
			part, err := w.CreateFormFile("file", row.file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := part.Write(row.content); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			r := s.do(http.MethodPost, "/browse/upload", map[string]string{"Content-Type": w.FormDataContentType(), "Cookie": cookie, "Origin": "http://purser.example"}, body.String())
			if r.StatusCode != http.StatusSeeOther {
				t.Fatalf("%d %s", r.StatusCode, mustRead(t, r))
			}
			var sent struct {
				RepoName, Name, Version, Extension string
				PackageFileAsBytes                 []byte
			}
			if err := json.Unmarshal([]byte(s.changes()[0].body), &sent); err != nil {
				t.Fatal(err)
			}
			if sent.RepoName != "local" || sent.Name != row.name || sent.Version != row.version || sent.Extension != "zip" || !bytes.Equal(sent.PackageFileAsBytes, row.content) {
				t.Errorf("%+v", sent)
			}
		})
	}
}

// A form above the limit of the server is refused, as any request is.
func TestFormsAreBounded(t *testing.T) {
	s := MustServe(t, world("x"))
	r, text := s.send("/browse/install/1", map[string]string{"step": "preview", "release": "r", "values": strings.Repeat("x", 2<<20)})
	if r.StatusCode != http.StatusRequestEntityTooLarge || len(text) > 10<<10 {
		t.Errorf("%d, %d bytes", r.StatusCode, len(text))
	}
}
