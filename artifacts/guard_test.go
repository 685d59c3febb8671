package artifacts

import (
	"net/netip"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for _, row := range []struct {
		addresses []string
		public    bool
	}{
		{[]string{"8.8.8.8", "1.1.1.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}, true},
		{[]string{
			"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.0", "0.1.2.3",
			"100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.1",
			"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1",
			"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:1::1",
		}, false},
	} {
		for _, text := range row.addresses {
			if got := isPublic(netip.MustParseAddr(text)); got != row.public {
				t.Errorf("%s: %v", text, got)
			}
		}
	}
}

func TestAllowedHosts(t *testing.T) {
	g := newGuard(true, []string{"Files.Example.org", "10.0.0.1:8080", "[::1]:443", "::2", "192.168.0.1"})
	for _, row := range []struct {
		host, port string
		allowed    bool
	}{
		{"files.example.org", "80", true},
		{"FILES.example.org.", "8443", true},
		{"example.org", "80", false},
		{"10.0.0.1", "8080", true},
		{"10.0.0.1", "80", false},
		{"::1", "443", true},
		{"::1", "80", false},
		{"::2", "80", true},
		{"::ffff:192.168.0.1", "80", true},
		{"", "", false},
	} {
		if got := g.allowed(row.host, row.port); got != row.allowed {
			t.Errorf("%s %s: %v", row.host, row.port, got)
		}
	}
	if !newGuard(false, nil).allowed("127.0.0.1", "80") {
		t.Error("nothing is denied, and it is")
	}
}
