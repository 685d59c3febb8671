package conformance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// reply is an answer, its JSON without blanks.
type reply struct {
	status int
	header http.Header
	text   string
}

// mustCall sends a request with these header lines ("Name: value") and gives the answer. "" as body sends none.
func mustCall(t *testing.T, base, do, body string, lines ...string) reply {
	t.Helper()
	method, target, _ := strings.Cut(do, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, base+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	client := http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if json.Compact(&compact, text) == nil {
		text = compact.Bytes()
	}
	return reply{status: answer.StatusCode, header: answer.Header, text: string(text)}
}

// lenient is a request in an odd form, with what the answer is.
type lenient struct {
	rule, do, body string
	lines          []string
	status         int
	wants          []string // parts of the answer, its JSON without blanks
}

func (row lenient) check(t *testing.T, base string) {
	t.Helper()
	lines := row.lines
	if lines == nil {
		lines = []string{"Accept: application/json", "Content-Type: application/json"}
	}
	a := mustCall(t, base, row.do, row.body, lines...)
	if a.status != row.status {
		t.Fatalf("%s: %d instead of %d: %s", row.do, a.status, row.status, a.text)
	}
	for _, want := range row.wants {
		if all := fmt.Sprint(a.header) + a.text; !strings.Contains(all, strings.ReplaceAll(want, "BASE", base)) {
			t.Errorf("%s: %s is not in %s", row.do, want, all)
		}
	}
}
