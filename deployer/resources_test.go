package deployer

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"purser"
)

func TestFetchFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"app.jar", "with blank.jar", "100%.jar"} {
		if err := os.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, _ := MustResources(t, Options{})
	for _, row := range []struct{ rule, location, want string }{
		{"one slash", "file:" + dir + "/app.jar", "app.jar"},
		{"three slashes", "file://" + dir + "/app.jar", "app.jar"},
		{"localhost", "file://localhost" + dir + "/app.jar", "app.jar"},
		{"two slashes are an absolute path, as in Java", "file:/" + dir + "/app.jar", "app.jar"},
		{"relative", "file:app.jar", "app.jar"},
		{"relative with a dot", "file:./app.jar", "app.jar"},
		{"any case of the scheme", "FILE:app.jar", "app.jar"},
		{"an escaped blank", "file:with%20blank.jar", "with blank.jar"},
		{"a plain blank", "file:with blank.jar", "with blank.jar"},
		{"a per cent sign that escapes nothing", "file:100%.jar", "100%.jar"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := MustFetch(t, r, row.location); got != row.want {
				t.Errorf("got %q", got)
			}
		})
	}
	wantFailure(t, r, "file:nosuch.jar", purser.CodeNotFound, "file:nosuch.jar does not exist")
	wantFailure(t, r, "file:"+dir, purser.CodeInvalid, "is not a file")
	wantFailure(t, r, "file:", purser.CodeNotFound, "file: does not exist")
	wantFailure(t, r, "file:app.jar%00", purser.CodeNotFound, "does not exist")
	if entries, err := os.ReadDir(r.options.CacheDir); err != nil || len(entries) != 0 {
		t.Errorf("files touch the cache: %v %v", entries, err)
	}
}

func TestFetchScheme(t *testing.T) {
	r, _ := MustResources(t, Options{})
	for _, location := range []string{"", "app.jar", "/x/app.jar", ":x", "1a:x", "a b:x", "ä:x"} {
		wantFailure(t, r, location, purser.CodeInvalid, "a scheme (prefix) is required")
	}
	for location, scheme := range map[string]string{"docker:a/b:1": "docker", "classpath:x": "classpath", "bogus:x": "bogus"} {
		wantFailure(t, r, location, purser.CodeInvalid, "resources of scheme '"+scheme+"' cannot be fetched as files, expected file, http, https or maven")
	}
	for _, location := range []string{"http:", "http:/x", "http://", "https://user:pa ss@h/x", "http://h:port/", "http://user:s3cret%zz@h/x"} {
		wantFailure(t, r, location, purser.CodeInvalid, "a resource has an http or https location that is no URL")
	}
}

func TestRedact(t *testing.T) {
	for location, want := range map[string]string{
		"http://h/x":                         "http://h/x",
		"http://user:s3cret@h:80/x":          "http://***@h:80/x",
		"http://s3cret@h/x":                  "http://***@h/x",
		"https://h/x?token=s3cret&a=s3cret":  "https://h/x?token=***&a=***",
		"https://h/x?s3cret":                 "https://h/x?***",
		"https://h/x?a=s3cret#s3cret":        "https://h/x?a=***",
		"https://h/x#s3cret?a=b":             "https://h/x",
		"http://user:s3/cret@h/x":            "http://***",
		"http://user:s3?cret@h/x":            "http://***",
		"http://user:s3#cret@h/x":            "http://***",
		"http://user:p@s3cret@h/x":           "http://***@h/x",
		"http://[::1]:80/x":                  "http://[::1]:80/x",
		"http://h/a@b":                       "http://h/a@b",
		"file:/x/a?b":                        "file:/x/a?***",
		"":                                   "",
		"maven://g:a:1":                      "maven://g:a:1",
		"https://h/x?X-Amz-Signature=s3cret": "https://h/x?X-Amz-Signature=***",
	} {
		if got := Redact(location); got != want {
			t.Errorf("%q: got %q, want %q", location, got, want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("s3cret")
	f.Add("a?b#c")
	f.Fuzz(func(t *testing.T, secret string) {
		if len(secret) < 4 || strings.Contains("http://***@h/x?a=***", secret) {
			return // too short to tell, or part of what is shown anyway
		}
		location := (&url.URL{Scheme: "http", User: url.UserPassword("u", secret), Host: "h", Path: "/x", RawQuery: "a=" + url.QueryEscape(secret)}).String()
		if got := Redact(location); strings.Contains(got, secret) || strings.Contains(got, url.QueryEscape(secret)) {
			t.Errorf("%q shows the secret", got)
		}
	})
}

func TestNewResources(t *testing.T) {
	for _, row := range []struct {
		rule    string
		options Options
		want    string
	}{
		{"a remote without URL", Options{Remotes: []Remote{{Name: "r"}}}, "Maven repository 'r': url is '', expected an http or https URL"},
		{"a remote on a disk", Options{Remotes: []Remote{{Name: "r", URL: "file:/x"}}}, "Maven repository 'r': url is 'file:/x', expected an http or https URL"},
		{"a remote with a secret", Options{Remotes: []Remote{{Name: "r", URL: "ftp://u:s3cret@h"}}}, "Maven repository 'r': url is 'ftp://***@h', expected an http or https URL"},
		{"a checksum policy", Options{Remotes: []Remote{{Name: "r", URL: "http://h", Snapshots: Policy{Checksums: "perhaps"}}}}, "Maven repository 'r': checksum policy is 'perhaps', expected warn, fail or ignore"},
		{"a proxy without host", Options{MavenProxy: &Proxy{}}, "Maven proxy: expected protocol http or https and a host, found '' and ''"},
		{"a proxy of another kind", Options{MavenProxy: &Proxy{Protocol: "socks", Host: "h:1"}}, "Maven proxy: expected protocol http or https and a host, found 'socks' and 'h:1'"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := NewResources(row.options)
			if purser.ErrorCode(err) != purser.CodeInvalid || purser.ErrorMessage(err) != row.want {
				t.Errorf("got %v", err)
			}
		})
	}
	r, err := NewResources(Options{Remotes: DefaultRemotes()})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(r.options.MavenLocal, filepath.Join(".m2", "repository")) {
		t.Errorf("local repository %q", r.options.MavenLocal)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}
