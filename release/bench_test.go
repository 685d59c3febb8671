package release_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"purser"
)

// What the engine itself costs, with store and platform in memory.

func BenchmarkInstall(b *testing.B) {
	w := MustWorld(b)
	n := 0
	for b.Loop() {
		if n++; n%200 == 0 { // the memory store and the fake become slower with their size
			b.StopTimer()
			w = MustWorld(b)
			b.StartTimer()
		}
		w.MustInstall(b, fmt.Sprintf("r%d", n), demo("1.0.0"))
	}
}

func BenchmarkUpgrade(b *testing.B) {
	w := MustWorld(b)
	n := 0
	for b.Loop() {
		if n++; n%200 == 1 {
			b.StopTimer()
			w = MustWorld(b)
			w.MustInstall(b, "web", demo("1.0.0"))
			b.StartTimer()
		}
		w.MustUpgrade(b, purser.UpgradeRequest{Key: key("web"), Package: demo("1.0.0"), Force: true})
		w.settle(b, "web")
	}
}

func BenchmarkStatus(b *testing.B) {
	w := MustWorld(b)
	w.MustInstall(b, "web", demo("1.0.0"))
	for b.Loop() {
		if _, err := w.Status(b.Context(), key("web"), 0); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIdle tells what 1,000 deployed releases under watch cost: memory of each, and processor time while nothing
// happens.
func BenchmarkIdle(b *testing.B) {
	const releases = 1000
	for b.Loop() {
		b.StopTimer()
		w := MustWorld(b)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for n := range releases {
			w.MustInstall(b, fmt.Sprintf("r%d", n), demo("1.0.0"))
		}
		time.Sleep(time.Second)
		runtime.GC()
		runtime.ReadMemStats(&after)
		used := processor(b)
		b.StartTimer()
		time.Sleep(time.Second)
		b.StopTimer()
		b.ReportMetric(float64(after.HeapInuse+after.StackInuse-before.HeapInuse-before.StackInuse)/releases, "B/release")
		b.ReportMetric(float64((processor(b) - used).Microseconds()), "µs-cpu/s-idle")
		if err := w.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
