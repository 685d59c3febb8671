package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// builtIns are the commands about the shell itself (spec/clients.md §1.3).
func builtIns() []*Command {
	return []*Command{
		helpCommand(),
		{
			Name: "clear", Group: groupBuiltIn, Summary: "Clear the shell screen.", Modes: Interactive | Script,
			Run: clearScreen,
		},
		{
			Name: "exit", Aliases: []string{"quit"}, Group: groupBuiltIn, Summary: "Exit the shell.", Modes: Interactive | Script,
			Run: func(context.Context, *Call) error { return ErrExit },
		},
		{
			Name: "history", Group: groupBuiltIn, Summary: "Display or save the history of previously run commands",
			Modes:   Interactive | Script | OneShot,
			Options: []Option{{Name: "file", Kind: File, Help: "A file to save history to.", Values: Files}},
			Run:     history,
		},
		{
			Name: "script", Group: groupBuiltIn, Summary: "Read and execute commands from a file.", Modes: Interactive | Script | OneShot,
			Options: []Option{{Name: "file", Kind: File, Help: "the file with the commands", Required: true, Values: Files}},
			Run: func(ctx context.Context, c *Call) error {
				return c.Shell.ScriptFile(ctx, c.Mode, c.Text("file"))
			},
		},
		{
			Name: "stacktrace", Group: groupBuiltIn, Summary: "Display the full stacktrace of the last error.", Modes: Interactive | Script,
			Run: stacktrace,
		},
		{
			Name: "version", Group: groupBuiltIn, Summary: "Show version info", Modes: Interactive | Script | OneShot,
			Run: func(_ context.Context, c *Call) error {
				return c.Show(Result{Text: c.Shell.version, Names: []string{c.Shell.version}, Data: map[string]string{"version": c.Shell.version}})
			},
		},
	}
}

func clearScreen(_ context.Context, c *Call) error {
	if !c.Streams.OutTerminal {
		return nil
	}
	_, err := io.WriteString(c.Streams.Out, "\x1b[H\x1b[2J")
	return err
}

func history(_ context.Context, c *Call) error {
	lines := slices.Clone(c.Shell.entered)
	if c.Shell.history != nil {
		lines = c.Shell.history()
	}
	if lines == nil {
		lines = []string{}
	}
	if !c.Given("file") {
		return c.Show(Result{Text: strings.Join(lines, "\n"), Names: lines, Data: lines})
	}
	file := c.Text("file")
	if file == "" {
		return usageErrorf("--file needs the name of a file")
	}
	var text strings.Builder
	for _, l := range lines {
		fmt.Fprintln(&text, l)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		return tellf("Could not write the history: %w", err)
	}
	return c.Show(Result{
		Text:  fmt.Sprintf("Wrote %d entries to %s", len(lines), file),
		Names: []string{file}, Data: map[string]any{"file": file, "entries": len(lines)},
	})
}

// stacktrace tells the causes of the last failure, the outermost first.
func stacktrace(_ context.Context, c *Call) error {
	var b strings.Builder
	for err := c.Shell.failure; err != nil; err = errors.Unwrap(err) {
		if b.Len() > 0 {
			b.WriteString("Caused by: ")
		}
		fmt.Fprintf(&b, "%T: %v\n", err, err)
	}
	return c.Show(Result{Text: strings.TrimSuffix(b.String(), "\n"), Data: strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")})
}
