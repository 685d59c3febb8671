package authoring_test

import (
	"archive/zip"
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/shell/authoring"
)

// files is a package: path -> text.
type files map[string]string

// with gives the files with some of them replaced; "-" takes one out.
func (f files) with(changes files) files {
	out := maps.Clone(f)
	for name, text := range changes {
		if out[name] = text; text == "-" {
			delete(out, name)
		}
	}
	return out
}

const metadata = "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: demo\nversion: 1.0.0\n"

const template = `apiVersion: skipper.spring.io/v1
kind: SpringCloudDeployerApplication
metadata:
  name: "{{{metadata.name}}}"
spec:
  resource: "{{{spec.resource}}}"
  version: "{{{spec.version}}}"
  applicationProperties:
    {{#spec.applicationProperties.entrySet}}
    "{{{key}}}": "{{{value}}}"
    {{/spec.applicationProperties.entrySet}}
`

const values = "metadata:\n  name: demo\nspec:\n  resource: maven://org.example:demo\n  version: \"1.0.0\"\n  applicationProperties:\n    a: b\n"

// demo is a package without any fault.
func demo() files {
	return files{"package.yml": metadata, "values.yml": values, "templates/demo.yml": template}
}

// parent is a package without any fault that has two others inside.
func parent() files {
	return files{
		"package.yml": metadata, "values.yml": "log:\n  spec:\n    version: 2.0.0\n",
		"packages/log/package.yml": named("log"), "packages/log/values.yml": strings.ReplaceAll(values, "name: demo", "name: log"),
		"packages/log/templates/log.yml": template,
		"packages/time/package.yml":      named("time"), "packages/time/values.yml": strings.ReplaceAll(values, "name: demo", "name: time"),
		"packages/time/templates/time.yml": template,
	}
}

func named(name string) string { return strings.ReplaceAll(metadata, "name: demo", "name: "+name) }

// MustFolder writes the files below a new folder.
func MustFolder(tb testing.TB, f files) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// MustZip writes a zip file with the entries in the order of their names.
func MustZip(tb testing.TB, name string, f files) string {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, entry := range slices.Sorted(maps.Keys(f)) {
		w, err := z.Create(entry)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(f[entry])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

// below puts files into a top folder, as archives have it.
func (f files) below(top string) files {
	out := files{}
	for name, text := range f {
		out[top+"/"+name] = text
	}
	return out
}

// wantFindings compares the findings of a path, which is left out of them.
func wantFindings(tb testing.TB, path string, o authoring.LintOptions, want ...string) {
	tb.Helper()
	found, err := authoring.Lint(path, o)
	if err != nil {
		tb.Fatal(err)
	}
	var got []string
	for _, f := range found {
		line := strings.ReplaceAll(f.String(), path+string(filepath.Separator), "")
		got = append(got, strings.ReplaceAll(line, path, "PACKAGE"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("findings (-want +got):\n%s", diff)
	}
}
