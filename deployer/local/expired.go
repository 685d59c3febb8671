package local

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/renameio/v2"
)

// expired keeps the run folders of instances that are gone, so that their logs can be looked at for a while, and removes
// them when their time has come or the server ends. Each is noted in a file of its own, which outlives the server.
type expired struct {
	d    *Deployer
	dir  string
	ring chan struct{}

	mu  sync.Mutex
	due map[string]note // by file name
}

// note is one run folder that is to be removed.
type note struct {
	Dir string    `json:"dir"`
	At  time.Time `json:"removeAfter"`
}

func newExpired(d *Deployer) *expired {
	e := &expired{d: d, dir: filepath.Join(d.options.StateDir, "expired"), ring: make(chan struct{}, 1), due: map[string]note{}}
	names, err := filepath.Glob(filepath.Join(e.dir, "*.json"))
	if err != nil {
		return e
	}
	for _, name := range names {
		var n note
		b, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(b, &n) == nil && filepath.IsAbs(n.Dir) {
			e.due[filepath.Base(name)] = n
		}
	}
	return e
}

// add notes a run folder.
func (e *expired) add(dir string) error {
	n := note{Dir: dir, At: e.d.options.Clock.Now().Add(e.d.options.KeepFiles)}
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return err
	}
	name := filepath.Base(filepath.Dir(dir)) + "-" + strings.TrimSuffix(filepath.Base(dir), ".") + ".json"
	if err := renameio.WriteFile(filepath.Join(e.dir, name), b, 0o600); err != nil {
		return err
	}
	e.mu.Lock()
	e.due[name] = n
	e.mu.Unlock()
	select {
	case e.ring <- struct{}{}:
	default:
	}
	return nil
}

// run removes what is due until ctx ends.
func (e *expired) run(ctx context.Context) {
	for {
		next := e.removeDue(e.d.options.Clock.Now())
		t := time.NewTimer(next)
		select {
		case <-t.C:
		case <-e.ring:
		case <-ctx.Done():
			t.Stop()
			return
		}
		t.Stop()
	}
}

// removeDue removes what is due and gives the time until something else may be.
func (e *expired) removeDue(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	next := e.d.options.KeepFiles
	for name, n := range e.due {
		if left := n.At.Sub(now); left > 0 {
			next = min(next, left)
			continue
		}
		e.remove(name, n)
	}
	return next
}

// removeAll removes everything, due or not.
func (e *expired) removeAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, n := range e.due {
		e.remove(name, n)
	}
}

func (e *expired) remove(name string, n note) {
	removeRunFolder(n.Dir)
	_ = os.Remove(filepath.Join(e.dir, name))
	delete(e.due, name)
}
