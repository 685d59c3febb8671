package packages_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func TestDetails(t *testing.T) {
	for _, row := range []struct {
		rule   string
		files  map[string]string
		readme *string
	}{
		{"markdown", map[string]string{"README.md": "# P\n"}, new("# P\n")},
		{"any case", map[string]string{"ReadMe.MD": "P"}, new("P")},
		{"plain text", map[string]string{"readme.txt": "P"}, new("P")},
		{"without an ending", map[string]string{"README": "P"}, new("P")},
		{"markdown comes before others", map[string]string{"README": "A", "README.md": "B", "README.txt": "C"}, new("B")},
		{"an empty one is one", map[string]string{"README.md": ""}, new("")},
		{"what is no UTF-8 is replaced", map[string]string{"README.md": "a\xffb"}, new("a\uFFFDb")},
		{"none", map[string]string{"READMORE.md": "P", "templates/README.md": "P", "docs/README.md": "P"}, nil},
	} {
		t.Run(row.rule, func(t *testing.T) {
			b := MustService(t)
			files := map[string]string{
				"package.yml": metadata("p", "1.0.0"), "values.yml": "a: 1\n", "templates/a.yml": "A",
				"packages/q/package.yml": metadata("q", "1.0.0"), "packages/q/README.md": "of q",
				"packages/r/package.yml": metadata("r", "1.0.0"), "packages/r/packages/s/package.yml": metadata("s", "1.0.0"),
				"packages/r/packages/s/readme": "of s",
			}
			for name, text := range row.files {
				files[name] = text
			}
			m, err := b.Upload(t.Context(), request("p", "1.0.0", MustZipFiles(t, "p-1.0.0", files)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := b.Details(t.Context(), m.ID)
			if err != nil {
				t.Fatal(err)
			}
			nested := func(name string, readme *string, within ...purser.PackageDetails) purser.PackageDetails {
				d := purser.PackageDetails{Readme: readme, Nested: within, Package: purser.Package{
					Metadata: purser.PackageMetadata{APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: name, Version: "1.0.0"},
				}}
				for _, w := range within {
					d.Dependencies = append(d.Dependencies, w.Package)
				}
				return d
			}
			q, r := nested("q", new("of q")), nested("r", nil, nested("s", new("of s")))
			want := purser.PackageDetails{
				Package: purser.Package{
					Metadata: m, Values: new("a: 1\n"), Templates: []purser.Template{{Name: "a.yml", Text: "A"}},
					Dependencies: []purser.Package{q.Package, r.Package},
				},
				Readme: row.readme, Nested: []purser.PackageDetails{q, r},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDetailsOfARemotePackageAreFetched(t *testing.T) {
	data := MustZipFiles(t, "p-1.0.0", map[string]string{"package.yml": metadata("p", "1.0.0"), "README.md": "P"})
	b, server := MustServe(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	m := b.MustIndexed(t, "p", "1.0.0", nil)
	for range 2 { // the second time from the store
		got, err := b.Details(t.Context(), m.ID)
		if err != nil || got.Readme == nil || *got.Readme != "P" || got.Metadata.RepositoryName != "far" {
			t.Fatalf("%+v, %v", got, err)
		}
		server.Close()
	}
}

func TestDetailsOfNothing(t *testing.T) {
	b := MustService(t)
	if _, err := b.Details(t.Context(), 9); purser.ErrorCode(err) != purser.CodeNotFound {
		t.Error(err)
	}
}
