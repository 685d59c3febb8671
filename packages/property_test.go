package packages_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser"
	"purser/packages"
)

// draw makes a package of any shape, with its own name in its metadata.
func draw(t *rapid.T, depth int) purser.Package {
	name := rapid.StringMatching(`[a-z][a-zA-Z0-9 ._-]{0,8}[a-z]`)
	text := rapid.StringMatching(`[ -~äß€\n]{0,40}`)
	p := purser.Package{Metadata: purser.PackageMetadata{
		APIVersion: "v1", Kind: rapid.StringMatching(`[A-Za-z]{1,9}`).Draw(t, "kind"), Name: name.Draw(t, "name"), Version: "1.0.0",
	}}
	if rapid.Bool().Draw(t, "has a description") {
		p.Metadata.Description = new(text.Draw(t, "description"))
	}
	if rapid.Bool().Draw(t, "has values") {
		p.Values = new(text.Draw(t, "values"))
	}
	for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID).Draw(t, "templates") {
		p.Templates = append(p.Templates, purser.Template{Name: n + ".yml", Text: text.Draw(t, "template")})
	}
	slices.SortFunc(p.Templates, func(a, b purser.Template) int { return cmpText(a.Name, b.Name) })
	for _, n := range rapid.SliceOfNDistinct(name, 0, 2, rapid.ID).Draw(t, "files") {
		p.Files = append(p.Files, purser.File{Name: n + "-manifest.yml", Bytes: []byte(text.Draw(t, "file"))})
	}
	slices.SortFunc(p.Files, func(a, b purser.File) int { return cmpText(a.Name, b.Name) })
	if depth > 0 {
		for range rapid.IntRange(0, 2).Draw(t, "children") {
			p.Dependencies = append(p.Dependencies, draw(t, depth-1))
		}
	}
	return p
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// entries writes a package the way it is read.
func entries(t *rapid.T, folder string, p purser.Package) []entry {
	fields := map[string]string{"apiVersion": p.Metadata.APIVersion, "kind": p.Metadata.Kind, "name": p.Metadata.Name, "version": p.Metadata.Version}
	if p.Metadata.Description != nil {
		fields["description"] = *p.Metadata.Description
	}
	data, err := json.Marshal(fields) // which is YAML, too
	if err != nil {
		t.Fatal(err)
	}
	out := []entry{{name: folder + "/package.yml", text: string(data)}, {name: folder + "/README.md", text: "read me"}}
	if p.Values != nil {
		out = append(out, entry{name: folder + "/values.yml", text: *p.Values})
	}
	for _, f := range p.Templates {
		out = append(out, entry{name: folder + "/templates/" + f.Name, text: f.Text})
	}
	for _, f := range p.Files {
		out = append(out, entry{name: folder + "/" + f.Name, text: string(f.Bytes)})
	}
	for i, d := range p.Dependencies {
		out = append(out, entries(t, fmt.Sprintf("%s/packages/%d", folder, i), d)...)
	}
	return out
}

// TestReadGivesWhatWasPacked holds for any package, in any order of entries.
func TestReadGivesWhatWasPacked(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := draw(r, 2)
		packed := rapid.Permutation(entries(r, want.Metadata.Name+"-1.0.0", want)).Draw(r, "order")
		got, err := packages.ReadArchive(MustZip(t, packed...), want.Metadata.Name, "1.0.0", packages.Limits{})
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("package (-packed +read):\n%s", diff)
		}
	})
}

// TestReadKeepsItsLimits holds for any entries: what is read is never more than the limits allow.
func TestReadKeepsItsLimits(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		limits := packages.Limits{
			EntryBytes: rapid.Int64Range(1, 300).Draw(r, "entry"), TotalBytes: rapid.Int64Range(1, 600).Draw(r, "total"),
			Entries: rapid.IntRange(1, 6).Draw(r, "entries"), Depth: rapid.IntRange(1, 2).Draw(r, "depth"),
		}
		sizes := rapid.SliceOfN(rapid.IntRange(0, 400), 0, 6).Draw(r, "sizes")
		packed := []entry{{name: "p-1.0.0/package.yml", text: "name: p\nversion: 1.0.0\n"}}
		for i, size := range sizes {
			packed = append(packed, entry{name: fmt.Sprintf("p-1.0.0/templates/%d.yml", i), text: string(make([]byte, size))})
		}
		p, err := packages.ReadArchive(MustZip(t, packed...), "p", "1.0.0", limits)
		fits, total := len(packed) <= limits.Entries, int64(0)
		for _, e := range packed {
			total += int64(len(e.text))
			fits = fits && int64(len(e.text)) <= limits.EntryBytes
		}
		if fits = fits && total <= limits.TotalBytes; fits != (err == nil) {
			r.Fatalf("fits: %v, error: %v", fits, err)
		}
		if err != nil && purser.ErrorCode(err) != purser.CodeTooLarge {
			r.Fatalf("code %s: %v", purser.ErrorCode(err), err)
		}
		if err == nil && len(p.Templates) != len(sizes) {
			r.Fatalf("%d templates of %d", len(p.Templates), len(sizes))
		}
	})
}

// TestChooseTakesTheHighest holds for any stored versions.
func TestChooseTakesTheHighest(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := MustService(t)
		version := rapid.StringMatching(`(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]?)\.(0|[1-9])(-rc\.[1-9][0-9]?)?`)
		versions := rapid.SliceOfNDistinct(version, 1, 8, rapid.ID).Draw(r, "versions")
		for _, v := range versions {
			b.MustCreate(t, purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "p", Version: v}, nil)
		}
		got, err := b.Choose(t.Context(), b.store, purser.PackageIdentifier{Name: "p"})
		if err != nil {
			r.Fatal(err)
		}
		for _, v := range versions {
			if purser.CompareVersions(v, got.Version) > 0 {
				r.Fatalf("got %s, %s is higher", got.Version, v)
			}
		}
	})
}
