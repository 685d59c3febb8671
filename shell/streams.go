package shell

import "io"

// Streams is where a shell reads and writes.
type Streams struct {
	In          io.Reader
	Out         io.Writer
	Err         io.Writer
	InTerminal  bool
	OutTerminal bool
	ErrTerminal bool
	// Columns gives the width of the terminal that Out or Err is, 0 for no limit; nil stands for no limit.
	Columns func() int
	// Password asks for a password and shows * for each character; nil refuses.
	Password func(prompt string) (string, error)
}

// columns is how wide tables may be; they have no limit where nobody looks at them.
func (s Streams) columns() int {
	if !s.OutTerminal {
		return 0
	}
	return s.width()
}

func (s Streams) width() int {
	if s.Columns == nil {
		return 0
	}
	return s.Columns()
}

// Colours of a terminal (SGR).
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	reset  = "\x1b[0m"
)

func colour(code, text string, terminal bool) string {
	if !terminal || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + reset
}
