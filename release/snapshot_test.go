package release_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

// tenant is a space that is not Skipper's, prefix what the ids of its deployments begin with.
const (
	tenant = "orgs/a"
	prefix = "sf83eee74a17b-"
)

func inTenant(name string) purser.ReleaseKey { return purser.ReleaseKey{Space: tenant, Name: name} }

// MustStage stages a version of pair out of duo with these values ("" for none).
func (w *world) MustStage(tb testing.TB, values string) purser.Release {
	tb.Helper()
	r, err := w.Stage(tb.Context(), stagePair(values))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func stagePair(values string) purser.StageRequest {
	return purser.StageRequest{Key: inTenant("pair"), Package: duo("1.0.0"), Platform: "default", Values: optional(values), RequestedBy: "alice"}
}

func activatePair(version int) purser.ActivateRequest {
	return purser.ActivateRequest{Key: inTenant("pair"), Version: version, Wait: true, Archive: true, Timeout: seconds(10), RequestedBy: "bob"}
}

// MustActivate activates a version of pair.
func (w *world) MustActivate(tb testing.TB, version int) purser.ActivateResult {
	tb.Helper()
	got, err := w.Activate(tb.Context(), activatePair(version))
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

// pair tells how each version of pair stands, and what runs.
func (w *world) pair(tb testing.TB) []string {
	tb.Helper()
	all, err := w.store.FindVersions(tb.Context(), purser.VersionFilter{Key: inTenant("pair"), Archived: true, Ascending: true})
	if err != nil {
		tb.Fatal(err)
	}
	lines := []string{}
	for _, r := range all {
		line := fmt.Sprintf("%d %s", r.Version, r.Stage)
		if r.Archived {
			line += " archived"
		}
		lines = append(lines, line)
	}
	ids := w.platform.Deployments()
	slices.Sort(ids)
	return append(lines, ids...)
}

func (w *world) wantPair(tb testing.TB, want ...string) {
	tb.Helper()
	if diff := cmp.Diff(append([]string{}, want...), w.pair(tb)); diff != "" {
		tb.Errorf("(-want +got):\n%s", diff)
	}
	if d := w.logDiffers(tb); d != "" {
		tb.Error(d)
	}
}

// wantCode fails the test unless err has that code.
func wantCode(tb testing.TB, err error, code purser.Code) {
	tb.Helper()
	if got := purser.ErrorCode(err); got != code {
		tb.Errorf("error %v has code %q, want %q", err, got, code)
	}
}

// find gives a version of pair as it is stored.
func (w *world) find(tb testing.TB, version int) purser.Release {
	tb.Helper()
	r, err := w.store.FindRelease(tb.Context(), inTenant("pair"), version)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
