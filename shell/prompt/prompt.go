package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"purser/shell"
)

// Options is what a session needs. The streams of the shell must be those of the process where they are a terminal: the
// editor draws on them itself.
type Options struct {
	HistoryFile string // "" keeps the history in memory
	Terminal    string // the value of TERM; the editor is not for "dumb" and ""
}

// connectTime is how long the start of a session waits for the server.
const connectTime = 5 * time.Second

// New gives what shell.Options.Prompt wants: it runs a session until the user, SIGTERM or SIGHUP end it. That its context
// ends does not: a program cancels it at Ctrl-C, which here is meant for a line or a command. The server is asked for
// once before the first prompt; without an answer the session goes on all the same.
func New(o Options) func(ctx context.Context, s *shell.Shell) error {
	return func(ctx context.Context, s *shell.Shell) error {
		ended, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		n := &session{shell: s, streams: s.Streams()}
		var err error
		if n.history, err = openHistory(o.HistoryFile, time.Now); err != nil {
			fmt.Fprintf(n.streams.Err, "The history is kept for this session only: %v\n", err)
		}
		s.SetHistory(n.history.all)
		fmt.Fprintln(n.streams.Out, `Welcome to the shell of Skipper. For help press Tab or type "help"; "exit" or Ctrl-D ends it.`)
		n.connect(ended)
		if n.streams.OutTerminal && n.streams.InTerminal && o.Terminal != "dumb" && o.Terminal != "" {
			e := newEditor(ended, s, n.history)
			defer e.restore()
			return n.run(ended, e)
		}
		return n.run(ended, &plainReader{in: newLines(n.streams.In), shell: s})
	}
}

// lineReader is where lines come from.
type lineReader interface {
	// read gives the next line. io.EOF ends the session, errCleared is a line that was given up.
	read() (string, error)
	// clear gives up the line that is being read, at a Ctrl-C that comes as a signal.
	clear()
}

// errCleared is what a line reader gives for a line that was cleared by Ctrl-C.
var errCleared = errors.New("the line was cleared")

// session is one session at the prompt.
type session struct {
	shell   *shell.Shell
	history *history
	streams shell.Streams
}

// run reads and executes lines until there are no more, or ctx ends.
func (n *session) run(ctx context.Context, lines lineReader) error {
	type typed struct {
		line string
		err  error
	}
	read := make(chan typed, 1) // buffered: a reader that waits for keys is left behind at the end
	next := func() (typed, bool) {
		interrupts := make(chan os.Signal, 1)
		signal.Notify(interrupts, os.Interrupt)
		defer signal.Stop(interrupts)
		go func() {
			line, err := lines.read()
			read <- typed{line, err}
		}()
		for {
			select {
			case t := <-read:
				return t, true
			case <-interrupts:
				lines.clear()
			case <-ctx.Done():
				return typed{}, false
			}
		}
	}
	for {
		t, ok := next()
		if !ok {
			return nil
		}
		switch {
		case errors.Is(t.err, errCleared):
			continue
		case errors.Is(t.err, io.EOF):
			return nil
		case t.err != nil:
			return t.err
		}
		lines, rest := split(t.line)
		if rest != "" {
			lines = append(lines, rest)
		}
		for _, line := range lines {
			n.history.add(line)
			if err := n.execute(ctx, line); errors.Is(err, shell.ErrExit) {
				return nil
			}
		}
	}
}

// execute runs a line and reports how it went. Ctrl-C cancels it.
func (n *session) execute(ctx context.Context, line string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	err := n.shell.Execute(ctx, shell.Interactive, line)
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(n.streams.Err, "Cancelled")
		return err
	}
	n.shell.Report(shell.Interactive, err)
	return err
}

// connect asks the server what it is, so that the first prompt shows whether it is there.
func (n *session) connect(ctx context.Context) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	err := n.shell.Connect(ctx)
	switch {
	case err == nil:
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("the server at %s has not answered within %s", n.shell.Connection().URI, connectTime)
	case ctx.Err() != nil:
		return // the user does not want to wait
	}
	n.shell.Report(shell.Script, err) // one line: the prompt says the rest
}
