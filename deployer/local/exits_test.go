package local

import (
	"os/exec"
	"sync"
	"testing"
	"time"
)

// MustSleep starts a process that ends when told to.
func MustSleep(tb testing.TB) (p process, end func()) {
	tb.Helper()
	c := exec.Command("sleep", "1000")
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	p, err := identify(c.Process.Pid)
	if err != nil {
		tb.Fatal(err)
	}
	end = sync.OnceFunc(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	tb.Cleanup(end)
	return p, end
}

func TestExits(t *testing.T) {
	for _, way := range []struct {
		name  string
		watch func(*exits, process, func()) func()
	}{
		{"by pidfd", (*exits).watch},
		{"by polling", (*exits).poll},
	} {
		t.Run(way.name, func(t *testing.T) {
			e, err := newExits()
			if err != nil {
				t.Fatal(err)
			}
			defer e.close()
			stays, _ := MustSleep(t)
			goes, end := MustSleep(t)
			silent, endSilent := MustSleep(t)
			gone, wrong := make(chan struct{}), make(chan string, 2)
			way.watch(e, stays, func() { wrong <- "one that runs" })
			way.watch(e, silent, func() { wrong <- "one that nobody watches any more" })()
			way.watch(e, goes, func() { close(gone) })
			endSilent()
			end()
			select {
			case <-gone:
			case what := <-wrong:
				t.Fatal("reported " + what)
			case <-time.After(10 * time.Second):
				t.Fatal("not noticed")
			}
			if len(wrong) > 0 {
				t.Error("reported " + <-wrong)
			}
		})
	}

	t.Run("one that has ended already", func(t *testing.T) {
		e, err := newExits()
		if err != nil {
			t.Fatal(err)
		}
		defer e.close()
		p, end := MustSleep(t)
		end()
		told := 0
		e.watch(p, func() { told++ })
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}
