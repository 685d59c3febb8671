package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"purser/cmd/purser/live"
)

// connections is how many clients wrk stands for.
const connections = 16

// request is one line of the table of requests.
type request struct {
	live.Read
	perSecond float64
	p99       time.Duration
	inside    cost
}

// requests measures the most frequent requests with wrk, from outside, and their handlers from inside.
func (b *bench) requests(ctx context.Context) ([]request, []figure, error) {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		return nil, nil, fmt.Errorf("wrk is needed (Debian: apt-get install wrk): %w", err)
	}
	examples, err := live.Pack(b.packages, b.apps)
	if err != nil {
		return nil, nil, err
	}
	var all []request
	var before, after int64
	err = b.on(ctx, func(s *live.Server, a *live.API) error {
		if err := live.Populate(ctx, a, examples); err != nil {
			return err
		}
		if before, err = resident(s.PID()); err != nil {
			return err
		}
		for _, read := range live.Reads() {
			r := request{Read: read}
			if r.perSecond, r.p99, err = load(ctx, wrk, s.Base()+read.Path, b.during); err != nil {
				return fmt.Errorf("%s: %w", read.What, err)
			}
			all = append(all, r)
		}
		after, err = resident(s.PID())
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	costs, err := insideCosts(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i, r := range all {
		all[i].inside = costs[r.Name]
	}
	return all, []figure{
		{"resident memory with 61 releases that run", mebibytes(before), "", ""},
		{"the same after all of the requests", mebibytes(after), "", ""},
	}, nil
}

var (
	rateOf   = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	p99Of    = regexp.MustCompile(`99%\s+([0-9.]+(?:us|ms|s))`)
	troubles = regexp.MustCompile(`(?m)^\s*(Non-2xx.*|Socket errors.*)$`)
)

// load asks for one thing again and again, and gives the answers per second and within how long 99 of 100 came.
func load(ctx context.Context, wrk, url string, during time.Duration) (perSecond float64, p99 time.Duration, err error) {
	out, err := exec.CommandContext(ctx, wrk, "--threads=2", "--connections="+strconv.Itoa(connections),
		"--duration="+strconv.Itoa(max(1, int(during.Seconds())))+"s", "--latency", "--header=Accept: application/json", url).CombinedOutput()
	text := string(out)
	if err != nil {
		return 0, 0, fmt.Errorf("%w\n%s", err, text)
	}
	if trouble := troubles.FindString(text); trouble != "" {
		return 0, 0, fmt.Errorf("wrk: %s", strings.TrimSpace(trouble))
	}
	rate, late := rateOf.FindStringSubmatch(text), p99Of.FindStringSubmatch(text)
	if rate == nil || late == nil {
		return 0, 0, fmt.Errorf("wrk says something else:\n%s", text)
	}
	if perSecond, err = strconv.ParseFloat(rate[1], 64); err != nil {
		return 0, 0, err
	}
	p99, err = time.ParseDuration(late[1])
	return perSecond, p99, err
}
