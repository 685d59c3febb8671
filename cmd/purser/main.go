package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Set when the program is linked: its version, and the time of its last change in the form of ISO 8601.
var (
	version   = "dev"
	buildTime string
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, process{args: os.Args[1:], environ: os.Environ(), in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// run performs one command line and gives the exit code: 0 when it succeeded, 1 when it failed, 2 when it was not
// understood.
func run(ctx context.Context, p process) int {
	root := newRoot(p) //nolint:contextcheck // commands get ctx from ExecuteContext
	root.SetArgs(p.args)
	err := root.ExecuteContext(ctx)
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, errUsage):
		fmt.Fprintf(p.err, "purser: %v\n", err)
		return 2
	default:
		fmt.Fprintf(p.err, "purser: %v\n", err)
		return 1
	}
}
