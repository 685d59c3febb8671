package packages_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/packages"
)

func TestRead(t *testing.T) {
	files := map[string]string{
		"package.yml": metadata("p", "1.0.0"), "values.yml": "a: 1\n", "templates/a.yml": "A", "cf-manifest.yml": "M",
		"packages/q/package.yml": metadata("q", "1.0.0"), "packages/q/templates/t.yml": "T",
	}
	upload := func(t *testing.T, b bench) purser.PackageMetadata {
		m, err := b.Upload(t.Context(), request("p", "1.0.0", MustZipFiles(t, "p-1.0.0", files)))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, row := range []struct {
		rule  string
		bytes int64
	}{{"with the cache", 0}, {"without a cache", -1}, {"with a cache too small for it", 3}} {
		t.Run(row.rule, func(t *testing.T) {
			b := MustService(t, func(o *packages.Options) { o.CacheBytes = row.bytes })
			m := upload(t, b)
			want := purser.Package{
				Metadata: m, Values: new("a: 1\n"), Templates: []purser.Template{{Name: "a.yml", Text: "A"}},
				Files: []purser.File{{Name: "cf-manifest.yml", Bytes: []byte("M")}},
				Dependencies: []purser.Package{{
					Metadata:  purser.PackageMetadata{APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "q", Version: "1.0.0"},
					Templates: []purser.Template{{Name: "t.yml", Text: "T"}},
				}},
			}
			for n := range 3 {
				got, err := b.Read(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("read %d (-want +got):\n%s", n, diff)
				}
				got.Templates[0].Text, got.Files[0].Bytes[0], got.Dependencies[0].Templates[0].Name = "x", 'x', "x" // it is the caller's
				got.Dependencies[0].Metadata.Name = "x"
			}
		})
	}
	t.Run("at the same moment", func(t *testing.T) {
		b := MustService(t)
		m := upload(t, b)
		var readers sync.WaitGroup
		for range 8 {
			readers.Go(func() {
				if p, err := b.Read(t.Context(), m); err != nil || len(p.Templates) != 1 {
					t.Errorf("got %v, %v", p, err)
				}
			})
		}
		readers.Wait()
	})
	t.Run("what was deleted is not read from the cache", func(t *testing.T) {
		b := MustService(t)
		m := upload(t, b)
		if _, err := b.Read(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if err := b.Delete(t.Context(), "p"); err != nil {
			t.Fatal(err)
		}
		_, err := b.Read(t.Context(), m)
		wantError(t, err, purser.CodeNotFound, fmt.Sprintf("Package with id='%d' can not be found.", m.ID))
	})
	t.Run("a package of an unknown repository cannot be fetched", func(t *testing.T) {
		b := MustService(t)
		m := b.MustCreate(t, purser.PackageMetadata{Name: "p", Version: "1.0.0", RepositoryID: 4711}, nil)
		_, err := b.Read(t.Context(), m)
		wantError(t, err, purser.CodeNotFound, "Can not find packageRepository with Id = 4711")
	})
	t.Run("a stored archive that is damaged is refused", func(t *testing.T) {
		b := MustService(t)
		m := b.MustCreate(t, purser.PackageMetadata{Name: "p", Version: "1.0.0"}, []byte("no zip"))
		_, err := b.Read(t.Context(), m)
		wantError(t, err, purser.CodeInvalid, "The package file is not a readable zip archive")
	})
}
