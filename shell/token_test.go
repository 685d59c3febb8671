package shell_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"purser/shell"
)

func TestTokenize(t *testing.T) {
	for _, row := range []struct {
		rule, line string
		want       []string
		open       rune
	}{
		{"white space divides", "  release\tlist  ", []string{"release", "list"}, 0},
		{"an empty line has no words", " \t ", nil, 0},
		{"quotes keep blanks", `a "b c" 'd e'`, []string{"a", "b c", "d e"}, 0},
		{"a quote of one kind is text in the other", `"it's" 'so "far"'`, []string{"it's", `so "far"`}, 0},
		{"quotes open inside of a word", `--properties="a b"`, []string{"--properties=a b"}, 0},
		{"a closing quote ends the word", `'a'b "c""d"`, []string{"a", "b", "c", "d"}, 0},
		{"empty quotes are a word", `a "" b`, []string{"a", "", "b"}, 0},
		{"a backslash takes meaning away", `a\ b \"c \\d`, []string{"a b", `"c`, `\d`}, 0},
		{"in both kinds of quotes as well", `"a\"b" 'c\'d' '\\'`, []string{`a"b`, "c'd", `\`}, 0},
		{"a hash is no comment", "a #b", []string{"a", "#b"}, 0},
		{"letters of other scripts", "grüße \u00a0 'wörld'", []string{"grüße", "wörld"}, 0},
		{"an open quote waits", `a "b c`, []string{"a", "b c"}, '"'},
		{"a backslash at the end waits", `a b\`, []string{"a", "b"}, '\\'},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var got []string
			var open rune
			for _, token := range shell.Tokenize(row.line) {
				got, open = append(got, token.Text), token.Open
			}
			if d := cmp.Diff(row.want, got); d != "" || open != row.open {
				t.Errorf("open %q, want %q\n%s", open, row.open, d)
			}
			if shell.Unfinished(row.line) != (row.open != 0) {
				t.Errorf("Unfinished is %v", shell.Unfinished(row.line))
			}
		})
	}
}

func TestTokensKnowTheirPlace(t *testing.T) {
	line := ` release  "my list"x`
	var got []string
	for _, token := range shell.Tokenize(line) {
		got = append(got, line[token.Start:token.End])
	}
	if d := cmp.Diff([]string{"release", `"my list"`, "x"}, got); d != "" {
		t.Error(d)
	}
}

// FuzzTokenize proves that words are in order and within the line, and that Quote is read back as it was.
func FuzzTokenize(f *testing.F) {
	for _, line := range []string{"release list", `a "b c" 'd\'e' \`, `--x="1 2"3`, "//", "\\", "'", "\xff\"", "a\u00a0b"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		end := 0
		var quoted []string
		var words []string
		for _, token := range shell.Tokenize(line) {
			if token.Start < end || token.End <= token.Start || token.End > len(line) {
				t.Fatalf("%q: a word from %d to %d after %d", line, token.Start, token.End, end)
			}
			end = token.End
			words = append(words, token.Text)
			quoted = append(quoted, shell.Quote(token.Text))
		}
		if !utf8.ValidString(line) {
			return
		}
		var again []string
		for _, token := range shell.Tokenize(strings.Join(quoted, " ")) {
			again = append(again, token.Text)
		}
		if d := cmp.Diff(words, again); d != "" {
			t.Fatalf("%q: %s", line, d)
		}
	})
}

// FuzzExecute proves that no line does harm: each is answered by a result or by a problem that is told.
func FuzzExecute(f *testing.F) {
	for _, line := range []string{
		"release list --output=json", "help -C release upgrade", "package install --release-name=a demo --file", "-o", "--", "--=", "-x=1",
		"release upgrade --wait --force yes", "release rollback hello 99999999999", "script -", "bogus 'x", "release upgrade a b --timeoutExpression P",
	} {
		f.Add(line)
	}
	// Nobody listens there: lines that are understood fail at once.
	s := MustConsole(f, "http://127.0.0.1:1/api")
	f.Fuzz(func(t *testing.T, line string) {
		for _, word := range []string{"history", "upload", "create", "file", "script", "credentials", "save"} {
			if strings.Contains(strings.ToLower(line), word) {
				return // these read and write files, or start programs
			}
		}
		printed, code := s.run(t.Context(), shell.OneShot, line)
		if code != 0 && strings.TrimSpace(printed) == "" {
			t.Fatalf("%q: code %d and no word", line, code)
		}
	})
}
