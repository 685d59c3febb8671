package main

import (
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"purser/config"
)

// newLogger makes the server's log: text for people at a terminal, JSON lines for everything else, unless the
// configuration says which.
func newLogger(out io.Writer, c config.Logging) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "text" || c.Format == "auto" && isTerminal(out) {
		return slog.New(slog.NewTextHandler(out, options))
	}
	return slog.New(slog.NewJSONHandler(out, options))
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
