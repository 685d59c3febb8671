package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"purser/shell"
	"purser/shell/authoring"
	"purser/shell/prompt"
)

// newShell makes the command that runs the shell's language: at a prompt, from arguments, from scripts.
func newShell(p process) *cobra.Command {
	c := &cobra.Command{
		Use:   "shell [@FILE | COMMAND]...",
		Short: "Run Skipper's shell commands: at a prompt, from arguments or from scripts",
		Long: "Without arguments a prompt is shown; when standard input is no terminal, its lines are run.\n" +
			"Each argument is a command (\"release list\"), or a script (@FILE); arguments that are not each a command\n" +
			"are one command together. The first failure ends it: exit code 1, or 2 for a line that was not understood.\n\n" +
			"help lists the commands. The same commands work without the word shell: purser release list.",
		Example:            "  purser shell\n  purser shell \"repo list\" \"package list\"\n  purser shell @tour.skp\n  purser shell < tour.skp",
		DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && slices.Contains([]string{"--help", "-h"}, args[0]) {
				if err := c.Help(); err != nil {
					return err
				}
				fmt.Fprintln(p.out)
				return runShell(c.Context(), p, []string{"help"})
			}
			return runShell(c.Context(), p, args)
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return complete(c.Context(), p, shell.OneShot, args, word)
		},
	}
	addOptions(c, shell.ConnectOptions())
	c.Flags().String("spring.shell.commandFile", "", "scripts to run, divided by commas")
	return c
}

func runShell(ctx context.Context, p process, args []string) error {
	s, settings, rest, err := openShell(p, args, func(string) bool { return false }, true)
	if err != nil {
		return reported(p, err)
	}
	if len(settings.CommandFiles) > 0 {
		if code := s.RunFiles(ctx, settings.CommandFiles); code != 0 || len(rest) == 0 {
			return ended(code)
		}
	}
	return ended(s.Run(ctx, rest))
}

// openShell makes the shell that arguments, environment and configuration ask for.
func openShell(p process, args []string, own func(string) bool, leading bool) (*shell.Shell, shell.Settings, []string, error) {
	connect, config, rest, err := shell.TakeConnectOptions(args, own, leading)
	if err != nil {
		return nil, shell.Settings{}, nil, err
	}
	settings, rest, err := shell.LoadSettings(append(rest, connect...), p.environ, config)
	if err != nil {
		return nil, shell.Settings{}, nil, err
	}
	s := newLanguage(shell.Options{
		Streams: p.streams(), Target: settings.Target, Version: versionText(), Configuration: settings.Config,
		OpenArchive: openArchive,
		Prompt:      prompt.New(prompt.Options{HistoryFile: historyFile(settings), Terminal: os.Getenv("TERM")}),
	})
	return s, settings, rest, nil
}

// historyFile is where the lines of the prompt are kept: in the working directory, as Skipper's shell has it.
func historyFile(s shell.Settings) string { return cmp.Or(s.HistoryFile, shell.HistoryName) }

// newLanguage makes a shell with the commands that need no server besides its own.
func newLanguage(o shell.Options) *shell.Shell {
	s := shell.New(o)
	if err := s.Register(authoring.Commands()...); err != nil {
		panic(err) // two commands of one name: a mistake that no run survives
	}
	return s
}

func openArchive(path string) (shell.Archive, error) {
	source, err := authoring.Open(path)
	if err != nil {
		return shell.Archive{}, err
	}
	return shell.Archive{Name: source.Name, Version: source.Version, Write: func(w io.Writer) error { _, err := source.WriteTo(w); return err }}, nil
}

// reported shows what was wrong with the arguments and gives the code for it.
func reported(p process, err error) error {
	fmt.Fprintf(p.err, "%v\n", err)
	return ended(shell.ExitStatus(err))
}

func ended(code int) error {
	if code == 0 {
		return nil
	}
	return exitCode(code)
}

// complete lists what may stand at the end of the words.
func complete(ctx context.Context, p process, mode shell.Mode, words []string, current string) ([]cobra.Completion, cobra.ShellCompDirective) {
	s, _, words, err := openShell(p, words, func(string) bool { return false }, false)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	tokens := make([]shell.Token, len(words))
	for i, w := range words {
		tokens[i] = shell.Token{Text: w}
	}
	directive := cobra.ShellCompDirectiveNoFileComp
	var found []cobra.Completion
	for _, candidate := range s.CompleteWords(ctx, mode, tokens, current) {
		if candidate.More {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		found = append(found, cobra.CompletionWithDesc(candidate.Text, strings.TrimSuffix(candidate.Help, ".")))
	}
	return found, directive
}

var (
	errNoTerminal      = errors.New("a password is needed, and there is no terminal to ask for it: give --password")
	errPasswordRefused = errors.New("no password was given")
)
