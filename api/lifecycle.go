package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of a connection. There is none for a whole request or answer: an upload may be slow, an install may take long.
const (
	readHeaderTimeout = 20 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 128 << 10
)

func (s *Server) newHTTP() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// Listen takes the address, so that a port that is in use fails here and at once.
func (s *Server) Listen(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.address)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", s.address, err)
	}
	s.listener = listener
	return nil
}

// Addr gives the address that Listen took; nil before it.
func (s *Server) Addr() net.Addr {
	if s.listener == nil {
		return nil
	}
	return s.listener.Addr()
}

// Serve answers requests until Shutdown, and then returns nil. Listen comes before it.
func (s *Server) Serve() error {
	if s.listener == nil {
		return errors.New("the server was told to serve before it listens")
	}
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown stops listening, drains, and waits for the requests under way until ctx ends; then it cuts their
// connections and returns the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Drain()
	if s.listener != nil {
		defer s.listener.Close() // for a server that was never told to serve; a second Close only says so
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}
