package templates_test

import (
	"fmt"
	"testing"

	"purser"
	"purser/templates"
)

// BenchmarkRender renders packages of applications with the generic template and dumps their manifests.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{1, 2, 10, 100, 200, 1000} {
		b.Run(fmt.Sprintf("apps=%d", n), func(b *testing.B) {
			names := make([]string, n)
			for i := range names {
				names[i] = fmt.Sprintf("app%d", i)
			}
			q := purser.RenderRequest{Package: streamOf(names...)}
			r := templates.New()
			b.ReportAllocs()
			for b.Loop() {
				mustRender(b, r, q)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/app")
		})
	}
}

// BenchmarkApplications reads manifests back.
func BenchmarkApplications(b *testing.B) {
	for _, n := range []int{2, 200} {
		b.Run(fmt.Sprintf("apps=%d", n), func(b *testing.B) {
			names := make([]string, n)
			for i := range names {
				names[i] = fmt.Sprintf("app%d", i)
			}
			r := templates.New()
			manifest := mustRender(b, r, purser.RenderRequest{Package: streamOf(names...)})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Applications(manifest); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/app")
		})
	}
}

// BenchmarkCompare compares two manifests of many applications of which one differs.
func BenchmarkCompare(b *testing.B) {
	names := make([]string, 200)
	for i := range names {
		names[i] = fmt.Sprintf("app%d", i)
	}
	r := templates.New()
	p := streamOf(names...)
	override := "app7: {spec: {version: 2.0.0}}"
	existing := purser.Release{Package: p, Manifest: mustRender(b, r, purser.RenderRequest{Package: p})}
	replacing := purser.Release{Package: p, Manifest: mustRender(b, r, purser.RenderRequest{Package: p, Values: &override})}
	b.ReportAllocs()
	for b.Loop() {
		if d, err := r.Compare(existing, replacing); err != nil || len(d.Apps) != 1 {
			b.Fatal(d, err)
		}
	}
}

// BenchmarkMergeValues carries values over to a new version.
func BenchmarkMergeValues(b *testing.B) {
	base, override := genericValues("log"), "spec: {applicationProperties: {server.port: 1}}"
	r := templates.New()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.MergeValues(&base, &override); err != nil {
			b.Fatal(err)
		}
	}
}
