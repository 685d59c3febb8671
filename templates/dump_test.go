package templates

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustDocuments(tb testing.TB, text string) []*value {
	tb.Helper()
	docs, err := readDocuments(text)
	if err != nil {
		tb.Fatal(err)
	}
	return docs
}

// The form of manifests, byte for byte (spec/packages.md §4).
func TestDumpManifest(t *testing.T) {
	long := strings.Repeat("k", 122)
	for _, row := range []struct{ rule, source, want string }{
		{"nothing", "", ""},
		{"comments alone are nothing", "# one\n", ""},
		{"scalars become quoted text", "a: 1\nb: 1.10\nc: on\nd: text\n", "\"a\": \"1\"\n\"b\": \"1.1\"\n\"c\": \"true\"\n\"d\": \"text\"\n"},
		{"null", "a:\nb: ~\n", "\"a\": !!null \"null\"\n\"b\": !!null \"null\"\n"},
		{"infinities", "a: [.inf, -.inf, .nan]", "\"a\":\n- \".inf\"\n- \"-.inf\"\n- \".NaN\"\n"},
		{
			"maps are indented, lists are not", "a:\n  b:\n    c: [d, {e: f, g: h}]\n",
			"\"a\":\n  \"b\":\n    \"c\":\n    - \"d\"\n    - \"e\": \"f\"\n      \"g\": \"h\"\n",
		},
		{"lists in lists", "- - a\n  - b\n- [c, [d]]\n", "- - \"a\"\n  - \"b\"\n- - \"c\"\n  - - \"d\"\n"},
		{
			"empty collections", "a: []\nb:\n  c: {}\nd: [[], {}]\n",
			"\"a\": [\n  ]\n\"b\":\n  \"c\": {\n    }\n\"d\":\n- [\n  ]\n- {\n  }\n",
		},
		{"an empty map alone", "{}", "{\n  }\n"},
		{"documents", "a: 1\n---\nb: 2\n...\n---\n- c\n", "\"a\": \"1\"\n---\n\"b\": \"2\"\n---\n- \"c\"\n"},
		{"empty documents", "---\n---\na: 1\n---\n", "!!null \"null\"\n---\n\"a\": \"1\"\n--- !!null \"null\"\n"},
		{"documents of one scalar", "word\n--- 5\n--- 2020-01-01\n", "\"word\"\n--- \"5\"\n--- 2020-01-01T00:00:00Z\n"},
		{
			"dates are plain", "a: 2020-01-01\n2020-01-02: b\nc: [2020-01-03, d]\n",
			"\"a\": 2020-01-01T00:00:00Z\n2020-01-02T00:00:00Z: \"b\"\n\"c\":\n- 2020-01-03T00:00:00Z\n- \"d\"\n",
		},
		{
			"lists of dates alone are in flow style", "x: {a: [2020-01-01, 2020-01-02], b: [[2020-01-03], e]}\n",
			"\"x\":\n  \"a\": [\n    !!timestamp '2020-01-01T00:00:00Z',\n    !!timestamp '2020-01-02T00:00:00Z'\n  ]\n" +
				"  \"b\":\n  - [\n    !!timestamp '2020-01-03T00:00:00Z'\n  ]\n  - \"e\"\n",
		},
		{
			"maps of dates to dates as well", "a: {2020-01-01: 2020-01-02, 2020-01-03: 2020-01-04}\nb: {2020-01-01: c}\n",
			"\"a\": {\n  !!timestamp '2020-01-01T00:00:00Z': !!timestamp '2020-01-02T00:00:00Z',\n" +
				"  !!timestamp '2020-01-03T00:00:00Z': !!timestamp '2020-01-04T00:00:00Z'\n}\n\"b\":\n  2020-01-01T00:00:00Z: \"c\"\n",
		},
		{"a document of dates alone", "[2020-01-01]", "[\n  !!timestamp '2020-01-01T00:00:00Z'\n]\n"},
		{"escapes", `a: "\t\r\n\"\\\_\N\L\P\u00e9\U0001F600\uFEFF"`, "\"a\": \"\\t\\r\\n\\\"\\\\\\_\\N\\L\\Pé😀\ufeff\"\n"},
		{"what YAML cannot hold is binary", `a: "x\0y"`, "\"a\": !!binary |-\n  eAB5\n"},
		{"binary in a list in a map", `a: {b: ["\e", c]}`, "\"a\":\n  \"b\":\n  - !!binary |-\n    Gw==\n  - \"c\"\n"},
		{"binary alone", `"\e"`, "!!binary |-\n  Gw==\n"},
		{"empty binary", `a: !!binary ""`, "\"a\": !!binary \"\"\n"},
		{"a binary key", `"\e": a`, "!!binary \"Gw==\": \"a\"\n"},
		{"keys of other kinds", "1: a\nyes: b\n~: c\n1.50: d\n", "\"1\": \"a\"\n\"true\": \"b\"\n!!null \"null\": \"c\"\n\"1.5\": \"d\"\n"},
		{"a long key", long + ": a\n" + long + "k: b\n", "\"" + long + "\": \"a\"\n? \"" + long + "k\"\n: \"b\"\n"},
		{"keys of several lines, and empty", "\"a\\nb\": c\n'': d\n", "? \"a\\nb\"\n: \"c\"\n? \"\"\n: \"d\"\n"},
		{"a key with a carriage return", "\"a\\rb\": c\n", "\"a\\rb\": \"c\"\n"},
		{"a map behind a long key", "a:\n  '': {b: c, d: [e]}\n", "\"a\":\n  ? \"\"\n  : \"b\": \"c\"\n    \"d\":\n    - \"e\"\n"},
		{"a list behind a long key", "'': [a, b]\n", "? \"\"\n: - \"a\"\n  - \"b\"\n"},
		{"a list as a key", "? [a, b]\n: c\n", "? - \"a\"\n  - \"b\"\n: \"c\"\n"},
		{"a set", "a: !!set {b, c}\nd: !!set {}\n", "\"a\": !!set\n  \"b\": !!null \"null\"\n  \"c\": !!null \"null\"\n\"d\": !!set {\n  }\n"},
		{
			"aliases of collections stay", "a: &x {b: c}\nd: *x\ne: &y [f]\ng: [*y, *x]\n",
			"\"a\": &id001\n  \"b\": \"c\"\n\"d\": *id001\n\"e\": &id002\n- \"f\"\n\"g\":\n- *id002\n- *id001\n",
		},
		{
			"aliases are numbered at their second meeting", "a: &a [1]\nb: &b {c: *a}\nd: *b\n",
			"\"a\": &id001\n- \"1\"\n\"b\": &id002\n  \"c\": *id001\n\"d\": *id002\n",
		},
		{
			"numbers go on over documents", "a: &a [1]\nb: *a\n---\nc: &a [2]\nd: *a\n",
			"\"a\": &id001\n- \"1\"\n\"b\": *id001\n---\n\"c\": &id002\n- \"2\"\n\"d\": *id002\n",
		},
		{
			"aliases of scalars are written out", "a: &a b\nc: *a\nd: &d 2020-01-01\ne: *d\n",
			"\"a\": \"b\"\n\"c\": \"b\"\n\"d\": 2020-01-01T00:00:00Z\n\"e\": 2020-01-01T00:00:00Z\n",
		},
		{"anchored elements of lists", "- &a {b: c}\n- *a\n- &d [e]\n- *d\n", "- &id001\n  \"b\": \"c\"\n- *id001\n- &id002\n  - \"e\"\n- *id002\n"},
		{
			"merge keys expand in their place", "x: &x {a: 1, b: 2}\ny: {c: 0, <<: *x, b: 3, d: 4}\n",
			"\"x\":\n  \"a\": \"1\"\n  \"b\": \"2\"\n\"y\":\n  \"c\": \"0\"\n  \"a\": \"1\"\n  \"b\": \"3\"\n  \"d\": \"4\"\n",
		},
		{"an own key before the merge key stays", "y: {b: 3, <<: {a: 1, b: 2}}\n", "\"y\":\n  \"b\": \"3\"\n  \"a\": \"1\"\n"},
		{"merged collections are aliases", "x: &x {a: [1]}\ny: {<<: *x}\n", "\"x\":\n  \"a\": &id001\n  - \"1\"\n\"y\":\n  \"a\": *id001\n"},
		{"of duplicate keys with a merge key", "x: &x {a: 1, b: 2}\ny: {b: 0, <<: *x, a: 3, b: 4, c: 5, b: 6}\n", "\"x\":\n  \"a\": \"1\"\n  \"b\": \"2\"\n\"y\":\n  \"a\": \"3\"\n  \"b\": \"6\"\n  \"c\": \"5\"\n"},
		{"many duplicate keys", strings.Repeat("a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n", 4) + "b: 9\n", "\"a\": \"1\"\n\"c\": \"3\"\n\"d\": \"4\"\n\"e\": \"5\"\n\"b\": \"9\"\n"},
		{"a colon within brackets", "{x:: a, y: [b:]}\n", "\"x:\": \"a\"\n\"y\":\n- \"b\": !!null \"null\"\n"},
		{"a line of blanks behind a list of dates that ends a list", "a:\n  - - [2020-01-01]\n  - b\n", "\"a\":\n- - [\n    !!timestamp '2020-01-01T00:00:00Z'\n  ]\n  \n- \"b\"\n"},
		{"of duplicate keys the last", "a: 1\nb: 2\na: 3\n", "\"b\": \"2\"\n\"a\": \"3\"\n"},
		{"an ordered map", "a: !!omap [b: 1, c: 2]\n", "\"a\":\n  \"b\": \"1\"\n  \"c\": \"2\"\n"},
		{"pairs", "a: !!pairs [b: 1, b: 2]\n", "\"a\":\n- - \"b\"\n  - \"1\"\n- - \"b\"\n  - \"2\"\n"},
		{"an anchor with signs", "a: &#x3D;x\nb: &#x3D;y [c]\nd: *#x3D;y\n", "\"a\": !!null \"null\"\n\"b\": &id001\n- \"c\"\n\"d\": *id001\n"},
		{"YAML 1.1 line breaks", "a: \"b\u0085c\u2028d\"\n", "\"a\": \"b c\\Ld\"\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got := dumpManifest(mustDocuments(t, row.source))
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, got)
			}
			if again := dumpManifest(mustDocuments(t, got)); again != got {
				t.Errorf("read again it is\n%s", again)
			}
		})
	}
}

// The form of stored values (spec/packages.md §5.6).
func TestDumpValues(t *testing.T) {
	words := strings.TrimSuffix(strings.Repeat("word ", 20), " ")
	for _, row := range []struct{ rule, source, want string }{
		{"plain text", "a: b\nc.d: e f\n", "a: b\nc.d: e f\n"},
		{
			"text that would be read as another kind", "a: '1'\nb: 'yes'\nc: '~'\nd: ''\ne: '1.0'\nf: '12:30'\ng: '2020-01-01'\nh: '<<'\n",
			"a: '1'\nb: 'yes'\nc: '~'\nd: ''\ne: '1.0'\nf: '12:30'\ng: '2020-01-01'\nh: '<<'\n",
		},
		{
			"the other kinds", "a: 0x10\nb: yes\nc: ~\nd: 1e3\ne: 2020-01-01\nf: .inf\n",
			"a: 16\nb: true\nc: null\nd: 1000.0\ne: 2020-01-01T00:00:00Z\nf: .inf\n",
		},
		{
			"signs", "a: '#z'\nb: 'x: y'\nc: 'x #y'\nd: '- x'\ne: '-x'\nf: 'it''s'\ng: '''q'\nh: '{x}'\ni: 'x{y}'\nj: 'x:y'\nk: 'x:'\n",
			"a: '#z'\nb: 'x: y'\nc: 'x #y'\nd: '- x'\ne: -x\nf: it's\ng: '''q'\nh: '{x}'\ni: x{y}\nj: x:y\nk: 'x:'\n",
		},
		{"text of digits that begins with a zero", "a: 089\nb: '0_'\nc: '+08'\nd: 08x\n09: [018]\n", "a: '089'\nb: '0_'\nc: +08\nd: 08x\n'09':\n- '018'\n"},
		{"blanks at the ends", "a: ' b'\nc: 'd '\n", "a: ' b'\nc: 'd '\n"},
		{"several lines", "a: \"b\\nc\"\nd: \"e\\n\"\nf: \"g\\n\\n\"\nh: \" i\\nj\"\n", "a: |-\n  b\n  c\nd: |\n  e\nf: |+\n  g\n\nh: |2-\n   i\n  j\n"},
		{"what needs escapes", "a: \"b\\tc\"\nd: \"e \\nf\"\n", "a: \"b\\tc\"\nd: \"e \\nf\"\n"},
		{"lists and empty collections", "a: [b, {c: d}, [e]]\nf: []\ng: {}\n", "a:\n- b\n- c: d\n- - e\nf: []\ng: {}\n"},
		{
			"long text is folded at blanks", "a: " + words + "\nb: '# " + words + "'\n",
			"a: " + strings.Repeat("word ", 15) + "word\n  word word word word\n" +
				"b: '# " + strings.Repeat("word ", 15) + "word\n  word word word word'\n",
		},
		{
			"quoted text is broken behind escapes as well", "a: \"" + strings.Repeat("word ", 15) + "wor\\t\\t\\td x\\ty z\"\n",
			"a: \"" + strings.Repeat("word ", 15) + "wor\\t\\\n  \\t\\td x\\ty z\"\n",
		},
		{"sharing stays", "a: &a {b: c}\nd: *a\n", "a: &id001\n  b: c\nd: *id001\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			docs := mustDocuments(t, row.source)
			got := dumpValues(docs[0])
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, got)
			}
			if again := mustDocuments(t, got)[0]; again.identity() != docs[0].identity() {
				t.Errorf("read again it is\n%s", dumpValues(again))
			}
		})
	}
}
