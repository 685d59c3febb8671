package artifacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// fetcher gets files over HTTP.
type fetcher struct {
	client    *http.Client
	transport *http.Transport
	guard     *guard
	redirects int
	maxBytes  int64
	stall     time.Duration // without a byte
	timeout   time.Duration // for a whole file
}

// Bounds of what a server may do.
const (
	answerTimeout = 30 * time.Second
	maxHeader     = 64 << 10
	slack         = 1 << 20 // bytes over the size that are read, so that a checksum can be told
	barrenBreaks  = 3       // connections in a row that bring nothing
	maxBreaks     = 100     // connections for one file
	slowest       = 1 << 10 // bytes a second, over slowPatience
	slowPatience  = time.Minute
)

func newFetcher(o Options) *fetcher {
	f := &fetcher{
		guard: newGuard(o.DenyPrivate, o.AllowHosts), redirects: o.Redirects, maxBytes: o.MaxBytes, stall: o.Stall, timeout: o.Timeout,
	}
	f.transport = &http.Transport{ // no proxy: it would resolve names on its own
		DialContext: f.guard.dial, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: answerTimeout,
		MaxResponseHeaderBytes: maxHeader, IdleConnTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
		DisableCompression: true, // lengths and checksums are those of the file itself
	}
	f.client = &http.Client{Transport: f.transport, CheckRedirect: f.checkRedirect}
	return f
}

func (f *fetcher) checkRedirect(r *http.Request, via []*http.Request) error {
	r.Header.Del("Referer") // the address may be a secret
	switch {
	case len(via) > f.redirects:
		return errRedirects
	case via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme == "http":
		return errDowngrade
	}
	return f.guard.check(r.URL)
}

// check refuses what will never be fetched.
func (f *fetcher) check(source string, size int64) error {
	u, err := url.Parse(strings.TrimSpace(source))
	if err != nil {
		return final(errNoURL)
	}
	if err := f.guard.check(u); err != nil {
		return final(err)
	}
	if size > f.maxBytes {
		return final(fmt.Errorf("its size of %d bytes is more than the limit of %d", size, f.maxBytes))
	}
	return nil
}

// transfer is one file on its way.
type transfer struct {
	fetcher  *fetcher
	source   string
	limit    int64
	to       *partial
	progress func(received int64) error // is asked now and then; its error ends the transfer
	resumed  bool
	etag     string // or date: what tells whether the file is still the same
}

// fetch brings a file. What it returns is nil, a *failure, an error of progress or of the disk, or the cause of ctx.
func (f *fetcher) fetch(ctx context.Context, source string, size int64, to *partial, progress func(int64) error) (resumed bool, err error) {
	if err := f.check(source, size); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.timeout, errTooLong)
	defer cancel()
	t := &transfer{fetcher: f, source: strings.TrimSpace(source), limit: min(f.maxBytes, size+slack), to: to, progress: progress}
	err = t.run(ctx)
	return t.resumed, err
}

// run takes up a broken connection again where it broke, as long as that brings something.
func (t *transfer) run(ctx context.Context) error {
	barren := 0
	for range maxBreaks {
		before := t.to.size
		err := t.part(ctx)
		if err == nil || !errors.Is(err, errBroken) || ctx.Err() != nil {
			return t.outcome(ctx, err)
		}
		if barren++; t.to.size > before {
			barren = 0
		}
		if barren == barrenBreaks || t.to.size == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return t.outcome(ctx, ctx.Err())
		case <-time.After(100 * time.Millisecond << barren):
		}
	}
	return again(errBroken)
}

// outcome tells why a context has ended rather than what that has broken.
func (t *transfer) outcome(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errTooLong):
		return again(errTooLong)
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return err
}

// part asks for the file, or what is missing of it, and reads as far as it gets.
func (t *transfer) part(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.source, http.NoBody)
	if err != nil {
		return final(errNoURL)
	}
	r.Header.Set("User-Agent", "purser")
	r.Header.Set("Accept", "*/*")
	if t.to.size > 0 {
		r.Header.Set("Range", "bytes="+strconv.FormatInt(t.to.size, 10)+"-")
		if t.etag != "" {
			r.Header.Set("If-Range", t.etag)
		}
	}
	answer, err := t.fetcher.client.Do(r)
	if err != nil {
		return t.connectFailure(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if err := t.accept(answer); err != nil {
		return err
	}
	return t.read(ctx, cancel, answer.Body)
}

// accept looks at the head of an answer: what comes is the rest of the file, or all of it.
func (t *transfer) accept(answer *http.Response) error {
	switch answer.StatusCode {
	case http.StatusOK:
		if t.to.size > 0 {
			if err := t.to.reset(); err != nil {
				return err
			}
		}
	case http.StatusPartialContent:
		if t.to.size == 0 || !startsAt(answer.Header.Get("Content-Range"), t.to.size) {
			return final(errors.New("the server sent another part than was asked for"))
		}
		t.resumed = true
	case http.StatusRequestedRangeNotSatisfiable:
		if t.to.size == 0 {
			return refused(answer.StatusCode)
		}
		if err := t.to.reset(); err != nil {
			return err
		}
		return again(errBroken)
	default:
		return refused(answer.StatusCode)
	}
	if tag := answer.Header.Get("ETag"); !strings.HasPrefix(tag, "W/") {
		t.etag = tag
	}
	if t.etag == "" {
		t.etag = answer.Header.Get("Last-Modified")
	}
	if answer.ContentLength > t.limit-t.to.size {
		return t.tooLong()
	}
	return nil
}

func (t *transfer) tooLong() error {
	if t.limit == t.fetcher.maxBytes {
		return final(fmt.Errorf("it has more bytes than the limit of %d", t.limit))
	}
	return final(fmt.Errorf("it has more bytes than its size says, which is %d", t.limit-slack))
}

// startsAt reads Content-Range: bytes 5-9/10.
func startsAt(header string, offset int64) bool {
	unit, span, _ := strings.Cut(strings.TrimSpace(header), " ")
	first, _, _ := strings.Cut(span, "-")
	n, err := strconv.ParseInt(first, 10, 64)
	return strings.EqualFold(unit, "bytes") && err == nil && n == offset
}

// read copies a body. A server that says nothing for too long, or too little, is hung up on.
func (t *transfer) read(ctx context.Context, cancel context.CancelCauseFunc, body io.Reader) error {
	watch := time.AfterFunc(t.fetcher.stall, func() { cancel(errStalled) })
	defer watch.Stop()
	buffer := make([]byte, 64<<10)
	windowAt, windowSize := time.Now(), t.to.size
	for {
		n, err := body.Read(buffer)
		watch.Reset(t.fetcher.stall)
		if n > 0 {
			if int64(n) > t.limit-t.to.size {
				return t.tooLong()
			}
			if _, err := t.to.Write(buffer[:n]); err != nil {
				return err
			}
			if err := t.progress(t.to.size); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && errors.Is(context.Cause(ctx), errStalled):
			return again(errStalled)
		case err != nil:
			return again(errBroken)
		}
		if time.Since(windowAt) > slowPatience {
			if t.to.size-windowSize < slowest*int64(slowPatience/time.Second) {
				return again(errSlow)
			}
			windowAt, windowSize = time.Now(), t.to.size
		}
	}
}
