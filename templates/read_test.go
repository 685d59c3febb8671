package templates

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What cannot be read is refused with the place and the reason.
func TestReadRefusals(t *testing.T) {
	for _, row := range []struct{ rule, source, want string }{
		{"an open list", "a: [b\n", "line 1, column 5: the list lacks its ']', or a ','"},
		{"an open map", "a: {b\n", "line 1, column 5: the map lacks its '}', or a ','"},
		{"an open quote", "a: \"b\nc: d\n", "line 1, column 4: a quote is not closed"},
		{"wrong indentation", "q:\n  a: b\n c: d\n", "line 3, column 2: a key must stand here; look for a quote that ends too early, or for the indentation"},
		{"text behind a quote", "x: y\na: \"b\" c\n", "line 2, column 8: a key must stand here; look for a quote that ends too early, or for the indentation"},
		{"two colons", "a: b: c\n", "line 1, column 5: there cannot be a second ': '; put the value in quotes"},
		{"a tab as indentation", "q:\n\ta: b\n", "line 2, column 1: this sign cannot begin a value; put it in quotes, and indent with blanks, not with tabs"},
		{"a tab before a value", "q:\n  a:\tb\n", "line 2, column 6: a tab stands before it where only blanks may"},
		{"a percent sign", "a: %b\n", "line 1, column 4: this sign cannot begin a value; put it in quotes, and indent with blanks, not with tabs"},
		{"an escape that is none", `a: "b\/c"`, "line 1, column 6: there is no such escape in double quotes"},
		{"an escaped single quote", "a: \"b\\'c\"", `line 1, column 4: neither \' nor a backslash before a tab is an escape in double quotes`},
		{"a control character", "a: \"\x02\"", "line 1, column 5: control characters are not possible"},
		{"bytes that are no UTF-8", "a: b\nc: \xff\n", "line 2: it is not UTF-8"},
		{"a directive of version 2", "%YAML 2.0\n---\na: b\n", "line 1, column 9: found incompatible YAML document"},
		{"a list on the line of its key", "a: - b\n", "line 1, column 4: a list cannot begin on this line; put the value in quotes"},
		{"an unknown alias", "a: *b\n", "line 1, column 5: there is no anchor 'b' before this alias"},
		{"an alias inside of what it names", "a: &b [*b]\n", "line 1, column 8, key 'a.[0]': the alias 'b' stands inside what it names"},
		{"an unknown tag", "a:\n  b: !c d\n", "line 2, column 6, key 'a.b': the tag !c is not known here"},
		{"a tag of a class", "a: !!java.net.URL [x]\n", "line 1, column 4, key 'a': the tag !!java.net.URL is not known here"},
		{"a tag that does not fit", "a: [1, !!int b]\n", `line 1, column 8, key 'a.[1]': "b" is no integer`},
		{"a list tagged as a map", "a: !!map [b]\n", "line 1, column 4, key 'a': the tag !!map is not known here"},
		{"a map tagged as text", "a: !!str {b: c}\n", "line 1, column 4, key 'a': the tag !!str is not known here"},
		{"a merge key with text", "a:\n  <<: b\n", "line 2, column 7, key 'a': the merge key << needs a map or a list of maps, not text"},
		{"a merge key with a list of text", "a:\n  <<: [b]\n", "line 2, column 7, key 'a': the merge key << needs a map or a list of maps, not text"},
		{"a merge sign as a value", "a: <<\n", "line 1, column 4, key 'a': the merge sign << can only be a key"},
		{"a broken ordered map", "a: !!omap [b]\n", "line 1, column 4, key 'a': the elements of !!omap must be maps with one key"},
		{"broken pairs", "a: !!pairs [{b: c, d: e}]\n", "line 1, column 4, key 'a': the elements of !!pairs must be maps with one key"},
		{"text of dots only as a number", "a: ._\n", `line 1, column 4, key 'a': "._" is no number`},
		{
			"deep nesting", "a: " + strings.Repeat("[", 51) + strings.Repeat("]", 51),
			"line 1, column 54, key 'a" + brackets(50) + "': it is nested more than 50 levels deep",
		},
		{
			"many aliases", "a: &a [b]\nc: [" + strings.Repeat("*a, ", 51) + "d]\n",
			"line 2, column 205, key 'c.[50]': there are more than 50 aliases of lists and maps",
		},
		{"an anchor without a name", "a: &\n", "line 1, column 4: did not find expected alphabetic or numeric character"},
		{"an anchor with a dot", "a: &b.c d\n", "line 1, column 6: did not find expected alphabetic or numeric character"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			docs, err := readDocuments(row.source)
			if err == nil {
				t.Fatalf("read as %s", dumpManifest(docs))
			}
			if _, ok := errors.AsType[*yamlError](err); !ok || err.Error() != row.want {
				t.Errorf("got  %q\nwant %q", err, row.want)
			}
		})
	}
}

func brackets(n int) string {
	return strings.Repeat(".[0]", n)
}

func TestReadLimits(t *testing.T) {
	t.Run("as deep as the limit", func(t *testing.T) {
		mustDocuments(t, "a: "+strings.Repeat("[", 50)+strings.Repeat("]", 50))
	})
	t.Run("as many aliases as the limit", func(t *testing.T) {
		mustDocuments(t, "a: &a [b]\nc: ["+strings.Repeat("*a, ", 50)+"d]\n")
	})
	t.Run("aliases of scalars are not limited", func(t *testing.T) {
		mustDocuments(t, "a: &a b\nc: ["+strings.Repeat("*a, ", 500)+"d]\n")
	})
	t.Run("too many bytes", func(t *testing.T) {
		if _, err := readDocuments("a: " + strings.Repeat("b", maxYAMLBytes)); err == nil || !strings.Contains(err.Error(), "bytes") {
			t.Error(err)
		}
	})
	t.Run("many anchors with signs in a long text", func(t *testing.T) {
		text := strings.Repeat("a: b\n", 20_000) + strings.Repeat("c: &#x d\n", 100)
		if _, err := readDocuments(text); err == nil || !strings.Contains(err.Error(), "too many anchors") {
			t.Error(err)
		}
	})
	t.Run("aliases that explode", func(t *testing.T) {
		if _, err := readDocuments(bomb()); err == nil || !strings.Contains(err.Error(), "expand to far more") {
			t.Error(err)
		}
	})
}

// bomb is a text of a few lines whose aliases stand for millions of elements.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [xxxxxxxx, xxxxxxxx]\n")
	for i := 1; i < 25; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b.String()
}

// In a long text the fault is found as well.
func TestReadRefusalsOfLongTexts(t *testing.T) {
	doc := "kind: x\nlist:\n- a\n- b\n"
	for _, row := range []struct{ rule, source, want string }{
		{"in one of many documents", strings.Repeat(doc+"---\n", 1000) + "a: b: c\n---\n" + doc, "line 5001, column 5: there cannot be a second ': '; put the value in quotes"},
		{"in one long document", strings.Repeat("a: b\n", 5000) + "a: b: c\n", "line 5001: there cannot be a second ': '; put the value in quotes"},
		{"in its first line", "a: b: c\n" + strings.Repeat("a: b\n", 5000), "line 1: there cannot be a second ': '; put the value in quotes"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if _, err := readDocuments(row.source); err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

func TestReadEdges(t *testing.T) {
	for _, row := range []struct{ rule, source, want string }{
		{"a byte order mark", "\ufeffa: b\n", "\"a\": \"b\"\n"},
		{"a byte order mark inside", "a: \ufeffb\n\ufeffc: \ue000\n", "\"a\": \"\ufeffb\"\n\"\ufeffc\": \"\ue000\"\n"},
		{"carriage returns", "a: b\r\nc:\r\n  - d\r\n", "\"a\": \"b\"\n\"c\":\n- \"d\"\n"},
		{"a directive", "%YAML 1.1\n---\na: b\n", "\"a\": \"b\"\n"},
		{"a directive of another version", "%YAML 1.2\n---\na: b\n", "\"a\": \"b\"\n"},
		{"an unknown directive", "%FOO bar\n%YAML 1.1\n---\na: b\n", "\"a\": \"b\"\n"},
		{"keys before a bracket", "[a:, b: c, {d:}, \"e:\"]\n", "- \"a\": !!null \"null\"\n- \"b\": \"c\"\n- \"d\": !!null \"null\"\n- \"e:\"\n"},
		{"a directive for tags", "%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 010\n", "\"a\": \"010\"\n"},
		{"an exclamation mark alone", "a: ! 010\n", "\"a\": \"8\"\n"},
		{"a quoted merge sign", "'<<': a\n", "\"<<\": \"a\"\n"},
		{"quoted text over several lines", "a: \"b\n\n  c \\\n  d\"\n", "\"a\": \"b\\nc d\"\n"},
		{"quoted text that continues in the first column", "a: \"b\nc\"\nd: e\n", "\"a\": \"b c\"\n\"d\": \"e\"\n"},
		{"a tab inside of text", "a: b\tc\nd: \"e\tf\"\n", "\"a\": \"b\\tc\"\n\"d\": \"e\\tf\"\n"},
		{"a tab behind text", "a: b\t\nc: d\n", "\"a\": \"b\"\n\"c\": \"d\"\n"},
		{"an apostrophe in double quotes", "a: \"it's\" # \\'\n", "\"a\": \"it's\"\n"},
		{"JSON", `{"a": [1, true, null], "b": {"c": "\u0041"}}`, "\"a\":\n- \"1\"\n- \"true\"\n- !!null \"null\"\n\"b\":\n  \"c\": \"A\"\n"},
		{"an anchor with signs in a long text", strings.Repeat("a: b\n", 5000) + "a: \"x &#y\"\nc: [&#x3D;x b, *#x3D;x]\n", "\"a\": \"x &#y\"\n\"c\":\n- \"b\"\n- \"b\"\n"},
		{"Java's text of a map", "a: {b=1, c=d}\n", "\"a\":\n  \"b=1\": !!null \"null\"\n  \"c=d\": !!null \"null\"\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := dumpManifest(mustDocuments(t, row.source)); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}
