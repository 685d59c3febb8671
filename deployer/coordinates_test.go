package deployer

import (
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func TestParseCoordinates(t *testing.T) {
	for text, want := range map[string]struct {
		parsed Coordinates
		file   string
	}{
		"g:a:1":                     {Coordinates{"g", "a", "jar", "", "1"}, "g/a/1/a-1.jar"},
		"org.x.y:a-b:war:1.0.0":     {Coordinates{"org.x.y", "a-b", "war", "", "1.0.0"}, "org/x/y/a-b/1.0.0/a-b-1.0.0.war"},
		"g:a::1":                    {Coordinates{"g", "a", "jar", "", "1"}, "g/a/1/a-1.jar"},
		"g:a:tar.gz:linux:1":        {Coordinates{"g", "a", "tar.gz", "linux", "1"}, "g/a/1/a-1-linux.tar.gz"},
		"g:a::sources:1":            {Coordinates{"g", "a", "jar", "sources", "1"}, "g/a/1/a-1-sources.jar"},
		"g:a:1.0.0-SNAPSHOT":        {Coordinates{"g", "a", "jar", "", "1.0.0-SNAPSHOT"}, "g/a/1.0.0-SNAPSHOT/a-1.0.0-SNAPSHOT.jar"},
		"g:a_b:1.0.0+build~1":       {Coordinates{"g", "a_b", "jar", "", "1.0.0+build~1"}, "g/a_b/1.0.0+build~1/a_b-1.0.0+build~1.jar"},
		"org.x:a:jar:exec:2.0..1-x": {Coordinates{"org.x", "a", "jar", "exec", "2.0..1-x"}, "org/x/a/2.0..1-x/a-2.0..1-x-exec.jar"},
	} {
		got, err := ParseCoordinates(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want.parsed, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		if file := path.Join(got.folder(), got.file(got.Version)); file != want.file {
			t.Errorf("%s: file %s", text, file)
		}
	}
}

// badCoordinateTexts are refused, each for a reason of its own.
var badCoordinateTexts = []string{
	"", "g", "g:a", "g:a:", ":a:1", "g::1", "g:a:jar:c:1:x", "g:a: :1", "g:a b:1",
	"..:a:1", "g:..:1", "g:a:..", "g:a:.", "g:a:jar:..:1", "g:a:..:1", "...:a:1", "g..h:a:1", ".g:a:1", "g.:a:1",
	"g/h:a:1", "g:a/../..:1", `g:a\b:1`, "g:a:1/2", "g:a:jar:c/d:1", "g:a:j/r:1",
	"g:a:%2e%2e", "g:a:[1,2)", "g:a:${version}", "g:a:1\n", "g:a:1\x00", "g:ä:1", "g:a:1?x", "g:a:1#x", "g:a@b:1",
}

func TestBadCoordinates(t *testing.T) {
	r, _ := MustResources(t, Options{})
	for _, text := range badCoordinateTexts {
		for _, location := range []string{"maven:" + text, "maven://" + text} {
			if strings.HasPrefix(text, "/") {
				continue
			}
			wantFailure(t, r, location, purser.CodeInvalid, "Bad artifact coordinates "+text+
				", expected format is <groupId>:<artifactId>[:<extension>[:<classifier>]]:<version>")
		}
	}
}

func FuzzParseCoordinates(f *testing.F) {
	for _, text := range append(badCoordinateTexts, "g:a:1", "org.x:a:jar:exec:1-SNAPSHOT") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCoordinates(text)
		if err != nil {
			if purser.ErrorCode(err) != purser.CodeInvalid {
				t.Fatalf("%v", err)
			}
			return
		}
		again, err := ParseCoordinates(c.String())
		if err != nil || again != c {
			t.Fatalf("%s reads as %+v, %v, want %+v", c, again, err, c)
		}
		file := path.Join(c.folder(), c.file(c.Version))
		if !filepath.IsLocal(file) || strings.Count(file, "/") != strings.Count(c.Group, ".")+3 {
			t.Fatalf("%s leads to %s", text, file)
		}
	})
}
