package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"purser/config"
)

const configurationHelp = `Settings come from built-in defaults, a file (--config FILE, or ./purser.yml, ./application.yml), the environment,
SPRING_APPLICATION_JSON and the command line, each over the ones before. Any key may be given as --key=value:

  --config=FILE                     YAML or .properties
  --server.port=8080                the port; 7577 by default
  --purser.data-dir=DIR             the folder of everything that is kept; ./purser-data by default

purser config prints what is in force and where each value comes from. config/sample.yml explains every key.`

func newServe(p process) *cobra.Command {
	return settingsCommand(p, cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long:  "Run the server until SIGTERM or Ctrl-C. It needs no configuration.",
	}, func(ctx context.Context, settings *config.Config) error {
		s, err := openServer(ctx, settings, newLogger(p.err, settings.Logging))
		if err != nil {
			return err
		}
		return s.serve(ctx)
	})
}

func newConfig(p process) *cobra.Command {
	return settingsCommand(p, cobra.Command{
		Use:   "config",
		Short: "Print the effective configuration and where each value comes from",
		Long:  "Print the effective configuration as YAML, with the source of each value and secrets masked.",
	}, func(_ context.Context, settings *config.Config) error { return settings.Print(p.out) })
}

// settingsCommand makes a command that takes every setting as a flag, so that cobra must not parse them.
func settingsCommand(p process, c cobra.Command, run func(context.Context, *config.Config) error) *cobra.Command {
	c.Use += " [--config=FILE] [--any.key=value ...]"
	c.Long += "\n\n" + configurationHelp
	c.DisableFlagParsing = true
	c.RunE = func(c *cobra.Command, args []string) error {
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
		return run(c.Context(), settings)
	}
	return &c
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
