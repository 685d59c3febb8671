package hooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"purser"
)

// Sender brings a request to an address and gives the status that it answers with. An error means that there was no answer.
type Sender interface {
	Send(ctx context.Context, address string, header http.Header, body []byte) (status int, err error)
}

// httpSender sends over HTTP. Redirects are answers like any other: what is signed for one address is not for the next.
type httpSender struct{ client *http.Client }

func newHTTPSender() *httpSender {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true}
	return &httpSender{&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

const maxAnswer = 64 << 10

// Send implements Sender.
func (h *httpSender) Send(ctx context.Context, address string, header http.Header, body []byte) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, withoutAddress(err)
	}
	r.Header = header
	answer, err := h.client.Do(r)
	if err != nil {
		return 0, withoutAddress(err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // so that the connection can be used again
	return answer.StatusCode, nil
}

// close ends idle connections.
func (h *httpSender) close() { h.client.CloseIdleConnections() }

// withoutAddress leaves the address out of an error: it may hold a password.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// headers are those of an attempt (spec/dialects.md §4.3).
func (s *Service) headers(t Target, d purser.Delivery) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "purser")
	h.Set(s.Prefix+"event", d.Event)
	h.Set(s.Prefix+"delivery", d.UUID)
	h.Set(s.Prefix+"signature", Signature(t.Secret, d.Body))
	if s.Token != nil {
		h.Set(s.Prefix+"token", s.Token(s.Clock.Now()))
	}
	return h
}

// Signature gives the value of the signature header: the HMAC-SHA1 of the body in hexadecimal digits behind "sha1=".
func Signature(secret string, body []byte) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(body)
	return "sha1=" + hex.EncodeToString(mac.Sum(nil))
}
