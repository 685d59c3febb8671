package purser

import (
	"cmp"

	"github.com/Masterminds/semver/v3"
)

// CompareVersions orders two package versions by SemVer precedence: negative when a comes before b, 0 when neither
// does. Texts that are no versions come before all versions, in text order; build metadata breaks ties in text order, so
// that the order is total.
func CompareVersions(a, b string) int {
	va, erra := semver.StrictNewVersion(a)
	vb, errb := semver.StrictNewVersion(b)
	switch {
	case erra != nil && errb != nil:
		return cmp.Compare(a, b)
	case erra != nil:
		return -1
	case errb != nil:
		return 1
	}
	if c := va.Compare(vb); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}
