package artifacts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"os"
	"path/filepath"

	"purser"
)

// contents is a folder of files that are named by their SHA-256: content/ holds the whole ones, partial/ what is still
// arriving.
type contents struct{ dir string }

const (
	contentDir = "content"
	partialDir = "partial"
)

// openContents makes the folders and removes what a crash left behind. Nobody else uses the folder.
func openContents(dir string) (*contents, error) {
	c := &contents{dir}
	if err := os.RemoveAll(filepath.Join(dir, partialDir)); err != nil {
		return nil, err
	}
	for _, name := range []string{contentDir, partialDir} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, err
		}
	}
	return c, nil
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

// partial is a file that is arriving.
type partial struct {
	file *os.File
	home *contents
	sum  hash.Hash
	size int64
	err  error // of the disk
}

// create begins a file.
func (c *contents) create() (*partial, error) {
	f, err := os.CreateTemp(filepath.Join(c.dir, partialDir), "*.part")
	if err != nil {
		return nil, diskError(err)
	}
	return &partial{file: f, home: c, sum: sha256.New()}, nil
}

// Write implements io.Writer.
func (p *partial) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.sum.Write(b[:n])
	p.size += int64(n)
	if err != nil {
		p.err = diskError(err)
		return n, p.err
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

// keep puts the whole file on disk, and then in its place. It is closed either way.
func (p *partial) keep() (err error) {
	defer func() {
		if err != nil {
			p.discard()
			err = diskError(err)
		}
	}()
	if err := p.file.Chmod(0o400); err != nil {
		return err
	}
	if err := p.file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(p.file.Name(), p.home.path(p.digest())); err != nil {
		return err
	}
	return errors.Join(p.file.Close(), syncFolder(filepath.Join(p.home.dir, contentDir)))
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
