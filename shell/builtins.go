package shell

import "context"

func builtIns() []*Command {
	return []*Command{
		{
			Name: "exit", Aliases: []string{"quit"}, Group: groupBuiltIn, Summary: "Exit the shell.", Modes: Interactive | Script,
			Run: func(context.Context, *Call) error { return ErrExit },
		},
	}
}
