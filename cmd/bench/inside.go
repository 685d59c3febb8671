package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// cost is what one request costs inside the server, without the connection.
type cost struct {
	nanoseconds, bytes, allocations float64
}

// insideBenchmark is the benchmark of the handlers; what stands behind its name is the name of a live.Read.
const insideBenchmark = "BenchmarkReads"

// insideCosts runs the benchmark of the handlers, and gives its figures by the name of the request.
func insideCosts(ctx context.Context) (map[string]cost, error) {
	out, err := exec.CommandContext(ctx, "go", "test", "-tags", "sqlite_omit_load_extension", "-run", "^$",
		"-bench", "^"+insideBenchmark+"$", "-benchmem", "./cmd/purser").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("the benchmark of the handlers: %w\n%s", err, out)
	}
	costs := map[string]cost{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		name, ok := strings.CutPrefix(lines.Text(), insideBenchmark+"/")
		if !ok {
			continue
		}
		fields := strings.Fields(name)
		name, _, _ = strings.Cut(fields[0], "-") // the number of processors stands behind it
		var c cost
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("the benchmark of the handlers: %q: %w", lines.Text(), err)
			}
			switch fields[i+1] {
			case "ns/op":
				c.nanoseconds = value
			case "B/op":
				c.bytes = value
			case "allocs/op":
				c.allocations = value
			}
		}
		costs[name] = c
	}
	return costs, nil
}
