package client

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
)

// silence is how long a stream may give nothing before its connection counts as dropped. Servers give a sign of life every
// 15 seconds.
const silence = time.Minute

var errSilent = errors.New("the stream gives no sign of life")

// stream opens a stream of events at a place and tells visit of each block. opened is told when it is open. It ends with
// nil when the server ends it.
func (c *Client) stream(ctx context.Context, p place, v vars, last string, opened func() error, visit func(frame) error) error {
	at, remembered, err := c.locate(ctx, p, v)
	if err != nil {
		return err
	}
	// Identity, so that no proxy holds events back to compress them.
	headers := map[string]string{"Cache-Control": "no-cache", "Accept-Encoding": "identity"}
	if last != "" {
		headers["Last-Event-ID"] = last
	}
	live, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer watch.Stop()
	response, err := c.open(live, request{method: http.MethodGet, at: at, accept: acceptStream, headers: headers})
	switch {
	case err != nil && context.Cause(live) == errSilent: //nolint:errorlint // it is that very error
		return &UnreachableError{Method: http.MethodGet, URL: at.Redacted(), Err: errSilent}
	case err != nil && remembered && gone(err):
		c.index.forget()
		return err
	case err != nil:
		return err
	}
	defer response.Body.Close()
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || kind != acceptStream {
		return answer{method: http.MethodGet, url: at, header: response.Header}.unreadable(errors.New("it is no stream of events"))
	}
	if err := opened(); err != nil {
		return err
	}
	body := &watched{from: response.Body, alive: func() { watch.Reset(silence) }}
	err = readFrames(body, last, visit)
	switch {
	case body.err == nil || errors.Is(body.err, io.EOF):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case context.Cause(live) == errSilent: //nolint:errorlint // it is that very error
		err = errSilent
	}
	return &UnreachableError{Method: http.MethodGet, URL: at.Redacted(), Err: err}
}

// watched tells of each piece that comes, and keeps the error that ended it.
type watched struct {
	from  io.Reader
	alive func()
	err   error
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	if n > 0 {
		w.alive()
	}
	w.err = err
	return n, err
}
