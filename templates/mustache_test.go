package templates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func mustModel(tb testing.TB, values string) *scope {
	tb.Helper()
	docs := mustDocuments(tb, values)
	if len(docs) == 0 {
		return newScope(newMap(mapping{}))
	}
	return newScope(docs[0])
}

func renderText(tb testing.TB, template, values string) (string, error) {
	tb.Helper()
	c, err := compile(template)
	if err != nil {
		return "", err
	}
	return c.render(mustModel(tb, values), newBudget(len(template)+len(values)), nil)
}

// Names, sections and lines as JMustache has them (spec/packages.md §3.4).
func TestMustache(t *testing.T) {
	const abc = "abc: {a: 1, b: 2, c: 3}\nm: {a: inner, a.b: w, n: {c: three}}\na: one\nx.y: whole\nx: {y: parts}\nt: 'true'\n"
	for _, row := range []struct{ rule, template, want string }{
		{"text alone", "a {b} }} {", "a {b} }} {"},
		{"blanks around a name", "{{ a }}{{\n a\n}}", "oneone"},
		{"the whole dotted name comes first", "{{x.y}}", "whole"},
		{"a dotted key inside of its map", "{{#m}}{{a.b}}{{/m}}", "w"},
		{"a dot at the end does not count", "{{a.}} {{m.n.c.}}", "one three"},
		{"this with a path", "{{this.a}} {{#m}}{{this.n.c}}{{/m}}", "one three"},
		{"a map as text", "{{{m}}}", "{a=inner, a.b=w, n={c=three}}"},
		{"entries as text", "{{{abc.entrySet}}}", "[a=1, b=2, c=3]"},
		{"the length of text", "{{a.length}} {{#a}}{{length}}{{/a}}", "3 3"},
		{"first, last, index", "{{#abc.entrySet}}{{-index}}{{-first}}{{-last}} {{/abc.entrySet}}", "1truefalse 2falsefalse 3falsetrue "},
		{"an index outside of loops", "{{-index}}{{-first}}{{#-last}}x{{/-last}}", "0false"},
		{"the index goes on in sections", "{{#abc.entrySet}}{{#a}}{{-index}}{{/a}}{{/abc.entrySet}}", "123"},
		{"an inner loop has its own index", "{{#abc.entrySet}}{{#m.n.entrySet}}{{-index}}{{/m.n.entrySet}}{{-index}}{{/abc.entrySet}}", "111213"},
		{"outer names in a loop", "{{#abc.entrySet}}{{a}}{{key}}{{/abc.entrySet}}", "oneaonebonec"},
		{"an inverted section in a loop", "{{#abc.entrySet}}{{^-last}}{{key}},{{/-last}}{{#-last}}{{value}}{{/-last}}{{/abc.entrySet}}", "a,b,3"},
		{"a section of a missing name in a rendered one", "{{#a}}{{#nope}}{{nothing}}{{/nope}}{{^nope}}{{a}}{{/nope}}{{/a}}", "one"},
		{"a section twice", "{{#a}}1{{/a}}{{#a}}2{{.}}{{/a}}", "12one"},
		{"delimiters of two signs", "{{=<% %>=}}<%a%><%& a %>{{a}}<%={{ }}=%>{{a}}", "oneone{{a}}one"},
		{"braces touch other delimiters", "{{=<% %>=}}{<%a%>}{{<%a%>}}", "{one}{{one}}"},
		{"three braces are two and one with other delimiters", "{{=[ ]=}}[&a]", "one"},
		{"comments", "{{!}}{{! {{ }}{{!\nx\n}}a", "a"},
		{"a standalone comment", " {{! x }} \nb", "b"},
		{"a standalone section", "a\n  {{#t}}\n  b\n  {{/t}}\nc\n", "a\n  b\nc\n"},
		{"a standalone section with form feeds", "a\n\f{{#t}}\f\nb\n\f{{/t}} \nc", "a\nb\nc"},
		{"standalone tags one after the other", "{{#t}}\n{{! x }}\n{{/t}}\n", ""},
		{"two tags on a line stay", "{{#t}} {{/t}}\nb", " \nb"},
		{"a variable alone stays", "a\n {{t}} \nb", "a\n true \nb"},
		{"a comment at the end without a line break", "a\n{{! x }}", "a\n"},
		{"blanks behind the last tag stay", "{{#t}}\na\n{{/t}}  ", "a\n  "},
		{"carriage returns", "a\r\n{{#t}}\r\nb\r\n{{/t}}\r\nc", "a\r\nb\r\nc"},
		{"a line with other delimiters goes", "a\n {{=| |=}} \n|a|", "a\none"},
		{"an open tag at the end is text", "x{{a", "x{{a"},
		{"an open tag before another is text", "{{foo {{a}}{{b {a}}", "{{foo one{{b {a}}"},
		{"a brace more", "{{a}}}{{{a}}}}", "one}one}"},
		{"the library's signs are text", "\x01&n0\x02{{a}}\x01\x02", "\x01&n0\x02one\x01\x02"},
		{"a partial that is not rendered", "{{#nope}}{{>x}}{{/nope}}{{^a}}{{>y}}{{/a}}", ""},
		{"escapes", "{{#h}}{{.}}{{/h}}{{{h}}}", "&lt;&amp;&#39;&quot;&#x60;&#x3D;&gt;/<&'\"`=>/"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := renderText(t, row.template, abc+"h: |-\n  <&'\"`=>/\n")
			if err != nil || got != row.want {
				t.Errorf("got %q, %v, want %q", got, err, row.want)
			}
		})
	}
}

func TestMustacheRefusals(t *testing.T) {
	for _, row := range []struct{ rule, template, want string }{
		{"a missing name", "\n{{nope}}", "line 2: there is no value for 'nope'"},
		{"a missing first part", "{{nope.a}}", "line 1: there is no value for 'nope.a': 'nope' is not there"},
		{"a missing middle part", "{{m.nope.a}}", "line 1: there is no value for 'm.nope.a': 'm.nope' is not there"},
		{"a missing last part", "{{m.b}}", "line 1: there is no value for 'm.b'"},
		{"a dot first", "{{.a}}", "line 1: there is no value for '.a'"},
		{"two dots", "{{m..a}}", "line 1: there is no value for 'm..a'"},
		{"dots alone", "{{..}}", "line 1: there is no value for '..'"},
		{"a missing name in a loop", "{{#m.entrySet}}{{nope}}{{/m.entrySet}}", "line 1: there is no value for 'nope'"},
		{"the size of a map", "{{m.size}}", "line 1: there is no value for 'm.size'"},
		{"an empty tag", "{{}}", "line 1: the tag is empty"},
		{"a blank tag", "{{ }}", "line 1: the tag is empty"},
		{"three braces and two", "{{{a}} }", "line 1: the tag {{{a}} must end with three braces"},
		{"a name of two lines", "{{a\nb}}", `line 2: the name of a tag has a line break: "a\nb"`},
		{"no section end", "{{#a}}\n{{#b}}{{/b}}", "line 1: the section 'a' has no end"},
		{"no section beginning", "{{/a}}", "line 1: the section end 'a' has no beginning"},
		{"crossed sections", "{{#a}}\n{{^b}}\n{{/a}}{{/b}}", "line 3: the section end 'a' does not fit the section 'b' of line 2"},
		{"a partial", "{{#a}}\n{{>x}}{{/a}}", "line 2: Partials are not supported: {{>x}}"},
		{"a wrong delimiter", "{{=a=}}", "line 1: delimiters are changed like {{=<% %>=}}, with one or two signs on each side, not by {{=a=}}"},
		{"a long delimiter", "{{=<%% %>=}}", "line 1: delimiters are changed like {{=<% %>=}}, with one or two signs on each side, not by {{=<%% %>=}}"},
		{"half a delimiter", "{{=}}", "line 1: delimiters are changed like {{=<% %>=}}, with one or two signs on each side, not by {{=}}"},
		{"deep sections", strings.Repeat("{{#a}}", 201) + strings.Repeat("{{/a}}", 201), "line 1: sections are nested more than 200 levels deep"},
		{
			"loops in loops in loops", strings.Repeat("{{#entrySet}}", 40) + "x" + strings.Repeat("{{/entrySet}}", 40),
			"line 1: it renders to far more than its input; loops inside of loops do that",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, err := renderText(t, row.template, "a: one\nb: two\nm: {a: inner}\n")
			if err == nil || err.Error() != row.want {
				t.Errorf("got %q, %v\nwant %s", got, err, row.want)
			}
		})
	}
}

// No partial is ever read from a file, executed or not.
func TestPartialsReadNoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.mustache")
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, strings.TrimSuffix(file, ".mustache"), "/etc/hostname", "mustache_test.go", "../go.mod"} {
		got, err := renderText(t, "{{>"+name+"}}", "a: one")
		if err == nil || !strings.Contains(err.Error(), "Partials are not supported") || got != "" {
			t.Errorf("%s gives %q, %v", name, got, err)
		}
		got, err = renderText(t, "x{{#nope}}{{>"+name+"}}{{/nope}}", "a: one")
		if err != nil || got != "x" {
			t.Errorf("%s gives %q, %v", name, got, err)
		}
	}
	if text, err := (noPartials{}).Get(file); err == nil || text != "" {
		t.Errorf("the provider gives %q, %v", text, err)
	}
}

func TestBackslashes(t *testing.T) {
	for in, want := range map[string]string{
		`C:\tmp\q\d+`: `C:\tmp\\q\\d+`, `\\server\share`: `\\server\\share`, `a\\d`: `a\\d`, `\d`: `\\d`, `\.`: `\\.`,
		`end\`: `end\\`, `a\ b`: `a\ b`, `a\"b`: `a\"b`, `\_`: `\_`, `\\\d`: `\\\d`, "a\\\nb": "a\\\nb", `\/`: `\\/`, ``: ``,
	} {
		if got := doubleBackslashes(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestTemplatesAreCompiledOnce(t *testing.T) {
	var k cache
	a, err := k.compile("{{a}}")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := k.compile("{{a}}"); a != b {
		t.Error("compiled again")
	}
	for i := range 3 {
		big := strings.Repeat("x", maxCached/16) + strings.Repeat("y", i)
		if _, err := k.compile(big); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 40 {
		if _, err := k.compile(strings.Repeat("x", maxCached/20+i)); err != nil {
			t.Fatal(err)
		}
		if k.bytes > maxCached {
			t.Fatalf("%d bytes are kept", k.bytes)
		}
	}
}
