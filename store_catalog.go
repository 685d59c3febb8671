package purser

import (
	"context"
	"time"
)

// CatalogReader is what can be asked of the store about package versions with artifacts. It is part of Reader.
type CatalogReader interface {
	// FindPackageVersions gives the versions that fit, by id.
	FindPackageVersions(ctx context.Context, filter PackageVersionFilter) ([]PackageVersion, error)
	// FindArtifacts gives the artifacts that fit, by id, which is their order in their version.
	FindArtifacts(ctx context.Context, filter ArtifactFilter) ([]Artifact, error)
}

// CatalogWriter is what a write transaction can do for them. It is part of Tx.
type CatalogWriter interface {
	// CreatePackageVersion stores a version and sets its ID. CodeConflict when its package has it already.
	CreatePackageVersion(ctx context.Context, v *PackageVersion) error
	// UpdatePackageVersion stores everything but ID, package and version. CodeNotFound.
	UpdatePackageVersion(ctx context.Context, v PackageVersion) error
	// DeletePackageVersion removes a version with its artifacts. CodeNotFound.
	DeletePackageVersion(ctx context.Context, id int64) error
	// CreateArtifact stores an artifact and sets its ID, which is higher than any before. CodeNotFound for its version.
	CreateArtifact(ctx context.Context, a *Artifact) error
	// UpdateArtifact stores state, received bytes, actual checksum, error, attempts, when it is next, and who fetches it until
	// when. CodeNotFound.
	UpdateArtifact(ctx context.Context, a Artifact) error
	// DeleteArtifacts removes the artifacts of a version.
	DeleteArtifacts(ctx context.Context, versionID int64) error
	// ClaimArtifacts makes owner the owner until then of artifacts that are pending or uploading, are due now, and that nobody
	// owns, that owner owns already, or whose lease ended before now; at most limit of them, those that are due longest first.
	ClaimArtifacts(ctx context.Context, owner string, now, until time.Time, limit int) ([]Artifact, error)
}

// PackageVersionFilter narrows a list of package versions; zero fields do not narrow.
type PackageVersionFilter struct {
	ID        int64
	Package   string // exact
	Version   string // exact
	Stages    []PackageStage
	DependsOn *PackageIdentifier // only those that need this version
}

// ArtifactFilter narrows a list of artifacts; zero fields do not narrow.
type ArtifactFilter struct {
	ID       int64
	Versions []int64 // of VersionID; an empty list that is not nil fits nothing
	States   []ArtifactState
	Actual   string // exact
	Limit    int    // 0: no limit
}
