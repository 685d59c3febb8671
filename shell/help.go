package shell

import (
	"context"
	"fmt"
	"strings"
)

const indent = "       "

func helpCommand() *Command {
	return &Command{
		Name: "help", Group: groupBuiltIn, Summary: "Display help about available commands.", Modes: Interactive | Script | OneShot,
		Options: []Option{
			{Name: "all", Kind: Flag, Help: "show also the options that Skipper's shell does not have", Named: true, Added: true},
			{Name: "command", Short: "C", Help: "the command to obtain help for", Values: CommandNames},
		},
		Rest: true,
		Run:  help,
	}
}

func help(_ context.Context, c *Call) error {
	words := c.Words("command")
	if len(words) == 0 {
		return c.Show(overview(c.Shell, c.Mode))
	}
	name := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	command := c.Shell.Command(name)
	if command == nil || (!command.In(c.Mode) && !command.In(Interactive)) {
		return tellf("Unknown command '%s'", name)
	}
	return c.Show(Result{Text: manual(command, c.Flag("all")), Names: []string{command.Name}, Data: describe(command)})
}

// overview lists all commands by their groups (spec/clients.md §1.3).
func overview(s *Shell, mode Mode) Result {
	var b strings.Builder
	var names []string
	var data []commandHelp
	b.WriteString("AVAILABLE COMMANDS\n")
	group := ""
	for _, command := range s.Commands() {
		if !command.In(mode) {
			continue
		}
		if command.Group != group {
			group = command.Group
			fmt.Fprintf(&b, "\n%s\n", group)
		}
		fmt.Fprintf(&b, "%s%s: %s\n", indent, strings.Join(command.Names(), ", "), command.Summary)
		names = append(names, command.Name)
		data = append(data, describe(command))
	}
	return Result{Text: b.String(), Names: names, Data: data}
}

// manual is the help of one command (spec/clients.md §1.3). In the synopsis the reference puts brackets around what is
// mandatory.
func manual(command *Command, all bool) string {
	var shown []Option
	for _, o := range command.AllOptions() {
		if all || !o.Added {
			shown = append(shown, o)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "NAME\n%s%s - %s\n\nSYNOPSIS\n%s%s", indent, command.Name, command.Summary, indent, command.Name)
	for _, o := range shown {
		format := " --%s %s"
		if o.Required {
			format = " [--%s %s]"
		}
		fmt.Fprintf(&b, format, o.Name, o.TypeName())
	}
	b.WriteByte('\n')
	for i, o := range shown {
		if i == 0 {
			b.WriteString("\nOPTIONS")
		}
		name := "--" + o.Name
		if o.Short != "" {
			name = "-" + o.Short + " or " + name
		}
		fmt.Fprintf(&b, "\n%s%s %s\n%s%s\n%s%s\n", indent, name, o.TypeName(), indent, o.Help, indent, o.presence())
	}
	if len(command.Aliases) > 0 {
		b.WriteString("\nALSO KNOWN AS\n")
		for _, alias := range command.Aliases {
			fmt.Fprintf(&b, "%s%s\n", indent, alias)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (o *Option) presence() string {
	value := o.Default
	if value == "" && o.Kind == Flag {
		value = "false"
	}
	switch {
	case o.Required:
		return "[Mandatory]"
	case value != "":
		return "[Optional, default = " + value + "]"
	}
	return "[Optional]"
}

// commandHelp is a command for --output json and yaml.
type commandHelp struct {
	Name    string       `json:"name"`
	Aliases []string     `json:"aliases"`
	Group   string       `json:"group"`
	Summary string       `json:"summary"`
	Options []optionHelp `json:"options"`
}

type optionHelp struct {
	Name     string `json:"name"`
	Short    string `json:"short,omitempty"`
	Type     string `json:"type"`
	Help     string `json:"help"`
	Default  string `json:"default,omitempty"`
	Required bool   `json:"required"`
	Added    bool   `json:"added"`
}

func describe(command *Command) commandHelp {
	h := commandHelp{Name: command.Name, Aliases: append([]string{}, command.Aliases...), Group: command.Group, Summary: command.Summary}
	for _, o := range command.AllOptions() {
		h.Options = append(h.Options, optionHelp{
			Name: o.Name, Short: o.Short, Type: o.TypeName(), Help: o.Help, Default: o.Default, Required: o.Required, Added: o.Added,
		})
	}
	return h
}
