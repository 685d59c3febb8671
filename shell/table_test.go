package shell_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"purser/shell"
)

func lines(text ...string) string { return strings.Join(text, "\n") + "\n" }

func TestTable(t *testing.T) {
	releases := shell.Table{
		Header: []string{"Name", "Version", "Last updated", "Status"},
		Rows:   [][]string{{"a", "1", "Thu Sep 13 08:34:50 IST 2018", "DEPLOYED"}},
	}
	for _, row := range []struct {
		rule  string
		table shell.Table
		limit int
		want  string
	}{
		{"the header is centred, data stands left", releases, 0, lines(
			"╔════╤═══════╤════════════════════════════╤════════╗",
			"║Name│Version│        Last updated        │ Status ║",
			"╠════╪═══════╪════════════════════════════╪════════╣",
			"║a   │1      │Thu Sep 13 08:34:50 IST 2018│DEPLOYED║",
			"╚════╧═══════╧════════════════════════════╧════════╝",
		)},
		{"a table that just fits is not squeezed", releases, 52, lines(
			"╔════╤═══════╤════════════════════════════╤════════╗",
			"║Name│Version│        Last updated        │ Status ║",
			"╠════╪═══════╪════════════════════════════╪════════╣",
			"║a   │1      │Thu Sep 13 08:34:50 IST 2018│DEPLOYED║",
			"╚════╧═══════╧════════════════════════════╧════════╝",
		)},
		{"what is spare is shared", releases, 42, lines(
			"╔════╤═══════╤══════════════════╤════════╗",
			"║Name│Version│   Last updated   │ Status ║",
			"╠════╪═══════╪══════════════════╪════════╣",
			"║a   │1      │Thu Sep 13        │DEPLOYED║",
			"║    │       │08:34:50 IST 2018 │        ║",
			"╚════╧═══════╧══════════════════╧════════╝",
		)},
		{"no column is below its longest word", releases, 10, lines(
			"╔════╤═══════╤════════╤════════╗",
			"║Name│Version│  Last  │ Status ║",
			"║    │       │updated │        ║",
			"╠════╪═══════╪════════╪════════╣",
			"║a   │1      │Thu Sep │DEPLOYED║",
			"║    │       │13      │        ║",
			"║    │       │08:34:50│        ║",
			"║    │       │IST 2018│        ║",
			"╚════╧═══════╧════════╧════════╝",
		)},
		{"an empty result has no rule", shell.Table{Header: []string{"Name", "Type"}}, 0, lines("╔════╤════╗", "║Name│Type║", "╚════╧════╝")},
		{"without a header there is no rule", shell.Table{Rows: [][]string{{"Status", "DEPLOYED"}, {"Apps", "one\ntwo"}}}, 0, lines(
			"╔══════╤════════╗", "║Status│DEPLOYED║", "║Apps  │one     ║", "║      │two     ║", "╚══════╧════════╝",
		)},
		{"short rows are filled", shell.Table{Header: []string{"A", "B"}, Rows: [][]string{{"1"}}}, 0, lines("╔═╤═╗", "║A│B║", "╠═╪═╣", "║1│ ║", "╚═╧═╝")},
		{"wide letters take two columns", shell.Table{Header: []string{"N"}, Rows: [][]string{{"日本"}}}, 0, lines("╔════╗", "║ N  ║", "╠════╣", "║日本║", "╚════╝")},
		{"no cell moves the cursor", shell.Table{Header: []string{"N"}, Rows: [][]string{{"a\x1b[31m\tb\r"}}}, 0, lines("╔═══════╗", "║   N   ║", "╠═══════╣", "║a[31m b║", "╚═══════╝")},
		{"nothing at all", shell.Table{}, 0, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if d := cmp.Diff(row.want, row.table.Render(row.limit)); d != "" {
				t.Error(d)
			}
		})
	}
}

// All lines of a table are equally long, and within the limit wherever the words allow it; no word is lost.
func TestTableKeepsItsShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 5).Draw(t, "columns")
		cell := rapid.StringMatching(`[a-z]{1,8}( [a-z]{1,8}){0,4}`)
		table := shell.Table{}
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			table.Rows = append(table.Rows, rapid.SliceOfN(cell, columns, columns).Draw(t, "row"))
		}
		limit := rapid.IntRange(0, 120).Draw(t, "limit")
		text := table.Render(limit)
		width := 0
		for line := range strings.Lines(text) {
			n := len([]rune(line)) - 1
			if width != 0 && n != width {
				t.Fatalf("lines of %d and %d:\n%s", width, n, text)
			}
			width = n
		}
		if limit >= columns*8+columns+1 && width > limit {
			t.Fatalf("%d wide, the limit is %d:\n%s", width, limit, text)
		}
		for _, row := range table.Rows {
			for _, c := range row {
				for _, word := range strings.Fields(c) {
					if !strings.Contains(text, word) {
						t.Fatalf("%s is lost:\n%s", word, text)
					}
				}
			}
		}
	})
}
