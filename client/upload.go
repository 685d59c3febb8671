package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"sync/atomic"
)

// Upload is a package archive for a repository.
type Upload struct {
	Repository string // "": local
	Name       string // of the package, as its metadata has it
	Version    string // likewise
	Extension  string // "": zip

	// Archive is read as it is sent, once, and not closed.
	Archive io.Reader
	// Size is how many bytes Archive has. 0: it is found out if Archive can tell (a file, or a reader of bytes or of a
	// string); else the length is not announced.
	Size int64
}

// Upload brings an archive into a repository, without ever holding more than a piece of it in memory. An Archive that ends
// before its Size, or goes on behind it, is an error. When the server refuses before it has got everything, a Read of Archive
// that is under way is not waited for.
func (c *Client) Upload(ctx context.Context, u Upload) (PackageMetadata, error) {
	body, err := newUpload(u)
	if err != nil {
		return PackageMetadata{}, err
	}
	var m PackageMetadata
	err = c.do(ctx, call{method: http.MethodPost, place: placeUpload, upload: body}, &m)
	if failure := body.end(); failure != nil {
		return PackageMetadata{}, fmt.Errorf("reading the archive: %w", failure)
	}
	return m, err
}

// upload is the body of an upload: JSON around base64, made while it is read.
type upload struct {
	length int64 // -1: not known
	from   io.Reader
	read   atomic.Bool
	over   atomic.Bool           // nothing more is to be read
	failed atomic.Pointer[error] // of the archive
}

// newUpload makes the body. The members stand before the archive, so that a server can refuse it early.
func newUpload(u Upload) (*upload, error) {
	if u.Archive == nil {
		return nil, errors.New("an upload needs an archive")
	}
	head, err := json.Marshal(struct {
		RepoName  string `json:"repoName"`
		Name      string `json:"name"`
		Version   string `json:"version"`
		Extension string `json:"extension"`
		Archive   string `json:"packageFileAsBytes"`
	}{cmp.Or(u.Repository, "local"), u.Name, u.Version, cmp.Or(u.Extension, "zip"), ""})
	if err != nil {
		return nil, fmt.Errorf("the upload: %w", err)
	}
	const tail = `"}`
	head = bytes.TrimSuffix(head, []byte(tail))
	body := &upload{length: -1}
	size := u.Size
	if size <= 0 {
		size = sizeOf(u.Archive)
	}
	if size >= 0 {
		body.length = int64(len(head)) + (size+2)/3*4 + int64(len(tail))
	}
	body.from = io.MultiReader(
		bytes.NewReader(head),
		&encoder{from: u.Archive, left: size, failed: &body.failed},
		bytes.NewReader([]byte(tail)),
	)
	return body, nil
}

// Read implements io.Reader.
func (u *upload) Read(p []byte) (int, error) {
	if u.over.Load() {
		return 0, fs.ErrClosed
	}
	u.read.Store(true)
	return u.from.Read(p)
}

// end ends the reading and gives the error of the archive, if it had one.
func (u *upload) end() error {
	u.over.Store(true)
	if failure := u.failed.Load(); failure != nil {
		return *failure
	}
	return nil
}

// begun tells whether a part of the archive may have gone, so that it cannot be sent again.
func (u *upload) begun() bool { return u != nil && u.read.Load() }

// sizeOf gives how many bytes a reader has left, -1 when it cannot tell.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case *bytes.Reader:
		return int64(r.Len())
	case *bytes.Buffer:
		return int64(r.Len())
	case *strings.Reader:
		return int64(r.Len())
	case interface {
		io.Seeker
		Stat() (fs.FileInfo, error)
	}:
		info, err := r.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return -1
		}
		if at, err := r.Seek(0, io.SeekCurrent); err == nil {
			return max(0, info.Size()-at)
		}
	}
	return -1
}

// encoder gives base64 of what it reads. It holds one piece at a time.
type encoder struct {
	from   io.Reader
	left   int64 // bytes that are still to come, below 0 when that is not known
	failed *atomic.Pointer[error]
	ready  []byte // encoded and not yet given
	plain  [3 * 8 << 10]byte
	coded  [4 * 8 << 10]byte
	ended  error
}

// Read implements io.Reader.
func (e *encoder) Read(p []byte) (int, error) {
	for len(e.ready) == 0 {
		if e.ended != nil {
			return 0, e.ended
		}
		if err := e.fill(); err != nil {
			e.ended = err
			e.failed.Store(&err)
		}
	}
	n := copy(p, e.ready)
	e.ready = e.ready[n:]
	return n, nil
}

// fill encodes the next piece. Pieces are whole groups of base64, but for the last one.
func (e *encoder) fill() error {
	n, err := io.ReadFull(e.from, e.plain[:])
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.ended = io.EOF
	case err != nil:
		return err
	}
	if e.left >= 0 {
		switch e.left -= int64(n); {
		case e.left < 0:
			return errors.New("it has more bytes than were announced")
		case e.left > 0 && e.ended != nil:
			return fmt.Errorf("it ends %d bytes before what was announced", e.left)
		}
	}
	base64.StdEncoding.Encode(e.coded[:], e.plain[:n])
	e.ready = e.coded[:base64.StdEncoding.EncodedLen(n)]
	return nil
}
