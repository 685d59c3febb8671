package main

import (
	"fmt"
	"io"

	"purser/config"
	"purser/deployer/local"
)

// load reads the configuration that a command line and an environment ask for. Warnings are for people and go to warn.
func load(p process, args []string, warn io.Writer) (*config.Config, error) {
	c, report, err := config.Load(config.Options{
		Args: args, Environ: p.environ,
		AccountKeys: map[string][]string{localPlatform: local.AccountKeys()},
	})
	for _, w := range report.Warnings {
		fmt.Fprintf(warn, "purser: warning: %s\n", w)
	}
	if err != nil {
		return nil, fmt.Errorf("the configuration has errors:\n%w", err)
	}
	return c, nil
}
