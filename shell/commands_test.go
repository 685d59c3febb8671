package shell_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

// goldenLines are all commands with the files that hold what they print.
var goldenLines = []struct{ file, line string }{
	{"help", "help"},
	{"help-release-upgrade", "help release upgrade"},
	{"help-all", "help package install --all"},
	{"help-alias", "help package list"},
	{"help-help", "help help"},
	{"version", "version"},
	{"skipper-config", "skipper config --uri <base>"},
	{"skipper-config-password", "skipper config --password x"},
	{"skipper-info", "skipper info"},
	{"package-search", "package search"},
	{"package-search-name", "package list --name EMO"},
	{"package-search-none", "package search nosuch"},
	{"package-search-details", "package search --name demo --details"},
	{"package-upload", "package upload --path <dir>/demo-1.0.0.zip"},
	{"package-upload-several", "package upload <dir>/demo-1.0.0.zip <dir>/demo-1.0.0.zip"},
	{"package-install", "package install demo 1.0.0 --releaseName hello"},
	{"package-install-dry-run", "package install demo 1.0.0 --releaseName hello --dryRun"},
	{"package-delete", "package delete demo"},
	{"package-delete-used", "package delete --packageName used"},
	{"package-show", "package show demo"},
	{"release-upgrade", "release upgrade --releaseName hello --packageName demo"},
	{"release-upgrade-dry-run", "release upgrade hello demo --dry-run"},
	{"release-rollback", "release rollback hello 1"},
	{"release-rollback-dry-run", "release rollback hello --dryRun"},
	{"release-delete", "release delete hello"},
	{"release-delete-package", "release delete hello --deletePackage"},
	{"release-cancel", "release cancel hello"},
	{"release-list", "release list"},
	{"release-list-none", "release list nosuch"},
	{"release-history", "release history hello"},
	{"release-status", "release status hello"},
	{"release-status-deleted", "release status ended"},
	{"release-status-none", "release status nosuch"},
	{"release-logs", "release logs hello"},
	{"release-scale", "release scale hello demo 2"},
	{"manifest-get", "manifest get hello"},
	{"manifest-get-none", "manifest get gone"},
	{"manifest-diff", "manifest diff hello"},
	{"manifest-diff-none", "manifest diff hello 1 2"},
	{"operation-list", "operation list"},
	{"platform-list", "platform list"},
	{"repo-list", "repo list"},
}

// Each command prints what its golden file says, in each form of output. Changes to the files are changes that users see.
func TestOutput(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "demo-1.0.0.zip"), []byte("zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := MustServe(t, nil)
	base := s.URL + "/api"
	for _, row := range goldenLines {
		t.Run(row.file, func(t *testing.T) {
			var got strings.Builder
			for _, form := range []string{"", " -o json", " -o yaml", " --quiet"} {
				line := strings.NewReplacer("<base>", base, "<dir>", dir).Replace(row.line)
				text, code := MustConsole(t, base).run(t.Context(), shell.OneShot, line+form)
				text = strings.NewReplacer(base, "<base>", dir, "<dir>").Replace(text)
				fmt.Fprintf(&got, "$ %s%s\n%s(exit code %d)\n", row.line, form, text, code)
			}
			file := filepath.Join("testdata", "golden", row.file+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got.String()); d != "" {
				t.Error(d)
			}
		})
	}
}

// Each command of the table has a golden file, except those that act on a terminal or a session.
func TestEachCommandHasAGoldenFile(t *testing.T) {
	session := map[string]bool{"clear": true, "exit": true, "history": true, "script": true, "stacktrace": true}
	for _, c := range MustConsole(t, "").Commands() {
		found := session[c.Name]
		for _, row := range goldenLines {
			found = found || strings.HasPrefix(row.line, c.Name)
		}
		if !found {
			t.Errorf("%s has none", c.Name)
		}
	}
}

// Both spellings of options, any mix of them, positions and = send the same requests.
func TestSpellings(t *testing.T) {
	values := filepath.Join(t.TempDir(), "v.yml")
	if err := os.WriteFile(values, []byte("# comment\na: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		what  string
		lines []string
		want  string
	}{
		{"install", []string{
			"package install --packageName demo --packageVersion 1.0.0 --releaseName hello --platformName p",
			"package install --package-name demo --package-version 1.0.0 --release-name hello --platform-name p",
			"package install --package-name=demo --packageVersion=1.0.0 --release-name=hello --platformName=p",
			"package install demo 1.0.0 --releaseName hello --platformName p",
			"package install --release-name hello demo 1.0.0 --platformName p",
			"package install --packageName other --packageName demo 1.0.0 --release-name hello --platform-name p",
			`package install 'demo' "1.0.0" --releaseName he'llo' --platformName \p`,
		}, `POST /api/package/install {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":"1.0.0"},"installProperties":{"releaseName":"hello","configValues":null,"platformName":"p"}}`},
		{"upgrade", []string{
			"release upgrade --releaseName hello --packageName demo --timeoutExpression 30s --force --appNames one,two",
			"release upgrade hello demo --timeout-expression=PT30S --force true --app-names one,two",
			"release upgrade --force hello demo --app-names one --app-names two --timeoutExpression 30000",
			"release upgrade hello --packageName demo --timeout-expression 30s --force=true --appNames=one,two",
		}, `POST /api/release/upgrade {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":null},"upgradeProperties":{"releaseName":"hello","configValues":null},"timeout":30000,"force":true,"appNames":["one","two"]}`},
		{"rollback", []string{
			"release rollback --releaseName hello --releaseVersion 2", "release rollback hello 2", "release rollback --release-version=2 hello",
		}, `POST /api/release/rollback {"releaseName":"hello","version":2,"timeout":null}`},
		{"delete with its package", []string{
			"release delete --releaseName hello --deletePackage", "release delete hello true", "release delete --delete-package hello",
			"release delete hello --deletePackage=TRUE",
		}, `DELETE /api/release/hello/package`},
		{"delete without its package", []string{
			"release delete hello", "release delete hello --deletePackage false", "release delete hello false",
		}, `DELETE /api/release/hello`},
		{"properties", []string{
			"release upgrade hello demo --properties spec.applicationProperties.server.port=8099,log.version=1.1.1,log.spec.applicationProperties.log.level=DEBUG",
		}, `POST /api/release/upgrade {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":null},"upgradeProperties":{"releaseName":"hello","configValues":{"raw":"log:\n  spec:\n    applicationProperties:\n      log.level: DEBUG\n  version: 1.1.1\nspec:\n  applicationProperties:\n    server.port: '8099'\n"}},"timeout":null,"force":false,"appNames":[]}`},
		{"a file", []string{"release upgrade hello demo --file " + values}, `POST /api/release/upgrade {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":null},"upgradeProperties":{"releaseName":"hello","configValues":{"raw":"# comment\na: 1\n"}},"timeout":null,"force":false,"appNames":[]}`},
		{"a file with properties over it", []string{"release upgrade hello demo --file " + values + " --properties a=2,b=x"}, `POST /api/release/upgrade {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":null},"upgradeProperties":{"releaseName":"hello","configValues":{"raw":"a: '2'\nb: x\n"}},"timeout":null,"force":false,"appNames":[]}`},
		{"values by their paths", []string{
			"release upgrade hello demo --set a.b=2,l[1]=y --set c=yes --set=d\\\\.e=01",
		}, `POST /api/release/upgrade {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":null},"upgradeProperties":{"releaseName":"hello","configValues":{"raw":"a:\n  b: 2\nl:\n  - null\n  - \"y\"\nc: \"yes\"\nd.e: \"01\"\n"}},"timeout":null,"force":false,"appNames":[]}`},
		{"values by their paths over properties over a file", []string{
			"release upgrade hello demo --file " + values + " --properties a=2,b=x --set b=true,c={x,1}",
		}, `POST /api/release/upgrade {"packageIdentifier":{"repositoryName":null,"packageName":"demo","packageVersion":null},"upgradeProperties":{"releaseName":"hello","configValues":{"raw":"a: '2'\nb: true\nc: [\"x\", 1]\n"}},"timeout":null,"force":false,"appNames":[]}`},
	} {
		for _, line := range row.lines {
			t.Run(row.what, func(t *testing.T) {
				s := MustServe(t, nil)
				text, code := MustConsole(t, s.URL+"/api").run(t.Context(), shell.OneShot, line)
				if code != 0 {
					t.Fatalf("%s: code %d: %s", line, code, text)
				}
				if d := cmp.Diff([]string{row.want}, s.requests()); d != "" {
					t.Errorf("%s\n%s", line, d)
				}
			})
		}
	}
}
