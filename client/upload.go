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

// Upload brings an archive into a repository, without ever holding more than a piece of it in memory. An Archive that
// ends before its Size, or goes on behind it, is an error.
func (c *Client) Upload(ctx context.Context, u Upload) (PackageMetadata, error) {
	body, err := newUpload(u)
	if err != nil {
		return PackageMetadata{}, err
	}
	var m PackageMetadata
	err = c.do(ctx, call{method: http.MethodPost, place: placeUpload, upload: body}, &m)
	if body.err != nil {
		return PackageMetadata{}, fmt.Errorf("reading the archive: %w", body.err)
	}
	return m, err
}

// upload is the body of an upload: JSON around base64, made while it is read.
type upload struct {
	io.Reader
	length int64 // -1: not known
	err    error // of the archive
	read   bool
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
	body.Reader = io.MultiReader(
		bytes.NewReader(head),
		&encoder{from: u.Archive, left: size, failed: func(err error) { body.err = err }},
		bytes.NewReader([]byte(tail)),
	)
	return body, nil
}

// Read implements io.Reader.
func (u *upload) Read(p []byte) (int, error) {
	u.read = true
	return u.Reader.Read(p)
}

// begun tells whether a part of the archive may have gone, so that it cannot be sent again.
func (u *upload) begun() bool { return u != nil && u.read }

// sizeOf gives how many bytes a reader has left, -1 when it cannot tell.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
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
	left   int64 // bytes that are still to come, -1 when that is not known
	failed func(err error)
	ready  []byte // encoded and not yet given
	plain  [3 * 8 << 10]byte
	coded  [4 * 8 << 10]byte
	end    error
}

// Read implements io.Reader.
func (e *encoder) Read(p []byte) (int, error) {
	for len(e.ready) == 0 {
		if e.end != nil {
			return 0, e.end
		}
		n, err := io.ReadFull(e.from, e.plain[:])
		if e.left >= 0 {
			e.left -= int64(n)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			e.end = io.EOF
		case err != nil:
			e.fail(err)
			continue
		}
		if e.left < 0 && e.left != -1 {
			e.fail(errors.New("it has more bytes than were announced"))
			continue
		}
		base64.StdEncoding.Encode(e.coded[:], e.plain[:n])
		e.ready = e.coded[:base64.StdEncoding.EncodedLen(n)]
	}
	n := copy(p, e.ready)
	e.ready = e.ready[n:]
	return n, nil
}

func (e *encoder) fail(err error) {
	e.end = err
	e.failed(err)
}
