package deployer

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"purser"
)

const (
	artifactPath = "/m2/org/x/app/1.0/app-1.0.jar"
	artifact     = "maven://org.x:app:1.0"
)

func sha256Of(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
func sha1Of(text string) string   { return fmt.Sprintf("%x", sha1.Sum([]byte(text))) }

// remoteOf is the repository that an origin serves below /m2.
func remoteOf(o *origin) Remote { return Remote{Name: "own", URL: o.URL + "/m2"} }

func TestMavenLocal(t *testing.T) {
	local := t.TempDir()
	file := filepath.Join(local, "org", "x", "app", "1.0", "app-1.0.jar")
	MustDo(t, os.MkdirAll(filepath.Dir(file), 0o700))
	MustDo(t, os.WriteFile(file, []byte("local"), 0o600))
	o := MustOrigin(t)
	o.Serve(artifactPath, "remote")
	r, _ := MustResources(t, Options{MavenLocal: local, Remotes: []Remote{remoteOf(o)}})
	for _, location := range []string{artifact, "maven:org.x:app:1.0", "maven:///org.x:app:jar:1.0"} {
		if got := MustFetch(t, r, location); got != "local" {
			t.Errorf("%s: got %q", location, got)
		}
	}
	if asked := o.Asked(); asked != "" {
		t.Errorf("asked %s", asked)
	}
	wantFailure(t, r, "maven:org.x:app:2.0", purser.CodeNotFound,
		"artifact org.x:app:jar:2.0 was found neither in the local repository nor in the remote repositories")
	alone, _ := MustResources(t, Options{})
	wantFailure(t, alone, artifact, purser.CodeNotFound, "artifact org.x:app:jar:1.0 is not in the local repository, and there are no remote repositories")
}

func TestMavenRemote(t *testing.T) {
	o := MustOrigin(t)
	o.Serve(artifactPath, "text")
	o.Serve(artifactPath+".sha256", sha256Of("text"))
	local := t.TempDir()
	r, log := MustResources(t, Options{MavenLocal: local, Remotes: []Remote{remoteOf(o)}})
	for range 3 {
		path, err := r.Fetch(t.Context(), artifact)
		if err != nil || MustRead(t, path) != "text" || filepath.Ext(path) != ".jar" {
			t.Fatalf("got %s, %v", path, err)
		}
	}
	if asked := o.Asked(); asked != artifactPath+" "+artifactPath+".sha256" {
		t.Errorf("a release is asked for again: %s", asked)
	}
	if strings.Contains(log.String(), "WARN") {
		t.Errorf("log: %s", log)
	}
	wantCacheFiles(t, r, contentDir, 1)
	if files, err := os.ReadDir(local); err != nil || len(files) > 0 {
		t.Errorf("the local repository was written: %v, %v", files, err)
	}
	offline, _ := MustResources(t, Options{CacheDir: r.options.CacheDir, Offline: true, Remotes: []Remote{remoteOf(o)}})
	if got := MustFetch(t, offline, artifact); got != "text" {
		t.Errorf("got %q", got)
	}
	wantFailure(t, offline, "maven:org.x:app:2.0", purser.CodeNotFound, "neither in the local repository nor in the cache, and maven.offline is set")
	if asked := o.Asked(); asked != "" {
		t.Errorf("asked %s", asked)
	}
}

func TestChecksums(t *testing.T) {
	const text = "text"
	for _, row := range []struct {
		rule         string
		policy       ChecksumPolicy
		sha256, sha1 string // "": the repository has none
		refused      string // a part of the error, "" when accepted
		warned       string // a part of the log
	}{
		{"sha256 fits", ChecksumFail, sha256Of(text), "", "", ""},
		{"sha1 fits", ChecksumFail, "", sha1Of(text), "", ""},
		{"upper case, with a file name", ChecksumFail, strings.ToUpper(sha256Of(text)) + "  app-1.0.jar\n", "", "", ""},
		{"a checksum behind words", ChecksumFail, "", "SHA1(app-1.0.jar)= " + sha1Of(text), "", ""},
		{"the stronger one counts", ChecksumFail, sha256Of("other"), sha1Of(text), "does not fit its sha256 checksum", ""},
		{"wrong sha1", ChecksumFail, "", sha1Of("other"), "does not fit its sha1 checksum", ""},
		{"none at all", ChecksumFail, "", "", "has no checksum", ""},
		{"no checksum in the file", ChecksumFail, "<html>", "", "has a checksum that cannot be read", ""},
		{"a bad sha256 file gives way to sha1", ChecksumFail, "<html>", sha1Of(text), "", ""},
		{"wrong, only warned of", ChecksumWarn, sha256Of("other"), "", "", "does not fit its sha256 checksum"},
		{"warned of by default", "", "", sha1Of("other"), "", "does not fit its sha1 checksum"},
		{"none, only warned of", ChecksumWarn, "", "", "", "has no checksum"},
		{"wrong, ignored", ChecksumIgnore, sha256Of("other"), "", "", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := MustOrigin(t)
			o.Serve(artifactPath, text)
			if row.sha256 != "" {
				o.Serve(artifactPath+".sha256", row.sha256)
			}
			if row.sha1 != "" {
				o.Serve(artifactPath+".sha1", row.sha1)
			}
			remote := remoteOf(o)
			remote.Releases.Checksums = row.policy
			r, log := MustResources(t, Options{Remotes: []Remote{remote}})
			if row.refused != "" {
				wantFailure(t, r, artifact, purser.CodePlatform, row.refused)
				wantCacheFiles(t, r, partialDir, 0)
			} else if got := MustFetch(t, r, artifact); got != text {
				t.Errorf("got %q", got)
			}
			if warned := strings.Contains(log.String(), "WARN"); warned != (row.warned != "") || !strings.Contains(log.String(), row.warned) {
				t.Errorf("log: %s", log)
			}
			if row.policy == ChecksumIgnore && o.Asked() != artifactPath {
				t.Error("an ignored checksum was asked for")
			}
		})
	}
}

func TestUncheckedIsNotTrustedLater(t *testing.T) {
	o := MustOrigin(t)
	o.Serve(artifactPath, "text")
	lax, _ := MustResources(t, Options{Remotes: []Remote{remoteOf(o)}})
	MustFetch(t, lax, artifact)
	remote := remoteOf(o)
	remote.Releases.Checksums = ChecksumFail
	strict, _ := MustResources(t, Options{CacheDir: lax.options.CacheDir, Remotes: []Remote{remote}})
	wantFailure(t, strict, artifact, purser.CodePlatform, "has no checksum")
	o.Answer(artifactPath, status(http.StatusBadGateway))
	wantFailure(t, strict, artifact, purser.CodePlatform, "the server answered 502")
	offline, _ := MustResources(t, Options{CacheDir: lax.options.CacheDir, Remotes: []Remote{remote}, Offline: true})
	wantFailure(t, offline, artifact, purser.CodeNotFound, "maven.offline is set")
}

func TestSeveralRemotes(t *testing.T) {
	first, second := MustOrigin(t), MustOrigin(t)
	second.Serve(artifactPath, "second")
	second.Serve(artifactPath+".sha1", sha1Of("second"))
	remotes := []Remote{remoteOf(first), remoteOf(second)}
	remotes[1].Name = "next"
	r, _ := MustResources(t, Options{Remotes: remotes})
	if got := MustFetch(t, r, artifact); got != "second" {
		t.Errorf("got %q", got)
	}

	first.Answer("/m2/org/x/app/2.0/app-2.0.jar", status(http.StatusInternalServerError))
	wantFailure(t, r, "maven:org.x:app:2.0", purser.CodePlatform, "could not fetch artifact org.x:app:jar:2.0: own: could not fetch")
	second.Serve("/m2/org/x/app/2.0/app-2.0.jar", "second")
	if got := MustFetch(t, r, "maven:org.x:app:2.0"); got != "second" {
		t.Errorf("got %q", got)
	}

	remotes[1].Releases.Disabled = true
	disabled, _ := MustResources(t, Options{Remotes: remotes})
	wantFailure(t, disabled, artifact, purser.CodeNotFound, "was found neither")
}

func TestRemoteAuthentication(t *testing.T) {
	o, elsewhere := MustOrigin(t), MustOrigin(t)
	guarded := func(w http.ResponseWriter, request *http.Request) {
		if user, password, _ := request.BasicAuth(); user != "ci" || password != "s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		target := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1) + "/blob"
		http.Redirect(w, request, target, http.StatusTemporaryRedirect)
	}
	o.Answer(artifactPath, guarded)
	elsewhere.Answer("/blob", func(w http.ResponseWriter, request *http.Request) {
		if request.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	open, _ := MustResources(t, Options{Remotes: []Remote{remoteOf(o)}})
	wantFailure(t, open, artifact, purser.CodePlatform, "the server answered 401")
	remote := remoteOf(o)
	remote.User, remote.Password = "ci", "s3cret"
	known, log := MustResources(t, Options{Remotes: []Remote{remote}})
	if got := MustFetch(t, known, artifact); got != "" || strings.Contains(log.String(), "s3cret") {
		t.Errorf("got %q, log %s", got, log)
	}
	inURL := Remote{Name: "url", URL: strings.Replace(o.URL, "http://", "http://ci:s3cret@", 1) + "/m2/"}
	byURL, log := MustResources(t, Options{Remotes: []Remote{inURL}})
	if got := MustFetch(t, byURL, artifact); got != "" || strings.Contains(log.String(), "s3cret") {
		t.Errorf("got %q, log %s", got, log)
	}
}

const snapshotFolder = "/m2/org/x/app/1.0-SNAPSHOT/"

func metadataOf(value string) string {
	return `<metadata><versioning><snapshot><timestamp>20261122.1</timestamp><buildNumber>9</buildNumber></snapshot><snapshotVersions>
<snapshotVersion><extension>pom</extension><value>1.0-POM</value></snapshotVersion>
<snapshotVersion><classifier>sources</classifier><extension>jar</extension><value>1.0-SRC</value></snapshotVersion>
<snapshotVersion><extension>jar</extension><value>` + value + `</value></snapshotVersion></snapshotVersions></versioning></metadata>`
}

func TestSnapshot(t *testing.T) {
	for _, row := range []struct{ rule, coordinates, metadata, file string }{
		{"the file's own version", "org.x:app:1.0-SNAPSHOT", metadataOf("1.0-20261122.1-3"), "app-1.0-20261122.1-3.jar"},
		{"with a classifier", "org.x:app:jar:sources:1.0-SNAPSHOT", metadataOf("x"), "app-1.0-SRC-sources.jar"},
		{"a file that is not listed has the common version", "org.x:app:zip:1.0-SNAPSHOT", metadataOf("x"), "app-1.0-20261122.1-9.zip"},
		{"a local copy's metadata", "org.x:app:1.0-SNAPSHOT", `<metadata><versioning/></metadata>`, "app-1.0-SNAPSHOT.jar"},
		{"no metadata", "org.x:app:1.0-SNAPSHOT", "", "app-1.0-SNAPSHOT.jar"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			o := MustOrigin(t)
			if row.metadata != "" {
				o.Serve(snapshotFolder+"maven-metadata.xml", row.metadata)
			}
			o.Serve(snapshotFolder+row.file, "text")
			r, _ := MustResources(t, Options{Remotes: []Remote{remoteOf(o)}})
			if got := MustFetch(t, r, "maven:"+row.coordinates); got != "text" {
				t.Errorf("got %q", got)
			}
		})
	}
	for rule, metadata := range map[string]string{
		"is no Maven metadata of a snapshot":  "<html>",
		"is no Maven metadata of a snapshot ": metadataOf("../../../secret"),
		"is larger than the limit of 1048":    strings.Repeat(" ", maxMetadata+1),
	} {
		t.Run(rule, func(t *testing.T) {
			o := MustOrigin(t)
			o.Serve(snapshotFolder+"maven-metadata.xml", metadata)
			r, _ := MustResources(t, Options{Remotes: []Remote{remoteOf(o)}})
			wantFailure(t, r, "maven:org.x:app:1.0-SNAPSHOT", purser.CodePlatform, strings.TrimSpace(rule))
		})
	}
}

func TestSnapshotUpdates(t *testing.T) {
	for _, row := range []struct {
		policy string
		after  time.Duration
		want   string
	}{
		{"always", 0, "new"},
		{"daily", 23 * time.Hour, "old"},
		{"daily", 25 * time.Hour, "new"},
		{"interval:10", 9 * time.Minute, "old"},
		{"interval:10", 11 * time.Minute, "new"},
		{"never", 9999 * time.Hour, "old"},
	} {
		for _, metadata := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s after %s with metadata %v", row.policy, row.after, metadata), func(t *testing.T) {
				o := MustOrigin(t)
				publish := func(version, text string) {
					if metadata {
						o.Serve(snapshotFolder+"maven-metadata.xml", metadataOf(version))
						o.Serve(snapshotFolder+"app-"+version+".jar", text)
						return
					}
					o.Serve(snapshotFolder+"app-1.0-SNAPSHOT.jar", text)
				}
				age, err := ParseUpdatePolicy(row.policy)
				MustDo(t, err)
				clock := &fixedClock{now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
				remote := remoteOf(o)
				remote.Snapshots.MaxAge = age
				r, _ := MustResources(t, Options{Remotes: []Remote{remote}, Clock: clock})
				publish("1.0-1-1", "old")
				MustFetch(t, r, "maven:org.x:app:1.0-SNAPSHOT")
				publish("1.0-2-2", "new")
				clock.Advance(row.after)
				if got := MustFetch(t, r, "maven:org.x:app:1.0-SNAPSHOT"); got != row.want {
					t.Errorf("got %q", got)
				}
				offline, _ := MustResources(t, Options{CacheDir: r.options.CacheDir, Remotes: []Remote{remote}, Clock: clock, Offline: true})
				if got := MustFetch(t, offline, "maven:org.x:app:1.0-SNAPSHOT"); got != row.want {
					t.Errorf("offline: got %q", got)
				}
			})
		}
	}
}

func TestUnchangedSnapshotIsNewAgain(t *testing.T) {
	for _, metadata := range []bool{true, false} {
		o := MustOrigin(t)
		if metadata {
			answerTagged(o, snapshotFolder+"maven-metadata.xml", `"m"`, metadataOf("1.0-1-1"))
		}
		answerTagged(o, snapshotFolder+"app-1.0-1-1.jar", `"a"`, "text")
		answerTagged(o, snapshotFolder+"app-1.0-SNAPSHOT.jar", `"a"`, "text")
		clock := &fixedClock{now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
		remote := remoteOf(o)
		remote.Snapshots = Policy{Checksums: ChecksumIgnore, MaxAge: time.Hour}
		r, _ := MustResources(t, Options{Remotes: []Remote{remote}, Clock: clock})
		for _, step := range []struct {
			after time.Duration
			asks  bool
		}{{0, true}, {59 * time.Minute, false}, {2 * time.Minute, true}, {59 * time.Minute, false}} {
			clock.Advance(step.after)
			o.Asked()
			if got := MustFetch(t, r, "maven:org.x:app:1.0-SNAPSHOT"); got != "text" {
				t.Errorf("got %q", got)
			}
			if asked := o.Asked(); strings.Contains(asked, "app-1.0-SNAPSHOT.jar") != (step.asks && !metadata) || metadata && (asked != "") != step.asks {
				t.Errorf("metadata %v, after %s: asked %q", metadata, step.after, asked)
			}
		}
	}
}

func TestParseUpdatePolicy(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "always": 0, " Daily ": 24 * time.Hour, "interval:5": 5 * time.Minute, "never": -1} {
		if got, err := ParseUpdatePolicy(text); err != nil || got != want {
			t.Errorf("%q: got %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"weekly", "interval:", "interval:x", "interval:-1"} {
		if _, err := ParseUpdatePolicy(text); purser.ErrorCode(err) != purser.CodeInvalid {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestMavenProxy(t *testing.T) {
	proxy := MustOrigin(t)
	proxy.Answer("/m2/org/x/app/1.0/app-1.0.jar", func(w http.ResponseWriter, request *http.Request) {
		if request.Header.Get("Proxy-Authorization") == "" || request.URL.Host != "repo.invalid" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		_, _ = w.Write([]byte("by proxy"))
	})
	address, err := url.Parse(proxy.URL)
	MustDo(t, err)
	o := MustOrigin(t)
	o.Serve("/m2/org/x/app/2.0/app-2.0.jar", "direct")
	r, _ := MustResources(t, Options{
		Remotes:    []Remote{{Name: "far", URL: "http://repo.invalid/m2"}, remoteOf(o)},
		MavenProxy: &Proxy{Host: address.Host, User: "u", Password: "p", NonProxyHosts: []string{"127.*"}},
	})
	if got := MustFetch(t, r, artifact); got != "by proxy" {
		t.Errorf("got %q", got)
	}
	if got := MustFetch(t, r, "maven:org.x:app:2.0"); got != "direct" {
		t.Errorf("got %q", got)
	}
}

func TestMatchHost(t *testing.T) {
	for _, row := range []struct {
		pattern, host string
		want          bool
	}{
		{"localhost", "localhost", true},
		{"localhost", "localhost.x", false},
		{"*.x.org", "a.x.org", true},
		{"*.x.org", "x.org", false},
		{"10.*", "10.1.2.3", true},
		{"*", "anything", true},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "aXcYb", false},
		{"ab*ba", "aba", false},
	} {
		if got := matchHost(row.pattern, row.host); got != row.want {
			t.Errorf("%s %s: got %v", row.pattern, row.host, got)
		}
	}
}
