package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"purser/cmd/purser/live"
)

// measuring is how long each rate is measured.
const measuring = 3 * time.Second

func (b *bench) size(context.Context) ([]figure, error) {
	stat, err := os.Stat(b.binary)
	if err != nil {
		return nil, err
	}
	return []figure{{"size of the binary", megabytes(stat.Size()), "< 45 MB", ""}}, nil
}

// starts measures from exec to the first answer, on an empty folder and on one that was used.
func (b *bench) starts(ctx context.Context) ([]figure, error) {
	var fresh, again []time.Duration
	var idle int64
	for range 10 {
		err := b.on(ctx, func(s *live.Server, a *live.API) error {
			fresh = append(fresh, s.Took)
			if err := s.Stop(); err != nil {
				return err
			}
			took, err := s.Start(ctx, a)
			if err != nil {
				return err
			}
			again = append(again, took)
			idle, err = resident(s.PID())
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return []figure{
		{"start to first answer, empty folder (median of 10)", millis(median(fresh)), "< 100 ms", "17 to 30 s"},
		{"start to first answer, used folder (median of 10)", millis(median(again)), "< 100 ms", "17 to 30 s"},
		{"idle resident memory", mebibytes(idle), "< 40 MiB", "426 MiB"},
	}, nil
}

func (b *bench) uploads(ctx context.Context) ([]figure, error) {
	var perSec float64
	err := b.on(ctx, func(s *live.Server, a *live.API) error {
		var err error
		perSec, err = rate(1, measuring, func(n int) error {
			p, err := payload(s.Folder, fmt.Sprintf("p%d", n))
			if err != nil {
				return err
			}
			return a.Upload(ctx, p)
		})
		return err
	})
	return []figure{{"uploads, 1 client", perSecond(perSec), "", "34/s"}}, err
}

// installs measures installs and deletes of an application that costs next to nothing.
func (b *bench) installs(ctx context.Context) ([]figure, error) {
	var figures []figure
	for _, row := range []struct {
		clients         int
		install, delete string
	}{{1, "0.8/s", "33/s"}, {8, "1.8/s", ""}} {
		err := b.on(ctx, func(s *live.Server, a *live.API) error {
			p, err := payload(s.Folder, "idle")
			if err != nil {
				return err
			}
			if err := a.Upload(ctx, p); err != nil {
				return err
			}
			var installed int
			perSec, err := rate(row.clients, measuring, func(n int) error {
				installed = max(installed, n)
				return a.Call(ctx, http.MethodPost, "/api/package/install", installBody(fmt.Sprintf("r%d", n)), nil)
			})
			if err != nil {
				return err
			}
			memory, err := resident(s.PID())
			if err != nil {
				return err
			}
			begun := time.Now()
			deleted := 0
			for n := 1; n <= installed && time.Since(begun) < 4*measuring; n++ {
				if err := a.Call(ctx, http.MethodDelete, fmt.Sprintf("/api/release/r%d", n), nil, nil); err != nil {
					return err
				}
				deleted++
			}
			deletes := float64(deleted) / time.Since(begun).Seconds()
			clients := fmt.Sprintf("%d clients", row.clients)
			if row.clients == 1 {
				clients = "1 client"
			}
			figures = append(figures,
				figure{"installs, " + clients, perSecond(perSec), "", row.install},
				figure{"deletes after them, 1 client", perSecond(deletes), "", row.delete},
				figure{fmt.Sprintf("resident memory with %d releases", installed), mebibytes(memory), "", "560 MiB"})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return figures, nil
}

func installBody(name string) map[string]any {
	return map[string]any{
		"packageIdentifier": map[string]string{"packageName": "idle", "packageVersion": "1.0.0"},
		"installProperties": map[string]any{"releaseName": name, "platformName": "default"},
	}
}

// health measures from the moment a new application's port answers to the moment its release reads DEPLOYED.
func (b *bench) health(ctx context.Context) ([]figure, error) {
	var gaps, whole []time.Duration
	err := b.story(ctx, func(a *live.API, version int) error {
		begun := time.Now()
		r, err := a.Upgrade(ctx, "hello", []string{"1.0.0", "1.0.1"}[version%2], "")
		if err != nil {
			return err
		}
		var at time.Time // when the port answered first
		return live.Until(ctx, 20*time.Second, time.Millisecond, "DEPLOYED", func() (bool, error) {
			i, err := a.Status(ctx, "hello", r.Version)
			if err != nil {
				return false, err
			}
			if at.IsZero() && answers(ctx, i) {
				at = time.Now()
			}
			if i.Status.StatusCode != "DEPLOYED" {
				return false, nil
			}
			if at.IsZero() {
				at = time.Now()
			}
			gaps = append(gaps, time.Since(at))
			whole = append(whole, time.Since(begun))
			return true, nil
		})
	})
	if err != nil {
		return nil, err
	}
	return []figure{
		{"port answers to DEPLOYED (median of 10)", millis(median(gaps)), "< 100 ms", ""},
		{"upgrade POST to DEPLOYED (median of 10)", millis(median(whole)), "", "7.8 s"},
	}, nil
}

// story installs the example and calls f ten times for an upgrade each.
func (b *bench) story(ctx context.Context, f func(a *live.API, version int) error) error {
	archives, err := live.Pack(b.packages, b.apps)
	if err != nil {
		return err
	}
	return b.on(ctx, func(_ *live.Server, a *live.API) error {
		for _, p := range archives {
			if err := a.Upload(ctx, p); err != nil {
				return err
			}
		}
		if _, err := a.Install(ctx, "hello", "1.0.0"); err != nil {
			return err
		}
		for n := range 10 {
			if err := f(a, n+1); err != nil {
				return err
			}
			if err := live.Until(ctx, 20*time.Second, 5*time.Millisecond, "the old version is gone", func() (bool, error) {
				i, err := a.Status(ctx, "hello", n+1)
				return i.Status.StatusCode == "DELETED", err
			}); err != nil {
				return err
			}
		}
		return a.Call(ctx, http.MethodDelete, "/api/release/hello", nil, nil)
	})
}

// answers tells whether the one instance's port takes connections.
func answers(ctx context.Context, i live.Info) bool {
	all, err := i.Instances()
	if err != nil || len(all) == 0 {
		return false
	}
	where, err := url.Parse(all[0].Attributes["url"])
	if err != nil {
		return false
	}
	d := net.Dialer{Timeout: 50 * time.Millisecond}
	conn, err := d.DialContext(ctx, "tcp", where.Host)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
