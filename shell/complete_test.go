package shell_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

func TestComplete(t *testing.T) {
	dir := t.TempDir()
	MustWrite(t, filepath.Join(dir, "demo-1.0.0.zip"), "")
	MustWrite(t, filepath.Join(dir, ".hidden"), "")
	if err := os.Mkdir(filepath.Join(dir, "demos"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := MustServe(t, nil)
	for _, row := range []struct {
		rule, before string
		mode         shell.Mode
		start        int
		want         string
	}{
		{"first words", "re", shell.Interactive, 0, "release repo"},
		{"second words", "release s", shell.Interactive, 8, "scale status"},
		{"all second words", "package ", shell.Interactive, 8, "delete install list search show upload"},
		{"aliases", "qu", shell.Interactive, 0, "quit"},
		{"what the mode does not have", "qu", shell.OneShot, 0, ""},
		{"help takes commands", "help rel", shell.Interactive, 5, "release"},
		{"help takes their second words", "help release h", shell.Interactive, 13, "history"},
		{"a release", "release status ", shell.Interactive, 15, "hello"},
		{"a release by name", "release status --releaseName h", shell.Interactive, 29, "hello"},
		{"a value after =", "release status --release-name=h", shell.Interactive, 15, "--release-name=hello"},
		{"versions of that release", "release status hello ", shell.Interactive, 21, "1 2"},
		{"a package", "release upgrade hello de", shell.Interactive, 22, "demo"},
		{"versions of that package", "release upgrade hello demo ", shell.Interactive, 27, "1.0.0"},
		{"its applications", "release upgrade hello demo --force --appNames ", shell.Interactive, 46, "demo"},
		{"a platform", "package install demo --platformName ot", shell.Interactive, 36, "other"},
		{"a repository", "package upload x --repo-name ", shell.Interactive, 29, "local"},
		{"forms of output", "release list -o ", shell.Interactive, 16, "table json yaml"},
		{"options in camelCase", "release rollback hello --release", shell.Interactive, 23, "--releaseVersion"},
		{"options as the line spells them", "release upgrade --release-name hello --package", shell.Interactive, 37, "--package-name --package-version"},
		{"options of the program", "release rollback hello --re", shell.Direct, 23, "--release-version"},
		{"options that are not given yet", "repo list ", shell.Interactive, 10, "--output --quiet"},
		{"flags", "release delete hello --deletePackage=", shell.Interactive, 21, "--deletePackage=true --deletePackage=false"},
		{"files", "package upload " + dir + "/de", shell.Interactive, 15, dir + "/demo-1.0.0.zip " + dir + "/demos/"},
		{"hidden files", "package upload " + dir + "/.", shell.Interactive, 15, dir + "/.hidden"},
		{"more files", "package upload a.zip " + dir + "/demo-", shell.Interactive, 21, dir + "/demo-1.0.0.zip"},
		{"nothing is known", "bogus ", shell.Interactive, 6, ""},
		{"unknown options", "release status --nosuch=", shell.Interactive, 15, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			start, got := MustConsole(t, s.URL+"/api").Complete(t.Context(), row.mode, row.before)
			var texts []string
			for _, c := range got {
				texts = append(texts, c.Text)
				if c.More != strings.HasSuffix(c.Text, "/") {
					t.Errorf("%s: more is %v", c.Text, c.More)
				}
			}
			if d := cmp.Diff(row.want, strings.Join(texts, " ")); d != "" || start != row.start {
				t.Errorf("from %d, want %d\n%s", start, row.start, d)
			}
		})
	}
}

// A server that is not there costs no time and gives no candidates.
func TestCompleteWithoutAServer(t *testing.T) {
	begun := time.Now()
	if _, got := MustConsole(t, "http://127.0.0.1:1/api").Complete(t.Context(), shell.Interactive, "release status h"); len(got) > 0 {
		t.Error(got)
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Error(took)
	}
}

func TestRegister(t *testing.T) {
	c := MustConsole(t, "")
	more := &shell.Command{Name: "package create", Group: shell.GroupPackage, Summary: "Make a package."}
	if err := c.Register(more); err != nil || c.Command("package create") != more {
		t.Error(err)
	}
	if err := c.Register(&shell.Command{Name: "other", Aliases: []string{"package list"}}); err == nil || err.Error() != "there is a command 'package list' already" {
		t.Error(err)
	}
}
