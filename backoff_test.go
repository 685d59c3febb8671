package purser_test

import (
	"testing"
	"time"

	"purser"
)

func TestBackoff(t *testing.T) {
	for _, row := range []struct {
		attempts int
		jitter   float64
		want     time.Duration
	}{
		{1, 0, 500 * time.Millisecond},
		{1, 0.5, 750 * time.Millisecond},
		{3, 0, 2 * time.Second},
		{4, 0, 4 * time.Second},
		{1 << 20, 0, 5 * time.Second},
	} {
		b := purser.Backoff{First: time.Second, Last: 10 * time.Second, Jitter: func() float64 { return row.jitter }}
		if got := b.After(row.attempts); got != row.want {
			t.Errorf("after %d attempts: %v", row.attempts, got)
		}
	}
}
