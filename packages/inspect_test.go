package packages_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"purser"
	"purser/packages"
)

func TestInspect(t *testing.T) {
	for _, row := range []struct {
		rule    string
		archive []byte
		want    []packages.Fault
	}{
		{"Clean", archive(t, "p", "1.0.0"), nil},
		{"NoArchive", []byte("x"), []packages.Fault{{Problem: "The package file is not a readable zip archive"}}},
		{"OtherFolder", archive(t, "q", "1.0.0"), []packages.Fault{
			{Problem: `Package is expected to be unpacked, but it doesn't exist: the package file has no folder "p-1.0.0"`},
		}},
		{"AllEntriesAndAllKeys", MustZip(
			t, entry{name: "../x"}, entry{name: `a\b`}, entry{name: "p-1.0.0/package.yml", text: "name: a/b\nversion: 1\ntags: [x]\nodd: y\n"},
			entry{name: "p-1.0.0/packages/q/values.yml"},
		), []packages.Fault{
			{File: "../x", Problem: "the entry is trying to leave the folder of the package"},
			{File: `a\b`, Problem: "the entry has a backslash in its name; folders are separated by '/'"},
			{File: "p-1.0.0/package.yml", Line: 3, Problem: "the value of 'tags' is not a text"},
			{File: "p-1.0.0/package.yml", Line: 4, Problem: "the key 'odd' means nothing here", Warning: true},
			{File: "p-1.0.0/packages/q/package.yml", Problem: "the file is missing"},
			{File: "p-1.0.0/package.yml", Problem: "the key 'apiVersion' is missing"},
			{File: "p-1.0.0/package.yml", Problem: "the key 'kind' is missing"},
			{File: "p-1.0.0/package.yml", Line: 1, Problem: "'a/b' cannot be the name of a package"},
			{File: "p-1.0.0/package.yml", Line: 2, Problem: "'1' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1"},
		}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.want, packages.Inspect(row.archive, "p-1.0.0", packages.Limits{}).Faults, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInspectTellsWhereFilesAre(t *testing.T) {
	i := packages.Inspect(MustZipFiles(t, "p-1.0.0", map[string]string{
		"package.yml": metadata("p", "1.0.0"), "VALUES.YAML": "", "templates/a.yaml": "",
		"packages/folder/package.yml": metadata("q", "1.0.0"), "packages/folder/values.yml": "",
	}), "p-1.0.0", packages.Limits{})
	want := map[string]string{
		"values.yml": "p-1.0.0/VALUES.YAML", "templates/a.yaml": "p-1.0.0/templates/a.yaml", "packages/q/values.yml": "p-1.0.0/packages/folder/values.yml",
	}
	if diff := cmp.Diff(want, i.Files); diff != "" || i.Package.Dependencies[0].Metadata.Name != "q" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestIdentify(t *testing.T) {
	two := func(a, b string) []byte {
		return MustZip(
			t, entry{name: a + "/package.yml", text: metadata("p", "1.0.0-RC-1")}, entry{name: b + "/package.yml", text: metadata("q", "2.0.0")},
		)
	}
	for _, row := range []struct {
		rule      string
		archive   []byte
		name, top string
		message   string
	}{
		{"NameWithHyphens", archive(t, "a-b", "1.0.0-RC-1"), "a-b", "a-b-1.0.0-RC-1", ""},
		{"OtherFolder", MustZipFiles(t, "any", map[string]string{"package.yml": metadata("p", "1.0.0")}), "p", "any", ""},
		{"TheOneThatIsCalledAsItSays", two("x", "q-2.0.0"), "q", "q-2.0.0", ""},
		{"Several", two("x", "y"), "", "", "The package file has several folders with a package.yml, none of which is called <name>-<version>"},
		{"None", MustZipFiles(t, "", map[string]string{"package.yml": metadata("p", "1.0.0")}), "", "", "The package file has no folder with a package.yml"},
		{"Broken", MustZipFiles(t, "p-1.0.0", map[string]string{"package.yml": "- a\n"}), "", "p-1.0.0", "p-1.0.0/package.yml line 1: a map of keys and texts was expected"},
		{"NoZip", []byte("x"), "", "", "The package file is not a readable zip archive"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			m, top, err := packages.Identify(bytes.NewReader(row.archive), int64(len(row.archive)), packages.Limits{})
			if row.message == "" {
				if err != nil || m.Name != row.name || top != row.top {
					t.Errorf("it is %q in %q, %v; want %q in %q", m.Name, top, err, row.name, row.top)
				}
				return
			}
			wantError(t, err, purser.CodeInvalid, row.message)
			if top != row.top {
				t.Errorf("the folder is %q, want %q", top, row.top)
			}
		})
	}
}

// FuzzInspect compares what Inspect finds with what ReadArchive refuses: what is refused has a fault, and what is read is
// the same package.
func FuzzInspect(f *testing.F) {
	f.Add(archive(f, "p", "1.0.0"))
	f.Add(MustZip(f, entry{name: "../x"}, entry{name: "p-1.0.0/package.yml", text: "name: p\ntags: [x]\n", stored: true}))
	f.Add(MustZip(f, entry{name: "p-1.0.0/packages/a/packages/b/x", stored: true}, entry{name: "p-1.0.0/package.yml", text: metadata("p", "1.0.0"), stored: true}))
	f.Add(MustZip(f, entry{name: "p-1.0.0/values.yml", text: strings.Repeat("a", 5000)}))
	f.Fuzz(func(t *testing.T, data []byte) {
		i := packages.Inspect(data, "p-1.0.0", small())
		p, err := packages.ReadArchive(data, "p", "1.0.0", small())
		found := false
		for _, fault := range i.Faults {
			found = found || !fault.Warning
			if fault.Problem == "" || fault.Line < 0 {
				t.Errorf("nothing is told: %+v", fault)
			}
		}
		if err != nil && !found {
			t.Errorf("it is refused (%v), but only %+v is found", err, i.Faults)
		}
		if diff := cmp.Diff(p, i.Package); err == nil && diff != "" {
			t.Errorf("package (-read +inspected):\n%s", diff)
		}
		if _, _, err := packages.Identify(bytes.NewReader(data), int64(len(data)), small()); err != nil {
			checkRefusal(t, err)
		}
	})
}
