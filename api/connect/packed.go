package connect

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"

	rpc "connectrpc.com/connect"
)

// bounded makes gzip of gRPC end once a message is too large, instead of unpacking the rest for its length.
func bounded(limit int64) rpc.HandlerOption {
	return rpc.WithCompression("gzip",
		func() rpc.Decompressor { return &boundedGzip{limit: limit} },
		func() rpc.Compressor { return gzip.NewWriter(io.Discard) },
	)
}

// boundedGzip gives two bytes more than a message may have, and then the end: that it is too large is seen by then.
type boundedGzip struct {
	gzip.Reader
	limit, left int64
}

// Reset implements rpc.Decompressor.
func (z *boundedGzip) Reset(r io.Reader) error {
	z.left = z.limit + 2
	return z.Reader.Reset(r)
}

// Read implements io.Reader.
func (z *boundedGzip) Read(p []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n, err := z.Reader.Read(p[:min(int64(len(p)), z.left)])
	z.left -= int64(n)
	return n, err
}

// unpacked is a body that came as gzip, without it. A body without bytes stays one.
type unpacked struct {
	body  io.ReadCloser
	limit int64 // bytes, unpacked
	zip   *gzip.Reader
	taken int64
	err   error
}

// Read implements io.Reader. Its errors are those that clients get.
func (u *unpacked) Read(p []byte) (n int, err error) {
	if u.err == nil && u.zip == nil {
		u.err = u.open()
	}
	if u.err != nil {
		return 0, u.err
	}
	n, err = u.zip.Read(p)
	if u.taken += int64(n); u.taken > u.limit {
		_, _ = io.Copy(io.Discard, u.body) // who sends gets to read why it was too much
		n, err = 0, rpc.NewError(rpc.CodeResourceExhausted, fmt.Errorf("the message is larger than %d bytes, unpacked", u.limit))
	}
	if err != nil {
		u.err = gzipError(err)
	}
	return n, u.err
}

func (u *unpacked) open() error {
	body := bufio.NewReader(u.body)
	if _, err := body.Peek(1); err != nil {
		return err // the end, if it is empty
	}
	var err error
	u.zip, err = gzip.NewReader(body)
	return gzipError(err)
}

// gzipError tells apart what is wrong with the bytes and what with their way here.
func gzipError(err error) error {
	_, large := errors.AsType[*http.MaxBytesError](err)
	_, told := errors.AsType[*rpc.Error](err)
	if err == nil || errors.Is(err, io.EOF) || large || told {
		return err
	}
	return rpc.NewError(rpc.CodeInvalidArgument, fmt.Errorf("the body is not what gzip makes: %w", err))
}

// Close implements io.Closer.
func (u *unpacked) Close() error { return u.body.Close() }
