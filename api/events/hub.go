package events

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"purser"
)

// Defaults of HubOptions.
const (
	DefaultStreams = 1024
	DefaultPoll    = 500 * time.Millisecond
)

// Log is what the hub needs of a store.
type Log interface {
	FindEvents(ctx context.Context, filter purser.EventFilter) ([]purser.Event, error)
	FindEventRange(ctx context.Context) (oldest, newest int64, err error)
}

// HubOptions are what a hub works with. Store is needed.
type HubOptions struct {
	Store   Log
	Log     *slog.Logger  // nil: nothing is logged
	Streams int           // how many may be open at one time; 0: DefaultStreams
	Poll    time.Duration // how often the store is asked for events of other servers while streams are open; 0: DefaultPoll
}

// Hub wakes the streams when something has happened. It reads each event from the store once and keeps the last ones for
// all of them; without streams it does nothing. It is safe for concurrent use.
type Hub struct {
	HubOptions
	wake chan struct{} // there is something to read, or somebody to read it for
	done chan struct{} // closed by Close

	mu      sync.Mutex
	streams int
	closed  bool
	tail    tail
	grown   chan struct{} // closed when the tail changes
}

var _ purser.Publisher = (*Hub)(nil)

// NewHub makes a hub. Run makes it work.
func NewHub(o HubOptions) *Hub {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Streams <= 0 {
		o.Streams = DefaultStreams
	}
	if o.Poll <= 0 {
		o.Poll = DefaultPoll
	}
	return &Hub{HubOptions: o, wake: make(chan struct{}, 1), done: make(chan struct{}), grown: make(chan struct{})}
}

// Publish implements purser.Publisher: the events are in the store already, and are read from there.
func (h *Hub) Publish(context.Context, ...purser.Event) {
	if h.listened() {
		h.poke()
	}
}

func (h *Hub) poke() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

func (h *Hub) listened() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.streams > 0
}

// Run reads the log for the streams until ctx ends or Close is called; then all streams end.
func (h *Hub) Run(ctx context.Context) {
	defer h.Close()
	poll := time.NewTimer(h.Poll)
	defer poll.Stop()
	current := false // the tail follows the log
	for {
		var tick <-chan time.Time
		if h.listened() {
			poll.Reset(h.Poll)
			tick = poll.C
		} else {
			current = false
		}
		select {
		case <-h.wake:
		case <-tick:
		case <-h.done:
			return
		case <-ctx.Done():
			return
		}
		if !h.listened() {
			continue
		}
		var err error
		if current, err = h.read(ctx, current); err != nil && ctx.Err() == nil {
			h.Log.WarnContext(ctx, "the log of events cannot be read, will be tried again", "error", err)
		}
	}
}

// read takes what is new into the tail. A tail that does not follow the log begins at its end: streams that are further
// back read the store themselves.
func (h *Hub) read(ctx context.Context, current bool) (bool, error) {
	if !current {
		_, newest, err := h.Store.FindEventRange(ctx)
		if err != nil {
			return false, err
		}
		h.change(func(t *tail) { t.skip(newest) })
	}
	for {
		found, err := h.Store.FindEvents(ctx, purser.EventFilter{After: h.tail.to, AllSpaces: true, Limit: batch})
		if err != nil {
			return true, err
		}
		if len(found) > 0 {
			h.change(func(t *tail) { t.add(found) })
		}
		if len(found) < batch {
			return true, nil
		}
	}
}

// change changes the tail, which only Run does, and wakes the streams.
func (h *Hub) change(f func(t *tail)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(&h.tail)
	close(h.grown)
	h.grown = make(chan struct{})
}

// after gives the frames behind an id and the id that they reach to; at the end of the tail there are none. It gives
// behind for an id that the tail does not know any more, and a channel that is closed when there may be more.
func (h *Hub) after(id int64) (found []frame, to int64, behind bool, grown <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id < h.tail.from {
		return nil, id, true, h.grown
	}
	return h.tail.after(id), max(id, h.tail.to), false, h.grown
}

// join counts a stream in; the caller calls leave at its end. CodeUnavailable when there are too many, or after Close.
func (h *Hub) join() (leave func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return nil, purser.Errorf(purser.CodeUnavailable, "The server is shutting down.")
	case h.streams >= h.Streams:
		return nil, purser.Errorf(purser.CodeUnavailable, "The server has %d streams of events open, and serves no more at one time.", h.streams)
	}
	h.streams++
	if h.streams == 1 {
		h.poke()
	}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.streams--
	}, nil
}

func (h *Hub) ended() bool {
	select {
	case <-h.done:
		return true
	default:
		return false
	}
}

// Close ends all streams at once and refuses new ones. A second Close does nothing.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
}
