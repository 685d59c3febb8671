package packages

import (
	"container/list"
	"crypto/sha256"
	"sync"

	"purser"
)

// cacheKey tells decoded packages apart. The digest is part of it, so that an entry can never be out of date: a package
// that was deleted and uploaded anew has another one, whatever its id is.
type cacheKey struct {
	id     int64
	digest [sha256.Size]byte
}

// cache keeps the most recently used packages decoded. Its bound is the unpacked size of all of them together.
type cache struct {
	limit int64

	mu      sync.Mutex
	size    int64
	order   *list.List // of *cached, the most recently used first
	entries map[cacheKey]*list.Element
}

type cached struct {
	key  cacheKey
	pkg  purser.Package
	size int64
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), entries: map[cacheKey]*list.Element{}}
}

// get gives what is kept under the key. The package is shared: it must be cloned before it leaves.
func (c *cache) get(key cacheKey) (purser.Package, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		return purser.Package{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).pkg, true
}

// put keeps a package, unless it would drive out more than half of the others.
func (c *cache) put(key cacheKey, pkg purser.Package, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[key]; ok || c.limit <= 0 || size > c.limit/2 {
		return
	}
	c.entries[key] = c.order.PushFront(&cached{key: key, pkg: pkg, size: size})
	for c.size += size; c.size > c.limit; {
		last := c.order.Back()
		old := c.order.Remove(last).(*cached)
		delete(c.entries, old.key)
		c.size -= old.size
	}
}
