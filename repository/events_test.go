package repository_test

import (
	"testing"

	"pgregory.net/rapid"

	"purser/repository"
)

// However events come, the log keeps as many as it should, not many more, and all of the last transaction.
func TestEventsToDrop(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		keep := rapid.IntRange(1, 500).Draw(rt, "keep")
		oldest, newest := int64(1), int64(0)
		for range rapid.IntRange(1, 50).Draw(rt, "transactions") {
			first := newest + 1
			newest += rapid.Int64Range(1, 120).Draw(rt, "events")
			if drop := repository.EventsToDrop(first, newest, keep); drop > 0 {
				oldest = max(oldest, drop+1)
			}
			kept := newest - oldest + 1
			if oldest > first || kept < min(newest, int64(keep)) {
				rt.Fatalf("%d to %d are kept after %d to %d, want %d", oldest, newest, first, newest, keep)
			}
			if slack := int64(keep/100 + 1); kept > max(int64(keep), newest-first+1)+slack {
				rt.Fatalf("%d are kept, want about %d", kept, keep)
			}
		}
	})
}
