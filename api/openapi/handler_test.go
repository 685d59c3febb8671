package openapi_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"purser/api"
	"purser/api/openapi"
)

type fixedClock struct{}

func (fixedClock) Now() time.Time { return time.Date(2026, 11, 22, 11, 29, 6, 0, time.UTC) }

func TestDocumentIsServed(t *testing.T) {
	asYAML, err := openapi.YAML()
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	further := openapi.Document{Path: "/v1/openapi", YAML: []byte("openapi: 3.1.0\ninfo: {title: x}\n")}
	adapter := api.NewAdapter(slog.New(slog.DiscardHandler), fixedClock{}, func() string { return "1" })
	server := api.New(api.Options{
		Adapter: adapter, Dialects: []api.Dialect{openapi.New(adapter, further)},
		Log: slog.New(slog.DiscardHandler), NewID: func() string { return "1" },
	})
	for name, row := range map[string]struct {
		path, accept string
		status       int
		label, body  string
	}{
		"YAML without Accept":        {"/api/openapi.yaml", "", 200, "application/yaml", string(asYAML)},
		"YAML for a browser":         {"/api/openapi.yaml", "text/html,application/xml;q=0.9,*/*;q=0.8", 200, "application/yaml", string(asYAML)},
		"YAML as text":               {"/api/openapi.yaml", "text/plain", 200, "text/plain;charset=UTF-8", string(asYAML)},
		"YAML under its old name":    {"/api/openapi.yaml", "application/x-yaml", 200, "application/x-yaml", string(asYAML)},
		"no JSON at the YAML's path": {"/api/openapi.yaml", "application/json", 406, "application/json", ""},
		"JSON without Accept":        {"/api/openapi.json", "", 200, "application/json", string(asJSON)},
		"JSON under its own name":    {"/api/openapi.json", "application/vnd.oai.openapi+json", 200, "application/vnd.oai.openapi+json", string(asJSON)},
		"no YAML at the JSON's path": {"/api/openapi.json", "application/yaml", 406, "", ""},
		"a further one":              {"/v1/openapi.yaml", "", 200, "application/yaml", string(further.YAML)},
		"a further one as JSON":      {"/v1/openapi.json", "", 200, "application/json", `{"openapi":"3.1.0","info":{"title":"x"}}`},
		"other forms do not exist":   {"/api/openapi.xml", "", 404, "application/json", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // the second answer is made of what was kept
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, row.path, nil)
				if row.accept != "" {
					r.Header.Set("Accept", row.accept)
				}
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if label := w.Header().Get("Content-Type"); w.Code != row.status || label != row.label {
					t.Errorf("%d %q, want %d %q", w.Code, label, row.status, row.label)
				}
				if row.body != "" && w.Body.String() != row.body {
					t.Errorf("another document of %d bytes", w.Body.Len())
				}
			}
		})
	}
}
