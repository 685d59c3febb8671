package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"purser/cmd/purser/live"
)

// BenchmarkReads tells what a request costs inside the server: the handlers are those of the built server, over what one
// has left behind, its applications included.
func BenchmarkReads(b *testing.B) {
	left, a := MustStart(b)
	examples, err := live.Pack("../../examples/packages", theBuilt.apps)
	if err != nil {
		b.Fatal(err)
	}
	if err := live.Populate(b.Context(), a, examples); err != nil {
		b.Fatal(err)
	}
	if err := left.Stop(); err != nil {
		b.Fatal(err)
	}
	c, err := load(process{}, []string{
		"--server.port=0", "--server.address=127.0.0.1", "--purser.data-dir=" + left.DataDir(),
		"--spring.cloud.skipper.server.platform.local.accounts.default.working-directories-root=" + filepath.Join(left.Folder, "run"),
	}, b.Output())
	if err != nil {
		b.Fatal(err)
	}
	s, err := openServer(b.Context(), c, newLogger(io.Discard, c.Logging))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.close(context.WithoutCancel(b.Context())); err != nil {
			b.Error(err)
		}
	}()
	for _, read := range live.Reads() {
		b.Run(read.Name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, read.Path, nil)
			r.Header.Set("Accept", "application/json")
			w := &forgetful{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				w.bytes = 0
				s.http.ServeHTTP(w, r)
			}
			if w.status != http.StatusOK || w.bytes == 0 {
				b.Fatalf("status %d with %d bytes", w.status, w.bytes)
			}
		})
	}
}

// forgetful takes an answer and forgets it.
type forgetful struct {
	header        http.Header
	status, bytes int
}

func (f *forgetful) Header() http.Header { return f.header }

func (f *forgetful) WriteHeader(status int) { f.status = status }

func (f *forgetful) Write(p []byte) (int, error) {
	f.bytes += len(p)
	return len(p), nil
}
