package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"purser/cmd/purser/live"
)

// bench is what the measurements share.
type bench struct {
	binary, apps, packages string
	during                 time.Duration // of each load
}

// on runs f against a server of its own, and leaves nothing of it behind.
func (b *bench) on(ctx context.Context, f func(s *live.Server, a *live.API) error) (err error) {
	folder, err := os.MkdirTemp("", "purser-bench-")
	if err != nil {
		return err
	}
	port, err := live.FreePort(ctx)
	if err != nil {
		return err
	}
	s := &live.Server{Binary: b.binary, Folder: folder, Port: port}
	defer func() {
		stopped := s.Stop()
		for _, pid := range live.Leftovers(folder) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		err = errors.Join(err, stopped, os.RemoveAll(folder))
	}()
	a := live.NewAPI(s.Base())
	if _, err := s.Start(ctx, a); err != nil {
		return err
	}
	return f(s, a)
}

// payload is an archive of a package called name whose application does nothing and costs next to nothing.
func payload(folder, name string) (live.Archive, error) {
	program := filepath.Join(folder, "idle")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nexec sleep 3600\n"), 0o600); err != nil {
		return live.Archive{}, err
	}
	data, err := live.Zip(name+"-1.0.0", map[string]string{
		"package.yml": "apiVersion: skipper.spring.io/v1\nkind: SkipperPackageMetadata\nname: " + name + "\nversion: 1.0.0\n",
		"templates/app.yml": "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata:\n  name: idle\n" +
			"spec:\n  resource: file:" + program + "\n",
	})
	return live.Archive{Name: name, Version: "1.0.0", Zip: data}, err
}

// rate calls f from so many clients until the time is up, and gives calls per second. f gets a number of its own.
func rate(clients int, within time.Duration, f func(n int) error) (float64, error) {
	var next, done atomic.Int64
	var failed error
	var once sync.Once
	var group sync.WaitGroup
	begun := time.Now()
	for range clients {
		group.Go(func() {
			for time.Since(begun) < within {
				if err := f(int(next.Add(1))); err != nil {
					once.Do(func() { failed = err })
					return
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	return float64(done.Load()) / time.Since(begun).Seconds(), failed
}

// median of some durations, which it sorts.
func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// resident is the memory that a process has in RAM, in bytes.
func resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmRSS:")); ok {
			kib, err := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("no VmRSS in /proc")
}

func perSecond(v float64) string    { return fmt.Sprintf("%.0f/s", v) }
func millis(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
func mebibytes(b int64) string      { return fmt.Sprintf("%.1f MiB", float64(b)/(1<<20)) }
func megabytes(b int64) string      { return fmt.Sprintf("%.1f MB", float64(b)/1e6) }
