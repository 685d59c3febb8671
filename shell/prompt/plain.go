package prompt

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"purser/shell"
)

// plainReader reads lines where the terminal can do nothing but print: the terminal itself edits them.
type plainReader struct {
	in      *bufio.Reader
	shell   *shell.Shell
	cleared atomic.Bool // what was read of the line so far does not count
}

func newLines(in io.Reader) *bufio.Reader { return bufio.NewReader(in) }

// clear implements lineReader. The terminal itself has thrown away what was typed.
func (r *plainReader) clear() {
	r.cleared.Store(true)
	fmt.Fprintf(r.shell.Streams().Out, "\n%s", plainPrompt(r.shell.Connection()))
}

// read implements lineReader. Lines that are not finished go on behind the prompt ">".
func (r *plainReader) read() (string, error) {
	prompt := plainPrompt(r.shell.Connection())
	var line strings.Builder
	for {
		fmt.Fprint(r.shell.Streams().Out, prompt)
		text, err := r.in.ReadString('\n')
		if err != nil && (!errors.Is(err, io.EOF) || text == "" && line.Len() == 0) {
			if errors.Is(err, io.EOF) {
				fmt.Fprintln(r.shell.Streams().Out)
			}
			return "", err
		}
		if r.cleared.Swap(false) {
			line.Reset()
		}
		line.WriteString(strings.TrimRight(text, "\r\n"))
		if err != nil || !unfinished(line.String()) {
			return joined(line.String()), nil
		}
		line.WriteByte('\n')
		prompt = "> "
	}
}
