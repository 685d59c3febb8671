package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"
)

// process is what a command may use of the process it runs in, so that tests can run commands in their own.
type process struct {
	args    []string
	environ []string // KEY=value
	in      io.Reader
	out     io.Writer
	err     io.Writer
}

// errUsage marks command lines that were not understood.
var errUsage = errors.New("see purser --help")

// exitCode ends the program with a code and no further word.
type exitCode int

func (c exitCode) Error() string { return "exit code " + strconv.Itoa(int(c)) }

// newRoot builds the tree of commands.
func newRoot(p process) *cobra.Command {
	root := &cobra.Command{
		Use:   "purser",
		Short: "Packages in, releases out: a release server compatible with Spring Cloud Skipper",
		Long: "Purser takes packages in and sends releases out over a HAL/REST API, compatible with\n" +
			"Spring Cloud Skipper 2.11.5. Start one without any configuration: purser serve",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q; %w", args[0], errUsage)
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w; %w", err, errUsage) })
	root.AddCommand(newServe(p), newConfig(p), newDemo(p), newShim(), newVersion(p), newShell(p), newMan())
	addShellCommands(root, p)
	return root
}
