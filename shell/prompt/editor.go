package prompt

import (
	"context"
	"errors"
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
	"echo-control-characters":      true,
	"enable-bracketed-paste":       true,
}

func newEditor(ctx context.Context, s *shell.Shell, h *history) *editor {
	e := &editor{readline: readline.NewShell(inputrc.WithApp("purser"))}
	if before, err := term.GetState(int(os.Stdin.Fd())); err == nil {
		e.before = before
	}
	for name, value := range settings {
		_ = e.readline.Config.Set(name, value) // the names are known
	}
	for _, keys := range []string{"emacs", "emacs-standard", "vi-insert"} {
		_ = e.readline.Config.Bind(keys, inputrc.Unescape(`\C-i`), "menu-complete", false) // as above
	}
	e.readline.History.Delete()
	e.readline.History.Add("history", h)
	e.readline.Prompt.Primary(func() string { return promptText(s.Connection()) })
	e.readline.AcceptMultiline = func(line []rune) bool { return !shell.Unfinished(string(line)) }
	e.readline.SyntaxHighlighter = func(line []rune) string { return highlighted(s, string(line)) }
	c := &completer{shell: s, ended: ctx, patience: patience, late: e.readline.RefreshCompletions}
	e.readline.Completer = c.complete
	return e
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
