// Command bench measures a built server from outside, as its users meet it, and prints tables. No figure makes it fail: the
// goals stand beside them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	b := &bench{}
	flag.StringVar(&b.binary, "bin", "build/purser", "the server")
	flag.StringVar(&b.apps, "apps", "build/examples", "folder of the built sample applications")
	flag.StringVar(&b.packages, "packages", "examples/packages", "folder of the example packages")
	flag.DurationVar(&b.during, "for", 5*time.Second, "how long each request is sent again and again, in whole seconds")
	only := flag.String("only", "", "one part: changes, requests or pages")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, b, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, b *bench, only string) error {
	switch only {
	case "":
		if err := printChanges(ctx, b); err != nil {
			return err
		}
		fmt.Println()
		return printRequests(ctx, b)
	case "pages":
		figures, err := b.pages(ctx)
		return errors.Join(err, printFigures(figures))
	case "changes":
		return printChanges(ctx, b)
	case "requests":
		return printRequests(ctx, b)
	}
	return fmt.Errorf("there is no part %q", only)
}

// figure is one line of the table of figures.
type figure struct {
	what, value, goal, reference string
}

func printChanges(ctx context.Context, b *bench) error {
	var all []figure
	for _, measure := range []func(context.Context) ([]figure, error){b.size, b.starts, b.uploads, b.installs, b.health, b.pages} {
		figures, err := measure(ctx)
		if err != nil {
			return err
		}
		all = append(all, figures...)
	}
	return printFigures(all)
}

func printFigures(all []figure) error {
	out := table("figure", "Purser", "goal", "reference (2 cores)")
	for _, f := range all {
		row(out, f.what, f.value, f.goal, f.reference)
	}
	return out.Flush()
}

func printRequests(ctx context.Context, b *bench) error {
	all, figures, err := b.requests(ctx)
	if err != nil {
		return err
	}
	out := table(fmt.Sprintf("GET, %d connections", connections), "Purser", "goal", "reference (2 cores)",
		"99 of 100 within", "inside", "allocated", "allocations")
	for _, r := range all {
		goal := ""
		if r.Goal > 0 {
			goal = fmt.Sprintf(">= %d/s", r.Goal)
		}
		row(out, r.What, perSecond(r.perSecond), goal, r.Reference, millis(r.p99),
			fmt.Sprintf("%.1f us", r.inside.nanoseconds/1e3), fmt.Sprintf("%.0f B", r.inside.bytes), fmt.Sprintf("%.0f", r.inside.allocations))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Println()
	return printFigures(figures)
}

func table(heads ...string) *tabwriter.Writer {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	row(out, heads...)
	return out
}

func row(out *tabwriter.Writer, cells ...string) { fmt.Fprintln(out, strings.Join(cells, "\t")) }
