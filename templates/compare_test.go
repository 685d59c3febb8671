package templates_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/templates"
)

// app writes one document of a manifest.
func app(name string, spec ...string) string {
	return "apiVersion: v1\nkind: SpringCloudDeployerApplication\nmetadata: {name: " + name + "}\nspec:\n  resource: r\n  " + strings.Join(spec, "\n  ") + "\n"
}

func release(dependencies int, manifests ...string) purser.Release {
	r := purser.Release{Manifest: strings.Join(manifests, "---\n")}
	if dependencies == 0 {
		r.Package.Templates = []purser.Template{{Name: "a.yml"}}
	}
	for range dependencies {
		r.Package.Dependencies = append(r.Package.Dependencies, purser.Package{})
	}
	return r
}

func text(s string) *string { return &s }

func TestCompare(t *testing.T) {
	old := release(0, app("a", "version: 1", "applicationProperties: {x: 1, y: 2, none: }", "deploymentProperties: {spring.cloud.deployer.count: 1, m: 1g}"))
	for _, row := range []struct {
		rule        string
		replacing   purser.Release
		want        []purser.AppDifference
		whatIsThere purser.Release
	}{
		{rule: "the same", replacing: old},
		{rule: "the count does not count, nor does null, nor order", replacing: release(0,
			app("a", "deploymentProperties: {m: 1g, spring.cloud.deployer.count: 7}", "applicationProperties: {y: 2, x: 1}", "version: 1", "resourceMetadata: x"))},
		{
			rule:      "properties added, removed and changed",
			replacing: release(0, app("a", "version: 2", "applicationProperties: {x: 5, z: 3}", "deploymentProperties: {m: 1g}")),
			want: []purser.AppDifference{{Name: "a", Properties: []purser.PropertyDifference{
				{Section: "spec", Name: "version", Old: text("1"), New: text("2")},
				{Section: "applicationProperties", Name: "x", Old: text("1"), New: text("5")},
				{Section: "applicationProperties", Name: "y", Old: text("2")},
				{Section: "applicationProperties", Name: "z", New: text("3")},
			}}},
		},
		{
			rule:      "a version that was there is absent",
			replacing: release(0, app("a", "applicationProperties: {x: 1, y: 2}", "deploymentProperties: {m: 1g}")),
			want: []purser.AppDifference{{Name: "a", Properties: []purser.PropertyDifference{
				{Section: "spec", Name: "version", Old: text("1")},
			}}},
		},
		{
			rule: "kind and metadata",
			replacing: release(0, strings.NewReplacer("SpringCloudDeployerApplication", "SpringBootApp", "{name: a}", "{name: a, type: web}").Replace(
				old.Manifest)),
			want: []purser.AppDifference{{Name: "a", Properties: []purser.PropertyDifference{
				{Section: "manifest", Name: "kind", Old: text("SpringCloudDeployerApplication"), New: text("SpringBootApp")},
				{Section: "metadata", Name: "type", New: text("web")},
			}}},
		},
		{
			rule:      "every application of a package without dependencies is compared, and they come and go",
			replacing: release(0, app("c"), app("b", "version: 2")), whatIsThere: release(0, app("a"), app("b", "version: 1")),
			want: []purser.AppDifference{
				{Name: "a", Removed: true, Properties: []purser.PropertyDifference{
					{Section: "manifest", Name: "apiVersion", Old: text("v1")},
					{Section: "manifest", Name: "kind", Old: text("SpringCloudDeployerApplication")},
					{Section: "metadata", Name: "name", Old: text("a")},
					{Section: "spec", Name: "resource", Old: text("r")},
				}},
				{Name: "b", Properties: []purser.PropertyDifference{{Section: "spec", Name: "version", Old: text("1"), New: text("2")}}},
				{Name: "c", Added: true, Properties: []purser.PropertyDifference{
					{Section: "manifest", Name: "apiVersion", New: text("v1")},
					{Section: "manifest", Name: "kind", New: text("SpringCloudDeployerApplication")},
					{Section: "metadata", Name: "name", New: text("c")},
					{Section: "spec", Name: "resource", New: text("r")},
				}},
			},
		},
		{
			rule:      "dependencies are compared by name",
			replacing: release(2, app("b"), app("a", "version: 2")), whatIsThere: release(2, app("a"), app("b")),
			want: []purser.AppDifference{{Name: "a", Properties: []purser.PropertyDifference{{Section: "spec", Name: "version", New: text("2")}}}},
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			existing := old
			if row.whatIsThere.Manifest != "" {
				existing = row.whatIsThere
			}
			got, err := templates.New().Compare(existing, row.replacing)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got.Apps); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompareRefusals(t *testing.T) {
	both := release(2, app("a"), app("b"))
	both.Package.Templates = []purser.Template{{Name: "x.yml"}}
	for _, row := range []struct {
		rule                string
		existing, replacing purser.Release
		code                purser.Code
		want                string
	}{
		{
			"another number of dependencies", release(1, app("a")), release(2, app("a"), app("b")), purser.CodeConflict,
			"Can not yet compare existing package and to be released packages with different sizes.",
		},
		{
			"templates beside dependencies", release(2, app("a"), app("b")), both, purser.CodeConflict,
			"Can not yet compare package with top level templates and dependencies",
		},
		{
			"another name", release(2, app("a"), app("b")), release(2, app("b"), app("c")), purser.CodeConflict,
			"Did not find existing application name [a] in list of replacing applications [b,c].",
		},
		{
			"a manifest that cannot be read", release(0, "kind: Other\n"), release(0, app("a")), purser.CodeInvalid,
			"No release manager available for 'Other'",
		},
		{
			"a new manifest that cannot be read", release(0, app("a")), release(0, ""), purser.CodeInvalid,
			"No release manager available for 'null'",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := templates.New().Compare(row.existing, row.replacing)
			if purser.ErrorCode(err) != row.code || purser.ErrorMessage(err) != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
		})
	}
}

// The two renderings of a difference, against golden files.
func TestDifferenceRenderings(t *testing.T) {
	existing := release(0, app("a", "version: 1", "applicationProperties: {x: 1, y: 2}"), app("gone"))
	replacing := release(0, app("a", "version: 2", "applicationProperties: {x: 5, z: 3}", "deploymentProperties: {m: 1g}"), app("new"))
	d, err := templates.New().Compare(existing, replacing)
	if err != nil {
		t.Fatal(err)
	}
	checkGolden(t, "difference.golden.txt", []byte(templates.DifferenceText(d)))
	checkGolden(t, "difference.golden.json", indented(t, d))
	if got := templates.DifferenceText(purser.Difference{}); got != "No differences\n" {
		t.Errorf("no difference reads %q", got)
	}
	if b, err := templates.DifferenceJSON(purser.Difference{}); err != nil || string(b) != `{"different":false,"applications":[]}` {
		t.Errorf("no difference is %s, %v", b, err)
	}
}

func indented(t *testing.T, d purser.Difference) []byte {
	t.Helper()
	b, err := templates.DifferenceJSON(d)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), '\n')
}

func checkGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = "testdata/" + name
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestCompareWithNoneAddsEverything(t *testing.T) {
	replacing := purser.Release{
		Manifest: "kind: SpringCloudDeployerApplication\nmetadata: {name: b}\nspec: {resource: 'file:/b'}\n---\nkind: SpringCloudDeployerApplication\nmetadata: {name: a}\nspec: {resource: 'file:/a'}\n",
		Package:  purser.Package{Dependencies: []purser.Package{{}}, Templates: []purser.Template{{}}},
	}
	d, err := templates.New().Compare(purser.Release{}, replacing)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Apps) != 2 || d.Apps[0].Name != "a" || !d.Apps[0].Added || d.Apps[1].Name != "b" || !d.Apps[1].Added {
		t.Fatalf("%+v", d)
	}
	for _, p := range d.Apps[1].Properties {
		if p.Old != nil || p.New == nil {
			t.Errorf("%+v", p)
		}
	}
	if len(d.Apps[1].Properties) != 3 {
		t.Errorf("%+v", d.Apps[1].Properties)
	}
	if _, err := templates.New().Compare(purser.Release{}, purser.Release{Manifest: "kind: Other\n"}); purser.ErrorCode(err) != purser.CodeInvalid {
		t.Error(err)
	}
}
