package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"purser"
	"purser/hooks"
)

// A hook of the configuration is told, signed, and the token that it gets is one that the key opens; a server without hooks
// has nobody to tell.
func TestHooksOfTheConfiguration(t *testing.T) {
	arrived := make(chan http.Header, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Header.Set("Body", string(body))
		arrived <- r.Header
	}))
	defer receiver.Close()
	file := filepath.Join(t.TempDir(), "hooks.yml")
	text := "purser.dialects.akkeris: {key: s3cret, hooks: [{url: \"" + strings.Replace(receiver.URL, "http://", "http://u:pw@", 1) + "/h\", secret: hooksecret}]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := mustOpenWith(t, "--config="+file)
	if s.hooks == nil {
		t.Fatal("there are no hooks")
	}
	ended := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		s.hooks.Run(ctx)
		close(ended)
	}()
	err := s.store.Update(t.Context(), func(tx purser.Tx) error {
		return s.hooks.Notify(t.Context(), tx, purser.Notice{Event: "released", Body: []byte("{}")})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.publisher(s.log).Publish(t.Context())
	got := <-arrived
	if got.Get("X-Akkeris-Signature") != hooks.Signature("hooksecret", []byte("{}")) || got.Get("X-Akkeris-Event") != "released" || got.Get("X-Akkeris-Token") == "" {
		t.Errorf("%v", got)
	}
	stop()
	<-ended
	found, err := s.hooks.Find(t.Context(), purser.DeliveryFilter{})
	if err != nil || len(found) != 1 || strings.Contains(found[0].Hook, "pw") {
		t.Errorf("%+v, %v", found, err)
	}
	if plain := mustOpenWith(t); plain.hooks != nil {
		t.Error("there are hooks that nobody has configured")
	}
}

// mustOpenWith opens a server with arguments, on a folder of its own.
func mustOpenWith(t *testing.T, args ...string) *server {
	t.Helper()
	args = append(args, "--server.port=0", "--server.address=127.0.0.1", "--purser.data-dir="+t.TempDir(), "--purser.store.synchronous=off")
	c, err := load(process{}, args, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	s, err := openServer(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return s
}
