package sqlite

import (
	"container/list"
	"sync"

	"purser"
	"purser/repository"
)

// contentCache keeps decoded package contents by hash, the least recently used ones leave first. As a hash never means
// another content, nothing in it can be out of date, not even what was read from a transaction that was rolled back.
type contentCache struct {
	mu    sync.Mutex
	limit int64
	size  int64
	used  *list.List // of *cachedContent, the last used one first
	index map[string]*list.Element
}

type cachedContent struct {
	hash    string
	size    int64
	content purser.Package // without Metadata; nobody but the cache has it
}

func newContentCache(limit int64) *contentCache {
	return &contentCache{limit: limit, used: list.New(), index: map[string]*list.Element{}}
}

// get gives a copy of the content with that hash.
func (c *contentCache) get(hash string) (purser.Package, bool) {
	c.mu.Lock()
	e, ok := c.index[hash]
	if !ok {
		c.mu.Unlock()
		return purser.Package{}, false
	}
	c.used.MoveToFront(e)
	content := e.Value.(*cachedContent).content
	c.mu.Unlock()
	return repository.ClonePackage(content), true
}

// put keeps a copy of a content. One that would take more than a quarter of the room is not kept.
func (c *contentCache) put(hash string, size int64, content purser.Package) {
	if size > c.limit/4 {
		return
	}
	content.Metadata = purser.PackageMetadata{}
	kept := &cachedContent{hash: hash, size: size, content: repository.ClonePackage(content)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.index[hash]; ok {
		c.used.MoveToFront(e)
		return
	}
	c.index[hash] = c.used.PushFront(kept)
	c.size += size
	for c.size > c.limit {
		e := c.used.Back()
		old := c.used.Remove(e).(*cachedContent)
		delete(c.index, old.hash)
		c.size -= old.size
	}
}
