package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

// event is what a client sees of one.
type event struct {
	ID                                                int64
	Kind, Name, Stage, Status, Application, State, At string
	Version                                           int
	Operation                                         struct {
		ID                   int64
		Kind, Phase, Outcome string
	}
}

// listener is a client of a stream of events.
type listener struct {
	answer *http.Response
	lines  *bufio.Scanner
	last   string // id of the last block
}

// MustListen opens a stream; last is the id of the event that is known already, "" for none.
func MustListen(tb testing.TB, base, last string) *listener {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	tb.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/events?names=hello", nil)
	if err != nil {
		tb.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != http.StatusOK {
		tb.Fatal(answer.Status)
	}
	l := &listener{answer: answer, lines: bufio.NewScanner(answer.Body)}
	for l.last == "" && l.lines.Scan() { // the opening
		l.line(tb)
	}
	return l
}

// line reads one line; it gives an event at its data.
func (l *listener) line(tb testing.TB) *event {
	tb.Helper()
	text := l.lines.Text()
	if id, ok := strings.CutPrefix(text, "id: "); ok {
		l.last = id
	}
	data, ok := strings.CutPrefix(text, "data: ")
	if !ok {
		return nil
	}
	e := &event{}
	if err := json.Unmarshal([]byte(data), e); err != nil {
		tb.Fatalf("%s: %v", data, err)
	}
	return e
}

// until reads events up to one that fits, and gives them all.
func (l *listener) until(tb testing.TB, what string, fits func(e event) bool) (all []event) {
	tb.Helper()
	for l.lines.Scan() {
		e := l.line(tb)
		if e == nil {
			continue
		}
		if all = append(all, *e); fits(*e) {
			return all
		}
	}
	tb.Fatalf("the stream ends before %s: %v, after %+v", what, l.lines.Err(), all)
	return nil
}

func done(kind string) func(e event) bool {
	return func(e event) bool { return e.Operation.Kind == kind && e.Operation.Phase == "done" }
}

// running tells of an application that is up.
func running(version int) func(e event) bool {
	return func(e event) bool { return e.Kind == "application" && e.Version == version && e.State == "deployed" }
}

// A client that comes back after a crash of the server misses nothing and is told nothing twice.
func TestEventsOutliveAKill(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	l := MustListen(t, s.Base(), "")
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	all := l.until(t, "the application runs", running(1))
	if _, err := a.Upgrade(t.Context(), "hello", "1.0.1", ""); err != nil {
		t.Fatal(err)
	}
	all = append(all, l.until(t, "the upgrade is accepted", func(e event) bool { return e.Operation.Kind == "upgrade" })...)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Start(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	l = MustListen(t, s.Base(), l.last)
	all = append(all, l.until(t, "the upgrade is done", done("upgrade"))...)
	mustDelete(t, a)
	all = append(all, l.until(t, "the delete is done", done("delete"))...)

	var stages []string
	for i, e := range all {
		if i > 0 && e.ID != all[i-1].ID+1 {
			t.Errorf("event %d follows event %d", e.ID, all[i-1].ID)
		}
		if e.Kind == "release" {
			stages = append(stages, fmt.Sprintf("v%d %s %s", e.Version, e.Stage, e.Status))
		}
	}
	const want = "v1 deploying UNKNOWN, v1 deployed DEPLOYED, v2 deploying UNKNOWN, v2 deployed DEPLOYED, v1 superseded DELETED, v2 deleted DELETED"
	if got := strings.Join(stages, ", "); got != want {
		t.Errorf("stages %s, want %s", got, want)
	}
}

// A crash of an application is told before anybody asks for its status.
func TestACrashIsTold(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	l := MustListen(t, s.Base(), "")
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	l.until(t, "the application runs", running(1))
	killed := 0
	for _, p := range live.Processes(s.Folder) {
		if strings.Contains(filepath.Base(p.Args[0]), "hello-1.0.0") {
			killed++
			if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	if killed != 1 {
		t.Fatalf("%d processes of the application", killed)
	}
	l.until(t, "the crash", func(e event) bool { return e.Kind == "application" && e.State == "failed" && e.Application == "hello" })
}

func TestAnOpenStreamDoesNotHoldTheServer(t *testing.T) {
	s, _ := MustStart(t)
	l := MustListen(t, s.Base(), "")
	begun := time.Now()
	if err := s.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if state, err := s.Wait(5 * time.Second); err != nil || !state.Success() {
		t.Fatalf("%v, %v after %s", state, err, time.Since(begun))
	}
	if l.lines.Scan() && l.lines.Text() != "" {
		t.Errorf("%q at the end", l.lines.Text())
	}
}

// Two servers on one store: what one does is told by the other.
func TestEventsOfTheOtherServer(t *testing.T) {
	s, a := MustStart(t)
	MustUploadExamples(t, a)
	port, err := live.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := &live.Server{Binary: s.Binary, Folder: s.Folder, Port: port}
	t.Cleanup(func() {
		if err := other.Stop(); err != nil {
			t.Error(err)
		}
	})
	if _, err := other.Start(t.Context(), live.NewAPI(other.Base())); err != nil {
		t.Fatal(err)
	}
	l := MustListen(t, other.Base(), "")
	if _, err := a.Install(t.Context(), "hello", "1.0.0"); err != nil {
		t.Fatal(err)
	}
	for _, e := range l.until(t, "the install is done", done("install")) {
		at, err := time.Parse("2006-01-02T15:04:05.000-07:00", e.At)
		if late := time.Since(at); err != nil || late > 2*time.Second {
			t.Errorf("event %d comes after %s, %v", e.ID, late, err)
		}
	}
	mustDelete(t, a)
}
