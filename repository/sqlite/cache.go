package sqlite

import (
	"container/list"
	"sync"
)

// cache keeps decoded columns by a key that says all there is to know of a value: its text, or the hash of it. Thus
// nothing in it can be out of date, not even what was read from a transaction that was rolled back. The least recently
// used values leave first.
type cache[V any] struct {
	clone func(V) V // nobody but the cache has what it keeps
	mu    sync.Mutex
	limit int64
	size  int64
	used  *list.List // of *cached, the last used one first
	index map[string]*list.Element
}

type cached[V any] struct {
	key   string
	size  int64
	value V
}

// newCache makes a cache with room for so many bytes; less than 1 is none.
func newCache[V any](limit int64, clone func(V) V) *cache[V] {
	return &cache[V]{clone: clone, limit: limit, used: list.New(), index: map[string]*list.Element{}}
}

// get gives a copy of the value with that key.
func (c *cache[V]) get(key string) (value V, ok bool) {
	c.mu.Lock()
	e, ok := c.index[key]
	if !ok {
		c.mu.Unlock()
		return value, false
	}
	c.used.MoveToFront(e)
	value = e.Value.(*cached[V]).value
	c.mu.Unlock()
	return c.clone(value), true
}

// put keeps a copy of a value that takes about so many bytes. One that would take more than a quarter of the room is not
// kept.
func (c *cache[V]) put(key string, size int64, value V) {
	if size > c.limit/4 {
		return
	}
	kept := &cached[V]{key: key, size: size, value: c.clone(value)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.index[key]; ok {
		c.used.MoveToFront(e)
		return
	}
	c.index[key] = c.used.PushFront(kept)
	c.size += size
	for c.size > c.limit {
		e := c.used.Back()
		old := c.used.Remove(e).(*cached[V])
		delete(c.index, old.key)
		c.size -= old.size
	}
}
