package rest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"purser"
	"purser/api/rest"
)

// nowhere takes an answer and forgets it.
type nowhere struct {
	header http.Header
	bytes  int
}

func (n *nowhere) Header() http.Header { return n.header }
func (n *nowhere) WriteHeader(int)     {}
func (n *nowhere) Write(p []byte) (int, error) {
	n.bytes += len(p)
	return len(p), nil
}

func benchmark(b *testing.B, f *fixture, target string) {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept", "application/json, application/*+json")
	w := &nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		w.bytes = 0
		f.ServeHTTP(w, r)
	}
	b.SetBytes(int64(w.bytes))
}

func BenchmarkAbout(b *testing.B) { benchmark(b, mustServe(b), "/api/about") }

func BenchmarkStatus(b *testing.B) {
	f := mustServe(b)
	f.engine.release = sampleRelease("hello", 1)
	benchmark(b, f, "/api/release/status/hello")
}

func BenchmarkManifest(b *testing.B) {
	f := mustServe(b)
	f.put(b, sampleRelease("hello", 1))
	benchmark(b, f, "/api/release/manifest/hello")
}

func BenchmarkList(b *testing.B) {
	for _, rows := range []int{1, 60} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			f := mustServe(b)
			for i := range rows {
				f.put(b, sampleRelease(fmt.Sprintf("release-%d", i), 1))
			}
			benchmark(b, f, "/api/release/list")
		})
	}
}

// longReader has as many releases as it is told to, and never two at a time.
type longReader struct {
	purser.Reader
	rows int
}

func (l longReader) ScanReleases(_ context.Context, _ purser.ReleaseFilter, visit func(purser.Release) error) error {
	for range l.rows {
		if err := visit(sampleRelease("hello", 1)); err != nil {
			return err
		}
	}
	return nil
}

// A list of any length needs the same memory.
func TestListNeedsTheSameMemoryForAnyLength(t *testing.T) {
	measure := func(rows int) uint64 {
		f := mustServe(t, func(o *rest.Options) { o.Store = longReader{o.Store, rows} })
		server := httptest.NewServer(f)
		defer server.Close()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		answer, err := server.Client().Get(server.URL + "/api/release/list")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		n, err := io.Copy(io.Discard, answer.Body)
		if err != nil || n < int64(rows)*1000 {
			t.Fatalf("%d bytes, %v", n, err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		return after.HeapSys - min(after.HeapSys, before.HeapSys)
	}
	measure(100)
	if grown := measure(20_000); grown > 16<<20 {
		t.Errorf("20,000 rows took %d bytes more", grown)
	}
}
