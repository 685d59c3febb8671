package events_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// Whatever a client says of what it knows and wants, it gets a stream that begins somewhere.
func FuzzRequest(f *testing.F) {
	for _, seed := range []struct{ last, names string }{
		{"", ""}, {"3", "a,b"}, {"-1", ","}, {"99999999999999999999", "%"}, {"0x1", "a\x00b"}, {" 2 ", "\xff"},
	} {
		f.Add(seed.last, seed.names)
	}
	s := MustSite(f, mustStore(f))
	s.happen(f, many(5)...)
	f.Fuzz(func(t *testing.T, last, names string) {
		r := httptest.NewRequest(http.MethodHead, "/api/events?names="+url.QueryEscape(names), nil)
		r.Header.Set("Last-Event-ID", last)
		w := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Body.Len() > 0 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
