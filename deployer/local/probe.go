package local

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	connectTimeout = 100 * time.Millisecond
	answerTimeout  = 2 * time.Second
)

// connects tells whether something listens at a base URL.
func connects(ctx context.Context, base string) bool {
	dialer := net.Dialer{Timeout: connectTimeout}
	c, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		return false
	}
	defer c.Close()
	// A connection to a port that nobody listens on can meet itself when the kernel gives it that very port.
	return c.LocalAddr().String() != c.RemoteAddr().String()
}

// answers tells whether a GET is answered 2xx.
func (d *Deployer) answers(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := d.http.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, 1<<16)
	return response.StatusCode/100 == 2
}

// newHTTP makes the client for probes and management calls: directly, without proxies, redirects and idle connections.
func newHTTP() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:       (&net.Dialer{Timeout: answerTimeout}).DialContext,
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ownAddress gives the IPv4 address of the machine that its default route has, or the loopback address.
func ownAddress(ctx context.Context) string {
	// Nothing is sent: connecting a datagram socket only looks up the route.
	if c, err := (&net.Dialer{}).DialContext(ctx, "udp4", "192.0.2.1:9"); err == nil {
		defer c.Close()
		if a, ok := c.LocalAddr().(*net.UDPAddr); ok && !a.IP.IsUnspecified() {
			return a.IP.String()
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err == nil {
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
				return n.IP.String()
			}
		}
	}
	return "127.0.0.1"
}
