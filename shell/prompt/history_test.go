package prompt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func noon() time.Time { return time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC) }

func MustHistory(tb testing.TB, path string) *history {
	tb.Helper()
	h, err := openHistory(path, noon)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	h := MustHistory(t, path)
	for _, line := range []string{"a", "a", " b\\c \"d\ne\" ", "", "  ", "a"} {
		h.add(line)
	}
	want := []string{"a", "b\\c \"d\ne\"", "a"}
	if diff := cmp.Diff(want, h.all()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(data); got != "1767355200000:a\n1767355200000:b\\\\c \"d\\ne\"\n1767355200000:a\n" {
		t.Errorf("the file holds %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if diff := cmp.Diff(want, MustHistory(t, path).all()); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func TestHistoryOfSkippersShell(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("1516543543123:release list\nplain line\n\n1516543543124:package search --name a\\\\b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"release list", "plain line", `package search --name a\b`}, MustHistory(t, path).all()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestHistoryKeepsTheLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte(strings.Repeat("1:old\n", historyKept)+"1:new\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := MustHistory(t, path)
	last, err := h.GetLine(h.Len() - 1)
	if h.Len() != historyKept || err != nil || last != "new" {
		t.Errorf("%d lines, the last one is %q, %v", h.Len(), last, err)
	}
	for _, at := range []int{-1, h.Len()} {
		if _, err := h.GetLine(at); err == nil {
			t.Errorf("there is a line %d", at)
		}
	}
}

func TestHistoryWithoutFile(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"", dir, filepath.Join(dir, "none", "log")} {
		h, err := openHistory(path, noon)
		if (err == nil) != (path == "") {
			t.Errorf("%q: %v", path, err)
		}
		if h.add("a"); h.Len() != 1 {
			t.Errorf("%q: the line is lost", path)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder was made")
	}
}

func TestHistoryReadsWhatItWrites(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, "log")
		defer func() { _ = os.Remove(path) }()
		h, err := openHistory(path, noon)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range rapid.SliceOf(rapid.StringMatching(`[a-c \\\n\r:"0-9-]{0,12}`)).Draw(t, "lines") {
			h.add(line)
		}
		again, err := openHistory(path, noon)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h.all(), again.all()); diff != "" {
			t.Fatalf("lines (-written +read):\n%s", diff)
		}
	})
}

func TestPasswordsAreNotKept(t *testing.T) {
	for line, want := range map[string]string{
		"skipper config --username u --password p":              "skipper config --username u",
		"skipper config --password p --username u":              "skipper config --username u",
		"skipper config --username u --password=p --uri x":      "skipper config --username u --uri x",
		`skipper config --username u --password "p q" --uri x`:  "skipper config --username u --uri x",
		"skipper config --username u --password":                "skipper config --username u",
		"skipper config --username u --password --uri x":        "skipper config --username u --uri x",
		"package install a --properties password=x":             "package install a --properties password=x",
		"skipper config --password a --password b --username u": "skipper config --username u",
	} {
		if got := withoutPasswords(line); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}
