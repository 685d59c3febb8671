package prompt

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/reeflective/readline"
	"github.com/reeflective/readline/inputrc"
	"golang.org/x/term"

	"purser/shell"
)

// editor reads lines at a terminal that can do more than print.
type editor struct {
	readline *readline.Shell
	before   *term.State // of the terminal; nil when it cannot be told
}

// settings are those of the editor that differ from the library's; a user's own inputrc is read before them.
var settings = map[string]any{
	"menu-complete-display-prefix": true, // Tab completes as far as it is clear, then shows what there is, then selects
	"comment-begin":                "//",
	// The library asks the terminal where the cursor is before it draws, and loses keys that are typed until the answer
	// has come. Without asking it cannot tell that it draws on the last row: reserve sees to it that it never does.
	"cursor-position-probe":  false,
	"enable-bracketed-paste": true,
}

// keys are those of keyboards that the library does not know. What a user's own inputrc says of them holds, but for Tab,
// which the library has another command for.
var keys = []struct {
	sequence, action string
	always           bool
}{
	{`\C-i`, "menu-complete", true},
	{`\e[Z`, "menu-complete-backward", false},
	{`\e[3~`, "delete-char", false},
	{`\e[H`, "beginning-of-line", false},
	{`\eOH`, "beginning-of-line", false},
	{`\e[1~`, "beginning-of-line", false},
	{`\e[F`, "end-of-line", false},
	{`\eOF`, "end-of-line", false},
	{`\e[4~`, "end-of-line", false},
	{`\e[1;5C`, "forward-word", false},
	{`\e[1;5D`, "backward-word", false},
	{`\e[5~`, "history-search-backward", false},
	{`\e[6~`, "history-search-forward", false},
}

func newEditor(ctx context.Context, s *shell.Shell, h *history) *editor {
	e := &editor{readline: readline.NewShell(inputrc.WithApp("purser"))}
	if before, err := term.GetState(int(os.Stdin.Fd())); err == nil {
		e.before = before
	}
	for name, value := range settings {
		_ = e.readline.Config.Set(name, value) // the names are known
	}
	for _, keymap := range []string{"emacs", "emacs-standard", "vi-insert"} {
		for _, k := range keys {
			sequence := inputrc.Unescape(k.sequence)
			if _, bound := e.readline.Config.Binds[keymap][sequence]; k.always || !bound {
				_ = e.readline.Config.Bind(keymap, sequence, k.action, false) // as above
			}
		}
	}
	// The library's own command for Ctrl-C does nothing when more keys have come with it.
	e.readline.Keymap.Register(map[string]func(){"give-up-line": e.giveUp})
	for _, keymap := range e.readline.Config.Binds {
		keymap[inputrc.Unescape(`\C-c`)] = inputrc.Bind{Action: "give-up-line"}
	}
	e.readline.History.Delete()
	e.readline.History.Add("history", h)
	e.readline.Prompt.Primary(func() string {
		prompt := promptText(s.Connection())
		return reserve(rows(prompt, *e.readline.Line(), columns())) + prompt
	})
	e.readline.AcceptMultiline = func(line []rune) bool { return !unfinished(string(line)) }
	e.readline.SyntaxHighlighter = func(line []rune) string { return highlighted(s, string(line)) }
	c := &completer{shell: s, ended: ctx, patience: patience, late: e.readline.RefreshCompletions, room: menuRows}
	e.readline.Completer = c.complete
	return e
}

// giveUp ends the line at Ctrl-C.
func (e *editor) giveUp() {
	e.readline.Display.ResetHelpers()
	fmt.Fprint(os.Stdout, "^C")
	e.readline.Display.AcceptLine()
	e.readline.History.Accept(false, false, readline.ErrInterrupt)
}

// columns is the width of the terminal, the usual one where it does not tell.
func columns() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// menuRows is how many rows there are for what Tab shows.
func menuRows() int {
	_, height, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || height <= 0 {
		height = 24
	}
	return max(1, height-6) // the line, a heading, and rows that stay free
}

// read implements lineReader.
func (e *editor) read() (string, error) {
	line, err := e.readline.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		return "", errCleared
	}
	return joined(line), err
}

// clear implements lineReader: while a line is edited, Ctrl-C is a key and no signal.
func (e *editor) clear() {}

// restore leaves the terminal as it was found, also when a line was being typed.
func (e *editor) restore() {
	if e.before == nil {
		return
	}
	_ = term.Restore(int(os.Stdin.Fd()), e.before) // there is nobody left to tell
}
