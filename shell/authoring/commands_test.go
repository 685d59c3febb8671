package authoring_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"purser/shell"
	"purser/shell/authoring"
)

// run runs a line of the shell and gives its output, its errors and its exit code.
func run(tb testing.TB, line string) (out, errors string, code int) {
	tb.Helper()
	var stdout, stderr bytes.Buffer
	s := shell.New(shell.Options{Streams: shell.Streams{Out: &stdout, Err: &stderr}})
	if err := s.Register(authoring.Commands()...); err != nil {
		tb.Fatal(err)
	}
	err := s.Execute(tb.Context(), shell.OneShot, line)
	s.Report(shell.OneShot, err)
	return stdout.String(), stderr.String(), shell.ExitStatus(err)
}

func TestCommands(t *testing.T) {
	t.Chdir(MustFolder(t, files{
		"warned/package.yml": metadata + "odd: x\n", "warned/values.yml": values, "warned/templates/demo.yml": template,
		"broken/package.yml": "name: broken\nversion: 1\n", "broken/values.yml": "a: [\n",
		"up.yml": "spec:\n  version: 1.10\n", "mine/x": "",
		"open/package.yml": metadata, "open/values.yml": strings.Replace(values, "  resource: maven://org.example:demo\n", "", 1), "open/templates/demo.yml": template,
	}))
	for _, row := range []struct {
		line, out, errors string
		code              int
	}{
		{
			"package create billing",
			"Created package billing:\n  billing/README.md\n  billing/package.yml\n  billing/templates/billing.yml\n  billing/values.yml\n", "", 0,
		},
		{"package create billing", "", "billing is there already and not empty; nothing was written\n", 1},
		{"package create --name mine", "", "mine is there already and not empty; nothing was written\n", 1},
		{"package create other --folder sub -q", "sub/other\n", "", 0},
		{"package create 'A B'", "", "'A B' cannot be the name of a new package: it takes small letters, digits and hyphens between them\n", 1},
		{"package create", "", "Missing option, longnames='name', shortnames=''\n", 2},
		{"package lint billing", "billing is in order\n", "", 0},
		{"package lint billing --quiet", "", "", 0},
		{
			"package lint warned",
			"warned/package.yml:5: warning: the key 'odd' means nothing here\nwarned can be uploaded and installed; it has 1 warning\n", "", 0,
		},
		{
			"package lint --path warned --strict",
			"warned/package.yml:5: warning: the key 'odd' means nothing here\n", "warned has 1 warning\n", 1,
		},
		{
			"package lint broken",
			"broken/package.yml: error: the key 'apiVersion' is missing\nbroken/package.yml: error: the key 'kind' is missing\n" +
				"broken/package.yml:2: error: '1' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1\n" +
				"broken/values.yml:1:4: error: a value must stand here\n",
			"broken has 4 errors\n", 1,
		},
		{"package lint none", "", "none does not exist\n", 1},
		{"package lint open --properties spec.resource=maven://a:b", "open is in order\n", "", 0},
		{"package lint open --file up.yml --properties spec.resource=maven://a:b", "open is in order\n", "", 0},
		{"package lint open --file none.yml", "", "none.yml does not exist\n", 1},
		{
			"package lint warned -o json",
			`{
  "errors": 0,
  "findings": [
    {
      "file": "warned/package.yml",
      "line": 5,
      "severity": "warning",
      "message": "the key 'odd' means nothing here"
    }
  ],
  "warnings": 1
}
`, "", 0,
		},
		{"package build billing", "Built billing-1.0.0.zip\n", "", 0},
		{"package lint billing-1.0.0.zip", "billing-1.0.0.zip is in order\n", "", 0},
		{"package build billing --output-file dist.zip -q", "dist.zip\n", "", 0},
		{"package build billing-1.0.0.zip", "", "billing-1.0.0.zip is no folder; it is built already\n", 1},
		{
			"package build broken -q",
			"broken/package.yml: error: the key 'apiVersion' is missing\nbroken/package.yml: error: the key 'kind' is missing\n" +
				"broken/package.yml:2: error: '1' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1\n" +
				"broken/values.yml:1:4: error: a value must stand here\n",
			"broken has 4 errors and was not built; --force builds it all the same\n", 1,
		},
		{"package build broken --force", "Built broken-1.zip\n", "", 0},
	} {
		t.Run(row.line, func(t *testing.T) {
			out, errors, code := run(t, row.line)
			if out != row.out || errors != row.errors || code != row.code {
				t.Errorf("got code %d\n%s%s\nwant code %d\n%s%s", code, out, errors, row.code, row.out, row.errors)
			}
		})
	}
	if _, err := os.Stat("broken-1.zip"); err != nil {
		t.Error(err)
	}
	first, second := MustRead(t, "billing-1.0.0.zip"), MustRead(t, filepath.Join(".", "dist.zip"))
	if !bytes.Equal(first, second) {
		t.Error("two builds differ")
	}
}
