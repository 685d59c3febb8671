package data_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file of testdata/documents.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "documents", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got:\n%s", file, diff)
	}
}

func TestDocuments(t *testing.T) {
	s := MustServer(t)
	for _, c := range []struct{ file, target, accept string }{
		{"repositories.json", "/api/repositories?size=1&page=1", ""},
		{"repository.json", "/api/repositories/1", "application/json"},
		{"deployers.json", "/api/deployers", ""},
		{"search.json", "/api/packageMetadata/search", ""},
		{"profile.json", "/api/profile", ""},
		{"alps-repositories.json", "/api/profile/repositories", ""},
		{"alps-packageMetadata.json", "/api/profile/packageMetadata", "application/alps+json"},
		{"alps-releases.json", "/api/profile/releases", "application/json"},
		{"alps-deployers.json", "/api/profile/deployers", "application/hal+json"},
		{"schema-repositories.json", "/api/profile/repositories", "application/schema+json"},
		{"schema-packageMetadata.json", "/api/profile/packageMetadata", "application/schema+json"},
	} {
		t.Run(c.file, func(t *testing.T) {
			var headers []string
			if c.accept != "" {
				headers = []string{"Accept", c.accept}
			}
			answer := s.do(t, http.MethodGet, c.target, nil, headers...)
			if answer.StatusCode != http.StatusOK {
				t.Fatal(answer.Status)
			}
			golden(t, c.file, text(t, answer))
		})
	}
}
