package authoring_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/packages"
	"purser/shell/authoring"
)

func MustRead(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestBuildIsReproducible(t *testing.T) {
	out := t.TempDir()
	first, second := MustFolder(t, parent()), MustFolder(t, parent().with(files{".git/HEAD": "x", "demo-1.0.0.zip": "old"}))
	for name := range parent() { // times and modes do not count
		path := filepath.Join(second, filepath.FromSlash(name))
		if err := os.Chtimes(path, time.Unix(0, 0), time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := authoring.Build(first, filepath.Join(out, "a.zip"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := authoring.Build(second, filepath.Join(out, "b.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(MustRead(t, a), MustRead(t, b)) {
		t.Error("two builds of the same files differ")
	}
	r, err := zip.OpenReader(a)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	want := []string{
		"demo-1.0.0/package.yml", "demo-1.0.0/packages/log/package.yml", "demo-1.0.0/packages/log/templates/log.yml",
		"demo-1.0.0/packages/log/values.yml", "demo-1.0.0/packages/time/package.yml", "demo-1.0.0/packages/time/templates/time.yml",
		"demo-1.0.0/packages/time/values.yml", "demo-1.0.0/values.yml",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if _, err := packages.ReadArchive(MustRead(t, a), "demo", "1.0.0", packages.Limits{}); err != nil {
		t.Errorf("the server does not read it: %v", err)
	}
}

func TestBuildOutput(t *testing.T) {
	t.Run("NameAndVersion", func(t *testing.T) {
		t.Chdir(t.TempDir())
		path, err := authoring.Build(MustFolder(t, demo()), "")
		if err != nil || path != "demo-1.0.0.zip" {
			t.Errorf("got %q, %v", path, err)
		}
		wantFindings(t, path, authoring.LintOptions{})
	})
	t.Run("InTheFolderItself", func(t *testing.T) {
		t.Chdir(MustFolder(t, demo()))
		for range 2 { // the second must not hold the first
			if _, err := authoring.Build(".", ""); err != nil {
				t.Fatal(err)
			}
		}
		r, err := zip.OpenReader("demo-1.0.0.zip")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if len(r.File) != len(demo()) {
			t.Errorf("got %d entries, want %d", len(r.File), len(demo()))
		}
	})
	t.Run("Folder", func(t *testing.T) {
		dir := t.TempDir()
		path, err := authoring.Build(MustFolder(t, demo()), dir)
		if err != nil || path != filepath.Join(dir, "demo-1.0.0.zip") {
			t.Errorf("got %q, %v", path, err)
		}
	})
	t.Run("VersionWithHyphen", func(t *testing.T) {
		path, err := authoring.Build(MustFolder(t, demo().with(files{"package.yml": strings.Replace(metadata, "1.0.0", "1.0.0-RC-1", 1)})), t.TempDir())
		if err != nil || filepath.Base(path) != "demo-1.0.0-RC-1.zip" {
			t.Errorf("got %q, %v", path, err)
		}
		s, err := authoring.Open(path)
		if err != nil || s.Name != "demo" || s.Version != "1.0.0-RC-1" {
			t.Errorf("opened it is %+v, %v", s, err)
		}
	})
}

func TestBuildRefusals(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := MustFolder(t, demo())
	for _, row := range []struct {
		rule         string
		path, output string
		code         purser.Code
		message      string
	}{
		{"NothingThere", "/none/such", "", purser.CodeNotFound, "/none/such does not exist"},
		{"NoMetadata", t.TempDir(), "", purser.CodeInvalid, " has no package.yml"},
		{"NoVersion", MustFolder(t, files{"package.yml": "name: x\n"}), "", purser.CodeInvalid, "package.yml has no 'version'"},
		{"ArchiveAlready", MustZip(t, "demo-1.0.0.zip", demo().below("demo-1.0.0")), "", purser.CodeInvalid, " is no folder; it is built already"},
		{"NoArchive", file, "", purser.CodeInvalid, "The package file is not a readable zip archive"},
		{"OwnFile", dir, filepath.Join(dir, "values.yml"), purser.CodeConflict, " is a file of the package; nothing was written"},
		{"NoFolderForIt", dir, filepath.Join(dir, "none", "x.zip"), purser.CodeInvalid, " cannot be written: no such file or directory"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := authoring.Build(row.path, row.output)
			if purser.ErrorCode(err) != row.code || !strings.Contains(purser.ErrorMessage(err), row.message) {
				t.Errorf("got %s %v, want %s %q", purser.ErrorCode(err), err, row.code, row.message)
			}
		})
	}
}

func TestOpenStreams(t *testing.T) {
	folder := MustFolder(t, demo())
	path, err := authoring.Build(folder, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want := MustRead(t, path)
	for _, from := range []string{folder, path} {
		s, err := authoring.Open(from)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		n, err := s.WriteTo(&got)
		if err != nil || n != int64(len(want)) || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s gave %d bytes, %v; want the %d of the file", from, n, err, len(want))
		}
		if s.FileName() != "demo-1.0.0.zip" {
			t.Errorf("it is called %q", s.FileName())
		}
	}
}
