package events_test

import (
	"bufio"
	"fmt"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"purser"
	"purser/api/events"
	"purser/repository/memory"
)

const manyStreams = 1000

// mustConnect opens streams without a client of their own, and gives them with their openings read.
func mustConnect(b *testing.B, s *site, n int) []net.Conn {
	b.Helper()
	address := strings.TrimPrefix(s.URL, "http://")
	connections := make([]net.Conn, n)
	for i := range connections {
		c, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = c.Close() })
		if _, err := fmt.Fprintf(c, "GET /api/events HTTP/1.1\r\nHost: %s\r\n\r\n", address); err != nil {
			b.Fatal(err)
		}
		readUntil(b, c, "id: 0\n\n")
		connections[i] = c
	}
	return connections
}

// readUntil reads byte by byte, so that nothing stays in a buffer.
func readUntil(b *testing.B, c net.Conn, end string) {
	b.Helper()
	var got []byte
	part := make([]byte, 512)
	for !strings.Contains(string(got), end) {
		n, err := c.Read(part)
		if err != nil {
			b.Fatal(err)
		}
		got = append(got, part[:n]...)
	}
}

// BenchmarkIdleStreams tells what 1,000 open streams cost while nothing happens: memory of each, both ends of its
// connection included, and processor time, with the store asked for other servers' events as often as by default.
func BenchmarkIdleStreams(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		store := memory.New()
		s := MustSite(b, store, func(o *events.HubOptions, _ *events.Options) { o.Poll = events.DefaultPoll })
		before := inUse()
		connections := mustConnect(b, s, manyStreams)
		after := inUse()
		time.Sleep(time.Second)
		used := processor(b)
		b.StartTimer()
		time.Sleep(5 * time.Second)
		b.StopTimer()
		b.ReportMetric(float64(after-before)/manyStreams, "B/stream")
		b.ReportMetric(float64((processor(b)-used).Microseconds())/5, "µs-cpu/s-idle")
		for _, c := range connections {
			_ = c.Close()
		}
		b.StartTimer()
	}
}

// BenchmarkFanOut is one event on its way to 1,000 streams, from its transaction to the last client.
func BenchmarkFanOut(b *testing.B) {
	s := MustSite(b, memory.New())
	connections := mustConnect(b, s, manyStreams)
	readers := make([]*bufio.Reader, len(connections))
	for i, c := range connections {
		readers[i] = bufio.NewReader(c)
	}
	version := 0
	for b.Loop() {
		version++
		s.happen(b, purser.Event{Kind: purser.EventRelease, Key: purser.ReleaseKey{Name: "web"}, Version: version})
		for _, r := range readers {
			for line := ""; !strings.HasPrefix(line, "data:"); {
				var err error
				if line, err = r.ReadString('\n'); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
