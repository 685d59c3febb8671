package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// logged writes one line for each request after its answer: what was asked, how it ended, and never a body, a query or
// a header, which may hold secrets.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer s.record(r, answer, started)
		next.ServeHTTP(answer, r)
	})
}

func (s *Server) record(r *http.Request, answer middleware.WrapResponseWriter, started time.Time) {
	level := slog.LevelInfo
	if answer.Status() >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	if !s.log.Enabled(r.Context(), level) {
		return
	}
	s.log.LogAttrs(r.Context(), level, "request",
		slog.String("id", s.newID()), //nolint:sloglint // pairs would be boxed, each in memory of its own, at every request
		slog.String("method", r.Method), slog.String("path", RawPath(r)),
		slog.Int("status", answer.Status()), slog.Int("bytes", answer.BytesWritten()),
		slog.Float64("duration_ms", milliseconds(time.Since(started))), slog.String("remote", r.RemoteAddr))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
