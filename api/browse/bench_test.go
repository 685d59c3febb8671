package browse_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// The pages that are open most, without what the API takes to answer.
func BenchmarkPage(b *testing.B) {
	s := MustServe(b, world("x"))
	for _, path := range []string{"/api", "/api/release/list", "/api/release/status/r"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Accept", htmlFirst)
				r.Header.Set("User-Agent", "Mozilla/5.0")
				r.Header.Set("Accept-Encoding", "gzip")
				w := httptest.NewRecorder()
				s.server.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
				s.asked = nil
			}
		})
	}
}
