package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Exit codes of the shell; docs/shell.md lists them.
const (
	ExitOK        = 0
	ExitFailed    = 1   // the server refused, or something went wrong
	ExitUsage     = 2   // the line was not understood; nothing was sent
	ExitNotTaken  = 3   // --wait: the operation ended without success
	ExitTimeout   = 4   // --wait: the time ran out, the operation goes on
	ExitCancelled = 5   // --wait: the operation was cancelled
	ExitInterrupt = 130 // interrupted by Ctrl-C
)

// ErrExit is what `exit` and `quit` end with: no failure, but the end of a session or a script.
var ErrExit = errors.New("exit")

// UsageError tells what is wrong with the options of a line, one problem a line of text.
type UsageError struct{ Problems []string }

func (e *UsageError) Error() string { return strings.Join(e.Problems, "\n") }

func usageErrorf(format string, args ...any) *UsageError {
	return &UsageError{Problems: []string{fmt.Sprintf(format, args...)}}
}

// UnknownCommandError is a line that begins with no command.
type UnknownCommandError struct {
	Line    string
	Nearest string // the command that was probably meant, "" when none comes near
}

func (e *UnknownCommandError) Error() string {
	text := fmt.Sprintf("No command found for '%s'", e.Line)
	if e.Nearest != "" {
		text += fmt.Sprintf("\nDid you mean '%s'?", e.Nearest)
	}
	return text
}

// StatusError is a failure that has an exit code of its own.
type StatusError struct {
	Code int
	Err  error
}

func (e *StatusError) Error() string { return e.Err.Error() }

// Unwrap gives the failure.
func (e *StatusError) Unwrap() error { return e.Err }

// ExitStatus gives the exit code of what Execute returned.
func ExitStatus(err error) int {
	var status *StatusError
	var usage *UsageError
	switch {
	case err == nil, errors.Is(err, ErrExit):
		return ExitOK
	case errors.As(err, &status):
		return status.Code
	case errors.As(err, &usage):
		return ExitUsage
	case errors.Is(err, context.Canceled):
		return ExitInterrupt
	}
	return ExitFailed
}
