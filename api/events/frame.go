package events

import (
	"purser"
	"purser/api"
	"purser/api/hal"
	"purser/api/sse"
)

// frame is an event as it goes over the wire.
type frame struct {
	id   int64
	key  purser.ReleaseKey
	text []byte
}

func framesOf(events []purser.Event) []frame {
	w := hal.NewWriter(hal.Compact, nil)
	frames := make([]frame, len(events))
	for i, e := range events {
		w.Reset(hal.Compact)
		w.Object(body(e))
		frames[i] = frame{id: e.ID, key: e.Key, text: sse.AppendNumbered(nil, e.ID, string(e.Kind), w.Bytes())}
	}
	return frames
}

// body is an event as JSON: docs/api.md says what it has. What has nothing to say is left out.
type body purser.Event

// AppendFields implements hal.Fields.
func (e body) AppendFields(w *hal.Writer) {
	w.Key("id")
	w.Int(e.ID)
	optional(w, "kind", string(e.Kind))
	w.Key("name")
	w.String(e.Key.Name)
	optional(w, "space", e.Key.Space)
	w.Key("version")
	w.Int(int64(e.Version))
	optional(w, "stage", string(e.Stage))
	optional(w, "status", e.Stage.StatusCode())
	if e.Operation != 0 {
		w.Key("operation")
		w.Object(operation(e))
	}
	optional(w, "application", e.Application)
	optional(w, "deploymentId", e.DeploymentID)
	optional(w, "state", string(e.State))
	w.Key("at")
	w.String(api.FormatTime(e.At))
	optional(w, "detail", e.Detail)
}

// operation is what an event says of the operation that it belongs to.
type operation purser.Event

// AppendFields implements hal.Fields.
func (o operation) AppendFields(w *hal.Writer) {
	w.Key("id")
	w.Int(o.Operation)
	optional(w, "kind", string(o.Change))
	optional(w, "phase", string(o.Phase))
	optional(w, "outcome", string(o.Outcome))
}

func optional(w *hal.Writer, key, value string) {
	if value != "" {
		w.Key(key)
		w.String(value)
	}
}
