package events_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"purser"
	"purser/api/events"
)

func TestEventsOfEachKind(t *testing.T) {
	s := MustSite(t, mustStore(t))
	l, opening := s.MustListen(t, "/api/events")
	if opening != "retry: 2000\nid: 0\n" {
		t.Errorf("opening %q", opening)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
	} {
		if got := l.answer.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	at := time.Date(2026, 11, 22, 11, 29, 6, 491e6, time.UTC)
	web := purser.ReleaseKey{Name: "web"}
	s.happen(t,
		purser.Event{
			Kind: purser.EventOperation, Key: web, Version: 2, At: at, Operation: 7, Change: purser.OperationUpgrade, Phase: purser.PhaseDone,
			Outcome: purser.OutcomeSucceeded,
		},
		purser.Event{Kind: purser.EventRelease, Key: web, Version: 1, At: at, Stage: purser.StageSuperseded, Operation: 7, Detail: "Delete \"complete\"\n<now>"},
		purser.Event{
			Kind: purser.EventApplication, Key: web, Version: 2, At: at, Stage: purser.StageDeployed,
			Application: "log", DeploymentID: "web.log-v2", State: purser.StateFailed, Detail: "exit status 3",
		},
	)
	l.wants(t, "id: 1\nevent: operation\n"+`data: {"id":1,"kind":"operation","name":"web","version":2,`+
		`"operation":{"id":7,"kind":"upgrade","phase":"done","outcome":"succeeded"},"at":"2026-11-22T11:29:06.491+00:00"}`+"\n")
	l.wants(t, "id: 2\nevent: release\n"+`data: {"id":2,"kind":"release","name":"web","version":1,"stage":"superseded","status":"DELETED",`+
		`"operation":{"id":7},"at":"2026-11-22T11:29:06.491+00:00","detail":"Delete \"complete\"\n<now>"}`+"\n")
	l.wants(t, "id: 3\nevent: application\n"+`data: {"id":3,"kind":"application","name":"web","version":2,"stage":"deployed","status":"DEPLOYED",`+
		`"application":"log","deploymentId":"web.log-v2","state":"failed","at":"2026-11-22T11:29:06.491+00:00","detail":"exit status 3"}`+"\n")
}

func TestANewStreamBeginsNow(t *testing.T) {
	s := MustSite(t, mustStore(t))
	s.happen(t, many(3)...)
	l, opening := s.MustListen(t, "/api/events")
	if opening != "retry: 2000\nid: 3\n" {
		t.Errorf("opening %q", opening)
	}
	s.happen(t, deployed("b", 1))
	if first, _ := l.versions(t, 1); first != 4 {
		t.Errorf("event %d, want 4", first)
	}
}

func TestLastEventIDGoesOnBehindIt(t *testing.T) {
	s := MustSite(t, mustStore(t))
	s.happen(t, many(2000)...) // more than the hub keeps ready
	l, opening := s.MustListen(t, "/api/events", "Last-Event-ID: 5")
	if opening != "retry: 2000\nid: 5\n" {
		t.Errorf("opening %q", opening)
	}
	s.happen(t, many(10)...)
	if first, last := l.versions(t, 2005); first != 6 || last != 2010 {
		t.Errorf("events %d to %d, want 6 to 2010", first, last)
	}
	same, _ := s.MustListen(t, "/api/events", "Last-Event-ID: 2010")
	s.happen(t, deployed("b", 1))
	for _, l := range []*listener{l, same} {
		if first, _ := l.versions(t, 1); first != 2011 {
			t.Errorf("event %d, want 2011", first)
		}
	}
}

func TestWhoCannotGoOnIsToldSo(t *testing.T) {
	s := MustSite(t, mustStore(t))
	var oldest, newest int64
	for oldest < 100 {
		s.happen(t, make([]purser.Event, 500)...)
		var err error
		if oldest, newest, err = s.store.FindEventRange(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	reset := fmt.Sprintf("retry: 2000\nid: %d\nevent: reset\ndata: {\"kind\":\"reset\"}\n", newest)
	for rule, row := range map[string]struct{ last, opening string }{
		"older than the log":      {fmt.Sprint(oldest - 2), reset},
		"the oldest comes next":   {fmt.Sprint(oldest - 1), fmt.Sprintf("retry: 2000\nid: %d\n", oldest-1)},
		"the newest":              {fmt.Sprint(newest), fmt.Sprintf("retry: 2000\nid: %d\n", newest)},
		"newer than the log":      {fmt.Sprint(newest + 1), reset},
		"no number":               {"abc", reset},
		"a number below zero":     {"-1", reset},
		"a number beyond 64 bits": {"99999999999999999999", reset},
	} {
		t.Run(rule, func(t *testing.T) {
			l, opening := s.MustListen(t, "/api/events", "Last-Event-ID: "+row.last)
			if opening != row.opening {
				t.Errorf("opening %q, want %q", opening, row.opening)
			}
			l.cancel()
		})
	}
}

// A stream that is overtaken by the end of the log while it reads is told so as well.
func TestAStreamThatIsOvertakenIsTold(t *testing.T) {
	store := &shrinking{Store: mustStore(t)}
	s := MustSite(t, store)
	s.happen(t, many(20)...)
	store.oldest.Store(9)
	l, _ := s.MustListen(t, "/api/events", "Last-Event-ID: 3")
	l.wants(t, "id: 20\nevent: reset\ndata: {\"kind\":\"reset\"}\n")
	s.happen(t, deployed("b", 1))
	if first, _ := l.versions(t, 1); first != 21 {
		t.Errorf("event %d, want 21", first)
	}
}

// shrinking is a store that has lost its oldest events without telling.
type shrinking struct {
	purser.Store
	oldest atomic.Int64
}

func (s *shrinking) FindEvents(ctx context.Context, f purser.EventFilter) ([]purser.Event, error) {
	f.After = max(f.After, s.oldest.Load()-1)
	return s.Store.FindEvents(ctx, f)
}

func TestNamesNarrowAStream(t *testing.T) {
	s := MustSite(t, mustStore(t))
	some, _ := s.MustListen(t, "/api/events?names=a,it%27s,&names=c")
	all, _ := s.MustListen(t, "/api/events?names=")
	elsewhere := deployed("a", 9)
	elsewhere.Key.Space = "orgs/x"
	s.happen(t, deployed("b", 1), deployed("a", 1), elsewhere, deployed("A", 1), deployed("it's", 1), deployed("c", 1))
	read := func(l *listener, n int) (names []string) {
		for range n {
			_, after, _ := strings.Cut(l.block(t), `"name":"`)
			name, _, _ := strings.Cut(after, `"`)
			names = append(names, name)
		}
		return names
	}
	if got := fmt.Sprint(read(some, 3)); got != "[a it's c]" {
		t.Errorf("some: %s", got)
	}
	if got := fmt.Sprint(read(all, 5)); got != "[b a A it's c]" {
		t.Errorf("all: %s", got)
	}
}

func TestEventsOfAnotherServerAreSeen(t *testing.T) {
	store := mustStore(t)
	here := MustSite(t, store, func(o *events.HubOptions, _ *events.Options) { o.Poll = 5 * time.Millisecond })
	there := MustSite(t, store)
	l, _ := here.MustListen(t, "/api/events")
	for i := range 5 {
		there.happen(t, deployed("a", 1))
		if first, _ := l.versions(t, 1); first != int64(i+1) {
			t.Errorf("event %d, want %d", first, i+1)
		}
	}
}

// counting is a store that counts what the hub and the streams ask.
type counting struct {
	purser.Store
	asked atomic.Int64
	fails atomic.Bool
}

func (c *counting) FindEvents(ctx context.Context, f purser.EventFilter) ([]purser.Event, error) {
	c.asked.Add(1)
	if c.fails.Load() {
		return nil, errors.New("disk on fire")
	}
	return c.Store.FindEvents(ctx, f)
}

func (c *counting) FindEventRange(ctx context.Context) (int64, int64, error) {
	c.asked.Add(1)
	if c.fails.Load() {
		return 0, 0, errors.New("disk on fire")
	}
	return c.Store.FindEventRange(ctx)
}

func TestWithoutStreamsNothingIsRead(t *testing.T) {
	store := &counting{Store: mustStore(t)}
	s := MustSite(t, store)
	s.happen(t, many(10)...)
	if n := store.asked.Load(); n != 0 {
		t.Errorf("the store was asked %d times", n)
	}
	var listeners []*listener
	for range 20 {
		l, _ := s.MustListen(t, "/api/events")
		listeners = append(listeners, l)
	}
	var before int64
	for version := range 2 { // with the first one the hub gets to where the streams are
		before = store.asked.Load()
		s.happen(t, deployed("a", version))
		for _, l := range listeners {
			l.versions(t, 1)
		}
	}
	if n := store.asked.Load() - before; n > 2 {
		t.Errorf("20 streams have asked the store %d times for one event", n)
	}
}

func TestAStoreThatFails(t *testing.T) {
	store := &counting{Store: mustStore(t)}
	s := MustSite(t, store, func(o *events.HubOptions, _ *events.Options) { o.Poll = 5 * time.Millisecond })
	store.fails.Store(true)
	if l := s.get(t, "/api/events"); l.answer.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %s, want 500", l.answer.Status)
	}
	store.fails.Store(false)
	l, _ := s.MustListen(t, "/api/events")
	store.fails.Store(true)
	s.happen(t, deployed("a", 1))
	store.fails.Store(false)
	if first, _ := l.versions(t, 1); first != 1 {
		t.Errorf("event %d, want 1", first)
	}
}

func TestTooManyStreamsAreRefused(t *testing.T) {
	s := MustSite(t, mustStore(t), func(o *events.HubOptions, _ *events.Options) { o.Streams = 2 })
	first, _ := s.MustListen(t, "/api/events")
	s.MustListen(t, "/api/events")
	l := s.get(t, "/api/events")
	body, err := io.ReadAll(l.answer.Body)
	if err != nil || l.answer.StatusCode != http.StatusServiceUnavailable || l.answer.Header.Get("Retry-After") != "5" ||
		!strings.Contains(string(body), `"message":"The server has 2 streams of events open, and serves no more at one time."`) {
		t.Errorf("%s %s %v", l.answer.Status, body, err)
	}
	first.cancel()
	s.eventually(t, "a place is free again", func() bool { return s.get(t, "/api/events").answer.StatusCode == http.StatusOK })
}

func (s *site) eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if holds() {
			return
		}
	}
	tb.Fatal("it never comes to pass: " + what)
}

func TestCloseEndsStreamsAtOnce(t *testing.T) {
	s := MustSite(t, mustStore(t))
	l, _ := s.MustListen(t, "/api/events")
	s.hub.Close()
	l.wants(t, "")
	if got := s.get(t, "/api/events").answer; got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
		t.Errorf("status %s after Close", got.Status)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Config.Shutdown(ctx); err != nil {
		t.Errorf("the server waits for its streams: %v", err)
	}
}

func TestQuietStreamsGiveSignsOfLife(t *testing.T) {
	s := MustSite(t, mustStore(t), func(_ *events.HubOptions, o *events.Options) { o.Heartbeat = 5 * time.Millisecond })
	l, _ := s.MustListen(t, "/api/events?names=other")
	l.wants(t, ":\nid: 0\n")
	s.happen(t, many(3)...)
	s.eventually(t, "the id of what was passed over", func() bool { return l.block(t) == ":\nid: 3\n" })
}

// A client that takes nothing any more does not keep its place.
func TestAClientThatTakesNothingIsLetGo(t *testing.T) {
	s := MustSite(t, mustStore(t), func(h *events.HubOptions, o *events.Options) { h.Streams, o.WriteTimeout = 1, 50*time.Millisecond })
	s.MustListen(t, "/api/events") // and is not read from
	large := deployed("a", 1)
	large.Detail = strings.Repeat("x", 1<<20)
	for range 16 { // more than the connection holds
		s.happen(t, large)
	}
	s.eventually(t, "the stream has ended", func() bool {
		l := s.get(t, "/api/events")
		defer l.answer.Body.Close()
		return l.answer.StatusCode == http.StatusOK
	})
}

func TestRefusals(t *testing.T) {
	s := MustSite(t, mustStore(t))
	for rule, row := range map[string]struct {
		method, accept string
		status         int
	}{
		"another form":  {"GET", "application/json", http.StatusNotAcceptable},
		"any form":      {"GET", "*/*", http.StatusOK},
		"any text":      {"GET", "text/*;q=0.5", http.StatusOK},
		"a change":      {"POST", "*/*", http.StatusMethodNotAllowed},
		"the head only": {"HEAD", "text/event-stream", http.StatusOK},
	} {
		t.Run(rule, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, row.method, s.URL+"/api/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept", row.accept)
			answer, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if answer.StatusCode != row.status {
				t.Errorf("status %s, want %d", answer.Status, row.status)
			}
		})
	}
}
