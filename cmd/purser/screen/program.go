package screen

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// patience is how long a test waits for what it expects to see.
const patience = 20 * time.Second

// Program is a program that runs in a terminal.
type Program struct {
	tb      testing.TB
	command *exec.Cmd
	master  *os.File
	mu      sync.Mutex
	screen  *Screen
	raw     []byte // all that was printed
	ended   bool
	changed chan struct{} // has something whenever the screen has changed
	done    chan struct{}
}

// MustRun starts a program in a terminal of 80 columns and 24 rows. The test ends it.
func MustRun(tb testing.TB, command *exec.Cmd) *Program {
	tb.Helper()
	p := &Program{tb: tb, command: command, screen: New(80, 24), changed: make(chan struct{}, 1), done: make(chan struct{})}
	master, err := pty.StartWithSize(command, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		tb.Fatal(err)
	}
	p.master = master
	go p.watch()
	tb.Cleanup(func() {
		_ = command.Process.Kill()
		<-p.done
		_ = master.Close()
		_ = command.Wait()
		if tb.Failed() {
			tb.Logf("the screen at the end:\n%s", p.Text())
		}
	})
	return p
}

// watch shows what the program prints, until it has ended.
func (p *Program) watch() {
	defer close(p.done)
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.master.Read(buffer)
		p.mu.Lock()
		p.raw = append(p.raw, buffer[:n]...)
		_, _ = p.screen.Write(buffer[:n]) // a screen takes everything
		answers := p.screen.Answers
		p.screen.Answers = nil
		p.ended = err != nil
		p.mu.Unlock()
		if len(answers) > 0 {
			_, _ = p.master.Write(answers) // a program that has ended needs none
		}
		select {
		case p.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// Type sends keys.
func (p *Program) Type(keys string) {
	p.tb.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.tb.Fatal(err)
	}
}

// Resize changes the size of the terminal.
func (p *Program) Resize(columns, rows int) {
	p.tb.Helper()
	p.mu.Lock()
	p.screen.Resize(columns, rows)
	p.mu.Unlock()
	if err := pty.Setsize(p.master, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)}); err != nil { //nolint:gosec // sizes of tests
		p.tb.Fatal(err)
	}
}

// Wait waits until the screen is as it shall be. what says what that is.
func (p *Program) Wait(what string, fits func(s *Screen) bool) {
	p.tb.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		p.mu.Lock()
		ok, ended := fits(p.screen), p.ended
		p.mu.Unlock()
		if ok {
			return
		}
		if ended {
			p.tb.Fatalf("the program has ended before there was %s", what)
		}
		select {
		case <-p.changed:
		case <-deadline.C:
			p.tb.Fatalf("there was no %s within %s", what, patience)
		}
	}
}

// WaitLine waits until the cursor is on a line with that text.
func (p *Program) WaitLine(text string) {
	p.tb.Helper()
	p.Wait(fmt.Sprintf("line %q at the cursor", text), func(s *Screen) bool { return s.CursorLine() == text })
}

// Exit waits for the end of the program and gives its exit code.
func (p *Program) Exit() int {
	p.tb.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.tb.Fatalf("the program did not end within %s", patience)
	}
	err := p.command.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.tb.Fatal(err)
	}
	return p.command.ProcessState.ExitCode()
}

// Signal sends a signal to the program.
func (p *Program) Signal(signal os.Signal) {
	p.tb.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		p.tb.Fatal(err)
	}
}

// Text gives what the screen shows.
func (p *Program) Text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.Text()
}

// Printed gives everything that was printed, with its control sequences.
func (p *Program) Printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return string(p.raw)
}
