package shell

import (
	"fmt"
	"sync"
	"time"
)

// namesKept is how long names are kept: long enough for the keys of one line, too short for names to grow old.
const namesKept = 5 * time.Second

// nameCache keeps names that the server was asked for, so that the next key need not ask again. It is safe for concurrent
// use; the zero value is ready.
type nameCache struct {
	mu    sync.Mutex
	known map[string]knownNamesOf
}

type knownNamesOf struct {
	names []string
	until time.Time
}

// nameKey is all that the names of a kind depend on.
func nameKey(kind Values, given Arguments) string {
	return fmt.Sprintf("%d %q %q", kind, given["releaseName"], given["packageName"])
}

func (c *nameCache) get(key string, now time.Time) ([]string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.known[key]
	return k.names, ok && now.Before(k.until)
}

func (c *nameCache) put(key string, names []string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[string]knownNamesOf{}
	}
	c.known[key] = knownNamesOf{names: names, until: now.Add(namesKept)}
}

// forget drops everything: a command may have changed it.
func (c *nameCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = nil
}
