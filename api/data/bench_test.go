package data_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"purser"
)

// discard takes an answer and forgets it.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

func BenchmarkGet(b *testing.B) {
	s := MustServer(b)
	for i := range 200 {
		s.MustPackage(b, purser.PackageMetadata{Name: fmt.Sprintf("package-%d", i%50), Version: fmt.Sprintf("1.0.%d", i)})
	}
	for i := range 60 {
		s.MustRelease(b, purser.ReleaseKey{Name: "web"}, i+1, purser.StageSuperseded)
	}
	for _, c := range []struct{ name, target string }{
		{"first page of 200 packages", "/api/packageMetadata"},
		{"200 packages as summary", "/api/packageMetadata?size=2000&projection=summary&sort=name,asc"},
		{"search of one name", "/api/packageMetadata/search/findByName?name=package-7"},
		{"search in all names", "/api/packageMetadata/search/findByNameContainingIgnoreCase?name=PACKAGE-1&projection=summary"},
		{"one package", "/api/packageMetadata/1"},
		{"history of 60", historySearch + "?name=web"},
		{"repositories", "/api/repositories"},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, c.target, nil)
			r.Header.Set("Accept", "application/json")
			b.ReportAllocs()
			for b.Loop() {
				s.ServeHTTP(&discard{http.Header{}}, r)
			}
		})
	}
}
