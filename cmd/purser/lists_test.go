package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"purser"
	"purser/repository/storetest"
)

// drain takes an answer, forgets it, and looks at the memory in use meanwhile.
type drain struct {
	header http.Header
	status int
	rows   int
	bytes  int
	writes int
	peak   uint64
}

func (d *drain) Header() http.Header { return d.header }

func (d *drain) WriteHeader(status int) { d.status = status }

func (d *drain) Write(p []byte) (int, error) {
	d.bytes += len(p)
	d.rows += strings.Count(string(p), `"platformName" :`)
	if d.writes++; d.writes%200 == 1 {
		d.peak = max(d.peak, heap())
	}
	return len(p), nil
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Lists of 10,000 versions, the whole server wired as it is in service, pass through little memory and few statements.
func TestLongListsNeedLittleMemoryAndFewStatements(t *testing.T) {
	const versions = 10_000
	s, ran := mustOpenCounting(t)
	text := strings.Repeat("0123456789abcdef", 256)
	storetest.MustUpdate(t, s.store, func(ctx context.Context, tx purser.Tx) error {
		for i := range versions {
			r := storetest.ReleaseOf(fmt.Sprintf("release-%d", i%100), 1+i/100, purser.StageDeployed)
			r.Package.Templates[0].Text = fmt.Sprint(i%1000) + text // more contents than the cache holds
			r.Manifest = text
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		return nil
	})
	for name, path := range map[string]string{
		"list":         "/api/release/list",
		"list of some": "/api/release/list/release-",
		"history":      "/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=RELEASE",
	} {
		t.Run(name, func(t *testing.T) {
			ran.take()
			before := heap()
			w := &drain{header: http.Header{}}
			s.http.ServeHTTP(w, counted(httptest.NewRequest(http.MethodGet, path, nil)))
			if w.status != http.StatusOK || w.rows != versions {
				t.Fatalf("status %d with %d rows in %d bytes", w.status, w.rows, w.bytes)
			}
			if list := ran.take(); len(list) > 3 {
				t.Errorf("%d statements:\n%s", len(list), strings.Join(list, "\n"))
			}
			grown := w.peak - min(before, w.peak)
			t.Logf("%d bytes passed through %d bytes of memory", w.bytes, grown)
			if limit := uint64(16 << 20); grown > limit { // of which the cache of contents may take 8 MiB
				t.Errorf("%d bytes in use meanwhile, want less than %d", grown, limit)
			}
		})
	}
}
