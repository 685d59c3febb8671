package sse

import (
	"net/http"
	"time"

	"purser/api"
)

// What a stream is given by default.
const (
	DefaultHeartbeat    = 15 * time.Second // how often it says that it is there when nothing happens
	DefaultWriteTimeout = 10 * time.Second // how long a client may take no bytes
)

const typeStream = "text/event-stream"

// Acceptable refuses a request that does not take a stream. It returns NotAcceptable.
func Acceptable(r *http.Request) error {
	if _, ok := api.Negotiate(r.Header["Accept"], typeStream); !ok {
		return api.NotAcceptable()
	}
	return nil
}

// Stream is an answer that goes on.
type Stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
}

// Open answers 200 with the head of a stream.
func Open(w http.ResponseWriter, timeout time.Duration) *Stream {
	header := w.Header()
	header["Content-Type"] = []string{typeStream}
	header["Cache-Control"] = []string{"no-store"}
	header["X-Accel-Buffering"] = []string{"no"} // proxies are to pass each event on at once
	header["Connection"] = []string{"close"}     // its deadlines are not for what comes next
	w.WriteHeader(http.StatusOK)
	return &Stream{w: w, control: http.NewResponseController(w), timeout: timeout}
}

// Allow gives the client its time for what is written next. A writer that knows no deadlines waits.
func (s *Stream) Allow() { _ = s.control.SetWriteDeadline(time.Now().Add(s.timeout)) }

// Put writes without sending, and tells whether the client still takes any.
func (s *Stream) Put(text []byte) bool {
	_, err := s.w.Write(text)
	return err == nil
}

// Flush sends what was written, and tells whether the client still takes any.
func (s *Stream) Flush() bool { return s.control.Flush() == nil }

// Send writes and sends within the client's time, and tells whether it still takes any.
func (s *Stream) Send(text []byte) bool {
	s.Allow()
	return s.Put(text) && s.Flush()
}
