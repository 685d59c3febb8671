package akkeris_test

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

const guide = "../../../docs/akkeris.md"

// The commands of the page of the documentation print what stands behind them.
func TestGuide(t *testing.T) {
	settings, err := live.Block(guide, "yaml")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := live.ReadExamples(guide)
	if err != nil {
		t.Fatal(err)
	}
	s := mustPrepareWith(t, theBuilt.purser, settings)
	s.mustStart(t)
	terminal := live.Terminal{Replace: strings.NewReplacer("http://localhost:7577", s.server.Base())}
	got, want, shown := stable{}, stable{}, stable{}
	text, err := os.ReadFile(filepath.Clean(guide))
	if err != nil {
		t.Fatal(err)
	}
	page, ran := string(text), 0
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
		if *update {
			for _, language := range []string{"json", "text"} {
				head := e.Script + "```\n\n```" + language + "\n"
				page = strings.Replace(page, head+strings.TrimPrefix(e.Want, "\n")+"```", head+shown.of(wrap(printed))+"\n```", 1)
			}
			continue
		}
		if diff := cmp.Diff(want.bare(e.Want), got.bare(printed)); diff != "" {
			t.Errorf("line %d: %s\n-want +got\n%s", e.Line, e.Script, diff)
		}
	}
	if ran < 10 {
		t.Errorf("only %d blocks were run", ran)
	}
	if *update {
		if err := os.WriteFile(guide, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The other block of settings is a configuration as well, and the calls that the page shows are those that are made.
func TestHooksOfTheGuide(t *testing.T) {
	text, err := os.ReadFile(filepath.Clean(guide))
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "\n## Hooks\n")
	settings, rest, found := strings.Cut(strings.TrimPrefix(part, "\n```yaml\n"), "```\n")
	_, rest, _ = strings.Cut(rest, "\n```json\n")
	call, _, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatal("the page has no hooks")
	}
	r := mustReceive(t)
	apps := "purser.dialects.akkeris.apps:\n  - {name: shop, space: dev, package: hello}\n"
	s := mustPrepareWith(t, theBuilt.purser, strings.Replace(settings, "http://127.0.0.1:9000", r.URL, 1)+apps)
	s.mustStart(t)
	s.mustUpload(t, "hello", "1.0.0", strings.Replace(hello("1.0.0"), "name: web", "name: hello", 1))
	release := s.app(t, "shop-dev").release("1.0.0")
	r.hears(t, release, "release", "released hello")
	want := stable{}
	if diff := cmp.Diff(want.bare(call), stable{}.bare(r.find(release, "released", "hello").text)); diff != "" {
		t.Error(diff)
	}
}

// stable makes texts of several runs comparable: ids by their order, dates as one.
type stable map[string]string

var (
	anID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	aDate  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`)
	blanks = regexp.MustCompile(`\s+`)
)

func (s stable) of(text string) string {
	text = anID.ReplaceAllStringFunc(text, func(id string) string {
		if id == "c5b5896f-7896-4a11-80f0-dbb0e6c00ac5" { // the page's own
			return id
		}
		if s[id] == "" {
			s[id] = fmt.Sprintf("%08x-5f1c-4d0a-9b7e-2c6f4e8a1d%02x", 0x6f3a9c00+len(s), len(s))
		}
		return s[id]
	})
	return aDate.ReplaceAllString(text, "2026-11-22T12:00:00.000Z")
}

// bare leaves white space out, which pages may have between values.
func (s stable) bare(text string) string { return blanks.ReplaceAllString(s.of(text), "") }

// wrap breaks a JSON text between members so that lines are not too long.
func wrap(text string) string {
	const width = 120
	if !json.Valid([]byte(text)) {
		return text
	}
	var b strings.Builder
	for len(text) > width {
		cut := strings.LastIndex(text[:width], `,"`)
		if cut <= 0 {
			break
		}
		b.WriteString(text[:cut+1] + "\n ")
		text = text[cut+1:]
	}
	return b.String() + text
}
