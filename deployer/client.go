package deployer

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"purser"
)

// How long a server may take to be reached and to begin its answer, when Options does not say.
const (
	defaultConnectTimeout = 10 * time.Second
	defaultAnswerTimeout  = time.Minute
)

var (
	errRedirects = errors.New("too many redirects")
	errDowngrade = errors.New("a redirect leads from https to http")
)

// makeClients makes the two clients. They differ in their proxy and their timeouts.
func (r *Resources) makeClients() error {
	r.web = r.makeClient(http.ProxyFromEnvironment, 0, 0)
	proxy := http.ProxyFromEnvironment
	if p := r.options.MavenProxy; p != nil {
		u, err := p.url()
		if err != nil {
			return err
		}
		proxy = func(request *http.Request) (*url.URL, error) {
			if p.direct(request.URL.Hostname()) {
				return nil, nil
			}
			return u, nil
		}
	}
	r.maven = r.makeClient(proxy, r.options.ConnectTimeout, r.options.AnswerTimeout)
	return nil
}

func (r *Resources) makeClient(proxy func(*http.Request) (*url.URL, error), connect, answer time.Duration) *http.Client {
	client := &http.Client{Transport: r.options.Transport, CheckRedirect: r.checkRedirect}
	if client.Transport == nil {
		transport := &http.Transport{
			Proxy:                 proxy,
			DialContext:           (&net.Dialer{Timeout: orDefault(connect, defaultConnectTimeout)}).DialContext,
			TLSHandshakeTimeout:   orDefault(connect, defaultConnectTimeout),
			ResponseHeaderTimeout: orDefault(answer, defaultAnswerTimeout),
			IdleConnTimeout:       30 * time.Second,
			ForceAttemptHTTP2:     true,
			DisableCompression:    true, // lengths and checksums are those of the file itself
		}
		client.Transport = transport
		r.close = append(r.close, transport.CloseIdleConnections)
	}
	return client
}

func orDefault(d, fallback time.Duration) time.Duration {
	if d <= 0 {
		return fallback
	}
	return d
}

// checkRedirect counts redirects and keeps downloads from leaving TLS.
func (r *Resources) checkRedirect(request *http.Request, via []*http.Request) error {
	if len(via) > max(r.options.Redirects, 0) {
		return errRedirects
	}
	if via[len(via)-1].URL.Scheme == "https" && request.URL.Scheme != "https" {
		return errDowngrade
	}
	return nil
}

// url gives the proxy's address. CodeInvalid.
func (p Proxy) url() (*url.URL, error) {
	scheme := p.Protocol
	if scheme == "" {
		scheme = "http"
	}
	u, err := url.Parse(scheme + "://" + p.Host)
	if err != nil || (scheme != "http" && scheme != "https") || u.Hostname() == "" || u.Path != "" {
		return nil, purser.Errorf(purser.CodeInvalid, "Maven proxy: expected protocol http or https and a host, found '%s' and '%s'", p.Protocol, p.Host)
	}
	if p.User != "" {
		u.User = url.UserPassword(p.User, p.Password)
	}
	return u, nil
}
