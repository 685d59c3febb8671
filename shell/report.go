package shell

import (
	"context"
	"errors"
	"fmt"
)

// Report writes what went wrong to the error stream, red on a terminal. ErrExit and nil are nothing to report.
func (s *Shell) Report(mode Mode, err error) {
	if err == nil || isExit(err) {
		return
	}
	text := err.Error()
	if _, told := errors.AsType[*StatusError](err); !told && errors.Is(err, context.Canceled) {
		text = "Interrupted."
	}
	var usage *UsageError
	var unknown *UnknownCommandError
	if mode == Interactive && !errors.As(err, &usage) && !errors.As(err, &unknown) && errors.Unwrap(err) != nil {
		text += "\nDetails of the error have been omitted. You can use the stacktrace command to print them."
	}
	fmt.Fprintln(s.streams.Err, colour(red, text, s.streams.ErrTerminal))
}

func isExit(err error) bool { return errors.Is(err, ErrExit) }
