package packages

import (
	"testing"

	"purser"
)

func TestCache(t *testing.T) {
	key := func(id int64) cacheKey { return cacheKey{id: id} }
	named := func(name string) purser.Package { return purser.Package{Metadata: purser.PackageMetadata{Name: name}} }
	has := func(c *cache, id int64) bool { _, ok := c.get(key(id)); return ok }

	t.Run("the least recently used goes first", func(t *testing.T) {
		c := newCache(30)
		for id := range int64(3) {
			c.put(key(id), named("p"), 10)
		}
		if !has(c, 0) {
			t.Fatal("0 is not kept")
		}
		c.put(key(3), named("p"), 10)
		if !has(c, 0) || has(c, 1) || !has(c, 2) || !has(c, 3) || c.size != 30 {
			t.Errorf("kept: 0 %v, 1 %v, 2 %v, 3 %v, %d bytes", has(c, 0), has(c, 1), has(c, 2), has(c, 3), c.size)
		}
	})
	t.Run("a large one is not kept at the cost of all others", func(t *testing.T) {
		c := newCache(30)
		c.put(key(1), named("small"), 10)
		c.put(key(2), named("large"), 16)
		if !has(c, 1) || has(c, 2) || c.size != 10 {
			t.Errorf("kept: small %v, large %v, %d bytes", has(c, 1), has(c, 2), c.size)
		}
	})
	t.Run("another digest is another package", func(t *testing.T) {
		c := newCache(30)
		c.put(key(1), named("old"), 10)
		fresh := key(1)
		fresh.digest[0] = 1
		if _, ok := c.get(fresh); ok {
			t.Error("found under another digest")
		}
	})
	t.Run("twice the same counts once", func(t *testing.T) {
		c := newCache(30)
		c.put(key(1), named("p"), 10)
		c.put(key(1), named("p"), 10)
		if c.size != 10 {
			t.Errorf("%d bytes", c.size)
		}
	})
	t.Run("none", func(t *testing.T) {
		c := newCache(-1)
		c.put(key(1), named("p"), 0)
		if has(c, 1) {
			t.Error("kept")
		}
	})
}
