package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// What answers are asked for as. HAL goes first: a server may be set to answer application/json with bare links.
const (
	acceptHAL      = "application/hal+json, application/json;q=0.9"
	acceptAnything = "text/plain, application/json, application/*+json, */*"
	acceptStream   = "text/event-stream"
)

// maxAnswer is how much of an answer is read. Lists of thousands of releases are far below it.
const maxAnswer = 1 << 30

var (
	errNoAPI    = errors.New("it has no links, so this is not the address of the API")
	errTooLarge = fmt.Errorf("it is larger than %d bytes", maxAnswer)
	errEmpty    = errors.New("it is empty")
)

// request is what is sent to an address.
type request struct {
	method  string
	at      *url.URL
	accept  string
	body    []byte  // JSON
	upload  *upload // in place of body
	headers map[string]string
}

// answer is a good answer, read to its end.
type answer struct {
	method string
	url    *url.URL // behind redirects
	header http.Header
	body   []byte
}

// call is a request to a place.
type call struct {
	method string
	place  place
	vars   vars
	send   any // body, as JSON; nil for none
	upload *upload
	accept string // "": acceptHAL
}

// fetch makes a call whose answer is JSON.
func fetch[T any](ctx context.Context, c *Client, q call) (T, error) {
	var out T
	err := c.do(ctx, q, &out)
	return out, err
}

// do makes a call. out is what its JSON answer is read into, nil for an answer that does not count.
func (c *Client) do(ctx context.Context, q call, out any) error {
	a, err := c.call(ctx, q)
	if err != nil || out == nil {
		return err
	}
	return a.decode(out)
}

// call makes a call. A link that leads nowhere any more is looked up again, once.
func (c *Client) call(ctx context.Context, q call) (answer, error) {
	r := request{method: q.method, accept: q.accept, upload: q.upload}
	if r.accept == "" {
		r.accept = acceptHAL
	}
	if q.send != nil {
		var err error
		if r.body, err = json.Marshal(q.send); err != nil {
			return answer{}, fmt.Errorf("%s: %w", q.place, err)
		}
	}
	at, remembered, err := c.locate(ctx, q.place, q.vars)
	if err != nil {
		return answer{}, err
	}
	r.at = at
	a, err := c.send(ctx, r)
	if err == nil || !remembered || !gone(err) || r.upload.begun() {
		return a, err
	}
	c.index.forget()
	again, _, lost := c.locate(ctx, q.place, q.vars)
	if lost != nil || again.String() == at.String() {
		return a, err
	}
	r.at = again
	return c.send(ctx, r)
}

// gone tells whether an address has nothing behind it, other than a release that is not there.
func gone(err error) bool {
	if _, ok := errors.AsType[*ReleaseNotFoundError](err); ok {
		return false
	}
	e, ok := errors.AsType[*HTTPError](err)
	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusGone)
}

// send sends a request, again if it may be, and reads the answer.
func (c *Client) send(ctx context.Context, r request) (answer, error) {
	for n := 0; ; n++ {
		a, err := c.attempt(ctx, r)
		if err == nil || ctx.Err() != nil || n >= c.retry.Times || !retryable(r.method, err) || r.upload.begun() {
			return a, err
		}
		if sleep(ctx, c.retry.wait(n)) != nil {
			return a, err
		}
	}
}

func (c *Client) attempt(ctx context.Context, r request) (answer, error) {
	response, err := c.open(ctx, r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return answer{}, failed(ctx, r.method, r.at, err)
	}
	a := answer{method: r.method, url: response.Request.URL, header: response.Header, body: body}
	if len(body) > maxAnswer {
		return answer{}, a.unreadable(errTooLarge)
	}
	return a, nil
}

// open sends a request once and gives its answer as soon as it begins, if its status is a good one.
func (c *Client) open(ctx context.Context, r request) (*http.Response, error) {
	var body io.Reader
	switch {
	case r.upload != nil:
		body = r.upload
	case r.body != nil:
		body = bytes.NewReader(r.body)
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, r.at.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.at.Redacted(), err)
	}
	if r.upload != nil {
		sent.ContentLength = r.upload.length
	}
	if body != nil {
		sent.Header.Set("Content-Type", "application/json")
	}
	sent.Header.Set("Accept", r.accept)
	sent.Header.Set("User-Agent", c.userAgent)
	for name, value := range r.headers {
		sent.Header.Set(name, value)
	}
	if err := c.authorize(ctx, sent); err != nil {
		return nil, err
	}
	response, err := c.http.Do(sent)
	if err != nil {
		return nil, failed(ctx, r.method, r.at, err)
	}
	if response.StatusCode < http.StatusOK || response.StatusCode >= http.StatusMultipleChoices {
		defer response.Body.Close()
		return nil, refusal(r.method, response)
	}
	return response, nil
}

// authorize gives a request to the server of the client its credentials.
func (c *Client) authorize(ctx context.Context, r *http.Request) error {
	if c.authorization == nil || !trusted(c.base, r.URL) {
		return nil
	}
	header, err := c.authorization(ctx)
	if err != nil {
		return fmt.Errorf("the credentials: %w", err)
	}
	if header != "" {
		r.Header.Set("Authorization", header)
	}
	return nil
}

// decode reads a JSON answer.
func (a answer) decode(out any) error {
	if len(bytes.TrimSpace(a.body)) == 0 {
		return a.unreadable(errEmpty)
	}
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return a.unreadable(fmt.Errorf("it is %s, not JSON", cmp.Or(a.header.Get("Content-Type"), "of no type")))
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return a.unreadable(err)
	}
	return nil
}

func (a answer) unreadable(err error) error {
	return &DecodeError{Method: a.method, URL: a.url.Redacted(), ContentType: a.header.Get("Content-Type"), Err: err}
}
