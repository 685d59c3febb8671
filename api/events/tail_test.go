package events

import (
	"testing"

	"pgregory.net/rapid"

	"purser"
)

// However the log comes into the tail, with gaps or without, whoever stands in it gets all that follows and nothing twice.
func TestTailGivesWhatFollows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var tl tail
		next := rapid.Int64Range(1, 50).Draw(rt, "beginning")
		tl.skip(next - 1)
		for range rapid.IntRange(1, 8).Draw(rt, "readings") {
			if rapid.IntRange(0, 5).Draw(rt, "gap") == 0 {
				next += rapid.Int64Range(1, 2000).Draw(rt, "gone")
			}
			list := make([]purser.Event, rapid.IntRange(1, batch).Draw(rt, "events"))
			for i := range list {
				list[i] = purser.Event{ID: next, Kind: purser.EventRelease}
				next++
			}
			tl.add(list)
			if tl.to != next-1 || tl.from > list[0].ID-1 || len(tl.frames) > tailLength || int64(len(tl.frames)) != tl.to-tl.from {
				rt.Fatalf("%d frames from %d to %d after the event %d", len(tl.frames), tl.from, tl.to, next-1)
			}
			id := rapid.Int64Range(tl.from, tl.to+3).Draw(rt, "id")
			got := tl.after(id)
			if int64(len(got)) != max(0, tl.to-id) {
				rt.Fatalf("%d frames behind %d of %d", len(got), id, tl.to)
			}
			for i, f := range got {
				if f.id != id+1+int64(i) {
					rt.Fatalf("frame %d behind %d is %d", i, id, f.id)
				}
			}
		}
	})
}

func TestFramesHaveOneLineOfData(t *testing.T) {
	for _, f := range framesOf([]purser.Event{{ID: 1, Kind: purser.EventRelease, Detail: "a\nb\r\nc\u2028\x00", Key: purser.ReleaseKey{Name: "x\ny"}}}) {
		lines := 0
		for _, c := range f.text {
			if c == '\n' {
				lines++
			}
			if c == '\r' || c == 0 {
				t.Errorf("control bytes in %q", f.text)
			}
		}
		if lines != 4 {
			t.Errorf("%d lines in %q, want 4", lines, f.text)
		}
	}
}
