package release

import (
	"slices"
	"testing"

	"purser"
)

// The table of phases is whole: every edge changes rows, leads to a phase of the same kind or to the end, and no course
// comes by a phase twice.
func TestPhases(t *testing.T) {
	starts := map[purser.OperationKind]purser.Phase{
		purser.OperationInstall: purser.PhaseDeploy, purser.OperationUpgrade: purser.PhaseDeploy,
		purser.OperationDelete: purser.PhaseRemove, purser.OperationScale: purser.PhaseScale,
		purser.OperationActivate: purser.PhaseQueued,
	}
	for kind, start := range starts {
		seen := map[purser.Phase]bool{}
		var walk func(at purser.Phase, way []purser.Phase)
		walk = func(at purser.Phase, way []purser.Phase) {
			if slices.Contains(way, at) {
				t.Fatalf("%s comes by %s twice: %v", kind, at, way)
			}
			p, ok := phases[kind][at]
			if !ok || p.step == nil {
				t.Fatalf("%s has no phase %s", kind, at)
			}
			seen[at] = true
			edges := []edge{p.good, p.bad}
			if p.cancellable() {
				edges = append(edges, p.cancelled)
			}
			for _, next := range edges {
				if next.apply == nil || next.outcome != "" && next.next != purser.PhaseDone {
					t.Errorf("%s/%s has an edge to %q with outcome %q", kind, at, next.next, next.outcome)
				}
				if next.next != purser.PhaseDone {
					walk(next.next, append(slices.Clone(way), at))
				}
			}
		}
		walk(start, nil)
		if len(seen) != len(phases[kind]) {
			t.Errorf("%s has phases that nothing leads to", kind)
		}
	}
	if len(phases) != len(starts) {
		t.Errorf("%d kinds", len(phases))
	}
}
