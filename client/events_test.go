package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser/client"
)

// stream is what a server of tests sends on one connection to a stream.
type stream struct {
	status int // 0: 200
	header map[string]string
	text   string
	hang   bool // until the client goes
}

// streams answers the connections to a path one by one with these, the last one again and again.
type streams struct {
	http.Handler // everything else
	path         string
	mu           sync.Mutex
	list         []stream
	seen         []*http.Request
}

func (s *streams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != s.path {
		s.Handler.ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	one := s.list[min(len(s.seen), len(s.list)-1)]
	s.seen = append(s.seen, r)
	s.mu.Unlock()
	for name, value := range one.header {
		w.Header().Set(name, value)
	}
	if one.status != 0 {
		w.WriteHeader(one.status)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, one.text)
	_ = http.NewResponseController(w).Flush()
	if one.hang {
		<-r.Context().Done()
	}
}

// lastIDs gives the header of that name of each connection.
func (s *streams) lastIDs() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		all = append(all, r.Header.Get("Last-Event-ID"))
	}
	return all
}

// MustStreams starts a server with streams at a path.
func MustStreams(tb testing.TB, path string, list ...stream) (*httptest.Server, *streams) {
	tb.Helper()
	s := &streams{Handler: http.HandlerFunc(MustServer(tb, native(tb)).ServeHTTP), path: path, list: list}
	front := httptest.NewServer(s)
	tb.Cleanup(front.Close)
	return front, s
}

const opening = "retry: 1\nid: 6\n\n"

func eventText(id int, name, more string) string {
	return fmt.Sprintf("id: %d\nevent: %s\ndata: {\"id\":%d,\"kind\":\"%s\",\"name\":\"hello\",\"version\":2%s,\"at\":\"2026-11-22T14:49:40.691+00:00\"}\n\n",
		id, name, id, name, more)
}

var errEnough = errors.New("enough")

// collect takes events until one has that id.
func collect(into *[]string, until int64) func(client.Event) error {
	return func(e client.Event) error {
		*into = append(*into, fmt.Sprintf("%d %s", e.ID, e.Kind))
		if e.ID == until {
			return errEnough
		}
		return nil
	}
}

// A stream that ends, by the server or the network, is opened again behind the last event.
func TestEventsGoOn(t *testing.T) {
	front, s := MustStreams(t, "/api/events",
		stream{text: opening + eventText(7, "release", "")},
		stream{status: http.StatusServiceUnavailable},
		stream{text: "retry: 1\nid: 7\n\n" + ":\nid: 9\n\n"},
		stream{text: "retry: 1\n" + "id: 12\nevent: reset\ndata: {\"kind\":\"reset\"}\n\n" + eventText(13, "operation", ""), hang: true},
	)
	var got []string
	opened := 0
	err := MustClient(t, front.URL+"/api", client.Options{}).Events(short(t), client.EventFilter{
		Names: []string{"hello", "x"}, Opened: func() error { opened++; return nil },
	}, collect(&got, 13))
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"7 release", "0 reset", "13 operation"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"", "7", "7", "9"}, s.lastIDs()); diff != "" {
		t.Errorf("the ids, -want +got:\n%s", diff)
	}
	if opened != 3 {
		t.Errorf("it was opened %d times", opened)
	}
	if query := s.seen[0].URL.RawQuery; query != "names=hello%2Cx" {
		t.Errorf("the query is %s", query)
	}
}

func TestEventsEnd(t *testing.T) {
	for _, c := range []struct {
		rule   string
		one    stream
		filter client.EventFilter
		is     func(error) bool
	}{
		{"a refusal", stream{status: http.StatusUnauthorized}, client.EventFilter{}, func(err error) bool { return errors.Is(err, client.ErrUnauthorized) }},
		{"no room from the beginning", stream{status: http.StatusServiceUnavailable}, client.EventFilter{}, isType[*client.HTTPError]},
		{"no stream", stream{header: map[string]string{"X": "y"}, status: http.StatusNoContent}, client.EventFilter{}, isType[*client.DecodeError]},
		{"no JSON", stream{text: opening + "id: 7\ndata: x\n\n"}, client.EventFilter{}, func(err error) bool { return strings.Contains(err.Error(), "an event cannot be read") }},
		{"an error of the caller", stream{text: opening, hang: true}, client.EventFilter{Opened: func() error { return errEnough }}, func(err error) bool { return errors.Is(err, errEnough) }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			front, s := MustStreams(t, "/api/events", c.one)
			c.filter.After = 5
			err := MustClient(t, front.URL+"/api", client.Options{Retry: client.Retry{Times: -1}}).Events(short(t), c.filter, func(client.Event) error { return nil })
			if err == nil || !c.is(err) {
				t.Errorf("%T %v", err, err)
			}
			if diff := cmp.Diff([]string{"5"}, s.lastIDs()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	t.Run("the context", func(t *testing.T) {
		front, _ := MustStreams(t, "/api/events", stream{text: opening + eventText(7, "release", ""), hang: true})
		ctx, cancel := context.WithCancel(short(t))
		err := MustClient(t, front.URL+"/api", client.Options{}).Events(ctx, client.EventFilter{}, func(client.Event) error { cancel(); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%T %v", err, err)
		}
	})
}

func TestEventsTellAll(t *testing.T) {
	front, _ := MustStreams(t, "/api/events", stream{text: opening + eventText(7, "application",
		`,"stage":"deployed","status":"DEPLOYED","operation":{"id":2,"kind":"upgrade","phase":"done","outcome":"succeeded"},`+
			`"application":"demo","deploymentId":"hello.demo-v2","state":"deployed","detail":"up","new":[1]`)})
	var got client.Event
	err := MustClient(t, front.URL+"/api", client.Options{}).Events(short(t), client.EventFilter{}, func(e client.Event) error {
		got = e
		return errEnough
	})
	at, parseErr := client.ParseTime("2026-11-22T14:49:40.691Z")
	if !errors.Is(err, errEnough) || parseErr != nil {
		t.Fatal(err, parseErr)
	}
	want := client.Event{
		ID: 7, Kind: client.EventApplication, Name: "hello", Version: 2, Stage: "deployed", Status: client.StatusDeployed,
		Operation:   client.EventChange{ID: 2, Kind: "upgrade", Phase: "done", Outcome: client.OutcomeSucceeded},
		Application: "demo", DeploymentID: "hello.demo-v2", State: client.StateDeployed, At: at, Detail: "up",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFollowLogs(t *testing.T) {
	const at = "/api/purser/releases/hello/logs"
	entry := "event: log\ndata: {\"application\":\"demo\",\"deploymentId\":\"d\",\"instance\":\"d-0\",\"stream\":\"stdout\",\"text\":\"a\\nb\",\"more\":true}\n\n"
	for _, c := range []struct {
		rule, text string
		stop       error
		reason     string
		entries    int
		err        func(error) bool
	}{
		{"the version is gone", ":\n\n" + entry + "event: other\ndata: x\n\n" + entry + "event: end\ndata: {\"reason\":\"superseded\"}\n\n", nil, "superseded", 2, nil},
		{"the server ends it", entry, nil, "", 1, nil},
		{"the caller ends it", entry + entry, errEnough, "", 1, func(err error) bool { return errors.Is(err, errEnough) }},
		{"no JSON", "event: log\ndata: x\n\n", nil, "", 0, func(err error) bool { return err != nil }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			front, s := MustStreams(t, at, stream{text: c.text})
			n := 0
			reason, err := MustClient(t, front.URL+"/api", client.Options{}).FollowLogs(short(t), "hello", client.LogQuery{}, func(e client.LogEntry) error {
				n++
				want := client.LogEntry{Application: "demo", DeploymentID: "d", Instance: "d-0", Stream: "stdout", Text: "a\nb", More: true}
				if diff := cmp.Diff(want, e); diff != "" {
					t.Error(diff)
				}
				return c.stop
			})
			if reason != c.reason || n != c.entries || (c.err == nil) != (err == nil) || c.err != nil && !c.err(err) {
				t.Errorf("reason %q, %d entries, %v", reason, n, err)
			}
			if len(s.seen) != 1 || s.seen[0].URL.RawQuery != "follow=true" {
				t.Errorf("asked %d times for %s", len(s.seen), s.seen[0].URL)
			}
		})
	}
}
