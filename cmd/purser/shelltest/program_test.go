package shelltest_test

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The program's commands, options and scripts, against one server.
func TestProgram(t *testing.T) {
	t.Parallel()
	s, _ := MustServe(t)
	uri, folder := s.Base()+"/api", t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("a.skp", "repo list -q\n")
	write("b.skp", "platform list -q\nexit\nbogus\n")
	write("there.yml", "spring.cloud.skipper.client.server-uri: "+uri+"\n")
	const nowhere = "http://127.0.0.1:1/api"
	for _, row := range []struct {
		rule string
		uri  string
		args string
		code int
		want string
	}{
		{"a command", uri, "repo list --quiet", 0, "local\n"},
		{"options of the shell in the program's spelling", uri, "package search --name=nosuch -o yaml", 0, "[]\n"},
		{"a missing option", uri, "release history", 2, "Missing option, longnames='releaseName', shortnames=''\n"},
		{"an unknown command of a group", uri, "release lsit", 1, "No command found for 'release lsit'\nDid you mean 'release list'?\n"},
		{"server down", nowhere, "repo list", 1, `I/O error on GET request for "http://127.0.0.1:1/api": Connect to 127.0.0.1:1 failed: Connection refused` + "\n"},
		{"the server by an option", nowhere, "repo list -q --server-uri " + uri, 0, "local\n"},
		{"the server by Spring's setting", nowhere, "repo list -q --spring.cloud.skipper.client.serverUri=" + uri, 0, "local\n"},
		{"the environment goes before a file", nowhere, "repo list -q --config there.yml", 1, `I/O error on GET request for "http://127.0.0.1:1/api": Connect to 127.0.0.1:1 failed: Connection refused` + "\n"},
		{"an option that is for the shell", nowhere, "shell --server-uri " + uri + " repo list -q", 0, "local\n"},
		{"script files", uri, "shell --spring.shell.commandFile=a.skp,b.skp", 0, "local\ndefault\n"},
		{"scripts by their names", uri, "shell @a.skp @b.skp", 0, "local\ndefault\n"},
		{"a setting behind a script", nowhere, "shell @a.skp --spring.cloud.skipper.client.server-uri=" + uri, 0, "local\n"},
		{"an unknown setting", uri, "shell --spring.cloud.skipper.client.url=x", 2, "Unknown setting 'spring.cloud.skipper.client.url'; known are server-uri, username, password, skip-ssl-validation, credentials-provider-command\n"},
		{"nothing on standard input", uri, "shell", 0, ""},
		{"a package is made", uri, "package create billing", 0, "Created package billing:\n  billing/README.md\n  billing/package.yml\n  billing/templates/billing.yml\n  billing/values.yml\n"},
		{"its folder is uploaded", uri, "package upload billing", 0, "Package uploaded successfully:[billing:1.0.0]\n"},
		{"it is there", uri, "package list -q", 0, "billing:1.0.0\n"},
		{"a target is kept", uri, "skipper config --uri " + uri + " --save", 0, "Successfully targeted " + uri + "\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			code, printed := MustRun(t, folder, row.uri, strings.Fields(row.args)...)
			if d := cmp.Diff(row.want, printed); d != "" || code != row.code {
				t.Errorf("code %d, want %d\n%s", code, row.code, d)
			}
		})
	}
	if text, err := os.ReadFile(filepath.Join(folder, "purser", "shell.yml")); err != nil || string(text) != "spring.cloud.skipper.client.server-uri: "+uri+"\n" {
		t.Errorf("%s, %v", text, err)
	}
}

// Each command has help with its examples, a manual page, and completion scripts know them all.
func TestDocumentation(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if code, printed := MustRun(t, folder, "", "man", "man1"); code != 0 {
		t.Fatal(printed)
	}
	page, err := os.ReadFile(filepath.Join(folder, "man1", "purser-release-upgrade.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{".TH \"PURSER-RELEASE-UPGRADE\" 1", ".SH OPTIONS", `\-\-timeout\-expression`, ".SH EXAMPLES", "purser\\-release (1)"} {
		if !bytes.Contains(page, []byte(part)) {
			t.Errorf("%q is not in\n%s", part, page)
		}
	}
	_, help := MustRun(t, folder, "", "release", "rollback", "--help")
	for _, part := range []string{"Rollback the release to a previous or a specific release.", "purser release rollback mylog 1 --wait", "--dry-run", "--server-uri", "-o, --output"} {
		if !strings.Contains(help, part) {
			t.Errorf("%q is not in\n%s", part, help)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if code, script := MustRun(t, folder, "", "completion", shell); code != 0 || !strings.Contains(script, "__complete") {
			t.Errorf("%s: code %d\n%.200s", shell, code, script)
		}
	}
}

// What a completion script asks for: names of the server, options, files.
func TestCompletionAsksTheServer(t *testing.T) {
	t.Parallel()
	s, _ := MustServeExamples(t)
	for _, row := range []struct {
		words []string
		want  []string
	}{
		{[]string{"package", "sh"}, []string{"show\tShow what is in a package."}},
		{[]string{"package", "show", ""}, []string{"hello"}},
		{[]string{"package", "install", "hello", "--package-version", "1"}, []string{"1.0.0", "1.0.1"}},
		{[]string{"package", "install", "hello", "--platform-name="}, []string{"--platform-name=default"}},
		{[]string{"shell", "package", "delete", "h"}, []string{"hello"}},
	} {
		code, printed := MustRun(t, t.TempDir(), s.Base()+"/api", append([]string{"__complete"}, row.words...)...)
		lines := strings.Split(printed, "\n")
		end := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, ":") })
		if d := cmp.Diff(row.want, lines[:max(end, 0)]); d != "" || code != 0 {
			t.Errorf("%v: code %d\n%s\n%s", row.words, code, d, printed)
		}
	}
}

// A whole command, from the start of the program to its end, takes less than a blink.
func TestStartToFinish(t *testing.T) {
	s, _ := MustServe(t)
	took := make([]time.Duration, 20)
	for i := range took {
		c := exec.CommandContext(t.Context(), theBuilt.purser, "release", "list")
		c.Env = append(os.Environ(), "SPRING_CLOUD_SKIPPER_CLIENT_SERVER_URI="+s.Base()+"/api")
		begun := time.Now()
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	t.Logf("median %s, fastest %s, slowest %s", took[10], took[0], took[19])
	// Ten times the goal of 30 ms: the machine of a test does other things besides.
	if took[10] > 300*time.Millisecond {
		t.Errorf("the median of 20 is %s", took[10])
	}
}

// Several archives and folders go in one call; the first refusal ends it, and tells what went before.
func TestUploadsSeveral(t *testing.T) {
	t.Parallel()
	s, _ := MustServe(t)
	folder := t.TempDir()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	f, err := w.Create("one-1.0.0/package.yml")
	if err == nil {
		_, err = f.Write([]byte("apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: one\nversion: 1.0.0\n"))
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "one-1.0.0.zip"), archive.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, printed := MustRun(t, folder, "", "package", "create", "two"); code != 0 {
		t.Fatal(printed)
	}
	code, printed := MustRun(t, folder, s.Base()+"/api", "package", "upload", "one-1.0.0.zip", "two", "one-1.0.0.zip", "never-1.0.0.zip")
	want := "Package uploaded successfully:[one:1.0.0]\nPackage uploaded successfully:[two:1.0.0]\n" +
		"Failed to upload the package. Package [one:1.0.0] in Repository [local] already exists.\n"
	if d := cmp.Diff(want, printed); d != "" || code != 1 {
		t.Errorf("code %d\n%s", code, d)
	}
}
