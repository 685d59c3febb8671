package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"purser/shell"
)

// groupTexts says of the first words of commands what they are about.
var groupTexts = map[string]string{
	"manifest":  "Manifests of releases",
	"operation": "Operations on releases",
	"package":   "Packages: search, upload, install, delete",
	"platform":  "Platforms that releases run on",
	"release":   "Releases: status, upgrade, rollback, delete",
	"repo":      "Package repositories",
	"skipper":   "The server that is spoken to",
}

// The groups of the program's help: the program's own commands, and those of the shell.
const (
	programGroup = "program"
	clientGroup  = "client"
)

// addShellCommands adds each command of the shell as a command of the program: release list is purser release list.
func addShellCommands(root *cobra.Command, p process) {
	root.AddGroup(
		&cobra.Group{ID: programGroup, Title: "Available Commands:"},
		&cobra.Group{ID: clientGroup, Title: "Commands for a server, here or elsewhere:"},
	)
	root.SetHelpCommandGroupID(programGroup)
	root.SetCompletionCommandGroupID(programGroup)
	for _, c := range root.Commands() {
		c.GroupID = programGroup
	}
	parents := map[string]*cobra.Command{}
	for _, command := range newLanguage(shell.Options{}).Commands() {
		if !command.In(shell.Direct) {
			continue
		}
		for _, name := range command.Names() {
			words := strings.Fields(name)
			parent := parents[words[0]]
			if parent == nil {
				parent = newShellGroup(words[0], p)
				parents[words[0]] = parent
				root.AddCommand(parent)
			}
			parent.AddCommand(newShellCommand(command, name, p))
		}
	}
}

func newShellGroup(word string, p process) *cobra.Command {
	return &cobra.Command{
		Use: word, Short: groupTexts[word], GroupID: clientGroup, DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 || wantsHelp(args) {
				return c.Help()
			}
			return runDirect(c.Context(), p, nil, append([]string{word}, args...))
		},
	}
}

func newShellCommand(command *shell.Command, name string, p process) *cobra.Command {
	words := strings.Fields(name)
	use := strings.Join(words[1:], " ")
	var examples []string
	for _, e := range command.Examples {
		examples = append(examples, "  purser "+kebabOptions(e))
	}
	for i := range command.Options {
		if o := &command.Options[i]; o.Required {
			use += " " + strings.ToUpper(shell.Kebab(o.Name))
		}
	}
	c := &cobra.Command{
		Use: use, Short: command.Summary, Long: strings.TrimSpace(command.Summary + "\n\n" + command.Details),
		Example: strings.Join(examples, "\n"), DisableFlagParsing: true, DisableFlagsInUseLine: true,
		Hidden: name != command.Name,
		RunE: func(c *cobra.Command, args []string) error {
			if wantsHelp(args) {
				return c.Help()
			}
			return runDirect(c.Context(), p, command, append(slices.Clone(words), args...))
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			found, directive := complete(c.Context(), p, shell.Direct, append(slices.Clone(words), args...), word)
			return slices.DeleteFunc(found, func(f cobra.Completion) bool { return knownFlag(c, f) }), directive
		},
	}
	c.Use += " [OPTIONS]"
	addOptions(c, command.AllOptions())
	addOptions(c, slices.DeleteFunc(shell.ConnectOptions(), func(o shell.Option) bool { return command.Option(o.Name) != nil }))
	return c
}

// knownFlag tells whether a completion is the name of a flag, which cobra completes itself.
func knownFlag(c *cobra.Command, completion cobra.Completion) bool {
	text, _, _ := strings.Cut(completion, "\t")
	name, isFlag := strings.CutPrefix(text, "--")
	return isFlag && c.Flags().Lookup(name) != nil
}

// kebabOptions spells the options of a line with hyphens, as options of programs are.
func kebabOptions(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok && strings.HasPrefix(name, "--") {
			words[i] = shell.Kebab(name) + "=" + value
		} else if strings.HasPrefix(w, "--") {
			words[i] = shell.Kebab(w)
		}
	}
	return strings.Join(words, " ")
}

// addOptions tells cobra of options, for help, manuals and completion scripts; the shell's own parser reads them.
func addOptions(c *cobra.Command, options []shell.Option) {
	for _, o := range options {
		name, text := shell.Kebab(o.Name), o.Help
		if o.Required {
			text += " (required)"
		}
		switch o.Kind {
		case shell.Flag:
			c.Flags().BoolP(name, o.Short, o.Default == "true", text)
		case shell.Number, shell.File, shell.Duration, shell.Text:
			c.Flags().StringP(name, o.Short, o.Default, text)
		}
		if o.Bare {
			c.Flags().Lookup(name).NoOptDefVal = "5m"
		}
	}
}

// wantsHelp tells whether help is asked for, and not as the value of an option.
func wantsHelp(args []string) bool {
	return slices.Contains(args, "--help") || (len(args) == 1 && args[0] == "-h")
}

// runDirect runs the words of a command of the shell.
func runDirect(ctx context.Context, p process, command *shell.Command, words []string) error {
	own := func(name string) bool { return command != nil && command.Option(name) != nil }
	s, _, words, err := openShell(p, words, own, false)
	if err != nil {
		return reported(p, err)
	}
	err = s.ExecuteWords(ctx, shell.Direct, words)
	s.Report(shell.Direct, err)
	return ended(shell.ExitStatus(err))
}
