package purser_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"purser"
)

func TestCompareVersions(t *testing.T) {
	// In rising order; each one comes before all that follow.
	rising := []string{
		"", "1.0", "latest", "v1.0.0",
		"0.9.9", "1.0.0-SNAPSHOT", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-rc.1",
		"1.0.0", "1.0.0+b1", "1.0.0+b2", "1.2.0", "1.10.0", "9.0.0", "10.0.0",
	}
	for i, a := range rising {
		for j, b := range rising {
			got := purser.CompareVersions(a, b)
			if (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("CompareVersions(%q, %q) = %d", a, b, got)
			}
		}
	}
}

func TestCompareVersionsIsATotalOrder(t *testing.T) {
	version := rapid.StringMatching(`(0|1|10|2)\.(0|9|10)\.(0|1)(-(a|1|rc\.1))?(\+(x|y))?|1\.0|x`)
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(version, 3, 3).Draw(t, "versions")
		if purser.CompareVersions(some[0], some[1]) != -purser.CompareVersions(some[1], some[0]) {
			t.Fatalf("%q and %q are not opposite", some[0], some[1])
		}
		slices.SortFunc(some, purser.CompareVersions)
		if purser.CompareVersions(some[0], some[2]) > 0 {
			t.Fatalf("not transitive: %q", some)
		}
	})
}
