package shell

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// maxScripts is how deep scripts may call scripts.
const maxScripts = 32

// maxLine is the longest line of a script, in bytes.
const maxLine = 16 << 20

// ScriptFile runs the commands of a file, "-" for standard input. The first that fails ends it and is the error, unless
// the script was called at the prompt: there failures are reported and the next line is run.
func (s *Shell) ScriptFile(ctx context.Context, mode Mode, name string) error {
	if s.scripts >= maxScripts {
		return fmt.Errorf("%s is not run: %d scripts have called each other already", name, maxScripts)
	}
	in := s.streams.In
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return unreadable(name, err)
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return fmt.Errorf("%s is a folder, not a file of commands", name)
		}
		in = file
	}
	s.scripts++
	defer func() { s.scripts-- }()
	return s.ScriptLines(ctx, mode, in)
}

// ScriptLines is ScriptFile for what is read from in.
func (s *Shell) ScriptLines(ctx context.Context, mode Mode, in io.Reader) error {
	inner := Script
	if mode == Interactive {
		inner = Interactive
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	var pending strings.Builder
	first := true
	run := func() error {
		line := pending.String()
		pending.Reset()
		err := s.Execute(ctx, inner, line)
		if err != nil && mode == Interactive && !isExit(err) && ctx.Err() == nil {
			s.Report(mode, err)
			return nil
		}
		return err
	}
	for lines.Scan() {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if first {
			line, first = strings.TrimPrefix(line, "\ufeff"), false
		}
		if more, ok := continued(line); ok {
			pending.WriteString(more + " ")
			continue
		}
		pending.WriteString(line)
		if err := run(); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("the commands cannot be read: %w", err)
	}
	return run()
}

// continued gives a line without its last backslash when it goes on in the next one. Two backslashes are one of text.
func continued(line string) (string, bool) {
	slashes := len(line) - len(strings.TrimRight(line, `\`))
	if slashes%2 == 0 {
		return line, false
	}
	return line[:len(line)-1], true
}

// unreadable says in plain words why a file cannot be read.
func unreadable(name string, err error) error {
	switch {
	case os.IsNotExist(err):
		return tellf("Could not find file %s", name)
	case os.IsPermission(err):
		return tellf("Could not read file %s: permission denied", name)
	}
	if e, ok := err.(*fs.PathError); ok { //nolint:errorlint // only the outermost names the path once more
		err = e.Err
	}
	return tellf("Could not read file %s: %w", name, err)
}
