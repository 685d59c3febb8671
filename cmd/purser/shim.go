package main

import (
	"github.com/spf13/cobra"

	"purser/deployer/local"
)

// shimCommand is how the local platform starts a supervisor: the server's own binary with this word.
const shimCommand = "shim"

func newShim() *cobra.Command {
	return &cobra.Command{
		Use:    shimCommand + " FOLDER",
		Short:  "Supervise one instance of an application (started by the server)",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if code := local.RunShim(c.Context(), args[0]); code != 0 {
				return exitCode(code)
			}
			return nil
		},
	}
}
