package local

import (
	"net"
	"testing"

	"pgregory.net/rapid"

	"purser"
)

func TestPorts(t *testing.T) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	busy := l.Addr().(*net.TCPAddr).Port

	t.Run("a port that somebody listens on is not given", func(t *testing.T) {
		if port, err := NewPorts().pick(busy, busy+1); purser.ErrorCode(err) != purser.CodePlatform {
			t.Errorf("%d, %v", port, err)
		}
	})
	t.Run("no port is given twice until it is released", func(t *testing.T) {
		low := 1
		for ; !bindable(low) || !bindable(low+1) || !bindable(low+2); low += 3 {
		}
		p := NewPorts()
		seen := map[int]bool{}
		for range 3 {
			port, err := p.pick(low, low+3)
			if err != nil || seen[port] || port < low || port >= low+3 {
				t.Fatalf("%d, %v", port, err)
			}
			seen[port] = true
		}
		if port, err := p.pick(low, low+3); err == nil {
			t.Fatalf("%d", port)
		}
		p.reserve(low)
		p.release(low)
		if port, err := p.pick(low, low+3); err == nil {
			t.Fatalf("%d, which another instance has still", port)
		}
		p.release(low)
		if port, err := p.pick(low, low+3); port != low || err != nil {
			t.Fatalf("%d, %v", port, err)
		}
	})
	t.Run("who listens is known", func(t *testing.T) {
		if got := listeners(busy); len(got) != 1 {
			t.Errorf("%v", got)
		}
		if got := listeners(0); got != nil {
			t.Errorf("%v", got)
		}
	})
}

// TestChoices checks that a range is only narrowed, never left, and that the whole of it is always the last choice.
func TestChoices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(1, 65534).Draw(t, "low")
		high := rapid.IntRange(low+1, 65535).Draw(t, "high")
		parts := choices(low, high)
		for _, p := range parts {
			if p[0] < low || p[1] > high || p[0] >= p[1] {
				t.Fatalf("%v of %d to %d", parts, low, high)
			}
		}
		if last := parts[len(parts)-1]; last != [2]int{low, high} {
			t.Fatalf("%v of %d to %d", parts, low, high)
		}
	})
}
