package events

import (
	"context"
	"errors"
	"fmt"
	"time"

	"purser"
	"purser/api/sse"
)

// retryMillis is how long a client waits before it connects again.
const retryMillis = 2000

// stream is one connection.
type stream struct {
	hub       *Hub
	out       *sse.Stream
	names     map[string]bool // nil: all
	heartbeat time.Duration

	position int64 // the client knows everything up to this id
	lost     bool  // but for what has left the log
}

// errGap tells that events have left the log before they were read.
var errGap = errors.New("the log of events does not reach back so far")

// locate finds where the stream begins. last is the id of the event that the client got last, "" for a new client, who
// wants to know of nothing that has happened before. Errors are the store's.
func (s *stream) locate(ctx context.Context, last string) error {
	oldest, newest, err := s.hub.Store.FindEventRange(ctx)
	if err != nil {
		return err
	}
	s.position = newest
	if last == "" {
		return nil
	}
	id, ok := parseID(last)
	if s.lost = !ok || id > newest || id+1 < oldest; !s.lost {
		s.position = id
	}
	return nil
}

// run writes events until the client, the hub or ctx ends.
func (s *stream) run(ctx context.Context) {
	beat := time.NewTimer(s.heartbeat)
	defer beat.Stop()
	if !s.out.Send(s.opening()) {
		return
	}
	defer s.out.Allow() // for the end of the answer
	for ctx.Err() == nil && !s.hub.ended() {
		frames, to, grown, err := s.next(ctx)
		if err != nil {
			return // the client comes back, and goes on from where it was
		}
		if !s.send(frames) {
			return
		}
		if to > s.position {
			s.position = to
			continue
		}
		beat.Reset(s.heartbeat)
		select {
		case <-grown:
		case <-beat.C:
			// The id lets a client whose releases are quiet come back to where the log is now.
			if !s.out.Send(fmt.Appendf(nil, ":\nid: %d\n\n", s.position)) {
				return
			}
		case <-s.hub.done:
			return
		case <-ctx.Done():
			return
		}
	}
}

// next gives what follows, from the hub or, for a stream that is behind, from the store.
func (s *stream) next(ctx context.Context) (found []frame, to int64, grown <-chan struct{}, err error) {
	found, to, behind, grown := s.hub.after(s.position)
	if !behind {
		return found, to, grown, nil
	}
	events, err := s.hub.Store.FindEvents(ctx, purser.EventFilter{After: s.position, AllSpaces: true, Limit: batch})
	switch {
	case err != nil:
		return nil, 0, nil, err
	case len(events) == 0:
		return nil, s.position, grown, nil
	case events[0].ID != s.position+1: // the log has no gaps
		return s.skipped(ctx, grown)
	}
	return framesOf(events), events[len(events)-1].ID, grown, nil
}

// skipped goes on at the end of the log, and says so.
func (s *stream) skipped(ctx context.Context, grown <-chan struct{}) (found []frame, to int64, _ <-chan struct{}, err error) {
	_, newest, err := s.hub.Store.FindEventRange(ctx)
	if err != nil {
		return nil, 0, nil, err
	}
	if !s.out.Send(reset(newest)) {
		return nil, 0, nil, errGap
	}
	return nil, newest, grown, nil
}

// opening tells the client how to come back, and where it stands.
func (s *stream) opening() []byte {
	b := fmt.Appendf(nil, "retry: %d\n", retryMillis)
	if s.lost {
		return append(b, reset(s.position)...)
	}
	return fmt.Appendf(b, "id: %d\n\n", s.position)
}

// reset tells a client that it has missed events, and has to read again what it knows.
func reset(id int64) []byte { return sse.AppendNumbered(nil, id, "reset", []byte(`{"kind":"reset"}`)) }

// send writes the frames that the client asked for, and tells whether it still takes any.
func (s *stream) send(frames []frame) bool {
	begun := false
	for _, f := range frames {
		if f.key.Space != "" || s.names != nil && !s.names[f.key.Name] {
			continue
		}
		if !begun {
			begun = true
			s.out.Allow()
		}
		if !s.out.Put(f.text) {
			return false
		}
	}
	return !begun || s.out.Flush()
}
