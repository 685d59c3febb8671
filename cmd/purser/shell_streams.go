package main

import (
	"bufio"
	"io"
	"os"

	"golang.org/x/term"

	"purser/shell"
)

// streams gives the streams of the process to the shell.
func (p process) streams() shell.Streams {
	s := shell.Streams{In: p.in, Out: p.out, Err: p.err}
	var in *os.File
	in, s.InTerminal = terminal(p.in)
	var out, errs *os.File
	out, s.OutTerminal = terminal(p.out)
	errs, s.ErrTerminal = terminal(p.err)
	switch {
	case s.OutTerminal:
		s.Columns = columnsOf(out)
	case s.ErrTerminal:
		s.Columns = columnsOf(errs)
	}
	s.Password = func(prompt string) (string, error) {
		if !s.InTerminal {
			return "", errNoTerminal
		}
		return readPassword(in, p.err, prompt)
	}
	return s
}

// columnsOf tells how wide a terminal is now.
func columnsOf(terminal *os.File) func() int {
	return func() int {
		columns, _, err := term.GetSize(int(terminal.Fd()))
		if err != nil {
			return 0
		}
		return columns
	}
}

// terminal tells whether a stream is one.
func terminal(stream any) (*os.File, bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return nil, false
	}
	return file, term.IsTerminal(int(file.Fd()))
}

// readPassword reads a line without showing it: * stands for each character.
func readPassword(in *os.File, out io.Writer, prompt string) (string, error) {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", err
	}
	defer term.Restore(int(in.Fd()), before) //nolint:errcheck // nothing can be done
	_, _ = io.WriteString(out, prompt)
	defer io.WriteString(out, "\r\n") //nolint:errcheck // a terminal that is gone
	var typed []rune
	keys := bufio.NewReader(in)
	for {
		r, _, err := keys.ReadRune()
		if err != nil {
			return "", err
		}
		switch r {
		case '\r', '\n':
			return string(typed), nil
		case 3, 4: // Ctrl-C, Ctrl-D
			return "", errPasswordRefused
		case 8, 127:
			if len(typed) > 0 {
				typed = typed[:len(typed)-1]
				_, _ = io.WriteString(out, "\b \b")
			}
		default:
			if r >= ' ' {
				typed = append(typed, r)
				_, _ = io.WriteString(out, "*")
			}
		}
	}
}
