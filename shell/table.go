package shell

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Table is rows of cells; a cell may have several lines. Without a Header it has no rule below the first row.
type Table struct {
	Header []string
	Rows   [][]string
}

// Render draws the table (spec/clients.md §1.4): double lines around it and below the header, light ones between the
// columns, no padding. Columns are as wide as they need to be; when that is more than limit, cells wrap at blanks. A limit
// of 0 is none.
func (t Table) Render(limit int) string {
	rows := t.Rows
	if t.Header != nil {
		rows = append([][]string{t.Header}, rows...)
	}
	if len(rows) == 0 {
		return ""
	}
	widths := columnWidths(rows, limit)
	var b strings.Builder
	b.WriteString(rule(widths, "╔", "╤", "╗"))
	for i, row := range rows {
		if i == 1 && t.Header != nil {
			b.WriteString(rule(widths, "╠", "╪", "╣"))
		}
		drawRow(&b, row, widths, t.Header != nil && i == 0)
	}
	b.WriteString(rule(widths, "╚", "╧", "╝"))
	return b.String()
}

func rule(widths []int, left, middle, right string) string {
	parts := make([]string, len(widths))
	for i, w := range widths {
		parts[i] = strings.Repeat("═", w)
	}
	return left + strings.Join(parts, middle) + right + "\n"
}

func drawRow(b *strings.Builder, row []string, widths []int, centre bool) {
	cells := make([][]string, len(widths))
	height := 1
	for i, w := range widths {
		var cell string
		if i < len(row) {
			cell = row[i]
		}
		cells[i] = wrap(cell, w)
		height = max(height, len(cells[i]))
	}
	for line := range height {
		for i, w := range widths {
			b.WriteString([...]string{"║", "│"}[min(i, 1)])
			var content string
			if line < len(cells[i]) {
				content = cells[i][line]
			}
			b.WriteString(pad(content, w, centre))
		}
		b.WriteString("║\n")
	}
}

// pad fills a line of a cell up to the width. What cannot be halved goes to the right.
func pad(content string, width int, centre bool) string {
	spare := max(0, width-displayWidth(content))
	left := 0
	if centre {
		left = spare / 2
	}
	return strings.Repeat(" ", left) + content + strings.Repeat(" ", spare-left)
}

// columnWidths gives each column between its longest word and its longest line.
func columnWidths(rows [][]string, limit int) []int {
	columns := 0
	for _, row := range rows {
		columns = max(columns, len(row))
	}
	least, most := make([]int, columns), make([]int, columns)
	for _, row := range rows {
		for i, cell := range row {
			for line := range strings.SplitSeq(cell, "\n") {
				most[i] = max(most[i], displayWidth(line))
				for word := range strings.FieldsSeq(line) {
					least[i] = max(least[i], displayWidth(word))
				}
			}
		}
	}
	room := limit - (columns + 1)
	sumLeast, sumMost := sum(least), sum(most)
	switch {
	case limit == 0 || sumMost <= room:
		return most
	case sumLeast >= room:
		return least
	}
	widths := slices.Clone(least)
	for i := range widths {
		widths[i] += (room - sumLeast) * (most[i] - least[i]) / (sumMost - sumLeast)
	}
	return widths
}

func sum(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

// wrap divides a cell into lines of at most that width, at blanks where there are some.
func wrap(cell string, width int) []string {
	var lines []string
	for line := range strings.SplitSeq(printable(cell), "\n") {
		if displayWidth(line) <= width {
			lines = append(lines, line)
			continue
		}
		var current string
		for word := range strings.FieldsSeq(line) {
			switch {
			case current == "":
				current = word
			case displayWidth(current)+1+displayWidth(word) <= width:
				current += " " + word
			default:
				lines = append(lines, current)
				current = word
			}
		}
		lines = append(lines, current)
	}
	return lines
}

// printable keeps what would move the cursor or change the terminal out of a cell.
func printable(cell string) string {
	if !strings.ContainsFunc(cell, isControl) {
		return cell
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case isControl(r):
			return -1
		}
		return r
	}, cell)
}

func isControl(r rune) bool {
	return r != '\n' && (r < ' ' || (r >= 0x7f && r < 0xa0))
}

func displayWidth(line string) int {
	line = printable(line)
	for i := range len(line) {
		if line[i] >= utf8.RuneSelf {
			return uniseg.StringWidth(line)
		}
	}
	return len(line)
}
