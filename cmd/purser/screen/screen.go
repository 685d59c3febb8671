package screen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Style is how a character looks.
type Style struct {
	Bold   bool
	Colour int // SGR 30 to 37; 0 for the usual one
}

// cell is one place of the screen.
type cell struct {
	char  rune
	style Style
}

// Screen is what a terminal shows. It knows the sequences that the shell's editor uses, and a few more; others are
// skipped.
type Screen struct {
	columns, rows int
	cells         [][]cell
	row, column   int // of the cursor, from 0
	wrap          bool
	style         Style
	pending       []byte // of a sequence that is not whole yet
	Answers       []byte // what the terminal has to say to the program
}

// New makes an empty screen.
func New(columns, rows int) *Screen {
	s := &Screen{}
	s.Resize(columns, rows)
	return s
}

// Resize changes the size. Text stays where it is, as far as there is room.
func (s *Screen) Resize(columns, rows int) {
	before := s.cells
	s.columns, s.rows = columns, rows
	s.cells = make([][]cell, rows)
	skip := max(0, s.row-rows+1)
	for i := range s.cells {
		s.cells[i] = slices.Repeat([]cell{{char: ' '}}, columns)
		if i+skip < len(before) {
			copy(s.cells[i], before[i+skip])
		}
	}
	s.row, s.column, s.wrap = s.row-skip, min(s.column, columns-1), false
}

// Write takes what the program prints. It never fails.
func (s *Screen) Write(b []byte) (int, error) {
	data := append(s.pending, b...)
	for len(data) > 0 {
		n := s.step(data)
		if n == 0 {
			break
		}
		data = data[n:]
	}
	s.pending = slices.Clone(data)
	return len(b), nil
}

// step takes one character or sequence, and tells how many bytes it had; 0 when it is not whole.
func (s *Screen) step(data []byte) int {
	if data[0] == 0x1b {
		return s.escape(data)
	}
	if !utf8.FullRune(data) {
		return 0
	}
	r, size := utf8.DecodeRune(data)
	switch r {
	case '\r':
		s.column, s.wrap = 0, false
	case '\n', '\v':
		s.lineFeed()
	case '\b':
		s.column, s.wrap = max(0, s.column-1), false
	case '\t':
		s.column = min(s.columns-1, s.column/8*8+8)
	default:
		if r >= ' ' {
			s.print(r)
		}
	}
	return size
}

func (s *Screen) print(r rune) {
	if s.wrap {
		s.column = 0
		s.lineFeed()
	}
	s.cells[s.row][s.column] = cell{r, s.style}
	if s.column == s.columns-1 {
		s.wrap = true
		return
	}
	s.column++
}

func (s *Screen) lineFeed() {
	s.wrap = false
	if s.row < s.rows-1 {
		s.row++
		return
	}
	s.cells = append(s.cells[1:], slices.Repeat([]cell{{char: ' '}}, s.columns))
}

// escape takes a sequence that begins with ESC.
func (s *Screen) escape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	if data[1] != '[' {
		return 2
	}
	for i := 2; i < len(data); i++ {
		if data[i] >= 0x40 && data[i] <= 0x7e {
			s.control(string(data[2:i]), data[i])
			return i + 1
		}
	}
	return 0
}

// control performs ESC [ parameters final.
func (s *Screen) control(parameters string, final byte) {
	var numbers []int
	for p := range strings.SplitSeq(parameters, ";") {
		n, _ := strconv.Atoi(p) // nothing is 0
		numbers = append(numbers, n)
	}
	n := max(1, numbers[0])
	if final != 'm' && final != 'n' {
		s.wrap = false
	}
	switch final {
	case 'A':
		s.row = max(0, s.row-n)
	case 'B':
		s.row = min(s.rows-1, s.row+n)
	case 'C':
		s.column = min(s.columns-1, s.column+n)
	case 'D':
		s.column = max(0, s.column-n)
	case 'G':
		s.column = min(s.columns-1, n-1)
	case 'H', 'f':
		s.row, s.column = min(s.rows, n)-1, 0
		if len(numbers) > 1 {
			s.column = min(s.columns, max(1, numbers[1])) - 1
		}
	case 'J':
		s.erase(numbers[0])
	case 'K':
		s.eraseLine(numbers[0])
	case 'm':
		s.look(numbers)
	case 'n':
		if numbers[0] == 6 {
			s.Answers = fmt.Appendf(s.Answers, "\x1b[%d;%dR", s.row+1, s.column+1)
		}
	}
}

func (s *Screen) erase(what int) {
	switch what {
	case 0:
		s.eraseLine(0)
		s.blank(s.row+1, s.rows)
	case 1:
		s.eraseLine(1)
		s.blank(0, s.row)
	default:
		s.blank(0, s.rows)
	}
}

func (s *Screen) blank(from, to int) {
	for i := from; i < to; i++ {
		s.cells[i] = slices.Repeat([]cell{{char: ' '}}, s.columns)
	}
}

func (s *Screen) eraseLine(what int) {
	from, to := s.column, s.columns
	switch what {
	case 1:
		from, to = 0, s.column+1
	case 2:
		from = 0
	}
	for i := from; i < to; i++ {
		s.cells[s.row][i] = cell{char: ' '}
	}
}

func (s *Screen) look(numbers []int) {
	for i := 0; i < len(numbers); i++ {
		switch n := numbers[i]; {
		case n == 0:
			s.style = Style{}
		case n == 1:
			s.style.Bold = true
		case n == 22:
			s.style.Bold = false
		case n >= 30 && n <= 37:
			s.style.Colour = n
		case n == 39:
			s.style.Colour = 0
		case n == 38 || n == 48: // a colour of a palette
			if i+1 < len(numbers) && numbers[i+1] == 5 {
				i += 2
			} else {
				i += 4
			}
		}
	}
}

// Lines gives the text of the screen, without blanks at the ends and without empty lines at the end.
func (s *Screen) Lines() []string {
	lines := make([]string, len(s.cells))
	last := 0
	for i, row := range s.cells {
		var b strings.Builder
		for _, c := range row {
			b.WriteRune(c.char)
		}
		if lines[i] = strings.TrimRight(b.String(), " "); lines[i] != "" {
			last = i + 1
		}
	}
	return lines[:last]
}

// Text gives the lines as one text.
func (s *Screen) Text() string { return strings.Join(s.Lines(), "\n") }

// CursorLine gives the text of the line that the cursor is on.
func (s *Screen) CursorLine() string {
	if lines := s.Lines(); s.row < len(lines) {
		return lines[s.row]
	}
	return ""
}

// Style gives how the last place looks that shows a text; false when none does.
func (s *Screen) Style(text string) (Style, bool) {
	lines := s.Lines()
	for i, line := range slices.Backward(lines) {
		if at := strings.LastIndex(line, text); at >= 0 {
			return s.cells[i][utf8.RuneCountInString(line[:at])].style, true
		}
	}
	return Style{}, false
}
