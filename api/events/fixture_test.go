package events_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"purser"
	"purser/api"
	"purser/api/events"
	"purser/repository/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is one server on a store.
type site struct {
	*httptest.Server
	hub   *events.Hub
	store purser.Store
}

// MustSite starts a server that ends with the test.
func MustSite(tb testing.TB, store purser.Store, change ...func(*events.HubOptions, *events.Options)) *site {
	tb.Helper()
	ho := events.HubOptions{Store: store, Poll: time.Hour} // so that nothing comes by chance
	o := events.Options{Adapter: api.NewAdapter(slog.New(slog.DiscardHandler), purser.SystemClock{}, func() string { return "id" })}
	for _, c := range change {
		c(&ho, &o)
	}
	o.Hub = events.NewHub(ho)
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		o.Hub.Run(context.Background())
	}()
	s := &site{hub: o.Hub, store: store}
	s.Server = httptest.NewServer(api.New(api.Options{
		Adapter: o.Adapter, Dialects: []api.Dialect{events.New(o)}, Log: slog.New(slog.DiscardHandler), NewID: func() string { return "id" },
	}))
	tb.Cleanup(func() {
		o.Hub.Close()
		<-ran
		s.Server.Close()
	})
	return s
}

// happen logs events in one transaction and publishes them.
func (s *site) happen(tb testing.TB, list ...purser.Event) []purser.Event {
	tb.Helper()
	var kept []purser.Event
	err := s.store.Update(tb.Context(), func(tx purser.Tx) (err error) {
		kept, err = tx.AppendEvents(tb.Context(), list...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	s.hub.Publish(tb.Context(), kept...)
	return kept
}

func deployed(name string, version int) purser.Event {
	return purser.Event{
		Kind: purser.EventRelease, Key: purser.ReleaseKey{Name: name}, Version: version, Stage: purser.StageDeployed,
		At: time.Date(2026, 11, 22, 11, 29, 6, 491e6, time.UTC),
	}
}

// many gives events of the release a, versions 1 to n.
func many(n int) []purser.Event {
	list := make([]purser.Event, n)
	for i := range list {
		list[i] = deployed("a", i+1)
	}
	return list
}

// listener is a client of one stream.
type listener struct {
	answer *http.Response
	lines  *bufio.Reader
	cancel context.CancelFunc
}

// get asks for a path with headers "Name: value".
func (s *site) get(tb testing.TB, path string, header ...string) *listener {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	tb.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := s.Client().Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = answer.Body.Close() })
	return &listener{answer: answer, lines: bufio.NewReader(answer.Body), cancel: cancel}
}

// MustListen opens a stream and gives it with its opening.
func (s *site) MustListen(tb testing.TB, path string, header ...string) (*listener, string) {
	tb.Helper()
	l := s.get(tb, path, header...)
	if l.answer.StatusCode != http.StatusOK {
		tb.Fatalf("%s: %s", path, l.answer.Status)
	}
	return l, l.block(tb)
}

// block reads what comes up to the next empty line; "" at the end of the stream.
func (l *listener) block(tb testing.TB) string {
	tb.Helper()
	var b strings.Builder
	for {
		line, err := l.lines.ReadString('\n')
		if err != nil || line == "\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

// wants fails the test unless this comes next.
func (l *listener) wants(tb testing.TB, want string) {
	tb.Helper()
	if got := l.block(tb); got != want {
		tb.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

// versions reads as many events and gives the ids of the first and the last; they follow each other without a gap.
func (l *listener) versions(tb testing.TB, n int) (first, last int64) {
	tb.Helper()
	for range n {
		text, _, _ := strings.Cut(strings.TrimPrefix(l.block(tb), "id: "), "\n")
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || last != 0 && id != last+1 {
			tb.Fatalf("event %q after %d, %v", text, last, err)
		}
		if last = id; first == 0 {
			first = id
		}
	}
	return first, last
}

func mustStore(tb testing.TB) purser.Store {
	tb.Helper()
	s := memory.New()
	tb.Cleanup(func() { _ = s.Close() })
	return s
}
