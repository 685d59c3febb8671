package events

import (
	"slices"

	"purser"
)

// How much is kept and read at one time, in events.
const (
	tailLength = 1024
	batch      = 256
)

// tail is the end of the log, ready to be sent: every event of it behind the id from, up to the id to. Frames that
// somebody has got from it never change.
type tail struct {
	from, to int64
	frames   []frame
}

// skip makes an empty tail that begins behind an id.
func (t *tail) skip(id int64) { *t = tail{from: id, to: id} }

// add puts the next events of the log in.
func (t *tail) add(events []purser.Event) {
	if events[0].ID != t.to+1 { // others left the log before they were read; who needs them finds that out by himself
		t.skip(events[0].ID - 1)
	}
	t.frames = append(t.frames, framesOf(events)...)
	t.to = events[len(events)-1].ID
	if over := len(t.frames) - tailLength; over > 0 {
		t.from = t.frames[over-1].id
		t.frames = t.frames[over:]
	}
}

// after gives the frames behind an id that is not before from.
func (t *tail) after(id int64) []frame {
	i, _ := slices.BinarySearchFunc(t.frames, id+1, func(f frame, id int64) int { return int(f.id - id) })
	return t.frames[i:len(t.frames):len(t.frames)]
}
