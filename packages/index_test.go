package packages

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func TestDocuments(t *testing.T) {
	for _, row := range []struct {
		rule, text string
		want       []string
	}{
		{"nothing", "", []string{""}},
		{"one without a marker", "a: b\n", []string{"a: b\n"}},
		{"one with a marker", "---\na: b\n", []string{"---\na: b\n"}},
		{"two", "---\na: b\n---\nc: d\n", []string{"---\na: b\n", "---\nc: d\n"}},
		{"the first without a marker", "a: b\n---\nc: d", []string{"a: b\n", "---\nc: d"}},
		{"a marker with text, and CRLF", "a: b\r\n---\r\nc: d\r\n--- e\n", []string{"a: b\r\n", "---\r\nc: d\r\n", "--- e\n"}},
		{"more dashes are no marker", "a: b\n----\n---x\n", []string{"a: b\n----\n---x\n"}},
		{"an indented one is text", "a: |\n  ---\n", []string{"a: |\n  ---\n"}},
		{"a marker at the end", "a: b\n---", []string{"a: b\n", "---"}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var got []string
			for d := range documents([]byte(row.text)) {
				got = append(got, string(d))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
			for range documents([]byte(row.text)) {
				break // a reader may stop
			}
		})
	}
}

func TestParseIndex(t *testing.T) {
	const whole = "apiVersion: v1\nkind: k\nname: log\nversion: 1.0\n"
	log := purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "log", Version: "1.0"}
	with := func(change func(*purser.PackageMetadata)) []purser.PackageMetadata {
		m := log
		change(&m)
		return []purser.PackageMetadata{m}
	}
	for _, row := range []struct {
		rule, text string
		want       []purser.PackageMetadata
		ignored    []string
	}{
		{"an empty index", "", nil, nil},
		{"comments only", "# nothing\n---\n# here\n", nil, nil},
		{"texts are kept as they are written", whole, []purser.PackageMetadata{log}, nil},
		{"directives and markers", "%YAML 1.1\n---\n" + whole + "...\n", []purser.PackageMetadata{log}, nil},
		{"all of them", "---\n" + whole + "---\n" + strings.Replace(whole, "log", "time", 1), append(with(func(*purser.PackageMetadata) {}),
			with(func(m *purser.PackageMetadata) { m.Name = "time" })...), nil},
		{
			"optional texts", whole + "tags: a, b\ndescription: 010\nsha256: ff\n",
			with(func(m *purser.PackageMetadata) { m.Tags, m.Description, m.SHA256 = new("a, b"), new("010"), new("ff") }), nil,
		},
		{
			"null and nothing are absent, in quotes they are texts", whole + "tags: null\norigin: ~\ndescription:\nmaintainer: 'null'\niconUrl: ''\n",
			with(func(m *purser.PackageMetadata) { m.Maintainer, m.IconURL = new("null"), new("") }), nil,
		},
		{"unknown keys may hold anything", whole + "other: {a: [b]}\n", []purser.PackageMetadata{log}, nil},
		{"its own repository does not count", whole + "repositoryId: 7\nrepositoryName: x\n", []purser.PackageMetadata{log}, nil},
		{"a class as tag", "--- !!org.springframework.cloud.skipper.domain.PackageMetadata\n" + whole, []purser.PackageMetadata{log}, nil},
		{"a broken one does not take the others along", "a: [\n---\n" + whole + "---\n}\n", []purser.PackageMetadata{log}, []string{
			"index.yml, document in line 1 is no YAML: yaml: line 1: did not find expected node content",
			"index.yml, document in line 7 is no YAML: yaml: line 1: did not find expected node content",
		}},
		{"a list", "- a\n", nil, []string{"index.yml, document in line 1: a map of keys and texts was expected"}},
		{"a page", "<html>\n<body></body></html>\n", nil, []string{"index.yml, document in line 1: a map of keys and texts was expected"}},
		{"no version", strings.Replace(whole, "version: 1.0\n", "", 1), nil, []string{"index.yml, document in line 1 has no 'version'"}},
		{"no kind", "---\n" + strings.Replace(whole, "kind: k\n", "", 1), nil, []string{"index.yml, document in line 1 has no 'kind'"}},
		{"a list as a text", whole + "tags: [a]\n", nil, []string{"index.yml, document in line 1: the value of 'tags' is not a text"}},
		{
			"a name that climbs", strings.Replace(whole, "log", "../log", 1), nil,
			[]string{`index.yml, document in line 1: package "../log", version "1.0" has a name or version that is no file name`},
		},
		{
			"a version that climbs", strings.Replace(whole, "1.0", "/../1", 1), nil,
			[]string{`index.yml, document in line 1: package "log", version "/../1" has a name or version that is no file name`},
		},
		{
			"too long a text", whole + "origin: " + strings.Repeat("x", 256) + "\n", nil,
			[]string{"'origin' of index.yml, document in line 1 has 256 characters, the limit is 255"},
		},
		{
			"too long a document", whole + "description: " + strings.Repeat("x", 2000) + "\n---\n" + whole,
			[]purser.PackageMetadata{log},
			[]string{"index.yml, document in line 1: more than 2000 bytes"},
		},
		{
			"too many documents", strings.Repeat("---\n"+whole, 6), slices.Repeat([]purser.PackageMetadata{log}, 5),
			[]string{"index.yml line 26: more than 5 documents"},
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			listed, ignored := parseIndex([]byte(row.text), Limits{MetadataBytes: 2000, IndexEntries: 5}.withDefaults())
			if diff := cmp.Diff(row.want, listed); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
			var texts []string
			for _, err := range ignored {
				texts = append(texts, purser.ErrorMessage(err))
			}
			if diff := cmp.Diff(row.ignored, texts); diff != "" {
				t.Errorf("ignored (-want +got):\n%s", diff)
			}
		})
	}
}

func BenchmarkParseIndex(b *testing.B) {
	var index strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&index, "---\napiVersion: v1\nkind: k\nname: p%d\nversion: 1.0.%d\ndescription: some words\n", i, i)
	}
	data := []byte(index.String())
	for b.Loop() {
		if listed, ignored := parseIndex(data, Limits{}.withDefaults()); len(listed) != 1000 || ignored != nil {
			b.Fatal(len(listed), ignored)
		}
	}
}
