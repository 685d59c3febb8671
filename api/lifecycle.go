package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Limits of a connection. There is none for a whole request or answer: an upload may be slow, an install may take long.
const (
	readHeaderTimeout = 20 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 128 << 10
)

func (s *Server) newHTTP() *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // clients of gRPC speak nothing else
	return &http.Server{
		Handler:           s,
		Protocols:         protocols,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// portPatience is how long Listen waits for a port that is in use. A server that was killed may have left a process that
// it was about to start: until that has become its program, a moment later, it holds all that the server had open.
const portPatience = 500 * time.Millisecond

// Listen takes an address (host:port; port 0 takes a free one), so that a port that is in use fails here, before a server
// has touched anything.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	patience, cancel := context.WithTimeout(ctx, portPatience)
	defer cancel()
	retry := time.NewTicker(portPatience / 50)
	defer retry.Stop()
	for {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err == nil {
			return listener, nil
		}
		if errors.Is(err, syscall.EADDRINUSE) {
			select {
			case <-retry.C:
				continue
			case <-patience.Done():
			}
		}
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
}

// Serve answers requests until Shutdown, and then returns nil. It closes the listener.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown drains and waits for the writes under way, while other writes are refused and reads are answered, on new
// connections too; then it stops listening and waits for what is left. When ctx ends first it cuts the connections and
// returns the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Drain()
	s.awaitWrites(ctx)
	err := s.http.Shutdown(ctx)
	if err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}

// awaitWrites returns when the writes that were admitted are answered, or ctx has ended.
func (s *Server) awaitWrites(ctx context.Context) {
	answered := make(chan struct{})
	go func() {
		s.underway.Lock()
		defer s.underway.Unlock()
		close(answered)
	}()
	select {
	case <-answered:
	case <-ctx.Done():
	}
}
