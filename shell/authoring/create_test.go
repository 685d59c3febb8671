package authoring_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/shell/authoring"
)

func TestCreate(t *testing.T) {
	dir := t.TempDir()
	written, err := authoring.Create(dir, "billing")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "billing")
	want := []string{
		filepath.Join(root, "README.md"), filepath.Join(root, "package.yml"), filepath.Join(root, "templates", "billing.yml"), filepath.Join(root, "values.yml"),
	}
	if diff := cmp.Diff(want, written); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, path := range written {
		if text := string(MustRead(t, path)); strings.Contains(text, "NAME") {
			t.Errorf("%s still has the placeholder", path)
		}
	}
	wantFindings(t, root, authoring.LintOptions{}) // a new package has no fault
	if _, err := authoring.Build(root, t.TempDir()); err != nil {
		t.Errorf("it cannot be built: %v", err)
	}
}

func TestCreateIntoAnEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := authoring.Create(dir, "x"); err != nil {
		t.Error(err)
	}
}

func TestCreateOverwritesNothing(t *testing.T) {
	dir := MustFolder(t, files{"mine/package.yml": "precious", "file": "precious"})
	for name, message := range map[string]string{
		"mine": "mine is there already and not empty; nothing was written",
		"file": "file is there already and no folder; nothing was written",
	} {
		_, err := authoring.Create(dir, name)
		if purser.ErrorCode(err) != purser.CodeConflict || purser.ErrorMessage(err) != filepath.Join(dir, message) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if text := string(MustRead(t, filepath.Join(dir, "mine", "package.yml"))); text != "precious" {
		t.Errorf("it was overwritten with %q", text)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "mine")); err != nil || len(entries) != 1 {
		t.Errorf("files were added: %v, %v", entries, err)
	}
}

func TestCreateRefusesNames(t *testing.T) {
	for _, name := range []string{"", ".", "..", "a/b", "../x", "-a", "a-", "A", "a b", "ä", "a_b"} {
		if _, err := authoring.Create(t.TempDir(), name); purser.ErrorCode(err) != purser.CodeInvalid {
			t.Errorf("%q: got %v", name, err)
		}
	}
}
