package sse_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser/api"
	"purser/api/sse"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFrames(t *testing.T) {
	got := string(sse.AppendFrame([]byte("before "), "log", []byte(`{"a":1}`)))
	if got != "before event: log\ndata: {\"a\":1}\n\n" {
		t.Errorf("%q", got)
	}
	got = string(sse.AppendNumbered(nil, 12, "release", []byte(`{}`)))
	if got != "id: 12\nevent: release\ndata: {}\n\n" {
		t.Errorf("%q", got)
	}
}

func TestAcceptable(t *testing.T) {
	for accept, ok := range map[string]bool{
		"": true, "*/*": true, "text/event-stream": true, "text/*": true, "application/json, text/event-stream;q=0.1": true,
		"application/json": false, "text/event-stream;q=0": false,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		if accept != "" {
			r.Header.Set("Accept", accept)
		}
		err := sse.Acceptable(r)
		if (err == nil) != ok || err != nil && api.FailureOf(err).Status != http.StatusNotAcceptable {
			t.Errorf("%q: %v", accept, err)
		}
	}
}

func TestStreamSendsAtOnce(t *testing.T) {
	next := make(chan string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s := sse.Open(w, time.Minute)
		for text := range next {
			if !s.Send([]byte(text)) {
				t.Error("the client is gone")
			}
		}
	}))
	defer server.Close()
	go func() { next <- sse.Comment }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewReader(answer.Body)
	for n, text := range []string{sse.Comment, "data: 1\n\n", "data: 2\n\n"} {
		if n > 0 {
			next <- text
		}
		var got strings.Builder
		for !strings.HasSuffix(got.String(), "\n\n") {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			got.WriteString(line)
		}
		if got.String() != text {
			t.Errorf("%q, want %q", got.String(), text)
		}
	}
	close(next)
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("type %s", got)
	}
}

// A client that takes nothing is let go after the time-out.
func TestStreamLetsGo(t *testing.T) {
	gone := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		defer close(gone)
		s := sse.Open(w, 20*time.Millisecond)
		for text := []byte(strings.Repeat("x", 1<<20)); s.Send(text); {
		}
	}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	<-gone
}
