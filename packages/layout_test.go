package packages_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/packages"
)

func MustRead(tb testing.TB, archive []byte, name, version string) purser.Package {
	tb.Helper()
	p, err := packages.ReadArchive(archive, name, version, packages.Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestLayout proves the reading rules of spec/packages.md §1.2, each with files beside a good package.yml.
func TestLayout(t *testing.T) {
	bare := purser.Package{Metadata: purser.PackageMetadata{APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "p", Version: "1.0.0"}}
	with := func(change func(*purser.Package)) purser.Package {
		p := bare
		change(&p)
		return p
	}
	nested := func(name string) purser.Package {
		p := bare
		p.Metadata.Name = name
		return p
	}
	for _, row := range []struct {
		rule  string
		files map[string]string
		want  purser.Package
	}{
		{"nothing else", nil, bare},
		{"values.yml, verbatim", map[string]string{"p-1.0.0/values.yml": "# c\r\na: 1\n"}, with(func(p *purser.Package) { p.Values = new("# c\r\na: 1\n") })},
		{"values.yaml", map[string]string{"p-1.0.0/values.yaml": "a"}, with(func(p *purser.Package) { p.Values = new("a") })},
		{"VALUES.YML", map[string]string{"p-1.0.0/VALUES.YML": "a"}, with(func(p *purser.Package) { p.Values = new("a") })},
		{"empty values are values", map[string]string{"p-1.0.0/values.yml": ""}, with(func(p *purser.Package) { p.Values = new("") })},
		{
			"of two values files the last by name",
			map[string]string{"p-1.0.0/values.yml": "b", "p-1.0.0/values.yaml": "a"},
			with(func(p *purser.Package) { p.Values = new("b") }),
		},
		{"values in a sub-folder do not count", map[string]string{"p-1.0.0/other/values.yml": "a"}, bare},
		{"values beside the top folder do not count", map[string]string{"values.yml": "a"}, bare},
		{"values that are no UTF-8 are mended", map[string]string{"p-1.0.0/values.yml": "a: \xff"}, with(func(p *purser.Package) { p.Values = new("a: \uFFFD") })},
		{
			"templates by name",
			map[string]string{"p-1.0.0/templates/b.yml": "B", "p-1.0.0/templates/a.yaml": "A"},
			with(func(p *purser.Package) {
				p.Templates = []purser.Template{{Name: "a.yaml", Text: "A"}, {Name: "b.yml", Text: "B"}}
			}),
		},
		{
			"a template needs no dot",
			map[string]string{"p-1.0.0/templates/appyml": "A"},
			with(func(p *purser.Package) { p.Templates = []purser.Template{{Name: "appyml", Text: "A"}} }),
		},
		{"a template's ending is exact in case", map[string]string{"p-1.0.0/templates/APP.YML": "A"}, bare},
		{"a template does not begin with a dot", map[string]string{"p-1.0.0/templates/.a.yml": "A"}, bare},
		{"a template ends as YAML", map[string]string{"p-1.0.0/templates/a.yml.bak": "A", "p-1.0.0/templates/README.md": "R"}, bare},
		{"templates have no folders", map[string]string{"p-1.0.0/templates/x/a.yml": "A"}, bare},
		{"the folder of templates is exact in case", map[string]string{"p-1.0.0/Templates/a.yml": "A"}, bare},
		{"a file called templates", map[string]string{"p-1.0.0/templates": "A"}, bare},
		{
			"manifest files are kept",
			map[string]string{"p-1.0.0/cf-manifest.yml": "M", "p-1.0.0/manifest.yaml": "N"},
			with(func(p *purser.Package) {
				p.Files = []purser.File{{Name: "cf-manifest.yml", Bytes: []byte("M")}, {Name: "manifest.yaml", Bytes: []byte("N")}}
			}),
		},
		{"manifest files are exact in case", map[string]string{"p-1.0.0/Manifest.yml": "M"}, bare},
		{"readme and licence are not", map[string]string{"p-1.0.0/README.md": "R", "p-1.0.0/LICENSE": "L"}, bare},
		{"what stands beside the top folder is nothing", map[string]string{"readme.txt": "R", "__MACOSX/p-1.0.0/values.yml": "X", "p-1.0.0.txt": "T"}, bare},
		{
			"nested packages by folder name, called as their files say",
			map[string]string{"p-1.0.0/packages/b/package.yml": metadata("one", "1.0.0"), "p-1.0.0/packages/a/package.yml": metadata("two", "1.0.0")},
			with(func(p *purser.Package) { p.Dependencies = []purser.Package{nested("two"), nested("one")} }),
		},
		{
			"the folder of packages in any case",
			map[string]string{"p-1.0.0/PACKAGES/a/package.yml": metadata("a", "1.0.0")},
			with(func(p *purser.Package) { p.Dependencies = []purser.Package{nested("a")} }),
		},
		{"a stray file in packages is ignored", map[string]string{"p-1.0.0/packages/readme.txt": "R"}, bare},
		{
			"packages within packages",
			map[string]string{
				"p-1.0.0/packages/a/package.yml": metadata("a", "1.0.0"), "p-1.0.0/packages/a/packages/leaf/package.yaml": metadata("leaf", "1.0.0"),
				"p-1.0.0/packages/a/packages/leaf/values.yml": "v", "p-1.0.0/packages/a/templates/t.yml": "T",
			},
			with(func(p *purser.Package) {
				leaf, a := nested("leaf"), nested("a")
				leaf.Values = new("v")
				a.Dependencies, a.Templates = []purser.Package{leaf}, []purser.Template{{Name: "t.yml", Text: "T"}}
				p.Dependencies = []purser.Package{a}
			}),
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			files := map[string]string{"p-1.0.0/package.yml": metadata("p", "1.0.0")}
			for name, text := range row.files {
				files[name] = text
			}
			if diff := cmp.Diff(row.want, MustRead(t, MustZipFiles(t, "", files), "p", "1.0.0")); diff != "" {
				t.Errorf("package (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLayoutDoesNotDependOnTheOrderOfEntries(t *testing.T) {
	entries := []entry{
		{name: "p-1.0.0/"},
		{name: "p-1.0.0/package.yml", text: metadata("p", "1.0.0")},
		{name: "p-1.0.0/templates/"},
		{name: "p-1.0.0/templates/b.yml", text: "B"},
		{name: "p-1.0.0/templates/a.yml", text: "A"},
		{name: "p-1.0.0/packages/"},
		{name: "p-1.0.0/packages/z/"},
		{name: "p-1.0.0/packages/z/package.yml", text: metadata("z", "1")},
		{name: "p-1.0.0/packages/y/package.yml", text: metadata("y", "1")},
		{name: "./p-1.0.0/values.yml", text: "v", stored: true},
		{name: "p-1.0.0/templates/"}, // folders may be told of twice
	}
	want := MustRead(t, MustZip(t, entries...), "p", "1.0.0")
	slices.Reverse(entries)
	if diff := cmp.Diff(want, MustRead(t, MustZip(t, entries...), "p", "1.0.0")); diff != "" {
		t.Errorf("package (-forwards +backwards):\n%s", diff)
	}
	if len(want.Templates) != 2 || len(want.Dependencies) != 2 || want.Values == nil {
		t.Errorf("got %+v", want)
	}
}

// TestMetadata proves that values are raw texts (spec/packages.md §1.3).
func TestMetadata(t *testing.T) {
	for _, row := range []struct {
		rule, line string
		want       *string // of description
	}{
		{"absent", "", nil},
		{"in capitals is another key", "Description: a", nil},
		{"plain", "description: some text", new("some text")},
		{"octal", "description: 010", new("010")},
		{"float", "description: 1.0", new("1.0")},
		{"exponent", "description: 1e3", new("1e3")},
		{"hexadecimal", "description: 0x1F", new("0x1F")},
		{"boolean", "description: yes", new("yes")},
		{"date", "description: 2020-01-01", new("2020-01-01")},
		{"null", "description: null", new("null")},
		{"tilde", "description: ~", new("~")},
		{"nothing", "description:", new("")},
		{"empty quotes", "description: ''", new("")},
		{"single quotes", "description: 'it''s'", new("it's")},
		{"double quotes", `description: "dou\tble"`, new("dou\tble")},
		{"literal", "description: |\n  one\n  two", new("one\ntwo\n")},
		{"folded", "description: >-\n  one\n  two", new("one two")},
		{"comment behind", "description: a # b", new("a")},
		{"alias", "tags: &x word\ndescription: *x", new("word")},
		{"twice: the last", "description: first\ndescription: second", new("second")},
		{"tagged", "description: !!str 1", new("1")},
	} {
		t.Run(row.rule, func(t *testing.T) {
			for _, form := range []struct{ name, text string }{
				{"as it is", metadata("p", "1.0.0", row.line, "\n")},
				{"with a byte order mark", "\ufeff" + metadata("p", "1.0.0", row.line, "\n")},
				{"with the class as tag", "!!org.springframework.cloud.skipper.domain.PackageMetadata\n" + metadata("p", "1.0.0", row.line, "\n")},
				{"with a document marker", "%YAML 1.1\n---\n" + metadata("p", "1.0.0", row.line, "\n...\n")},
			} {
				m := MustRead(t, MustZipFiles(t, "p-1.0.0", map[string]string{"package.yml": form.text}), "p", "1.0.0").Metadata
				if diff := cmp.Diff(row.want, m.Description); diff != "" {
					t.Errorf("%s (-want +got):\n%s", form.name, diff)
				}
			}
		})
	}
	t.Run("Windows line ends", func(t *testing.T) {
		text := "apiVersion: v1\r\nkind: k\r\nname: crlf\r\nversion: 1.0.0\r\ndescription: win\r\n"
		m := MustRead(t, MustZipFiles(t, "crlf-1.0.0", map[string]string{"package.yml": text}), "crlf", "1.0.0").Metadata
		want := purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "crlf", Version: "1.0.0", Description: new("win")}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
	})
	t.Run("as a stream server writes it", func(t *testing.T) {
		text := "!!org.springframework.cloud.skipper.domain.PackageMetadata\napiVersion: skipper.spring.io/v1\ndescription: null\n" +
			"displayName: null\niconUrl: null\nid: null\nkind: SkipperPackageMetadata\nmaintainer: dataflow\nname: s\norigin: null\n" +
			"packageFile: null\npackageHomeUrl: null\npackageSourceUrl: null\nrepositoryId: null\nrepositoryName: null\nsha256: null\ntags: null\nversion: 1.0.0\n"
		b := MustService(t)
		m, err := b.Upload(t.Context(), request("s", "1.0.0", MustZipFiles(t, "s-1.0.0", map[string]string{"package.yml": text})))
		if err != nil {
			t.Fatal(err)
		}
		null := new("null")
		want := purser.PackageMetadata{
			ID: m.ID, APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "s", Version: "1.0.0",
			RepositoryID: b.MustRepository(t, "local").ID, RepositoryName: "local", Maintainer: new("dataflow"),
			Origin: null, DisplayName: null, PackageSourceURL: null, PackageHomeURL: null, Tags: null, Description: null, SHA256: null, IconURL: null,
			CreatedAt: arrival,
		}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
	})
}
