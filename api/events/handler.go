package events

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"purser/api"
	"purser/api/sse"
)

// Options says what the dialect is made of. Adapter and Hub are needed.
type Options struct {
	Adapter      *api.Adapter
	Hub          *Hub
	Heartbeat    time.Duration // how often a stream says that it is there when nothing happens; 0: sse.DefaultHeartbeat
	WriteTimeout time.Duration // how long a client may take no bytes; 0: sse.DefaultWriteTimeout
}

// Handler serves the dialect.
type Handler struct{ Options }

var _ api.Dialect = (*Handler)(nil)

// New makes the dialect.
func New(o Options) *Handler {
	o.Heartbeat, o.WriteTimeout = cmp.Or(o.Heartbeat, sse.DefaultHeartbeat), cmp.Or(o.WriteTimeout, sse.DefaultWriteTimeout)
	return &Handler{o}
}

// Register implements api.Dialect.
func (h *Handler) Register(r chi.Router) {
	r.Method(http.MethodGet, "/api/events", h.Adapter.Handle(h.events))
}

// events is GET /api/events: what happens from now on, or from behind the event that Last-Event-ID names, until the client
// or the server ends. ?names=a,b asks for the events of these releases alone.
func (h *Handler) events(w http.ResponseWriter, r *http.Request) error {
	if err := sse.Acceptable(r); err != nil {
		return err
	}
	leave, err := h.Hub.join()
	if err != nil {
		return err
	}
	defer leave()
	s := &stream{
		hub: h.Hub, names: namesOf(r.URL.Query()["names"]), heartbeat: h.Heartbeat,
	}
	if err := s.locate(r.Context(), r.Header.Get("Last-Event-ID")); err != nil {
		return err
	}
	s.out = sse.Open(w, h.WriteTimeout)
	if r.Method != http.MethodHead {
		s.run(r.Context())
	}
	return nil
}

// namesOf gives the releases that were asked for, nil for all.
func namesOf(values []string) map[string]bool {
	var names map[string]bool
	for name := range strings.SplitSeq(strings.Join(values, ","), ",") {
		if name != "" {
			if names == nil {
				names = map[string]bool{}
			}
			names[name] = true
		}
	}
	return names
}

// parseID reads an id that this server has given. False: it has not.
func parseID(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id >= 0
}
