package purser

// The requests below are for package versions with artifacts. Package artifacts performs them:
//
//	Import(ctx, ImportRequest) (CatalogEntry, error)            CodeConflict when the version is there and may not be replaced;
//	                                                            CodeNotFound for a dependency
//	ReleaseVersion(ctx, VersionRequest) (CatalogEntry, error)   CodeNotFound; CodeConflict when it is no draft, or its package is
//	                                                            there; CodeInvalid when not all artifacts are uploaded, or one
//	                                                            that should be a package is none
//	RemoveVersion(ctx, VersionRequest) error                    CodeNotFound; CodeConflict when it is no draft; CodePackageInUse
//	                                                            when others depend on it
//	OpenArtifact(ctx, Artifact) (ArtifactContent, error)        CodeNotFound when its bytes are not here
//
// All that write give CodeUnavailable once the service closes. What is only read comes from the store:
// FindPackageVersions, FindArtifacts.

// ImportRequest stores a version as a draft, in place of a draft of the same package and version, and begins to fetch its
// artifacts. The answer comes when those that are small enough have come or failed, or their time is up; the others go on
// after it.
type ImportRequest struct {
	Version   PackageVersion // without what only the server knows: id, stage, and when and by whom it was stored and released
	Artifacts []Artifact     // in their order: name, platform, size, SHA256, source and what is said of them
	Strict    bool           // a draft is not replaced
	By        string
}

// VersionRequest names a package version.
type VersionRequest struct {
	Package string
	Version string
	By      string
}

// CatalogEntry is a package version with its artifacts.
type CatalogEntry struct {
	PackageVersion
	Artifacts []Artifact // in their order
}
