package catalog_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
)

var update = flag.Bool("update", false, "write the answers of the page anew")

const guide = "../../../docs/catalog.md"

// The commands of the page of the documentation print what stands behind them.
func TestGuide(t *testing.T) {
	text, err := live.Block(guide, "yaml")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := live.ReadExamples(guide)
	if err != nil {
		t.Fatal(err)
	}
	s := MustSite(t, func(o *settings) { o.text = text })
	host := strings.TrimPrefix(s.files.URL, "http://")
	terminal := live.Terminal{Replace: strings.NewReplacer(
		"http://localhost:7577", s.server.Base(), "localhost:8000", host, "-o ", "-o "+t.TempDir()+"/",
	)}
	got, want := stable{}, stable{}
	page := mustReadFile(t, guide)
	ran := 0
	for _, e := range examples {
		if name, ok := strings.CutPrefix(e.Note, "serve "); ok {
			s.file("/"+name, mustArchive(t, "hello", "1.0.0"))
			continue
		}
		printed, err := terminal.Run(t.Context(), e.Script)
		if err != nil {
			t.Fatalf("line %d: %v", e.Line, err)
		}
		ran++
		printed = strings.ReplaceAll(strings.ReplaceAll(printed, s.server.Base(), "http://localhost:7577"), host, "localhost:8000")
		before := e.Script + "```\n\n```json\n"
		if *update && strings.Contains(page, before) {
			page = strings.Replace(page, before+strings.TrimPrefix(e.Want, "\n")+"```", before+pretty(t, printed)+"```", 1)
			continue
		}
		if diff := cmp.Diff(want.text(e.Want), got.text(printed)); diff != "" {
			t.Errorf("line %d: %s\n-want +got\n%s", e.Line, e.Script, diff)
		}
	}
	if ran < 7 {
		t.Errorf("only %d blocks were run", ran)
	}
	if *update {
		if err := os.WriteFile(guide, []byte(stable{}.same(page)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// stable makes texts of several runs comparable: checksums, sizes and dates of the run are as one.
type stable struct{}

var (
	aDigest = regexp.MustCompile(`[0-9a-f]{64}`)
	aSize   = regexp.MustCompile(`"(size|totalSize)":\d+`)
	aDate   = regexp.MustCompile(`"(updatedAt|releasedAt|timestamp)":"[^"]*"`)
	blanks  = regexp.MustCompile(`\s+`)
)

func (stable) same(text string) string {
	text = aDigest.ReplaceAllString(text, "5f1c4d0a9b7e2c6f4e8a1d6f3a9c00715f1c4d0a9b7e2c6f4e8a1d6f3a9c0071")
	text = aSize.ReplaceAllString(text, `"$1":702`)
	return aDate.ReplaceAllString(text, `"$1":"2026-11-22T12:00:00.000Z"`)
}

// text leaves white space out, which pages may have between values.
func (s stable) text(text string) string { return blanks.ReplaceAllString(s.same(text), "") }

// pretty breaks the lines of JSON values that follow each other.
func pretty(t *testing.T, printed string) string {
	t.Helper()
	var b strings.Builder
	d := json.NewDecoder(strings.NewReader(printed))
	for d.More() {
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatalf("%v in %s", err, printed)
		}
		b.WriteString(wrap(string(value)))
	}
	return b.String()
}

// wrap breaks a JSON text between members so that lines are not too long.
func wrap(text string) string {
	const width = 120
	var b strings.Builder
	for len(text) > width {
		cut := strings.LastIndex(text[:width], `,"`)
		if cut <= 0 {
			cut = strings.Index(text, `,"`)
		}
		if cut <= 0 {
			break
		}
		b.WriteString(text[:cut+1] + "\n ")
		text = text[cut+1:]
	}
	return b.String() + text + "\n"
}

func mustReadFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
