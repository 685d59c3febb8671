package api_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"purser/api"
)

// landlord is a dialect that has all paths below /own2 for itself.
type landlord struct{ adapter *api.Adapter }

func (l landlord) Register(r chi.Router) {
	r.Get("/own2/thing", func(http.ResponseWriter, *http.Request) { panic("secret of the server") })
}

func (landlord) Owns(path string) bool { return strings.HasPrefix(strings.ToLower(path), "/own2/") }

func (landlord) Fold(path string) string { return strings.ToLower(path) }

func (landlord) WriteFailure(w http.ResponseWriter, _ *http.Request, f *api.Failure) {
	w.WriteHeader(f.Status)
	fmt.Fprintf(w, "own %d %q %s", f.Status, f.Header.Get("Allow"), f.ID)
}

func TestFailuresOnOwnedPathsHaveTheOwnersForm(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	adapter := api.NewAdapter(log, fixedClock{}, fixedID)
	s := api.New(api.Options{
		Adapter: adapter, Log: log, NewID: fixedID,
		Dialects: []api.Dialect{&probe{adapter: adapter, release: make(chan struct{}), entered: make(chan struct{})}, landlord{adapter}},
	})
	rows := []struct{ rule, do, want string }{
		{"a path without a route", "GET /own2/nosuch", `own 404 "" `},
		{"an escaped path", "GET /own%32/nosuch", `own 404 "" `},
		{"a method without a route", "PUT /own2/thing", `own 405 "GET" `},
		{"the same in another spelling", "PUT /Own2/THING", `own 405 "GET" `},
		{"an escaped path in another spelling", "PUT /Own2/%54hing", `own 405 "GET" `},
		{"a path that is broken", "GET /own2/%2F", `own 400 "" `},
		{"a path that nothing can be at", "GET /own2//thing", `own 404 "" `},
		{"a fault of a handler that stands alone", "GET /own2/thing", `own 500 "" id-1`},
		{"another path", "GET /nosuch", ""},
		{"another path with a route", "PUT /thing", ""},
		{"another path in another spelling", "PUT /Thing", ""},
		{"another broken path", "GET /%2F", ""},
	}
	check := func(t *testing.T, do, want string) {
		method, path, _ := strings.Cut(do, " ")
		got := call(s, method, path, "").Body.String()
		if want == "" && !strings.Contains(got, `"timestamp"`) || want != "" && got != want {
			t.Errorf("%s: %q, want %q", do, got, want)
		}
	}
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) { check(t, row.do, row.want) })
	}
	t.Run("the end of the server", func(t *testing.T) {
		s.Drain()
		check(t, "PUT /own2/thing", `own 503 "" `)
		check(t, "PUT /thing", "")
	})
}
