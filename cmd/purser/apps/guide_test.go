package apps_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
)

var update = flag.Bool("update", false, "write the answers of the page anew")

const guide = "../../../docs/apps.md"

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
	s := MustSiteWith(t, theBuilt.purser, text)
	terminal := live.Terminal{Replace: strings.NewReplacer("http://localhost:7577", s.server.Base())}
	got, want := stable{}, stable{}
	page, ran := mustReadFile(t, guide), 0
	for _, e := range examples {
		if e.Note != "" {
			var name, version string
			if _, err := fmt.Sscanf(e.Note, "upload %s %s", &name, &version); err != nil {
				t.Fatalf("line %d: %v", e.Line, err)
			}
			s.mustUpload(t, name, version, hello(version))
			continue
		}
		printed, err := terminal.Run(t.Context(), e.Script)
		if err != nil {
			t.Fatalf("line %d: %v", e.Line, err)
		}
		ran++
		printed = strings.ReplaceAll(printed, theBuilt.folder, "/opt/apps")
		if *update {
			page = strings.Replace(page, e.Script+"```\n\n```json\n"+strings.TrimPrefix(e.Want, "\n")+"```", e.Script+"```\n\n```json\n"+pretty(t, printed)+"```", 1)
			continue
		}
		if diff := cmp.Diff(want.text(e.Want), got.text(printed)); diff != "" {
			t.Errorf("line %d: %s\n-want +got\n%s", e.Line, e.Script, diff)
		}
	}
	if ran < 10 {
		t.Errorf("only %d blocks were run", ran)
	}
	if *update {
		shown := stable{}
		if err := os.WriteFile(guide, []byte(sameDates(shown.ids(page))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// stable makes texts of several runs comparable: ids by their order, dates as one.
type stable map[string]string

var (
	anID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	aDate  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}`)
	blanks = regexp.MustCompile(`\s+`)
)

func (s stable) ids(text string) string {
	return anID.ReplaceAllStringFunc(text, func(id string) string {
		if s[id] == "" {
			s[id] = fmt.Sprintf("%08x-5f1c-4d0a-9b7e-2c6f4e8a1d%02x", 0x6f3a9c00+len(s), len(s))
		}
		return s[id]
	})
}

// text leaves white space out, which pages may have between values.
func (s stable) text(text string) string {
	return blanks.ReplaceAllString(sameDates(s.ids(text)), "")
}

func sameDates(text string) string {
	return aDate.ReplaceAllString(text, "2026-11-22T12:00:00.000000")
}

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
