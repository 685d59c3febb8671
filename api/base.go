package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ForwardStrategy says whether headers of a proxy count in links (server.forward-headers-strategy).
type ForwardStrategy string

// The strategies.
const (
	ForwardNone      ForwardStrategy = "none"      // they do not count; "" means the same
	ForwardNative    ForwardStrategy = "native"    // X-Forwarded-Proto, -Host and -Port, from private addresses only
	ForwardFramework ForwardStrategy = "framework" // Forwarded, X-Forwarded-Proto, -Ssl, -Host, -Port and -Prefix, from anybody
)

type baseKey struct{}

// Base gives scheme, host and prefix for absolute links, e.g. http://localhost:7577: the request's own, or a proxy's
// where its headers count. A Host without a port gives links without one (spec/rest.md §1.2).
func Base(r *http.Request) string {
	if base, ok := r.Context().Value(baseKey{}).(string); ok {
		return base
	}
	return origin{scheme: scheme(r), host: host(r)}.String()
}

// Self gives the URL of the request as it was sent, query included, for self links.
func Self(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return Base(r) + RawPath(r)
	}
	return Base(r) + RawPath(r) + "?" + r.URL.RawQuery
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// host gives the Host header, or the address that the request came to where there is none (HTTP/1.0).
func host(r *http.Request) string {
	if r.Host == "" {
		if addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
			return addr.String()
		}
	}
	return r.Host
}

type origin struct {
	scheme, host, prefix string
}

func (o origin) String() string {
	standard := ":80"
	if o.scheme == "https" {
		standard = ":443"
	}
	return o.scheme + "://" + strings.TrimSuffix(o.host, standard) + o.prefix
}

// forwarded is the middleware that lets a proxy's headers count.
func forwarded(strategy ForwardStrategy) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			o := origin{scheme: scheme(r), host: host(r)}
			switch {
			case strategy == ForwardFramework:
				o.framework(r.Header)
			case isPrivate(r.RemoteAddr):
				o.extended(r.Header, o.scheme)
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), baseKey{}, o.String())))
		})
	}
}

// framework takes Forwarded (RFC 7239), and without it the X-Forwarded headers.
func (o *origin) framework(h http.Header) {
	if line := h.Get("Forwarded"); line != "" {
		first, _ := cutOutsideQuotes(line, ',')
		for first != "" {
			var pair string
			pair, first = cutOutsideQuotes(first, ';')
			key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(strings.TrimSpace(value), `"`)
			switch strings.ToLower(key) {
			case "proto":
				o.setScheme(value)
			case "host":
				o.setHost(value)
			}
		}
	} else {
		before := o.scheme
		if strings.EqualFold(first(h, "X-Forwarded-Ssl"), "on") {
			o.setScheme("https")
		}
		o.extended(h, before)
	}
	var prefix strings.Builder // of several proxies, one behind the other
	for part := range strings.SplitSeq(h.Get("X-Forwarded-Prefix"), ",") {
		prefix.WriteString(strings.TrimRight(strings.TrimSpace(part), "/"))
	}
	if p := prefix.String(); strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && isVisible(p) {
		o.prefix = p
	}
}

// extended takes X-Forwarded-Proto, -Host and -Port; before is the scheme that the request came with.
func (o *origin) extended(h http.Header, before string) {
	o.setScheme(first(h, "X-Forwarded-Proto"))
	name := first(h, "X-Forwarded-Host")
	o.setHost(name)
	port := first(h, "X-Forwarded-Port")
	if port == "" && name == "" && before != o.scheme {
		o.host = hostname(o.host) // the port is the proxy's standard one, not ours
	}
	if port != "" && strings.Trim(port, "0123456789") == "" {
		o.host = hostname(o.host) + ":" + port
	}
}

func (o *origin) setScheme(s string) {
	if s = strings.ToLower(s); s == "http" || s == "https" {
		o.scheme = s
	}
}

func (o *origin) setHost(s string) {
	if s != "" && isVisible(s) && !strings.ContainsAny(s, `/\?#@"<>`) {
		o.host = s
	}
}

// first gives the first entry of a header that may be a list.
func first(h http.Header, name string) string {
	entry, _, _ := strings.Cut(h.Get(name), ",")
	return strings.TrimSpace(entry)
}

func isVisible(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7f })
}

// hostname cuts the port off.
func hostname(s string) string {
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		return s[:i]
	}
	return s
}

func isPrivate(remote string) bool {
	addr, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	ip := addr.Addr().Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
}
