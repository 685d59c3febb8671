package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"purser"
	"purser/deployer/local"
)

func mustWrite(tb testing.TB, name, text string) {
	tb.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		tb.Fatal(err)
	}
}

func TestTailOf(t *testing.T) {
	long := strings.Repeat("x", 100<<10)
	for _, row := range []struct {
		name        string
		aside, text string
		lines       int
		most        int64
		want        string
	}{
		{"all there are", "", "a\nb\n", 9, 1 << 20, "a\nb"},
		{"the last ones", "", "a\nb\nc\n", 2, 1 << 20, "b\nc"},
		{"none", "", "a\nb\n", 0, 1 << 20, ""},
		{"of nothing", "", "", 5, 1 << 20, ""},
		{"empty lines are lines", "", "a\n\n\n", 2, 1 << 20, "\n"},
		{"a line without an end is one", "", "a\nb\nc", 2, 1 << 20, "b\nc"},
		{"only a line without an end", "", "abc", 1, 1 << 20, "abc"},
		{"over blocks", "", "a\n" + long + "\nb\n", 2, 1 << 20, long + "\nb"},
		{"as far as the bound reaches", "", "aaaa\nbbbb\ncccc\n", 3, 11, "bbbb\ncccc"},
		{"the end of a line that passes the bound", "", strings.Repeat("y", 50) + "\n", 1, 11, strings.Repeat("y", 10)},
		{"with what was cut off", "a\nb\nc\n", "d\n", 3, 1 << 20, "b\nc\nd"},
		{"a line that was cut in two", "a\nb", "c\nd\n", 3, 1 << 20, "bc\nd"},
		{"after a cut", "a\nb\n", "", 1, 1 << 20, "b"},
		{"what was cut off within the bound", "aaaa\nbbbb\n", "cccc\n", 9, 11, "bbbb\ncccc"},
		{"what is no text", "", "a\xffb\n", 1, 1 << 20, "a\uFFFDb"},
	} {
		t.Run(row.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "stdout.log")
			mustWrite(t, name, row.text)
			if row.aside != "" {
				mustWrite(t, name+".1", row.aside)
			}
			got, err := local.TailOf(name, row.lines, row.most)
			if err != nil || got != row.want {
				t.Errorf("%.200q, %v, want %.200q", got, err, row.want)
			}
		})
	}
	if got, err := local.TailOf(filepath.Join(t.TempDir(), "none"), 5, 100); got != "" || err != nil {
		t.Errorf("a file that is not there: %q, %v", got, err)
	}
}

func mustReader(tb testing.TB, name string, lines int) *local.LogReader {
	tb.Helper()
	r, err := local.NewLogReader(name, lines, 1<<20)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.Close)
	return r
}

func TestPiecesAreWholeLines(t *testing.T) {
	name := filepath.Join(t.TempDir(), "stdout.log")
	r := mustReader(t, name, 0)
	expect := func(last bool, want ...string) {
		t.Helper()
		for _, w := range want {
			text, more, ok, err := r.Next(last)
			if err != nil || !ok || more || text != w {
				t.Fatalf("%q more %v ok %v, %v; want %q", text, more, ok, err, w)
			}
		}
		if text, _, ok, err := r.Next(last); ok || err != nil {
			t.Fatalf("then %q, %v", text, err)
		}
	}
	expect(false) // it is not there yet
	mustWrite(t, name, "one\ntwo\nthr")
	expect(false, "one\ntwo")
	mustWrite(t, name, "ee\n")
	expect(false, "three")
	mustWrite(t, name, "no end")
	expect(false)
	expect(true, "no end")
}

func TestLongLinesComeInPieces(t *testing.T) {
	name := filepath.Join(t.TempDir(), "stdout.log")
	line := strings.Repeat("é", purser.MaxLogText) // of two bytes, so that a piece could end inside of one
	mustWrite(t, name, "x"+line+"\nnext\n")
	r := mustReader(t, name, 9)
	var all strings.Builder
	pieces := 0
	for {
		text, more, ok, err := r.Next(false)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		pieces++
		if len(text) > purser.MaxLogText || !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
			t.Errorf("a piece of %d bytes", len(text))
		}
		all.WriteString(text)
		if !more {
			all.WriteByte('\n')
		}
	}
	if all.String() != "x"+line+"\nnext\n" || pieces < 3 {
		t.Errorf("%d bytes in %d pieces", all.Len(), pieces)
	}
}

// However a file is written, cut and read, the reader gets all that the file and its copy still have when it looks, once
// and in order.
func TestReadersFindTheirPlaceAfterCuts(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		folder, err := os.MkdirTemp(dir, "")
		if err != nil {
			rt.Fatal(err)
		}
		name := filepath.Join(folder, "stdout.log")
		mustWrite(t, name, "")
		r, err := local.NewLogReader(name, 0, 1<<20)
		if err != nil {
			rt.Fatal(err)
		}
		defer r.Close()
		limit := int64(rapid.IntRange(1, 300).Draw(rt, "limit"))
		var written, want, got strings.Builder
		base, aside := 0, 0          // where the file begins, and how much of what is before it the copy has
		known, at := 0, 0            // the base the reader knows, and where it is
		from, to := 0, 0             // what it has left of a copy
		look := func(readAll bool) { // what the reader has to get when it looks now
			if base != known {
				if at < base {
					from, to = max(at, base-aside), base
					at = base
				}
				known = base
			}
			if readAll {
				want.WriteString(written.String()[from:to])
				want.WriteString(written.String()[at:])
				from, to, at = 0, 0, written.Len()
			}
		}
		read := func(last bool) {
			look(true)
			for {
				text, more, ok, err := r.Next(last)
				if err != nil {
					rt.Fatal(err)
				}
				if !ok {
					return
				}
				got.WriteString(text)
				if !more {
					got.WriteByte('\n')
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"write": func(rt *rapid.T) {
				text := rapid.StringMatching(`([a-z]{0,40}\n?){0,6}`).Draw(rt, "text")
				written.WriteString(text)
				mustWrite(t, name, text)
			},
			"cut": func(*rapid.T) {
				size := written.Len() - base
				if size == 0 {
					return
				}
				local.CutLog(name, limit)
				aside, base = min(size, int(limit)), written.Len()
			},
			"read": func(*rapid.T) { read(false) },
		})
		mustWrite(t, name, "\n")
		written.WriteString("\n")
		read(true)
		if got.String() != want.String() {
			rt.Fatalf("got\n%q, want\n%q", got.String(), want.String())
		}
	})
}
