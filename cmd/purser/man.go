package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newMan makes the command that writes manual pages, one for each command, as the files of man1.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write manual pages into a folder",
		Example: "  purser man ~/.local/share/man/man1",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return writeManuals(c.Root(), args[0])
		},
	}
}

func writeManuals(c *cobra.Command, folder string) error {
	if c.Hidden || !c.IsAvailableCommand() && c.HasParent() {
		return nil
	}
	name := manualName(c) + ".1"
	if err := os.WriteFile(filepath.Join(folder, name), []byte(manual(c)), 0o644); err != nil {
		return err
	}
	for _, child := range c.Commands() {
		if err := writeManuals(child, folder); err != nil {
			return err
		}
	}
	return nil
}

func manualName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manual is the page of a command in the form of man(7).
func manual(c *cobra.Command) string {
	var b strings.Builder
	date := ""
	if at, err := time.Parse(time.RFC3339, buildTime); err == nil {
		date = at.Format("January 2006")
	}
	fmt.Fprintf(&b, ".TH %q 1 %q %q \"Purser\"\n", strings.ToUpper(manualName(c)), date, "purser "+version)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(manualName(c)), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(c.UseLine()))
	description := c.Long
	if description == "" {
		description = c.Short
	}
	b.WriteString(".SH DESCRIPTION\n")
	for i, paragraph := range strings.Split(description, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		fmt.Fprintf(&b, "%s\n", roff(paragraph))
	}
	if c.Flags().HasAvailableFlags() {
		b.WriteString(".SH OPTIONS\n")
		c.Flags().VisitAll(func(f *pflag.Flag) { manualOption(&b, f) })
	}
	if c.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(c.Example))
	}
	manualLinks(&b, c)
	return b.String()
}

func manualOption(b *strings.Builder, f *pflag.Flag) {
	if f.Hidden {
		return
	}
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	kind, text := pflag.UnquoteUsage(f)
	if kind != "" {
		name += " " + kind
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
		text += " (default " + f.DefValue + ")"
	}
	fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(name), roff(text))
}

func manualLinks(b *strings.Builder, c *cobra.Command) {
	var links []string
	if c.HasParent() {
		links = append(links, manualName(c.Parent()))
	}
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() {
			links = append(links, manualName(child))
		}
	}
	if len(links) == 0 {
		return
	}
	b.WriteString(".SH SEE ALSO\n")
	for i, link := range links {
		end := ","
		if i == len(links)-1 {
			end = ""
		}
		fmt.Fprintf(b, ".BR %s (1)%s\n", roff(link), end)
	}
}

// roff writes text so that roff prints it as it is.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
