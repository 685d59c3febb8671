package shelltest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/demo"
	"purser/cmd/purser/shelltest"
)

var update = flag.Bool("update", false, "write the golden file of the tour anew")

// The tour of the examples runs to its end, and shows what it promises.
func TestTour(t *testing.T) {
	t.Parallel()
	server, _ := MustServe(t)
	o := demo.Options{Apps: theBuilt.apps, Packages: "../../../examples/packages", Out: t.Output()}
	if err := demo.Upload(t.Context(), server.Base(), o); err != nil {
		t.Fatal(err)
	}
	tour, err := filepath.Abs("../../../examples/scripts/tour.skp")
	if err != nil {
		t.Fatal(err)
	}
	code, printed := MustRun(t, t.TempDir(), server.Base()+"/api", "shell", "@"+tour)
	if code != 0 {
		t.Fatalf("code %d:\n%s", code, printed)
	}
	places := shelltest.Places{Base: server.Base(), Payload: theBuilt.apps, Work: server.Folder, Server: "none"}
	got := plain(places.Normalise(withoutProgress(printed), shelltest.Step{}))
	file := filepath.Join("testdata", "tour.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

// plain writes what was printed without the widths of columns, which differ with the machine's names.
func plain(lines []any) string {
	var b strings.Builder
	for _, l := range lines {
		table, ok := l.(map[string]any)
		if !ok {
			fmt.Fprintln(&b, l)
			continue
		}
		for _, row := range table["table"].([]any) {
			var cells []string
			for _, c := range row.([]any) {
				cells = append(cells, strings.ReplaceAll(c.(string), "\n", " / "))
			}
			fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		}
	}
	return b.String()
}

// withoutProgress leaves out the lines that tell how a wait goes on, whose order is the platform's.
func withoutProgress(printed string) string {
	var kept []string
	for line := range strings.Lines(printed) {
		if !strings.HasPrefix(line, "tour v") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
