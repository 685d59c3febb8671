package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"purser"
	"purser/repository/memory"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

var history = []purser.Order{{Field: purser.OrderName}, {Field: purser.OrderVersion, Descending: true}}

// With each version late, a scan reads on from where it stood again and again.
func TestStoreThatScansInSmallParts(t *testing.T) {
	small := func(tb testing.TB) purser.Store {
		s := MustOpenStore(tb, sqlite.Options{CacheBytes: -1})
		sqlite.SetScanHold(s, time.Nanosecond)
		return s
	}
	storetest.RunScans(t, small)
	storetest.Compare(t, small, func(testing.TB) purser.Store { return memory.New() })
}

func TestAScanTakesTwoStatements(t *testing.T) {
	for name, cache := range map[string]int64{"WithCache": 0, "WithoutCache": -1} {
		t.Run(name, func(t *testing.T) {
			s, counter := MustOpenFull(t, cache)
			for _, f := range []purser.ReleaseFilter{{}, {Light: true}, {Latest: true}, {NameContains: "R", Order: history}} {
				visits := 0
				if err := s.ScanReleases(t.Context(), f, func(purser.Release) error {
					visits++
					return nil
				}); err != nil || visits < 50 {
					t.Fatalf("%d visits, %v", visits, err)
				}
				if ran := counter.take(); len(ran) > 2 {
					t.Errorf("%+v: %d statements:\n%s", f, len(ran), strings.Join(ran, "\n"))
				}
			}
		})
	}
}

// A caller who takes his time keeps neither the only connection nor the write-ahead log.
func TestASlowVisitHoldsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := MustOpenStore(t, sqlite.Options{Path: path, Readers: 1})
	sqlite.SetScanHold(s, time.Millisecond)
	MustFill(t, s, 200)
	visits := 0
	err := s.ScanReleases(t.Context(), purser.ReleaseFilter{Order: history}, func(r purser.Release) error {
		if visits++; visits%50 != 1 {
			return nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := s.FindRelease(ctx, r.Key, r.Version); err != nil { // waits for the connection
			return err
		}
		next := storetest.ReleaseOf("z", visits, purser.StageDeployed)
		storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRelease(ctx, &next) })
		MustExec(t, path, "PRAGMA wal_checkpoint(TRUNCATE)")
		if log, err := os.Stat(path + "-wal"); err != nil || log.Size() != 0 {
			t.Errorf("write-ahead log after a checkpoint: %v, %v", log, err)
		}
		return nil
	})
	if err != nil || visits != 200 {
		t.Errorf("%d visits, %v", visits, err)
	}
}

// However many scans wait for their callers, others find a connection at once.
func TestSlowScansLeaveAConnection(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{Readers: 3})
	sqlite.SetScanHold(s, time.Hour)
	MustFill(t, s, 200)
	const scans = 6
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	visiting, ended := make(chan struct{}, scans), make(chan error, scans)
	for range scans {
		go func() {
			ended <- s.ScanReleases(ctx, purser.ReleaseFilter{}, func(purser.Release) error {
				visiting <- struct{}{}
				<-ctx.Done()
				return ctx.Err()
			})
		}()
	}
	for range 2 { // the others wait for these
		<-visiting
	}
	if _, err := s.FindRelease(t.Context(), purser.ReleaseKey{Name: "r1"}, 1); err != nil {
		t.Error(err)
	}
	cancel()
	for range scans {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestWhatIsRemovedDuringASlowScanIsLeftOut(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{Readers: 1})
	sqlite.SetScanHold(s, time.Millisecond)
	MustFill(t, s, 200)
	visits, last := 0, int64(0)
	err := s.ScanReleases(t.Context(), purser.ReleaseFilter{}, func(r purser.Release) error {
		if visits++; visits == 1 {
			if _, err := s.FindRelease(t.Context(), r.Key, r.Version); err != nil { // returns when reading has ended
				return err
			}
			storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, 150) })
			storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, 200) })
		}
		if r.ID <= last || r.ID == 150 || r.ID == 200 {
			t.Errorf("release %d after %d", r.ID, last)
		}
		last = r.ID
		return nil
	})
	if err != nil || visits != 198 {
		t.Errorf("%d visits, %v", visits, err)
	}
}

// A list of 60 MB, each version of another content that no cache holds, passes through little memory.
func TestAScanNeedsTheSameMemoryForAnyLength(t *testing.T) {
	s := MustOpenStore(t, sqlite.Options{CacheBytes: -1})
	large := strings.Repeat("x", 100<<10)
	fill := func(from, to int) {
		storetest.MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			for i := from; i < to; i++ {
				r := storetest.ReleaseOf(fmt.Sprintf("r%d", i), 1, purser.StageDeployed)
				r.Package.Templates = []purser.Template{{Name: "t", Text: fmt.Sprint(i) + large}}
				if err := tx.CreateRelease(ctx, &r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	fill(0, 600)
	visits, peak := 0, uint64(0)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	before := memory.HeapAlloc
	err := s.ScanReleases(t.Context(), purser.ReleaseFilter{Order: history}, func(purser.Release) error {
		if visits++; visits%100 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&memory)
			peak = max(peak, memory.HeapAlloc-min(before, memory.HeapAlloc))
		}
		return nil
	})
	if err != nil || visits != 600 {
		t.Fatalf("%d visits, %v", visits, err)
	}
	if limit := uint64(8 << 20); peak > limit { // the whole is 60 MB
		t.Errorf("%d bytes in use during the scan, want less than %d", peak, limit)
	}
}

func BenchmarkScan(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{})
	MustFill(b, s, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		if err := s.ScanReleases(b.Context(), purser.ReleaseFilter{Order: history}, func(purser.Release) error {
			rows++
			return nil
		}); err != nil || rows != 10_000 {
			b.Fatalf("%d rows, %v", rows, err)
		}
	}
}
