package native_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"purser"
	"purser/api/native"
)

// over is a feed that has come to its end.
func over(reason string, lines ...purser.LogLine) purser.LogFeed {
	c := make(chan purser.LogLine, len(lines))
	for _, l := range lines {
		c <- l
	}
	close(c)
	return purser.LogFeed{Version: 1, Lines: c, Reason: func() string { return reason }}
}

// fed is a feed that goes on until its context ends.
func fed(ctx context.Context, lines <-chan purser.LogLine, ended chan<- struct{}) purser.LogFeed {
	out := make(chan purser.LogLine)
	go func() {
		defer close(ended)
		defer close(out)
		for {
			select {
			case l := <-lines:
				select {
				case out <- l:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return purser.LogFeed{Version: 1, Lines: out, Reason: func() string { return "" }}
}

const followed = "/api/purser/releases/web/logs?follow=true&lines=1"

func TestFollowToTheEnd(t *testing.T) {
	s := newSite()
	s.engine.feed = func(context.Context) purser.LogFeed {
		return over("version 1 was replaced",
			purser.LogLine{Application: "a", DeploymentID: "web.a-v1", Instance: "web.a-v1-0", Stream: purser.LogStdout, Text: "one\ntwo"},
			purser.LogLine{Application: "a", DeploymentID: "web.a-v1", Instance: "web.a-v1-0", Stream: purser.LogStderr, Text: "long", More: true})
	}
	w := s.ask("GET "+followed, "")
	const want = ":\n\n" +
		"event: log\ndata: {\"application\":\"a\",\"deploymentId\":\"web.a-v1\",\"instance\":\"web.a-v1-0\",\"stream\":\"stdout\",\"text\":\"one\\ntwo\"}\n\n" +
		"event: log\ndata: {\"application\":\"a\",\"deploymentId\":\"web.a-v1\",\"instance\":\"web.a-v1-0\",\"stream\":\"stderr\",\"text\":\"long\",\"more\":true}\n\n" +
		"event: end\ndata: {\"reason\":\"version 1 was replaced\"}\n\n"
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/event-stream" || w.Header().Get("Cache-Control") != "no-store" || w.Body.String() != want {
		t.Errorf("%d %v\n%s", w.Code, w.Header(), w.Body)
	}
	if got := s.engine.got.(purser.LogRequest); got.Key.Name != "web" || got.Lines != 1 {
		t.Errorf("asked %+v", got)
	}
}

func TestFollowManyShortLines(t *testing.T) {
	var lines []purser.LogLine
	for range 5000 {
		lines = append(lines, purser.LogLine{Stream: purser.LogStdout, Text: strings.Repeat("x", 40)})
	}
	s := newSite()
	s.engine.feed = func(context.Context) purser.LogFeed { return over("done", lines...) }
	w := s.ask("GET "+followed, "")
	if got := strings.Count(w.Body.String(), "event: log\n"); got != len(lines) || !strings.HasSuffix(w.Body.String(), "event: end\ndata: {\"reason\":\"done\"}\n\n") {
		t.Errorf("%d lines", got)
	}
}

func TestFollowOfAHeadHasNoBody(t *testing.T) {
	s := newSite()
	s.engine.feed = func(context.Context) purser.LogFeed { return over("done") }
	if w := s.ask("HEAD "+followed, ""); w.Code != 200 || w.Header().Get("Content-Type") != "text/event-stream" || w.Body.Len() > 0 {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestFollowIsForThoseWhoTakeStreams(t *testing.T) {
	s := newSite()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, followed, nil)
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusNotAcceptable || s.engine.got != nil {
		t.Errorf("%d %v", w.Code, s.engine.got)
	}
}

// listener is an open stream.
type listener struct {
	*http.Response
	lines *bufio.Reader
}

func mustListen(ctx context.Context, t *testing.T, base string) *listener {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+followed, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return &listener{answer, bufio.NewReader(answer.Body)}
}

// frame reads up to the next empty line.
func (l *listener) frame(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for {
		line, err := l.lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%v after %q", err, b.String())
		}
		if line == "\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

func TestFollowLive(t *testing.T) {
	printed, ended := make(chan purser.LogLine), make(chan struct{})
	s := newSite(func(o *native.Options) { o.Heartbeat = 20 * time.Millisecond })
	s.engine.feed = func(ctx context.Context) purser.LogFeed { return fed(ctx, printed, ended) }
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	l := mustListen(ctx, t, server.URL)
	for range 3 { // the opening, and the signs of life
		if got := l.frame(t); got != ":\n" {
			t.Fatalf("%q", got)
		}
	}
	printed <- purser.LogLine{Application: "a", Stream: purser.LogStdout, Text: "hello"}
	got := l.frame(t)
	for got == ":\n" {
		got = l.frame(t)
	}
	var line struct{ Text string }
	data, ok := strings.CutPrefix(got, "event: log\ndata: ")
	if err := json.Unmarshal([]byte(data), &line); !ok || err != nil || line.Text != "hello" {
		t.Errorf("%q, %v", got, err)
	}
	leave()
	<-ended // the engine is not kept busy for somebody who has left
}

func TestFollowIsCapped(t *testing.T) {
	ended := make(chan struct{})
	s := newSite(func(o *native.Options) { o.Streams = 1 })
	s.engine.feed = func(ctx context.Context) purser.LogFeed { return fed(ctx, nil, ended) }
	server := httptest.NewServer(s)
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	first := mustListen(ctx, t, server.URL)
	first.frame(t)
	second := mustListen(t.Context(), t, server.URL)
	body, _ := io.ReadAll(second.Body)
	if second.StatusCode != http.StatusServiceUnavailable || second.Header.Get("Retry-After") == "" ||
		!strings.Contains(string(body), "The server has 1 streams of logs open") {
		t.Errorf("%d %s", second.StatusCode, body)
	}
	leave()
	<-ended
	// The place is free as soon as the handler has returned.
	deadline := time.Now().Add(10 * time.Second)
	for {
		ended = make(chan struct{})
		next, stop := context.WithCancel(t.Context())
		l := mustListen(next, t, server.URL)
		if l.StatusCode == http.StatusOK {
			stop()
			<-ended
			return
		}
		stop()
		if time.Now().After(deadline) {
			t.Fatalf("the place stays taken: %d", l.StatusCode)
		}
	}
}

// A client that takes nothing is let go, however much there is to send.
func TestFollowLetsGoOfSlowReaders(t *testing.T) {
	printed, ended := make(chan purser.LogLine), make(chan struct{})
	s := newSite(func(o *native.Options) { o.WriteTimeout = 50 * time.Millisecond })
	s.engine.feed = func(ctx context.Context) purser.LogFeed { return fed(ctx, printed, ended) }
	server := httptest.NewServer(s)
	defer server.Close()
	mustListen(t.Context(), t, server.URL) // and nothing is read of it
	line := purser.LogLine{Stream: purser.LogStdout, Text: strings.Repeat("x", purser.MaxLogText)}
	limit := time.After(20 * time.Second)
	for {
		select {
		case printed <- line:
		case <-ended:
			return
		case <-limit:
			t.Fatal("it is served for ever")
		}
	}
}
