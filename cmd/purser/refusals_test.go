package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/cmd/purser/live"
)

// refused is a request that must be refused, and lose nothing.
type refused struct {
	what    string
	do      string // METHOD path
	body    any    // a string is sent as it is, nil is no body, anything else as JSON
	headers map[string]string
}

// answer is what the golden file keeps of a refusal.
type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

const refusalsGolden = "testdata/refusals.json"

// Every refusal has a 4xx, the body that the golden file shows, and never a 500.
func TestRefusals(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	var rows []refused
	for _, part := range [][]refused{jsonRefusals(), archiveRefusals(t), uploadRefusals(t), installRefusals(), valuesRefusals(), releaseRefusals(), pathRefusals()} {
		rows = append(rows, part...)
	}
	rows = append(rows, templateRefusals(t, a)...)

	golden := mustReadGolden(t)
	got := map[string]answer{}
	for _, row := range rows {
		t.Run(row.what, func(t *testing.T) {
			if _, twice := got[row.what]; twice {
				t.Fatal("two rows have this name")
			}
			got[row.what] = row.send(t, s)
			if status := got[row.what].Status; status < 400 || status > 499 {
				t.Errorf("%s: status %d, body %s", row.do, status, got[row.what].Body)
			}
			if diff := cmp.Diff(golden[row.what], got[row.what]); diff != "" && !*update {
				t.Errorf("%s (-want +got):\n%s", row.do, diff)
			}
		})
	}
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(refusalsGolden, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if len(rows) < 60 {
		t.Errorf("%d rows", len(rows))
	}
	assertNothingLost(t, a)
}

// assertNothingLost sees to it that the refusals changed nothing: the release of before is the only one and still runs.
func assertNothingLost(t *testing.T, a *live.API) {
	t.Helper()
	i, err := a.Status(t.Context(), "hello", 0)
	if err != nil || i.Status.StatusCode != "DEPLOYED" {
		t.Errorf("the release reads %+v, %v", i, err)
	}
	var list struct {
		Embedded struct {
			Releases []live.Release `json:"releases"`
		} `json:"_embedded"`
	}
	if err := a.Call(t.Context(), http.MethodGet, "/api/releases", nil, &list); err != nil || len(list.Embedded.Releases) != 1 {
		t.Errorf("%d release versions, %v", len(list.Embedded.Releases), err)
	}
}

func (r refused) send(t *testing.T, s *live.Server) answer {
	t.Helper()
	method, path, _ := strings.Cut(r.do, " ")
	var body io.Reader
	switch b := r.body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, s.Base(), body)
	if err != nil {
		t.Fatal(err)
	}
	request.URL.Opaque = path // as written: bad escapes and all
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for k, v := range r.headers {
		if v == "" {
			request.Header.Del(k)
		} else {
			request.Header.Set(k, v)
		}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{Status: response.StatusCode, Body: normalised(string(text), s)}
}

var timestamps = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00`)

func normalised(text string, s *live.Server) string {
	text = timestamps.ReplaceAllString(text, "<time>")
	text = strings.ReplaceAll(text, s.Folder, "<folder>")
	return strings.ReplaceAll(text, s.Base(), "<base>")
}

func mustReadGolden(t *testing.T) map[string]answer {
	t.Helper()
	golden := map[string]answer{}
	text, err := os.ReadFile(filepath.FromSlash(refusalsGolden))
	if err != nil {
		if *update {
			return golden
		}
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	return golden
}
