package local

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"

	"purser"
)

// Ports knows which ports are given to instances, whether they listen yet or not. It is safe for concurrent use.
type Ports struct {
	mu    sync.Mutex
	taken map[int]int // port -> instances that have it
}

// NewPorts makes an empty set.
func NewPorts() *Ports { return &Ports{taken: map[int]int{}} }

// reserve notes a port that an instance has already; ports below 1 are none.
func (p *Ports) reserve(port int) {
	if port < 1 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken[port]++
}

// release gives a port back.
func (p *Ports) release(port int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[port]--; p.taken[port] <= 0 {
		delete(p.taken, port)
	}
}

// pick reserves a random port from low to high, exclusive, that nobody listens on. Ports that the kernel gives to
// outgoing connections are the last choice: one of those could take a port between the choice and its use.
// CodePlatform when none is free.
func (p *Ports) pick(low, high int) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range choices(low, high) {
		for range 64 {
			if port := r[0] + rand.IntN(r[1]-r[0]); p.free(port) {
				p.taken[port]++
				return port, nil
			}
		}
	}
	for port := low; port < high; port++ {
		if p.free(port) {
			p.taken[port]++
			return port, nil
		}
	}
	return 0, purser.Errorf(purser.CodePlatform, "no port from %d to %d is free", low, high-1)
}

func (p *Ports) free(port int) bool {
	return p.taken[port] == 0 && bindable(port)
}

// bindable tries the wildcard address, as most applications will.
func bindable(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf(":%d", port)) //nolint:noctx // it does not block
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}

// choices parts a range into what is outside the kernel's own range and the whole.
func choices(low, high int) [][2]int {
	whole := [2]int{low, high}
	b, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	fields := strings.Fields(string(b))
	if err != nil || len(fields) != 2 {
		return [][2]int{whole}
	}
	from, err1 := strconv.Atoi(fields[0])
	to, err2 := strconv.Atoi(fields[1])
	if err1 != nil || err2 != nil {
		return [][2]int{whole}
	}
	var parts [][2]int
	if below := min(high, from); low < below {
		parts = append(parts, [2]int{low, below})
	} else if above := max(low, to+1); above < high {
		parts = append(parts, [2]int{above, high})
	}
	return append(parts, whole)
}

// occupants gives the listeners of a port, or nil when it is free; that question costs little.
func occupants(port int) map[uint64]bool {
	if port < 1 || bindable(port) {
		return nil
	}
	return listeners(port)
}

// listeners gives the inodes of the sockets that listen on a port of this machine; nil when there are none. The kernel takes
// milliseconds for the answer.
func listeners(port int) map[uint64]bool {
	var found map[uint64]bool
	if port < 1 {
		return nil
	}
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(b)) {
			if inode, ok := listening(line, port); ok {
				if found == nil {
					found = map[uint64]bool{}
				}
				found[inode] = true
			}
		}
	}
	return found
}

// listening reads one line of /proc/net/tcp: number, local address, remote address, state (0A: listening), ..., inode.
func listening(line string, port int) (inode uint64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 10 || fields[3] != "0A" || !strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", port)) {
		return 0, false
	}
	inode, err := strconv.ParseUint(fields[9], 10, 64)
	return inode, err == nil
}
