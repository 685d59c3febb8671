package deployer

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"

	"purser"
)

// errTimeout is the cause with which the time limit of a fetch ends it.
var errTimeout = errors.New("time limit")

// request is one download into the cache.
type request struct {
	client    *http.Client
	url       string
	user      string // "" for none; a user in the URL itself works too
	password  string
	extension string             // that the file keeps; "" for the one in the URL
	maxBytes  int64              // 0: the limit of Options
	anew      bool               // do not use what the cache has
	dated     bool               // it counts when the server was asked last
	sound     func(digest) error // may refuse a whole file, or note how it was checked; nil: accept
}

// digest is what was counted while a file came in.
type digest struct {
	sha256 string
	sha1   string
	entry  *entry
}

// fetchWeb fetches an http: or https: resource.
func (r *Resources) fetchWeb(ctx context.Context, location string) (string, error) {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "", purser.Errorf(purser.CodeInvalid, "a resource has an http or https location that is no URL")
	}
	return r.flights.do(ctx, location, func(ctx context.Context) (string, error) {
		if err := r.cache.open(); err != nil {
			return "", err
		}
		if r.options.Offline {
			if _, found, ok := r.cache.find(location); ok {
				return found, nil
			}
			return "", purser.Errorf(purser.CodeNotFound, "%s is not in the cache, and the server is offline", Redact(location))
		}
		return r.download(ctx, request{client: r.web, url: location})
	})
}

// download gives the file of a URL: the cached one when the server says that it has not changed, or when the server
// fails; else a new one.
func (r *Resources) download(ctx context.Context, q request) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.options.Timeout, errTimeout)
	defer cancel()
	known, cached, ok := r.cache.find(q.url)
	if q.anew {
		known, cached, ok = entry{}, "", false
	}
	path, err := r.transfer(ctx, q, known, cached)
	if err != nil && ok && purser.ErrorCode(err) == purser.CodePlatform && outage(err) {
		r.options.Log.WarnContext(ctx, "a resource's server failed, the cached file is used", "url", Redact(q.url), "error", err)
		return cached, nil
	}
	return path, err
}

// errOutage marks failures after which a cached file is better than none: the server could not be asked, which says
// nothing about the resource.
var errOutage = errors.New("outage")

func outage(err error) bool { return errors.Is(err, errOutage) }

// transfer brings the file of a URL into the cache, unless the cached one is still what the server has.
func (r *Resources) transfer(ctx context.Context, q request, known entry, cached string) (string, error) {
	answer, err := r.ask(ctx, q, known)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusNotModified {
		return r.receive(ctx, q, answer)
	}
	if q.dated {
		known.FetchedAt = r.options.Clock.Now()
		return cached, r.cache.put(q.url, known)
	}
	return cached, nil
}

// ask sends a request. The answer has the status 200, or 304 when known is not empty; its body is to be closed.
func (r *Resources) ask(ctx context.Context, q request, known entry) (*http.Response, error) {
	asked, err := http.NewRequestWithContext(ctx, http.MethodGet, q.url, http.NoBody)
	if err != nil {
		return nil, purser.Errorf(purser.CodeInvalid, "a resource has an http or https location that is no URL")
	}
	asked.Header.Set("User-Agent", "purser")
	asked.Header.Set("Accept", "*/*")
	if q.user != "" {
		asked.SetBasicAuth(q.user, q.password)
	}
	if known.ETag != "" {
		asked.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		asked.Header.Set("If-Modified-Since", known.LastModified)
	}
	answer, err := q.client.Do(asked)
	if err != nil {
		return nil, r.failure(ctx, q.url, err)
	}
	if answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusNotModified && known.Digest != "" {
		return answer, nil
	}
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone {
		return nil, purser.Errorf(purser.CodeNotFound, "%s was not found: the server answered %d", Redact(q.url), answer.StatusCode)
	}
	refused := &purser.Error{Code: purser.CodePlatform, Message: fmt.Sprintf("could not fetch %s: the server answered %d", Redact(q.url), answer.StatusCode)}
	if answer.StatusCode >= http.StatusInternalServerError {
		refused.Err = errOutage
	}
	return nil, refused
}

// readSmall gives a small text of a server without keeping it.
func (r *Resources) readSmall(ctx context.Context, q request, limit int64) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.options.Timeout, errTimeout)
	defer cancel()
	answer, err := r.ask(ctx, q, entry{})
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	switch {
	case err != nil:
		return "", r.failure(ctx, q.url, err)
	case int64(len(text)) > limit:
		return "", tooLarge(q.url, limit)
	}
	return string(text), nil
}

// receive streams an answer into the cache.
func (r *Resources) receive(ctx context.Context, q request, answer *http.Response) (string, error) {
	limit := q.maxBytes
	if limit == 0 {
		limit = r.options.MaxBytes
	}
	if answer.ContentLength > limit {
		return "", tooLarge(q.url, limit)
	}
	file, err := r.cache.create()
	if err != nil {
		return "", err
	}
	sha256sum, sha1sum := sha256.New(), sha1.New()
	disk := &diskWriter{to: file}
	size, err := io.Copy(io.MultiWriter(disk, sha256sum, sha1sum), io.LimitReader(answer.Body, limit+1))
	switch {
	case disk.err != nil:
		err = cacheError(disk.err)
	case err != nil:
		err = r.failure(ctx, q.url, err)
	case size > limit:
		err = tooLarge(q.url, limit)
	}
	if err != nil {
		file.discard()
		return "", err
	}
	e := entry{
		Digest: hex.EncodeToString(sha256sum.Sum(nil)), Size: size, Extension: cleanExtension(q.extension),
		ETag: answer.Header.Get("ETag"), LastModified: answer.Header.Get("Last-Modified"), FetchedAt: r.options.Clock.Now(),
	}
	if q.extension == "" {
		e.Extension = cleanExtension(path.Ext(answer.Request.URL.Path))
	}
	if q.sound != nil {
		if err := q.sound(digest{sha256: e.Digest, sha1: hex.EncodeToString(sha1sum.Sum(nil)), entry: &e}); err != nil {
			file.discard()
			return "", err
		}
	}
	kept, err := file.keep(e)
	if err != nil {
		return "", err
	}
	r.options.Log.InfoContext(ctx, "resource fetched", "url", Redact(q.url), "bytes", size, "sha256", e.Digest)
	return kept, r.cache.put(q.url, e)
}

// diskWriter keeps the failures of the disk apart from those of the network.
type diskWriter struct {
	to  io.Writer
	err error
}

func (w *diskWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.err = err
	return n, err
}

func tooLarge(location string, limit int64) error {
	return purser.Errorf(purser.CodePlatform, "%s is larger than the limit of %d bytes", Redact(location), limit)
}

// failure turns what went wrong on the network into words without secrets: of errors that may repeat a URL or what a
// server sent only the kind is told.
func (r *Resources) failure(ctx context.Context, location string, err error) error {
	reason, kind := "no valid answer", errOutage
	var (
		netErr  net.Error
		opErr   *net.OpError
		certErr *tls.CertificateVerificationError
	)
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errTimeout):
		reason = fmt.Sprintf("it took longer than %s", r.options.Timeout)
	case errors.Is(cause, errClosed):
		return purser.Errorf(purser.CodeUnavailable, "%w", errClosed)
	case cause != nil:
		return cause
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		reason = "the answer was cut off"
	case errors.Is(err, errRedirects):
		reason, kind = fmt.Sprintf("more than %d redirects", max(r.options.Redirects, 0)), nil
	case errors.Is(err, errDowngrade):
		reason, kind = errDowngrade.Error(), nil
	case errors.As(err, &opErr):
		reason = opErr.Error()
	case errors.As(err, &certErr):
		reason, kind = certErr.Error(), nil
	case errors.As(err, &netErr) && netErr.Timeout():
		reason = "the server did not answer in time"
	}
	return &purser.Error{Code: purser.CodePlatform, Message: fmt.Sprintf("could not fetch %s: %s", Redact(location), reason), Err: kind}
}
