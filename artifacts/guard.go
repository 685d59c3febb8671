package artifacts

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

var (
	errPrivate   = errors.New("the address is not public")
	errScheme    = errors.New("only http and https addresses are fetched")
	errNoURL     = errors.New("it has no valid address")
	errRedirects = errors.New("too many redirects")
	errDowngrade = errors.New("a redirect leads from https to http")
)

// guard decides which addresses may be spoken to (spec/setup.md).
type guard struct {
	denyPrivate bool
	allow       map[string]bool // host, or host:port
}

func newGuard(denyPrivate bool, allowHosts []string) *guard {
	g := &guard{denyPrivate: denyPrivate, allow: map[string]bool{}}
	for _, host := range allowHosts {
		name, port, err := net.SplitHostPort(host)
		if err != nil {
			name, port = strings.Trim(host, "[]"), ""
		}
		g.allow[hostKey(name, port)] = true
	}
	return g
}

// hostKey makes spellings of one host the same.
func hostKey(name, port string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if addr, err := netip.ParseAddr(name); err == nil {
		name = addr.Unmap().String()
	}
	if port == "" {
		return name
	}
	return net.JoinHostPort(name, port)
}

// allowed tells whether the configuration allows a host whatever its address is.
func (g *guard) allowed(host, port string) bool {
	return !g.denyPrivate || g.allow[hostKey(host, "")] || g.allow[hostKey(host, port)]
}

// check refuses what will never be fetched, before anything is sent: a first look at a URL. Names are looked at when they
// are resolved.
func (g *guard) check(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errScheme
	case u.Hostname() == "":
		return errNoURL
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil && !isPublic(addr) && !g.allowed(u.Hostname(), port) {
		return errPrivate
	}
	return nil
}

// dial connects to a host of a URL. The address is checked when it is known, right before the connection is made, so that
// no name can lead elsewhere in between.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: 10 * time.Second}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !g.allowed(host, port) {
		d.Control = refusePrivate
	}
	return d.DialContext(ctx, network, address)
}

func refusePrivate(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr()) {
		return errPrivate
	}
	return nil
}

// notPublic are ranges that netip does not tell of.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // of providers, behind one address
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("fec0::/10"),
	netip.MustParsePrefix("2001::/32"), // tunnels, which end at any address
	netip.MustParsePrefix("64:ff9b:1::/48"),
}

// translated are ranges whose addresses lead to the IPv4 address within them, by where that begins.
var translated = map[netip.Prefix]int{
	netip.MustParsePrefix("64:ff9b::/96"): 12,
	netip.MustParsePrefix("2002::/16"):    2,
	netip.MustParsePrefix("::/96"):        12,
}

// isPublic tells whether an address belongs to the whole net.
func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if !addr.IsGlobalUnicast() || addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(addr) {
			return false
		}
	}
	for p, at := range translated {
		if p.Contains(addr) {
			b := addr.As16()
			return isPublic(netip.AddrFrom4([4]byte(b[at : at+4])))
		}
	}
	return true
}
