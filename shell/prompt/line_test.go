package prompt

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/reeflective/readline"
	"pgregory.net/rapid"

	"purser/shell"
)

func TestJoined(t *testing.T) {
	for line, want := range map[string]string{
		"a":           "a",
		"a \\\nb":     "a  b",
		"a\\\nb\\\nc": "a b c",
		"a\\\\\nb":    "a\\\\\nb",
		"a\\\\\\\nb":  "a\\\\ b",
		"\"a\nb\"":    "\"a\nb\"",
	} {
		if got := joined(line); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, row := range []struct {
		text  string
		lines []string
		rest  string
	}{
		{"a", []string{"a"}, ""},
		{"a\nb \"c\nd\"\ne", []string{"a", "b \"c\nd\"", "e"}, ""},
		{"// don't\na", []string{"// don't", "a"}, ""},
		{"a 'b\nc", nil, "a 'b\nc"},
		{"a\nb \\", []string{"a"}, "b \\"},
		{"", []string{""}, ""},
	} {
		lines, rest := split(row.text)
		if diff := cmp.Diff(row.lines, lines); diff != "" || rest != row.rest || unfinished(row.text) != (row.rest != "") {
			t.Errorf("%q: rest %q, lines (-want +got):\n%s", row.text, rest, diff)
		}
	}
}

func TestHighlighted(t *testing.T) {
	s := shell.New(shell.Options{})
	for line, want := range map[string]string{
		"":                    "",
		"  ":                  "  ",
		"// repo list":        "// repo list",
		"repo":                red + "repo" + reset,
		"repo list":           bold + "repo list" + reset,
		" repo  list --x":     bold + " repo  list --x" + reset,
		"repo lists":          red + "repo lists" + reset,
		"package \\\nsearch":  bold + "package \\\nsearch" + reset,
		"help anything":       bold + "help anything" + reset,
		"release \"list\" \"": bold + "release \"list\" \"" + reset,
	} {
		if got := highlighted(s, line); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}

func TestPromptText(t *testing.T) {
	for state, want := range map[shell.ConnectionState]string{
		shell.Connected: yellow + "skipper:>" + reset, shell.Unreachable: red + "server-unknown:>" + reset, shell.Untried: red + "server-unknown:>" + reset,
	} {
		if got := promptText(shell.Connection{State: state}); got != want {
			t.Errorf("%d is shown as %q, want %q", state, got, want)
		}
	}
}

func TestRowsAreReserved(t *testing.T) {
	for _, row := range []struct {
		line    string
		columns int
		rows    int
	}{
		{"", 80, 1}, {strings.Repeat("a", 30), 80, 1}, {strings.Repeat("a", 31), 80, 2}, {"a\nb\nc", 80, 3}, {strings.Repeat("字", 40), 80, 2}, {"a", 0, 51},
	} {
		if got := rows(yellow+"skipper:>"+reset, []rune(row.line), row.columns); got != row.rows {
			t.Errorf("%q takes %d rows of %d columns, want %d", row.line, got, row.columns, row.rows)
		}
	}
	if got := reserve(2); got != "\v\v\x1b[2A" {
		t.Errorf("got %q", got)
	}
}

func TestQuoteLike(t *testing.T) {
	for _, row := range []struct{ typed, word, want string }{
		{"", "hello", "hello"},
		{"he", "hello world", `hello\ world`},
		{`"he`, "hello world", `"hello world"`},
		{"'he", "hello's", `'hello\'s'`},
		{"", `a"b\c`, `a\"b\\c`},
		{`"do`, "docs dir/", `"docs dir/`},
		{"do", "docs dir/", `docs\ dir/`},
	} {
		if got := quoteLike(row.typed, row.word); got != row.want {
			t.Errorf("%q behind %q is written %q, want %q", row.word, row.typed, got, row.want)
		}
	}
}

// Whatever a word holds, the shell reads it as it was meant.
func TestQuotedWordsAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-c"'\\ /é\t]{1,8}`).Draw(t, "word")
		typed := rapid.SampledFrom([]string{"", `"`, "'"}).Draw(t, "typed")
		tokens := shell.Tokenize(quoteLike(typed, word))
		if len(tokens) != 1 || tokens[0].Text != word {
			t.Fatalf("%q is read as %+v", quoteLike(typed, word), tokens)
		}
	})
}

func TestCompletionsThatHaveNoRoom(t *testing.T) {
	many := []shell.Candidate{{Text: "release-1"}, {Text: "release-2"}, {Text: "release-3"}}
	value := func(c readline.Completions) (values []string) {
		c.EachValue(func(v readline.Completion) readline.Completion {
			values = append(values, v.Value)
			return v
		})
		return values
	}
	for _, row := range []struct {
		rule  string
		typed string
		room  int
		want  []string
	}{
		{"Room", "rel", 3, []string{"release-1 ", "release-2 ", "release-3 "}},
		{"AsFarAsAllAgree", "rel", 2, []string{"release-"}},
		{"NothingToAdd", "release-", 2, nil},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if diff := cmp.Diff(row.want, value(completions(many, row.typed, row.room))); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlainReader(t *testing.T) {
	var out bytes.Buffer
	s := shell.New(shell.Options{Streams: shell.Streams{Out: &out}})
	r := &plainReader{in: newLines(strings.NewReader("a\r\nb \\\nc\n\"d\ne\"\nlast")), shell: s}
	for _, want := range []string{"a", "b  c", "\"d\ne\"", "last"} {
		if got, err := r.read(); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	if _, err := r.read(); err != io.EOF { //nolint:errorlint // exactly that one
		t.Errorf("at the end there is %v", err)
	}
	const prompt = "server-unknown:>"
	if got := out.String(); got != prompt+prompt+"> "+prompt+"> "+prompt+prompt+"\n" {
		t.Errorf("the prompts are %q", got)
	}
}
