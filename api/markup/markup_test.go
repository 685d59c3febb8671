package markup_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"purser/api/markup"
)

func TestClean(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"plain text stays", "größer\tals\n1 🙂", "größer\tals\n1 🙂"},
		{"a Windows line end is a line end", "a\r\nb", "a\nb"},
		{"a lone return cannot overwrite the line", "safe\revil", "safe␍evil"},
		{"colours of terminals are seen", "\x1b[31mred", "␛[31mred"},
		{"zero and delete are seen", "a\x00b\x7f", "a␀b␡"},
		{"an override of the direction is seen", "txt.\u202efdp", "txt.⟨U+202E⟩fdp"},
		{"isolates are seen", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"},
		{"a letter that is not seen is seen", "ad\u200bmin", "ad⟨U+200B⟩min"},
		{"a line separator is no line", "a\u2028b", "a⟨U+2028⟩b"},
		{"controls of Latin 1 are seen", "a\u0085b", "a⟨U+0085⟩b"},
		{"what is no UTF-8 is replaced", "a\xffb", "a\ufffdb"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := markup.Clean(row.text); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestClip(t *testing.T) {
	for _, row := range []struct {
		rule, text string
		most       int
		cut        bool
	}{
		{"a short text stays", "a\nb\n", 4, false},
		{"a long line is cut and says so", strings.Repeat("x", 1<<20), markup.MaxLineBytes + 100, true},
		{"many lines are cut", strings.Repeat("\n", 10_000), markup.MaxLines, true},
		{"a long text is cut", strings.Repeat("0123456789\n", 1<<16), markup.MaxBytes, true},
		{"characters stay whole", strings.Repeat("🙂", 1<<18), markup.MaxLineBytes + 100, true},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got, cut := markup.Clip(row.text)
			if len(got) > row.most || cut != row.cut || !utf8.ValidString(got) {
				t.Errorf("%d bytes, cut: %v", len(got), cut)
			}
		})
	}
}

func TestMarks(t *testing.T) {
	yaml := func(text string) markup.Code { return markup.YAML(text) }
	json := func(text string) markup.Code { return markup.JSON([]byte(text)) }
	for _, row := range []struct {
		rule string
		f    func(string) markup.Code
		text string
		want string
	}{
		{"a key and its text", yaml, `name: hello`, `<span class="k">name</span><span class="p">:</span> hello`},
		{"a key in quotes", yaml, `"a: b": "c"`, `<span class="k">&#34;a: b&#34;</span><span class="p">:</span> <span class="s">&#34;c&#34;</span>`},
		{"numbers and words", yaml, "- 12\n- true", `<span class="p">-</span> <span class="n">12</span>` + "\n" + `<span class="p">-</span> <span class="w">true</span>`},
		{"comments", yaml, "a: b # c\n# d", `<span class="k">a</span><span class="p">:</span> b<span class="c"> # c</span>` + "\n" + `<span class="c"># d</span>`},
		{"a block of text", yaml, "a: |\n  b: c\nd:", `<span class="k">a</span><span class="p">:</span> <span class="p">|</span>` + "\n" + `<span class="s">  b: c</span>` + "\n" + `<span class="k">d</span><span class="p">:</span>`},
		{"places that a template fills", yaml, `a: "{{{b}}}"`, `<span class="k">a</span><span class="p">:</span> <span class="s">&#34;</span><span class="h">{{{b}}}</span><span class="s">&#34;</span>`},
		{"markup is text", yaml, `<script>: '</pre>`, `<span class="k">&lt;script&gt;</span><span class="p">:</span> <span class="s">&#39;&lt;/pre&gt;</span>`},
		{"JSON", json, "{\n\"a\" : 1}", `<span class="p">{</span>` + "\n" + `<span class="k">&#34;a&#34;</span> <span class="p">: </span><span class="n">1</span><span class="p">}</span>`},
		{"JSON in one line is indented", json, `{"a":null}`, `<span class="p">{</span>` + "\n" + `  <span class="k">&#34;a&#34;</span><span class="p">: </span><span class="w">null</span>` + "\n" + `<span class="p">}</span>`},
		{"what is no JSON stays", json, `{"a`, `<span class="p">{</span><span class="s">&#34;a</span>`},
		{"plain text", markup.Plain, "a < b\n", "a &lt; b"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.want, string(row.f(row.text).HTML)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestReadme(t *testing.T) {
	for _, row := range []struct{ rule, text, want string }{
		{"headings begin where the page wants them", "# A\n## B #", "<h3>A</h3><h4>B</h4>"},
		{"paragraphs", "a\nb\n\nc", "<p>a\nb</p><p>c</p>"},
		{"lists", "- a\n  b\n* c\n\n1. d", "<ul><li>a b</li><li>c</li></ul><ol><li>d</li></ol>"},
		{"code", "```sh\n<a>\n```\n`b*c*`", "<pre><code>&lt;a&gt;\n</code></pre><p><code>b*c*</code></p>"},
		{"emphasis", "*a* **b** 2 * 3 * 4", "<p><em>a</em> <strong>b</strong> 2 * 3 * 4</p>"},
		{"links to the web", "[a](https://example.org/x)", `<p><a rel="noopener noreferrer nofollow" href="https://example.org/x">a</a></p>`},
		{"links to elsewhere are text", "[a](javascript:alert) [b](//evil) [c](data:text/html,x)", "<p>a b c</p>"},
		{"pictures are links", "![a](https://example.org/a.png)", `<p><a rel="noopener noreferrer nofollow" href="https://example.org/a.png">a</a></p>`},
		{"quotes", "> a\n> b", "<blockquote><p>a\nb</p></blockquote>"},
		{"rules", "***", "<hr>"},
		{"tables stay as they are written", "| a | b |\n|---|---|", "<pre><code>| a | b |\n|---|---|\n</code></pre>"},
		{"indented code", "    a\n    b", "<pre><code>a\nb\n</code></pre>"},
		{"markup is text", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"what is escaped stands for itself", `\*a\*`, "<p>*a*</p>"},
		{"quotes in addresses stay inside", `[a](https://x/"onclick=alert)`, `<p><a rel="noopener noreferrer nofollow" href="https://x/&#34;onclick=alert">a</a></p>`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.want, string(markup.Readme(row.text, 3))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// allowedTags is all that pages get from foreign text.
var allowedTags = regexp.MustCompile(`^(?:/?(?:h[3-6]|p|ul|ol|li|pre|code|em|strong|blockquote|a)|hr|` +
	`span class="[ksnwchp]"|/span|a rel="noopener noreferrer nofollow" href="https?://[^"<>]*")$`)

func inert(t *testing.T, html string) {
	t.Helper()
	for rest := html; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			break
		}
		tag, after, _ := strings.Cut(after, ">")
		if !allowedTags.MatchString(tag) {
			t.Fatalf("a tag <%s> in %q", tag, html)
		}
		rest = after
	}
	if strings.ContainsFunc(html, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c >= 0x202a && c <= 0x202e }) {
		t.Fatalf("a control character in %q", html)
	}
}

func FuzzMarkup(f *testing.F) {
	for _, text := range []string{"# a\n- b", "a: |\n b", `{"a":[1,"<"]}`, "[a](https://b)", "```\n<", "> > > > > >", "**`[![", "\u202e", "<img src=x onerror=alert(1)>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		inert(t, string(markup.Readme(text, 3)))
		inert(t, string(markup.YAML(text).HTML))
		inert(t, string(markup.JSON([]byte(text)).HTML))
		inert(t, string(markup.Plain(text).HTML))
	})
}
