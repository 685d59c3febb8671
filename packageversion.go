package purser

import (
	"slices"
	"time"

	"github.com/Masterminds/semver/v3"
)

// PackageVersion is a version of a package on its way to being released, with what it is made of. It is no package yet:
// only a released one with an archive among its artifacts can be installed, as the package PackageID.
type PackageVersion struct {
	ID      int64
	Package string // name
	Version string // any text; unique in its package
	Stage   PackageStage

	Title     string // "": none was given
	Tag       string
	Notes     string
	Author    string // e-mail address
	Metadata  string // a JSON object as it was given; "" for none
	Imported  bool   // it was taken over from another server
	CreatedAt time.Time

	Images       []ImageReference
	Dependencies []PackageDependency

	StoredAt   time.Time // when it came to this server, or was replaced there
	StoredBy   string
	ReleasedAt time.Time // zero: it is not released
	ReleasedBy string
	PackageID  int64 // of PackageMetadata, since it is released; 0: it holds no package
}

// ImageReference names a container image. Nobody here fetches it.
type ImageReference struct {
	Name     string
	URL      string
	Platform string
	Metadata string // a JSON object as it was given; "" for none
}

// PackageDependency is a package version that another one needs.
type PackageDependency struct {
	Reference string // in the words of the dialect, as it was given
	Name      string // as it was given
	Package   string // what the reference stands for
	Version   string
}

// PackageStage is how far a package version has come.
type PackageStage string

// The stages.
const (
	PackageDraft    PackageStage = "draft"     // may be replaced and removed; nobody can install it
	PackageInReview PackageStage = "in_review" // somebody looks at it
	PackageApproved PackageStage = "approved"  // somebody has looked at it
	PackageReleased PackageStage = "released"  // it never changes again
	PackageArchived PackageStage = "archived"  // it was released, and should not be used any more
	PackageError    PackageStage = "error"     // it cannot be completed
)

// PackageStages lists every stage.
var PackageStages = []PackageStage{PackageDraft, PackageInReview, PackageApproved, PackageReleased, PackageArchived, PackageError}

var packageMoves = map[PackageStage][]PackageStage{
	PackageDraft:    {PackageInReview, PackageApproved, PackageReleased, PackageError},
	PackageInReview: {PackageDraft, PackageApproved, PackageError},
	PackageApproved: {PackageDraft, PackageReleased, PackageError},
	PackageReleased: {PackageArchived},
	PackageArchived: {PackageReleased},
	PackageError:    {PackageDraft},
}

// CanBecome tells whether a version may move from s to next. A move to the stage that it has is none, and always legal.
func (s PackageStage) CanBecome(next PackageStage) bool {
	return s == next || slices.Contains(packageMoves[s], next)
}

// Frozen tells whether a version of that stage never changes again.
func (s PackageStage) Frozen() bool { return s == PackageReleased || s == PackageArchived }

// LatestReleased gives the released version with the highest SemVer; nil when there is none. What is no SemVer does not
// count.
func LatestReleased(list []PackageVersion) *PackageVersion {
	var latest *PackageVersion
	for i, v := range list {
		if _, err := semver.StrictNewVersion(v.Version); err != nil || v.Stage != PackageReleased {
			continue
		}
		if latest == nil || CompareVersions(v.Version, latest.Version) > 0 {
			latest = &list[i]
		}
	}
	return latest
}
