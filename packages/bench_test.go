package packages_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"purser"
	"purser/packages"
)

// large is a package of 200 templates.
func large(tb testing.TB) []byte {
	files := map[string]string{"package.yml": metadata("p", "1.0.0"), "values.yml": "a: 1\n"}
	for i := range 200 {
		files[fmt.Sprintf("templates/app-%03d.yml", i)] = strings.Repeat(fmt.Sprintf("key%d: {{value}}\n", i), 50)
	}
	return MustZipFiles(tb, "p-1.0.0", files)
}

func BenchmarkReadArchive(b *testing.B) {
	for _, row := range []struct {
		name string
		data []byte
	}{{"small", archive(b, "p", "1.0.0")}, {"200 templates", large(b)}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := packages.ReadArchive(row.data, "p", "1.0.0", packages.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for _, row := range []struct {
		name  string
		bytes int64
	}{{"cached", 0}, {"not cached", -1}} {
		b.Run(row.name, func(b *testing.B) {
			s := MustService(b, func(o *packages.Options) { o.CacheBytes = row.bytes })
			m, err := s.Upload(b.Context(), request("p", "1.0.0", large(b)))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Read(b.Context(), m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkUpload(b *testing.B) {
	s := MustService(b, func(o *packages.Options) { o.Log = slog.New(slog.DiscardHandler) })
	data, n := archive(b, "p", "1.0.0"), 0
	b.ReportAllocs()
	for b.Loop() { // the store copies itself at each write: delete what was uploaded
		m, err := s.Upload(b.Context(), request("p", "1.0.0", data))
		if err != nil {
			b.Fatal(err)
		}
		if err := s.store.Update(b.Context(), func(tx purser.Tx) error { return tx.DeletePackage(b.Context(), m.ID) }); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "uploads/s")
}
