package authoring_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"purser/shell/authoring"
)

func TestLintFolder(t *testing.T) {
	for _, row := range []struct {
		rule  string
		files files
		want  []string
	}{
		{"Clean", demo(), nil},
		{"CleanWithDependencies", parent(), nil},
		{"NoMetadata", demo().with(files{"package.yml": "-"}), []string{
			"package.yml: error: the file is missing",
		}},
		{"AllThatIsMissingInTheMetadata", demo().with(files{"package.yml": "name: demo\n"}), []string{
			"package.yml: error: the key 'apiVersion' is missing",
			"package.yml: error: the key 'kind' is missing",
			"package.yml: error: the key 'version' is missing",
		}},
		{"MetadataIsNoYAML", demo().with(files{"package.yml": "name: demo\nversion: \"1\n"}), []string{
			"package.yml:2: error: the file is no YAML: found unexpected end of stream",
		}},
		{"MetadataIsNoMap", demo().with(files{"package.yml": "- demo\n"}), []string{
			"package.yml:1: error: a map of keys and texts was expected",
		}},
		{"ValuesOfMetadataAreTexts", demo().with(files{"package.yml": metadata + "tags: [a]\nmaintainer: {a: b}\n"}), []string{
			"package.yml:5: error: the value of 'tags' is not a text",
			"package.yml:6: error: the value of 'maintainer' is not a text",
		}},
		{"VersionIsSemantic", demo().with(files{"package.yml": strings.Replace(metadata, "1.0.0", "1.0", 1)}), []string{
			"package.yml:4: error: '1.0' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1",
		}},
		{"NameIsAFolder", demo().with(files{"package.yml": strings.Replace(metadata, "demo", "../demo", 1)}), []string{
			"package.yml:3: error: '../demo' cannot be the name of a package",
		}},
		{"Lengths", demo().with(files{"package.yml": metadata + "origin: " + strings.Repeat("o", 256) + "\nmaintainer: " + strings.Repeat("m", 300) + "\n"}), []string{
			"package.yml:5: error: 'origin' has 256 characters, the limit is 255",
			"package.yml:6: error: 'maintainer' has 300 characters, the limit is 255",
		}},
		{"OddMetadata", demo().with(files{"package.yml": metadata + "kind: other\nDescription: d\ntags: ~\n"}), []string{
			"package.yml:5: warning: 'kind' stands in line 2 already; the last one counts",
			"package.yml:5: warning: the kind is 'other'; it should be SkipperPackageMetadata",
			"package.yml:6: warning: the key 'Description' means nothing here",
			"package.yml:7: warning: the value of 'tags' is the text '~'; leave the key out for no value",
		}},
		{"FilesThatAreNotRead", demo().with(files{
			"templates/OTHER.YML": template, "templates/sub/x.yml": template, "packages/readme.txt": "x", "VALUES.yaml": "a: b\n",
			"README.md": "", "notes.txt": "",
		}), []string{
			"VALUES.yaml: warning: the file is not read: values.yml takes its place",
			"packages/readme.txt: warning: the file is not read: each package inside of a package has a folder",
			"templates/OTHER.YML: warning: the file is not read: templates stand in the folder 'templates' itself and end in yml or yaml, in lower case",
			"templates/sub/x.yml: warning: the file is not read: templates stand in the folder 'templates' itself and end in yml or yaml, in lower case",
		}},
		{"ValuesAreNoYAML", demo().with(files{"values.yml": "a: b\nc: 'd\n"}), []string{
			"values.yml:2:4: error: a quote is not closed",
		}},
		{"ValuesAreAMap", demo().with(files{"values.yml": "- a\n"}), []string{
			"values.yml: error: Config Values that are not a map are not yet supported.",
		}},
		{"KeysAreText", demo().with(files{"values.yml": values + "1: b\n"}), []string{
			"values.yml:8:1: error: key '1': the key is a number; put it in quotes, only text can be a key",
		}},
		{"EveryMissingVariable", demo().with(files{"values.yml": "metadata: {}\n"}), []string{
			"templates/demo.yml:4: error: there is no value for 'metadata.name'",
			"templates/demo.yml:6: error: there is no value for 'spec.resource': 'spec' is not there",
			"templates/demo.yml:7: error: there is no value for 'spec.version': 'spec' is not there",
		}},
		{"EveryBrokenTemplate", demo().with(files{"templates/a.yml": "{{#a}}\n", "templates/b.yml": "x\n{{/b}}\n", "values.yml": "a: [\n"}), []string{
			"templates/a.yml:1: error: the section 'a' has no end",
			"templates/b.yml:2: error: the section end 'b' has no beginning",
			"values.yml:1:4: error: a value must stand here",
		}},
		{"RenderedTextIsNoYAML", demo().with(files{"templates/demo.yml": strings.Replace(template, `"{{{spec.version}}}"`, "{{{spec.version}}}: x: y", 1)}), []string{
			"templates/demo.yml:7: error: with the value of 'spec.version' put in: there cannot be a second ': '; put the value in quotes",
		}},
		{"KindIsKnown", demo().with(files{"templates/demo.yml": strings.Replace(template, "SpringCloudDeployerApplication", "Deployment", 1)}), []string{
			"templates/demo.yml:2: error: No release manager available for 'Deployment'",
		}},
		{"KindIsMissing", demo().with(files{"templates/demo.yml": "a: b\n"}), []string{
			"templates/demo.yml:1: error: Document 1 of the manifest has no kind; every document must be an application",
		}},
		{"KindsDoNotMix", demo().with(files{"templates/two.yml": "kind: CloudFoundryApplication\nspec: {resource: 'maven:a:b'}\n"}), []string{
			"templates/two.yml:1: error: Document 2 of the manifest is of the kind 'CloudFoundryApplication', which cannot stand beside the others",
		}},
		{"EmptyDocument", demo().with(files{"templates/demo.yml": template + "---\n"}), []string{
			"templates/demo.yml:12: error: Can't parse manifest, it is empty",
		}},
		{"NothingToDeploy", demo().with(files{"templates/demo.yml": "-"}), []string{
			"PACKAGE: error: the package deploys nothing: it has no template that renders to an application",
		}},
		{"NoMetadataInTheApplication", demo().with(files{"templates/demo.yml": "kind: SpringCloudDeployerApplication\nspec: {}\n"}), []string{
			"templates/demo.yml:1: error: SpringCloudDeployerApplication must define 'metadata'",
		}},
		{"EveryWrongShape", demo().with(files{"templates/demo.yml": "kind: SpringCloudDeployerApplication\nmetadata:\n  type: [a]\nspec:\n  version: {}\n  applicationProperties:\n    x: {a: b}\n    y: c\n    z: [d]\n"}), []string{
			"templates/demo.yml:1: error: Could not load Resource null. Message = Spec resource must not be empty",
			"templates/demo.yml:1: error: SpringCloudDeployerApplicationManifest must define a 'name' property in the metadata",
			"templates/demo.yml:3: error: metadata.type is a list; it must be text",
			"templates/demo.yml:5: error: spec.version is a map; it must be text",
			"templates/demo.yml:7: error: spec.applicationProperties.x is a map; it must be text",
			"templates/demo.yml:9: error: spec.applicationProperties.z is a list; it must be text",
		}},
		{"ResourceIsEmpty", demo().with(files{"values.yml": strings.Replace(values, "maven://org.example:demo", `""`, 1)}), []string{
			"templates/demo.yml:1: error: Could not load Resource . Message = Spec resource must not be empty",
		}},
		{"ResourceHasNoScheme", demo().with(files{"values.yml": strings.Replace(values, "maven://org.example:demo", "demo.jar", 1)}), []string{
			"templates/demo.yml:6: warning: no platform can read the resource 'demo.jar'; a location begins with docker:, file:, http:, https: or maven:",
		}},
		{"OneNameTwice", demo().with(files{"templates/second.yml": template}), []string{
			"templates/second.yml:1: warning: there is an application 'demo' already, in templates/demo.yml line 1; both get the same deployment",
		}},
		{"ValuesThatArriveAsOthers", demo().with(files{
			"templates/demo.yml": strings.NewReplacer(`"{{{spec.version}}}"`, "{{spec.version}}", `"{{{value}}}"`, `{{value}}`).Replace(template),
			"values.yml":         strings.Replace(values, "1.0.0", "1.10", 1) + "    c: d=e\n    f: \"010\"\n    g: plain\n    h: 'x #y'\n    i: \"2020-01-01\"\n",
		}), []string{
			`templates/demo.yml:7: warning: 'spec.version' is "1.10" and arrives as "1.1"; write "{{{spec.version}}}", with quotes and three braces`,
			`templates/demo.yml:10: warning: 'value' of the entry 'c' is "d=e" and arrives as "d&#x3D;e"; write "{{{value}}}", with quotes and three braces`,
			`templates/demo.yml:10: warning: 'value' of the entry 'f' is "010" and arrives as "8"; write "{{{value}}}", with quotes and three braces`,
			`templates/demo.yml:10: warning: 'value' of the entry 'h' is "x #y" and arrives as "x"; write "{{{value}}}", with quotes and three braces`,
			`templates/demo.yml:10: warning: 'value' of the entry 'i' is "2020-01-01" and arrives as "2020-01-01T00:00:00Z"; write "{{{value}}}", with quotes and three braces`,
		}},
		{"ValuesThatAreReadAsOthers", demo().with(files{"values.yml": values + "    b: 010\n    c: [yes, True, 1.50, 7, ~, \"010\"]\n    d: 12:30\n    e: !!str 010\n    f: 2020-01-01\n    g: +5\n"}), []string{
			"values.yml:8: warning: 'spec.applicationProperties.b' is written 010 and read as 8; put it in quotes if it is meant as text",
			"values.yml:9: warning: 'spec.applicationProperties.c.[0]' is written yes and read as true; put it in quotes if it is meant as text",
			"values.yml:9: warning: 'spec.applicationProperties.c.[2]' is written 1.50 and read as 1.5; put it in quotes if it is meant as text",
			"values.yml:10: warning: 'spec.applicationProperties.d' is written 12:30 and read as 750; put it in quotes if it is meant as text",
			"values.yml:12: warning: 'spec.applicationProperties.f' is written 2020-01-01 and read as Wed Jan 01 00:00:00 UTC 2020; put it in quotes if it is meant as text",
			"values.yml:13: warning: 'spec.applicationProperties.g' is written +5 and read as 5; put it in quotes if it is meant as text",
		}},
		{"FaultsOfDependencies", parent().with(files{
			"packages/log/package.yml": "version: 1\nkind: a\n", "packages/time/values.yml": "metadata: {}\n", "packages/time/templates/time.yml": "{{metadata.name}} {{hello}}\n",
			"values.yml": "log:\n  spec: {version: 2.0.0}\nhello: world\nextra:\n  a: b\n",
		}), []string{
			"packages/log/package.yml: error: the key 'name' is missing",
			"packages/time/templates/time.yml:1: error: there is no value for 'hello'; a dependency sees nothing but the values that are given below its name",
			"packages/time/templates/time.yml:1: error: there is no value for 'metadata.name'; a dependency sees nothing but the values that are given below its name",
		}},
		{"ValuesOfDependencies", parent().with(files{
			"packages/time/values.yml": "metadata: {}\n", "packages/time/templates/time.yml": "{{metadata.name}} {{hello}}\n",
			"values.yml": "log:\n  spec: {version: 2.0.0}\nhello: world\nextra:\n  a: b\n",
		}), []string{
			"packages/time/templates/time.yml:1: error: there is no value for 'hello'; a dependency sees nothing but the values that are given below its name",
			"packages/time/templates/time.yml:1: error: there is no value for 'metadata.name'; a dependency sees nothing but the values that are given below its name",
			"values.yml:4: warning: 'extra' has no effect: packages with dependencies lose values that are maps, unless they are named like a dependency",
		}},
		{"DependencyWithoutAMap", parent().with(files{"values.yml": "log: text\n"}), []string{
			"values.yml:1:6: error: key 'log': this is the name of a dependency, so it must be a map of values for it, not text",
		}},
		{"FolderOfADependencyHasAnotherName", files{
			"package.yml": metadata, "packages/folder/package.yml": named("log"), "packages/folder/templates/x.yaml": "{{a}}\n",
			"packages/folder/values.yaml": "a: [\n",
		}, []string{
			"packages/folder/values.yaml:1:4: error: a value must stand here",
		}},
		{"AllPartsAtOnce", files{
			"package.yml": strings.Replace(metadata, "1.0.0", "one", 1), "values.yml": "a: b: c\n", "templates/t.yml": "{{#a}}",
		}, []string{
			"package.yml:4: error: 'one' is no semantic version, which has three numbers: 1.0.0, 1.0.0-RC1",
			"templates/t.yml:1: error: the section 'a' has no end",
			"values.yml:1:5: error: there cannot be a second ': '; put the value in quotes",
		}},
		{"HiddenFilesAreNoPart", demo().with(files{".git/config.yml": "x", ".DS_Store": "x", "demo-1.0.0.zip": "x"}), nil},
	} {
		t.Run(row.rule, func(t *testing.T) {
			wantFindings(t, MustFolder(t, row.files), authoring.LintOptions{}, row.want...)
		})
	}
}

func TestLintZip(t *testing.T) {
	for _, row := range []struct {
		rule  string
		name  string
		files files
		want  []string
	}{
		{"Clean", "demo-1.0.0.zip", demo().below("demo-1.0.0"), nil},
		{"JunkBeside", "demo-1.0.0.zip", demo().below("demo-1.0.0").with(files{"__MACOSX/x": "", "readme.txt": ""}), nil},
		{"FileName", "demo.zip", demo().below("demo-1.0.0"), []string{
			"PACKAGE: warning: the file should be called demo-1.0.0.zip: other programs read name and version from it",
		}},
		{"TopFolder", "demo-1.0.0.zip", demo().below("demo"), []string{
			"PACKAGE: error: the folder in the archive is called 'demo', but it must be 'demo-1.0.0', as its package.yml says",
		}},
		{"NoTopFolder", "demo-1.0.0.zip", demo(), []string{
			"PACKAGE: error: The package file has no folder with a package.yml",
		}},
		{"EveryEntry", "demo-1.0.0.zip", demo().below("demo-1.0.0").with(files{"../x": "", "demo-1.0.0/a\\b": ""}), []string{
			"../x: error: the entry is trying to leave the folder of the package",
			"a\\b: error: the entry has a backslash in its name; folders are separated by '/'",
		}},
		{"BrokenMetadata", "demo-1.0.0.zip", demo().with(files{"package.yml": "name: [\n"}).below("demo-1.0.0"), []string{
			"package.yml:1: error: the file is no YAML: did not find expected node content",
		}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			wantFindings(t, MustZip(t, row.name, row.files), authoring.LintOptions{}, row.want...)
		})
	}
	t.Run("NoZip", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "x.zip")
		if err := os.WriteFile(path, []byte("no zip"), 0o600); err != nil {
			t.Fatal(err)
		}
		wantFindings(t, path, authoring.LintOptions{}, "PACKAGE: error: The package file is not a readable zip archive")
	})
}

func TestLintOverrides(t *testing.T) {
	for _, row := range []struct {
		rule   string
		values string
		want   []string
	}{
		{"TheyFillWhatIsMissing", "spec:\n  resource: file:x\n", nil},
		{"TheyCount", "spec:\n  resource: x\n", []string{
			"templates/demo.yml:6: warning: no platform can read the resource 'x'; a location begins with docker:, file:, http:, https: or maven:",
		}},
		{"NoYAML", "spec: {\n", []string{"up.yml:1:7: error: a value must stand here"}},
		{"NoMap", "- a\n", []string{
			"up.yml: error: Was expecting override values to produce a Map, instead got class = class java.util.ArrayListoverrideValues.getRaw() = - a\n",
		}},
		{"KeysAreText", "spec:\n  resource: file:x\n1: 2\n", []string{
			"up.yml:3:1: error: key '1': the key is a number; put it in quotes, only text can be a key",
		}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := demo().with(files{"values.yml": strings.Replace(values, "  resource: maven://org.example:demo\n", "", 1)})
			wantFindings(t, MustFolder(t, f), authoring.LintOptions{Values: &row.values, ValuesFile: "up.yml"}, row.want...)
		})
	}
}

func TestLintOfNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	if _, err := authoring.Lint(path, authoring.LintOptions{}); err == nil || err.Error() != path+" does not exist" {
		t.Errorf("got %v", err)
	}
}

func TestLintRefusesLinks(t *testing.T) {
	dir := MustFolder(t, demo())
	if err := os.Symlink("demo.yml", filepath.Join(dir, "templates", "link.yml")); err != nil {
		t.Fatal(err)
	}
	wantFindings(t, dir, authoring.LintOptions{}, "templates/link.yml: error: it is neither a file nor a folder; links cannot be packed")
}
