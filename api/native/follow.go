package native

import (
	"context"
	"net/http"
	"time"

	"purser"
	"purser/api/hal"
	"purser/api/sse"
)

// DefaultStreams is how many streams of logs may be open at one time when nothing else is said.
const DefaultStreams = 256

// most is how many bytes of frames are gathered before they are sent.
const most = 64 << 10

// follow streams what is printed, until the client leaves or there is nothing more to come.
func (h *Handler) follow(w http.ResponseWriter, r *http.Request, request purser.LogRequest) error {
	if err := sse.Acceptable(r); err != nil {
		return err
	}
	select {
	case h.streams <- struct{}{}:
		defer func() { <-h.streams }()
	default:
		return purser.Errorf(purser.CodeUnavailable, "The server has %d streams of logs open, and serves no more at one time.", cap(h.streams))
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	feed, err := h.Engine.FollowLogs(ctx, request)
	if err != nil {
		return missing(err)
	}
	s := &stream{out: sse.Open(w, h.WriteTimeout), feed: feed, doc: hal.NewWriter(hal.Compact, nil)}
	if r.Method != http.MethodHead {
		s.run(ctx, h.Heartbeat)
	}
	return nil
}

// stream is one connection.
type stream struct {
	out    *sse.Stream
	feed   purser.LogFeed
	doc    *hal.Writer
	frames []byte
}

// run sends lines until the feed, the client or ctx ends.
func (s *stream) run(ctx context.Context, heartbeat time.Duration) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	defer s.out.Allow() // for the end of the answer
	if !s.out.Send([]byte(sse.Comment)) {
		return
	}
	for {
		select {
		case l, ok := <-s.feed.Lines:
			open := ok && s.gather(l)
			if len(s.frames) > 0 && !s.out.Send(s.frames) {
				return
			}
			s.frames = s.frames[:0]
			if !open {
				s.end()
				return
			}
			beat.Reset(heartbeat)
		case <-beat.C:
			if !s.out.Send([]byte(sse.Comment)) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// gather takes a line and those that are ready behind it, so that many short ones are sent at once; false when the feed
// has ended.
func (s *stream) gather(l purser.LogLine) (open bool) {
	for open = true; open; {
		s.frame("log", logLine(l))
		if len(s.frames) >= most {
			return true
		}
		select {
		case l, open = <-s.feed.Lines:
		default:
			return true
		}
	}
	return false
}

// end says why there is nothing more to come.
func (s *stream) end() {
	if reason := s.feed.Reason(); reason != "" {
		s.frame("end", hal.Members{{Key: "reason", Value: reason}})
		_ = s.out.Send(s.frames) // a client that has left needs no end
	}
}

func (s *stream) frame(name string, f hal.Fields) {
	s.doc.Reset(hal.Compact)
	s.doc.Object(f)
	s.frames = sse.AppendFrame(s.frames, name, s.doc.Bytes())
}
