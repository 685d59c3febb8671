package repository

import "purser"

// ErrPackageVersionExists refuses a version that its package has already.
func ErrPackageVersionExists(v purser.PackageVersion) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Package version [%s:%s] already exists.", v.Package, v.Version)
}

// ErrNoPackageVersion is the refusal for the id of no package version.
func ErrNoPackageVersion(id int64) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Package version with id='%d' can not be found.", id)
}

// ErrNoArtifact is the refusal for the id of no artifact.
func ErrNoArtifact(id int64) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Artifact with id='%d' can not be found.", id)
}

// ClonePackageVersion copies a package version.
func ClonePackageVersion(v purser.PackageVersion) purser.PackageVersion {
	v.Images = cloneEach(v.Images, func(i purser.ImageReference) purser.ImageReference { return i })
	v.Dependencies = cloneEach(v.Dependencies, func(d purser.PackageDependency) purser.PackageDependency { return d })
	return v
}

// CloneArtifact copies an artifact.
func CloneArtifact(a purser.Artifact) purser.Artifact {
	a.Executable = clonePointer(a.Executable)
	a.Arguments = clonePointer(a.Arguments)
	return a
}
