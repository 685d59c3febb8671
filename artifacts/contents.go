package artifacts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"purser"
)

// contents is a folder of files that are named by their SHA-256: content/ holds the whole ones, partial/ what is still
// arriving. Several servers may share it.
type contents struct{ dir string }

const (
	contentDir = "content"
	partialDir = "partial"
	lockFile   = "lock"
)

func openContents(dir string) (*contents, error) {
	for _, name := range []string{contentDir, partialDir} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, err
		}
	}
	return &contents{dir}, nil
}

// lockPatience is how long a lock is waited for. Each is held for a moment only, unless a server is halted.
const lockPatience = 5 * time.Second

// lock keeps others in this and in other processes from removing files, or, when it is exclusive, from adding some. It
// ends with the process at the latest.
func (c *contents) lock(ctx context.Context, exclusive bool) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(c.dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, diskError(err)
	}
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		select {
		case <-ctx.Done():
			return nil, diskError(errors.Join(err, ctx.Err(), f.Close()))
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// isDigest keeps names apart from paths.
func isDigest(text string) bool {
	decoded, err := hex.DecodeString(text)
	return err == nil && len(decoded) == sha256.Size
}

func (c *contents) path(digest string) string { return filepath.Join(c.dir, contentDir, digest) }

// open gives a file for reading. CodeNotFound.
func (c *contents) open(digest string) (*os.File, error) {
	if !isDigest(digest) {
		return nil, errNoContent(nil)
	}
	f, err := os.Open(c.path(digest))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNoContent(err)
	case err != nil:
		return nil, diskError(err)
	}
	return f, nil
}

func errNoContent(err error) error {
	return &purser.Error{Code: purser.CodeNotFound, Message: "The content of the artifact is not here", Err: err}
}

// remove removes a file. One that is not there is no error.
func (c *contents) remove(digest string) error {
	if !isDigest(digest) {
		return nil
	}
	if err := os.Remove(c.path(digest)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return diskError(err)
	}
	return nil
}

// list gives the digests of all files.
func (c *contents) list() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(c.dir, contentDir))
	if err != nil {
		return nil, diskError(err)
	}
	var digests []string
	for _, e := range entries {
		if isDigest(e.Name()) {
			digests = append(digests, e.Name())
		}
	}
	return digests, nil
}

// diskError keeps the server's paths out of the message.
func diskError(err error) error {
	return &purser.Error{Code: purser.CodeInternal, Message: "the artifact store cannot be used", Err: err}
}

// partial is a file that is arriving. Its lock tells other processes that somebody writes it.
type partial struct {
	file *os.File
	home *contents
	sum  hash.Hash
	size int64
}

// create begins a file.
func (c *contents) create(ctx context.Context) (*partial, error) {
	unlock, err := c.lock(ctx, false)
	if err != nil {
		return nil, err
	}
	defer unlock()
	f, err := os.CreateTemp(filepath.Join(c.dir, partialDir), "*.part")
	if err != nil {
		return nil, diskError(err)
	}
	p := &partial{file: f, home: c, sum: sha256.New()}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		p.discard()
		return nil, diskError(err)
	}
	return p, nil
}

// sweep removes partial files that nobody writes any more. The lock is held, exclusively.
func (c *contents) sweep() error {
	left, err := filepath.Glob(filepath.Join(c.dir, partialDir, "*"))
	if err != nil {
		return diskError(err)
	}
	for _, name := range left {
		f, err := os.Open(name)
		if err != nil {
			continue // it has just got its place, or gone
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			err = os.Remove(name)
		}
		if err = errors.Join(err, f.Close()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return diskError(err)
		}
	}
	return nil
}

// Write implements io.Writer.
func (p *partial) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.sum.Write(b[:n])
	p.size += int64(n)
	if err != nil {
		return n, diskError(err)
	}
	return n, nil
}

// reset drops what has come.
func (p *partial) reset() error {
	p.sum.Reset()
	p.size = 0
	if err := p.file.Truncate(0); err != nil {
		return diskError(err)
	}
	if _, err := p.file.Seek(0, 0); err != nil {
		return diskError(err)
	}
	return nil
}

// digest gives the SHA-256 of what has come.
func (p *partial) digest() string { return hex.EncodeToString(p.sum.Sum(nil)) }

// flush puts all that has come on disk.
func (p *partial) flush() error {
	if err := p.file.Chmod(0o400); err != nil {
		return diskError(err)
	}
	if err := p.file.Sync(); err != nil {
		return diskError(err)
	}
	return nil
}

// keep gives a file that is flushed its place, and closes it. The lock is held.
func (p *partial) keep() error {
	if err := os.Rename(p.file.Name(), p.home.path(p.digest())); err != nil {
		return diskError(err)
	}
	if err := errors.Join(p.file.Close(), syncFolder(filepath.Join(p.home.dir, contentDir))); err != nil {
		return diskError(err)
	}
	return nil
}

// syncFolder puts the names in a folder on disk.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// discard removes a file that came to nothing.
func (p *partial) discard() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}
