package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"purser/client"
)

// mute is a transport whose streams say a little and then nothing, without ever ending.
type mute struct{ streams []time.Time }

func (m *mute) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Request: r}
	switch r.URL.Path {
	case "/api":
		answer.Header.Set("Link", `</api/purser>;rel="service"`)
		answer.Body = io.NopCloser(strings.NewReader(`{}`))
	case "/api/purser":
		answer.Body = io.NopCloser(strings.NewReader(`{"_links":{"events":{"href":"/api/events{?names}"}}}`))
	default:
		m.streams = append(m.streams, time.Now())
		answer.Header.Set("Content-Type", "text/event-stream")
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(opening), waits{r.Context()}))
	}
	return answer, nil
}

// waits gives nothing until its request ends.
type waits struct{ ctx context.Context }

func (w waits) Read([]byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

// A stream without a sign of life is opened again after a minute: the network does not always tell that it is gone.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		way := &mute{}
		c, err := client.New("http://h/api", client.Options{HTTPClient: &http.Client{Transport: way}})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Second)
		defer cancel()
		err = c.Events(ctx, client.EventFilter{}, func(client.Event) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) || len(way.streams) != 3 {
			t.Fatalf("%v after %d streams", err, len(way.streams))
		}
		for i, at := range way.streams {
			least := time.Duration(i) * time.Minute
			if waited := at.Sub(begun); waited < least || waited > least+5*time.Second {
				t.Errorf("stream %d was opened after %s", i, waited)
			}
		}
		if _, err := c.FollowLogs(t.Context(), "a", client.LogQuery{}, func(client.LogEntry) error { return nil }); !isType[*client.UnsupportedError](err) {
			t.Errorf("following logs: %v", err)
		}
	})
}
