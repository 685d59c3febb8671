package packages_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/packages"
)

func TestExamine(t *testing.T) {
	good := map[string]string{"package.yml": metadata("demo", "1.0.0"), "values.yml": "a: b\n", "templates/x.yml": "x: {{a}}\n"}
	id := purser.PackageIdentifier{Name: "demo", Version: "1.0.0"}
	for _, row := range []struct {
		rule    string
		id      purser.PackageIdentifier
		archive []byte
		code    purser.Code // "": a package, unless nothing is true
		nothing bool
		same    bool // the bytes are kept as they are
	}{
		{"as an upload has it", id, MustZipFiles(t, "demo-1.0.0", good), "", false, true},
		{"another folder", id, MustZipFiles(t, "whatever", good), "", false, false},
		{"another name and version", purser.PackageIdentifier{Name: "shop", Version: "2026-01"}, MustZipFiles(t, "demo-1.0.0", good), "", false, false},
		{"a folder with entries", id, MustZip(t, entry{name: "d/"}, entry{name: "d/package.yml", text: metadata("demo", "1.0.0")}, entry{name: "d/values.yml", text: "a: b\n"}), "", false, false},
		{"no package.yml", id, MustZipFiles(t, "demo-1.0.0", map[string]string{"values.yml": "a: b"}), "", true, false},
		{"package.yml at the top", id, MustZipFiles(t, "", good), "", true, false},
		{"no zip", id, []byte("no zip"), "", true, false},
		{"nothing", id, nil, "", true, false},
		{"too large for a package", id, make([]byte, 65<<10), "", true, false},
		{"broken metadata", id, MustZipFiles(t, "demo-1.0.0", map[string]string{"package.yml": "a: 'b"}), purser.CodeInvalid, false, false},
		{"no kind", id, MustZipFiles(t, "x", map[string]string{"package.yml": "apiVersion: v1\nname: demo\nversion: 1.0.0\n"}), purser.CodeInvalid, false, false},
		{"an entry that leaves the folder", id, MustZip(t, entry{name: "x/package.yml", text: metadata("demo", "1.0.0")}, entry{name: "x/../../y"}), purser.CodeInvalid, false, false},
		{"a name with a slash", purser.PackageIdentifier{Name: "a/b", Version: "1.0.0"}, MustZipFiles(t, "x", good), purser.CodeInvalid, false, false},
		{"a bomb", id, MustZip(t, entry{name: "x/package.yml", text: metadata("demo", "1.0.0")}, entry{name: "x/b", text: string(make([]byte, 8<<10-1))}), purser.CodeTooLarge, false, false},
	} {
		t.Run(row.rule, func(t *testing.T) {
			b := MustService(t, func(o *packages.Options) { o.Limits = small() })
			got, err := b.Examine(t.Context(), row.id, bytes.NewReader(row.archive), int64(len(row.archive)))
			if purser.ErrorCode(err) != row.code || (got == nil) != (row.nothing || row.code != "") {
				t.Fatalf("%+v, %v", got, err)
			}
			if got == nil {
				return
			}
			if bytes.Equal(got.Bytes, row.archive) != row.same {
				t.Error("the bytes are not as they should be")
			}
			m := got.Metadata
			err = b.store.Update(t.Context(), func(tx purser.Tx) error { return tx.CreatePackage(context.Background(), &m, got.Bytes) })
			if err != nil {
				t.Fatal(err)
			}
			m, err = b.Choose(t.Context(), b.store, row.id)
			if err != nil || m.RepositoryName != "local" {
				t.Fatalf("%+v, %v", m, err)
			}
			pkg, err := b.Read(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff("a: b\n", *pkg.Values); diff != "" || pkg.Metadata.Name != row.id.Name || pkg.Metadata.Version != row.id.Version {
				t.Errorf("%+v", pkg)
			}
		})
	}
}
