package main

import (
	"os"

	"github.com/spf13/cobra"

	"purser/cmd/purser/demo"
)

func newDemo(p process) *cobra.Command {
	options := demo.Options{Out: p.out}
	var uploadTo, clearAt string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Tell the main job as a story on a server of its own, and check each step",
		Long: "Starts a server on a free port with a temporary folder, uploads the example packages, installs one,\n" +
			"upgrades it without a gap, lets an upgrade fail, rolls back, kills the server, and deletes everything.\n" +
			"Exit code 0 means that each step was verified. Needs the sample applications: make demo builds them.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var err error
			switch {
			case uploadTo != "":
				return demo.Upload(c.Context(), uploadTo, options)
			case clearAt != "":
				return demo.Clear(c.Context(), clearAt, options)
			}
			if options.Binary, err = os.Executable(); err != nil {
				return err
			}
			return demo.Run(c.Context(), options)
		},
	}
	c.Flags().StringVar(&options.Apps, "apps", "build/examples", "folder of the built sample applications")
	c.Flags().StringVar(&options.Packages, "packages", "examples/packages", "folder of the example packages")
	c.Flags().StringVar(&uploadTo, "upload-to", "", "only upload the example packages to the server at this address")
	c.Flags().StringVar(&clearAt, "clear", "", "only delete every release of the server at this address")
	c.MarkFlagsMutuallyExclusive("upload-to", "clear")
	return c
}
