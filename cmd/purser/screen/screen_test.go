package screen_test

import (
	"strings"
	"testing"

	"purser/cmd/purser/screen"
)

func TestScreen(t *testing.T) {
	for _, row := range []struct {
		rule, printed, text, line string
	}{
		{"Text", "ab\r\ncd", "ab\ncd", "cd"},
		{"CarriageReturn", "abc\rX", "Xbc", "Xbc"},
		{"Backspace", "abc\b \b", "ab", "ab"},
		{"WrapIsPending", "0123456789", "0123456789", "0123456789"},
		{"Wrap", "0123456789a", "0123456789\na", "a"},
		{"Scroll", "1\r\n2\r\n3\r\n4\r\n5", "2\n3\n4\n5", "5"},
		{"Up", "1\r\n2\x1b[AX", "1X\n2", "1X"},
		{"UpStopsAtTheTop", "1\x1b[9AX", "1X", "1X"},
		{"Position", "\x1b[2;3HX", "\n  X", "  X"},
		{"EraseBelow", "1\r\n2\r\n3\x1b[2;1H\x1b[J", "1", ""},
		{"EraseLine", "abc\x1b[2D\x1b[K", "a", "a"},
		{"EraseAll", "abc\x1b[2J", "", ""},
		{"UnknownIsSkipped", "\x1b[?25la\x1b[?25h\x1b7b", "ab", "ab"},
		{"Unicode", "╔═╗", "╔═╗", "╔═╗"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			whole, pieces := screen.New(10, 4), screen.New(10, 4)
			_, _ = whole.Write([]byte(row.printed))
			for _, b := range []byte(row.printed) {
				_, _ = pieces.Write([]byte{b})
			}
			for _, s := range []*screen.Screen{whole, pieces} {
				if s.Text() != row.text || s.CursorLine() != row.line {
					t.Errorf("got %q with the cursor on %q, want %q and %q", s.Text(), s.CursorLine(), row.text, row.line)
				}
			}
		})
	}
}

func TestStyles(t *testing.T) {
	s := screen.New(40, 2)
	_, _ = s.Write([]byte("\x1b[33my\x1b[1;31mr\x1b[22mn\x1b[38;5;244mp\x1b[0mz"))
	for text, want := range map[string]screen.Style{
		"y": {Colour: 33}, "r": {Bold: true, Colour: 31}, "n": {Colour: 31}, "p": {Colour: 31}, "z": {},
	} {
		if got, ok := s.Style(text); !ok || got != want {
			t.Errorf("%s looks like %+v, want %+v", text, got, want)
		}
	}
	if _, ok := s.Style("none"); ok {
		t.Error("what is not there has a style")
	}
}

func TestScreenAnswers(t *testing.T) {
	s := screen.New(10, 4)
	_, _ = s.Write([]byte("a\r\nbc\x1b[6n"))
	if got := string(s.Answers); got != "\x1b[2;3R" {
		t.Errorf("got %q", got)
	}
}

func TestResize(t *testing.T) {
	s := screen.New(10, 4)
	_, _ = s.Write([]byte("1\r\n2\r\n3\r\n4"))
	s.Resize(5, 2)
	if got := s.Text(); got != "3\n4" || s.CursorLine() != "4" {
		t.Errorf("got %q, cursor on %q", got, s.CursorLine())
	}
	_, _ = s.Write([]byte(strings.Repeat("x", 5)))
	if got := s.Text(); got != "4xxxx\nx" {
		t.Errorf("got %q", got)
	}
}
