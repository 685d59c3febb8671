package deployer

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// partial is a file that is still arriving. Its lock tells other processes that somebody writes it.
type partial struct {
	*os.File
	cache *cache
}

// sweepAge is how old a partial file without a lock is before it counts as left behind: a new one is there for a moment
// before it is locked.
const sweepAge = time.Minute

// create starts a partial file.
func (c *cache) create() (*partial, error) {
	f, err := os.CreateTemp(filepath.Join(c.dir, partialDir), "*.part")
	if err != nil {
		return nil, cacheError(err)
	}
	p := &partial{File: f, cache: c}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		p.discard()
		return nil, cacheError(err)
	}
	return p, nil
}

// keep gives a whole file its place in the cache. It may be run by its owner, since resources can be programs, and is
// never written again.
func (p *partial) keep(e entry) (string, error) {
	path := p.cache.contentPath(e)
	err := p.Chmod(0o500)
	if err == nil {
		err = p.Sync()
	}
	if err == nil {
		err = os.Rename(p.Name(), path)
	}
	info, statErr := p.Stat()
	if err = errors.Join(err, statErr, p.Close()); err != nil {
		_ = os.Remove(p.Name())
		return "", cacheError(err)
	}
	p.cache.trust(path, info.ModTime())
	return path, nil
}

// discard removes a file that came to nothing.
func (p *partial) discard() {
	_ = p.Close()
	_ = os.Remove(p.Name())
}

// sweep removes partial files that nobody writes any more.
func (c *cache) sweep() {
	leftovers, err := filepath.Glob(filepath.Join(c.dir, partialDir, "*"))
	if err != nil {
		return
	}
	for _, path := range leftovers {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > sweepAge && abandoned(path) {
			_ = os.Remove(path)
		}
	}
}

// abandoned tells whether no process holds the file's lock.
func abandoned(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
