package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

// MustFill stores n release versions of n/10 names, all of one package.
func MustFill(tb testing.TB, s *sqlite.Store, n int) {
	tb.Helper()
	storetest.MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error {
		for i := range n {
			r := storetest.ReleaseOf(fmt.Sprintf("r%d", i%(n/10)), 1+i/(n/10), purser.StageDeployed)
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkOpen(b *testing.B) {
	path := MustMakeStore(b)
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), sqlite.Options{Path: path})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenNew(b *testing.B) {
	dir, i := b.TempDir(), 0
	for b.Loop() {
		i++
		s, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(dir, fmt.Sprintf("%d.db", i))})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreateRelease(b *testing.B) {
	for _, synchronous := range []string{"FULL", "NORMAL"} {
		b.Run(synchronous, func(b *testing.B) {
			s := MustOpenStore(b, sqlite.Options{Synchronous: synchronous})
			i := 0
			for b.Loop() {
				i++
				r, o := storetest.ReleaseOf("a", i, purser.StageDeploying), storetest.OperationOf(fmt.Sprintf("a%d", i))
				storetest.MustUpdate(b, s, func(ctx context.Context, tx purser.Tx) error {
					if err := tx.CreateRelease(ctx, &r); err != nil {
						return err
					}
					return tx.CreateOperation(ctx, &o)
				})
			}
		})
	}
}

func BenchmarkUpdateRelease(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{Synchronous: "FULL"})
	r := storetest.MustCreateReleases(b, s, storetest.ReleaseOf("a", 1, purser.StageDeploying))[0]
	for b.Loop() {
		r.Revision++
		storetest.MustUpdate(b, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateRelease(ctx, r) })
	}
}

func BenchmarkFindRelease(b *testing.B) {
	for name, cache := range map[string]int64{"cache": 0, "no cache": -1} {
		b.Run(name, func(b *testing.B) {
			s := MustOpenStore(b, sqlite.Options{CacheBytes: cache})
			MustFill(b, s, 1000)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.FindRelease(b.Context(), purser.ReleaseKey{Name: "r7"}, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFindReleaseParallel(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{})
	MustFill(b, s, 1000)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.FindRelease(b.Context(), purser.ReleaseKey{Name: "r7"}, 0); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkFindReleases(b *testing.B) {
	for _, stored := range []int{60, 1000, 10_000} {
		s := MustOpenStore(b, sqlite.Options{})
		MustFill(b, s, stored)
		for name, filter := range map[string]purser.ReleaseFilter{
			"all":    {},
			"light":  {Light: true},
			"page":   {Page: purser.Page{Limit: 20}},
			"latest": {Latest: true, Light: true},
			"names":  {Latest: true, Names: []string{"r1", "r2", "r3", "r4", "r5"}},
		} {
			b.Run(fmt.Sprintf("%s of %d", name, stored), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := s.FindReleases(b.Context(), filter); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkCreatePackage(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{Synchronous: "FULL"})
	archive := make([]byte, 4<<20)
	b.SetBytes(int64(len(archive)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		storetest.MustCreatePackage(b, s, storetest.MetadataOf("log", fmt.Sprintf("1.0.%d", i), 1), archive)
	}
}

func BenchmarkFindArchive(b *testing.B) {
	s := MustOpenStore(b, sqlite.Options{})
	m := storetest.MustCreatePackage(b, s, storetest.MetadataOf("log", "1.0.0", 1), make([]byte, 4<<20))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.FindArchive(b.Context(), m.ID); err != nil {
			b.Fatal(err)
		}
	}
}
