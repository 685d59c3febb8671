package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// DefaultURL is where a server is found that nothing was said about.
const DefaultURL = "http://localhost:7577/api"

// DefaultUserAgent is sent when Options name no other.
const DefaultUserAgent = "purser-client"

// Options says how a client speaks to its server. The zero value is a client without credentials.
type Options struct {
	// HTTPClient makes the requests; nil: a client of its own with the connection settings of net/http. Its Timeout should
	// be 0: it would end streams and long waits. Bound calls by their context instead. It is copied, never changed.
	HTTPClient *http.Client

	// Username and Password are sent with each request, without waiting for the server to ask. "": none.
	Username, Password string

	// Authorization gives the whole Authorization header (such as "Bearer abc") and is asked for each request. It goes before
	// Username. "" sends none; an error ends the call.
	Authorization func(ctx context.Context) (string, error)

	// SkipTLSVerification takes any certificate. With HTTPClient its Transport must be an *http.Transport, or nil.
	SkipTLSVerification bool

	UserAgent string // "": DefaultUserAgent
	Retry     Retry
}

// Client speaks to one server. It may be used by several goroutines.
type Client struct {
	base          *url.URL
	http          *http.Client
	authorization func(ctx context.Context) (string, error)
	userAgent     string
	retry         Retry
	index         index
}

// New makes a client of the API at base, e.g. http://localhost:7577/api; "" is DefaultURL. Nothing is sent before the
// first call. A base or options that cannot be meant are an error.
func New(base string, o Options) (*Client, error) {
	if base == "" {
		base = DefaultURL
	}
	at, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the server's address: %w", err)
	case at.Scheme != "http" && at.Scheme != "https", at.Host == "":
		return nil, fmt.Errorf("the server's address must be an http or https URL, it is %q", base)
	}
	at.Path, at.RawPath = strings.TrimRight(at.Path, "/"), strings.TrimRight(at.RawPath, "/")
	at.RawQuery, at.Fragment = "", ""
	if user := at.User; user != nil {
		if o.Username == "" {
			o.Username = user.Username()
			o.Password, _ = user.Password()
		}
		at.User = nil
	}
	if o.Username == "" && o.Password != "" {
		return nil, errors.New("a password may be specified only together with a username")
	}
	made, err := httpClient(o, at)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base: at, http: made, authorization: o.Authorization, userAgent: o.UserAgent, retry: o.Retry.filled(),
		index: index{documents: map[place]document{}},
	}
	if c.userAgent == "" {
		c.userAgent = DefaultUserAgent
	}
	if c.authorization == nil && o.Username != "" {
		c.authorization = basic(o.Username, o.Password)
	}
	return c, nil
}

// URL gives the address that the client was made with.
func (c *Client) URL() string { return c.base.String() }

// Close closes the connections that are not in use. The client may be used on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// httpClient gives the client that the options ask for, with redirects followed for GET alone (spec/clients.md §2).
func httpClient(o Options, base *url.URL) (*http.Client, error) {
	made := http.Client{}
	if o.HTTPClient != nil {
		made = *o.HTTPClient
	}
	if o.SkipTLSVerification || o.HTTPClient == nil {
		transport, err := ownTransport(made.Transport)
		if err != nil {
			return nil, err
		}
		if o.SkipTLSVerification {
			if transport.TLSClientConfig == nil {
				transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
			}
			transport.TLSClientConfig.InsecureSkipVerify = true //nolint:gosec // it is what was asked for
		}
		made.Transport = transport
	}
	follow := made.CheckRedirect
	made.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if !trusted(base, r.URL) {
			r.Header.Del("Authorization")
		}
		switch {
		case via[0].Method != http.MethodGet && via[0].Method != http.MethodHead:
			return http.ErrUseLastResponse
		case follow != nil:
			return follow(r, via)
		case len(via) >= maxRedirects:
			return fmt.Errorf("stopped after %d redirects", maxRedirects)
		}
		return nil
	}
	return &made, nil
}

const maxRedirects = 10

// trusted tells whether credentials for base may go to another address: the same server, or its own redirect to TLS.
func trusted(base, to *url.URL) bool {
	switch {
	case base.Scheme == to.Scheme:
		return strings.EqualFold(base.Host, to.Host)
	case to.Scheme == "https":
		return strings.EqualFold(base.Hostname(), to.Hostname())
	}
	return false
}

// ownTransport copies a transport, so that its settings can be changed.
func ownTransport(given http.RoundTripper) (*http.Transport, error) {
	if given == nil {
		given = http.DefaultTransport
	}
	known, ok := given.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("certificates cannot be skipped with a transport of type %T", given)
	}
	return known.Clone(), nil
}

// basic gives the header of a user with a password.
func basic(username, password string) func(ctx context.Context) (string, error) {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(username, password)
	header := r.Header.Get("Authorization")
	return func(context.Context) (string, error) { return header, nil }
}
