package local_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"purser"
)

// BenchmarkDeploy measures the time from the order to the event that the application is deployed, and from the order to
// undeploy until nothing of it is left.
func BenchmarkDeploy(b *testing.B) {
	g := MustGround(b, nil)
	d := g.MustOpenAndClear()
	var up, down time.Duration
	for n := range b.N {
		a := app(fmt.Sprint("a", n), "serve")
		began := time.Now()
		s := MustRun(b, d, a, 1)
		up += time.Since(began)
		began = time.Now()
		MustUndeploy(b, d, a.ID)
		gone(b, pid(b, s.Instances[0]))
		down += time.Since(began)
	}
	b.ReportMetric(float64(up.Microseconds())/1000/float64(b.N), "ms/deployed")
	b.ReportMetric(float64(down.Microseconds())/1000/float64(b.N), "ms/gone")
}

// BenchmarkIdle measures what 200 instances that do nothing cost the server, and how long it takes to adopt them.
func BenchmarkIdle(b *testing.B) {
	g := MustGround(b, nil)
	d := g.MustOpenAndClear()
	const instances = 200
	MustRun(b, d, app("a", "serve"), instances)
	for b.Loop() {
		before := cpu(b)
		began := time.Now()
		<-time.After(5 * time.Second)
		b.ReportMetric(float64(cpu(b)-before)/float64(time.Since(began))*100, "%CPU")
	}
	const openings = 10
	began := time.Now()
	for range openings {
		again := g.MustOpen()
		MustAwait(b, again, "test.a-v1", in(purser.StateDeployed, instances))
	}
	b.ReportMetric(float64(time.Since(began).Microseconds())/1000/openings, "ms/adopt")
}

// cpu gives the processor time of this process so far.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
