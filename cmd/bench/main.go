// Command bench measures a built server from outside, as its users meet it, and prints a table.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
)

func main() {
	binary := flag.String("bin", "build/purser", "the server")
	apps := flag.String("apps", "build/examples", "folder of the built sample applications")
	packages := flag.String("packages", "examples/packages", "folder of the example packages")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *binary, *apps, *packages); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// figure is one line of the table.
type figure struct {
	what, value, goal, reference string
}

func run(ctx context.Context, binary, apps, packages string) error {
	b := &bench{binary: binary, apps: apps, packages: packages}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "figure\tPurser\tgoal\treference (2 cores)")
	for _, measure := range []func(context.Context) ([]figure, error){
		b.size, b.starts, b.uploads, b.installs, b.reads, b.health,
	} {
		figures, err := measure(ctx)
		if err != nil {
			return err
		}
		for _, f := range figures {
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", f.what, f.value, f.goal, f.reference)
		}
	}
	return out.Flush()
}
