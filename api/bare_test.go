package api_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"purser/api"
	"purser/api/hal"
)

type stillClock struct{}

func (stillClock) Now() time.Time { return time.Date(2026, 11, 22, 11, 29, 6, 0, time.UTC) }

// Links are HAL's unless somebody asks for bare ones: a client by the profile, or the configuration for all plain JSON.
func TestBareLinksAreAskedFor(t *testing.T) {
	const (
		asHAL  = `"_links" : {`
		asList = `"links" : [`
	)
	for name, row := range map[string]struct {
		configured   bool
		accept, want string
	}{
		"by nobody":                         {false, "", asHAL},
		"by nobody, with JSON":              {false, "application/json", asHAL},
		"by a client":                       {false, `application/json;profile="bare"`, asList},
		"by a client, without quotes":       {false, "application/json; profile=bare", asList},
		"by a client, among others":         {false, `application/json;charset=utf-8;profile="bare", */*;q=0.1`, asList},
		"by a client, of HAL":               {false, `application/hal+json;profile="bare"`, asHAL},
		"another profile":                   {false, `application/json;profile="https://example.org/x"`, asHAL},
		"by the configuration":              {true, "application/json", asList},
		"by the configuration, not of HAL":  {true, "application/hal+json", asHAL},
		"by the configuration, any":         {true, "*/*", asHAL},
		"by the configuration, of others":   {true, "application/vnd.x+json", asHAL},
		"by the configuration and a client": {true, `application/json;profile="bare"`, asList},
		"another profile over the rule":     {true, `application/json;profile="hal"`, asHAL},
	} {
		t.Run(name, func(t *testing.T) {
			a := api.NewAdapter(slog.New(slog.DiscardHandler), stillClock{}, func() string { return "1" }, api.BareLinks(row.configured))
			doc := hal.Resource{Links: hal.Links{hal.To("status", "http://x/{name}")}}
			for form, handler := range map[string]api.Handler{
				"whole": func(w http.ResponseWriter, r *http.Request) error { return a.HAL(w, r, http.StatusOK, doc) },
				"streamed": func(w http.ResponseWriter, r *http.Request) error {
					return a.Stream(w, r, func(_ context.Context, out *hal.Writer) error { out.Object(doc); return nil })
				},
			} {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil)
				if row.accept != "" {
					r.Header.Set("Accept", row.accept)
				}
				w := httptest.NewRecorder()
				a.Handle(handler)(w, r)
				if !strings.Contains(w.Body.String(), row.want) {
					t.Errorf("%s: %d %s, want %s", form, w.Code, w.Body, row.want)
				}
			}
		})
	}
}

// A document without links says so in the bare form, and a buffer that is used again has forgotten the form.
func TestBareLinksOfDocumentsWithoutLinks(t *testing.T) {
	a := api.NewAdapter(slog.New(slog.DiscardHandler), stillClock{}, func() string { return "1" })
	show := a.Handle(func(w http.ResponseWriter, r *http.Request) error {
		return a.HAL(w, r, http.StatusOK, hal.Members{{Key: "a", Value: 1}})
	})
	for _, row := range []struct{ accept, want string }{
		{`application/json;profile="bare"`, "{\n  \"a\" : 1,\n  \"links\" : [ ]\n}"},
		{"application/json", "{\n  \"a\" : 1\n}"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil)
		r.Header.Set("Accept", row.accept)
		w := httptest.NewRecorder()
		show(w, r)
		if w.Body.String() != row.want || w.Header().Get("Content-Type") != row.accept {
			t.Errorf("%s: %s %s", row.accept, w.Header().Get("Content-Type"), w.Body)
		}
	}
}
