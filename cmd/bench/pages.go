package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"purser/cmd/purser/live"
)

// openPages is how many pages of a release are open at one time, each in a browser of its own.
const openPages = 100

// pages measures what open pages cost the server: at rest, and while the release that they show changes all the time.
func (b *bench) pages(ctx context.Context) ([]figure, error) {
	var figures []figure
	err := b.on(ctx, func(s *live.Server, a *live.API) error {
		p, err := payload(s.Folder, "idle")
		if err != nil {
			return err
		}
		if err := errors.Join(a.Upload(ctx, p), a.Call(ctx, http.MethodPost, "/api/package/install", installBody("shown"), nil)); err != nil {
			return err
		}
		alone, err := underChange(ctx, s, a)
		if err != nil {
			return err
		}
		open, leave := context.WithCancel(ctx)
		defer leave()
		viewers := &viewers{base: s.Base() + "/api/release/status/shown", events: s.Base() + "/api/events"}
		if err := viewers.open(open, openPages); err != nil {
			return err
		}
		atRest, err := busyFor(ctx, s.PID(), measuring)
		if err != nil {
			return err
		}
		before := viewers.fetched.Load()
		busy, err := underChange(ctx, s, a)
		if err != nil {
			return err
		}
		memory, err := resident(s.PID())
		if err != nil {
			return err
		}
		fetched := float64(viewers.fetched.Load()-before) / (2 * measuring).Seconds()
		leave()
		viewers.group.Wait()
		figures = []figure{
			{fmt.Sprintf("CPU with %d open pages at rest", openPages), percent(atRest), "< 2 %", ""},
			{"CPU of 10 changes a second that nobody looks at", percent(alone), "", ""},
			{fmt.Sprintf("CPU of the same with %d open pages", openPages), percent(busy), "< 60 % of a core", ""},
			{"pages fetched again meanwhile", perSecond(fetched), "<= 100/s", ""},
			{fmt.Sprintf("resident memory with %d open pages", openPages), mebibytes(memory), "< 150 MiB", ""},
		}
		return viewers.failed()
	})
	return figures, err
}

// underChange is the part of one core that the server takes while the release is scaled up and down ten times a second.
func underChange(ctx context.Context, s *live.Server, a *live.API) (float64, error) {
	stop := make(chan struct{})
	changed := make(chan error, 1)
	go func() { changed <- change(ctx, a, stop) }()
	part, err := busyFor(ctx, s.PID(), 2*measuring)
	close(stop)
	return part, errors.Join(err, <-changed)
}

func change(ctx context.Context, a *live.API, stop <-chan struct{}) error {
	pace := time.NewTicker(100 * time.Millisecond)
	defer pace.Stop()
	for n := 0; ; n++ {
		select {
		case <-stop:
			return nil
		case <-pace.C:
		}
		body := map[string]any{"scale": []map[string]any{{"name": "idle", "count": 1 + (n+1)%2}}}
		if err := a.Call(ctx, http.MethodPost, "/api/release/scale/shown", body, nil); err != nil {
			return err
		}
	}
}

// viewers do what the script of a page does: they follow the events, and fetch the page again when there was one, not more
// than once a second each.
type viewers struct {
	base, events string
	fetched      atomic.Int64
	group        sync.WaitGroup
	mu           sync.Mutex
	err          error
}

func (v *viewers) failed() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

func (v *viewers) fail(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.err = errors.Join(v.err, err)
}

// open opens so many pages and returns when all of them follow.
func (v *viewers) open(ctx context.Context, n int) error {
	ready := make(chan struct{}, n)
	for range n {
		v.group.Go(func() { v.fail(ctx, v.view(ctx, ready)) })
	}
	for range n {
		select {
		case <-ready:
		case <-time.After(20 * time.Second):
			return errors.Join(errors.New("the pages did not open"), v.failed())
		}
	}
	return nil
}

func (v *viewers) view(ctx context.Context, ready chan<- struct{}) error {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	if err := v.fetch(ctx, client); err != nil {
		return err
	}
	stream, err := get(ctx, client, v.events, "text/event-stream")
	if err != nil {
		return err
	}
	defer stream.Body.Close()
	ready <- struct{}{}
	changed := make(chan struct{}, 1)
	var follow sync.WaitGroup
	defer follow.Wait()
	follow.Go(func() {
		for range changed {
			v.fail(ctx, v.fetch(ctx, client))
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	})
	defer close(changed)
	lines := bufio.NewScanner(stream.Body)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data:") {
			select {
			case changed <- struct{}{}:
			default: // it is known already
			}
		}
	}
	return lines.Err()
}

func (v *viewers) fetch(ctx context.Context, client *http.Client) error {
	answer, err := get(ctx, client, v.base, "text/html")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	v.fetched.Add(1)
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

func get(ctx context.Context, client *http.Client, url, accept string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("User-Agent", "Mozilla/5.0 (bench)")
	answer, err := client.Do(request)
	if err == nil && (answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), accept)) {
		answer.Body.Close()
		err = fmt.Errorf("%s answers %s, %s", url, answer.Status, answer.Header.Get("Content-Type"))
	}
	return answer, err
}

// busyFor is the part of one core that a process takes, over some time.
func busyFor(ctx context.Context, pid int, during time.Duration) (float64, error) {
	before, err := cpuTime(pid)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(during):
	}
	after, err := cpuTime(pid)
	return (after - before).Seconds() / time.Since(begun).Seconds(), err
}

// cpuTime is the time that a process has had of the cores. The kernel counts it in ticks of 10 ms.
func cpuTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])) // behind the name in parentheses
	var ticks int64
	for _, field := range fields[11:13] { // in the program and in the kernel
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

func percent(part float64) string { return fmt.Sprintf("%.1f %% of a core", 100*part) }
