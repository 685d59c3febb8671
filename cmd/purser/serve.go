package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const configurationHelp = `Settings come from built-in defaults, a file (--config FILE, or ./purser.yml, ./application.yml), the environment,
SPRING_APPLICATION_JSON and the command line, each over the ones before. Any key may be given as --key=value:

  --config=FILE                     YAML or .properties
  --server.port=8080                the port; 7577 by default
  --purser.data-dir=DIR             the folder of everything that is kept; ./purser-data by default

purser config prints what is in force and where each value comes from. config/sample.yml explains every key.`

func newServe(p process) *cobra.Command {
	return &cobra.Command{
		Use:                "serve [--config=FILE] [--any.key=value ...]",
		Short:              "Run the server",
		Long:               "Run the server until SIGTERM or Ctrl-C. It needs no configuration.\n\n" + configurationHelp,
		DisableFlagParsing: true, // every setting is a flag
		RunE: func(c *cobra.Command, args []string) error {
			if asksForHelp(args) {
				return c.Help()
			}
			if err := onlySettings(args); err != nil {
				return err
			}
			settings, err := load(p, args, p.err)
			if err != nil {
				return err
			}
			s, err := openServer(c.Context(), settings, newLogger(p.err, settings.Logging))
			if err != nil {
				return err
			}
			return s.serve(c.Context())
		},
	}
}

func newConfig(p process) *cobra.Command {
	return &cobra.Command{
		Use:                "config [--config=FILE] [--any.key=value ...]",
		Short:              "Print the effective configuration and where each value comes from",
		Long:               "Print the effective configuration as YAML, with the source of each value and secrets masked.\n\n" + configurationHelp,
		DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			if asksForHelp(args) {
				return c.Help()
			}
			if err := onlySettings(args); err != nil {
				return err
			}
			settings, err := load(p, args, p.err)
			if err != nil {
				return err
			}
			return settings.Print(p.out)
		},
	}
}

func asksForHelp(args []string) bool {
	return len(args) > 0 && (args[0] == "--help" || args[0] == "-h" || args[0] == "help")
}

// onlySettings refuses what is no --key=value. The value of --config may stand behind a blank.
func onlySettings(args []string) error {
	for i, arg := range args {
		behindConfig := i > 0 && args[i-1] == "--config"
		if !strings.HasPrefix(arg, "--") && !behindConfig {
			return fmt.Errorf("unexpected argument %q: settings are written --key=value; %w", arg, errUsage)
		}
	}
	return nil
}
