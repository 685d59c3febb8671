package memory

import (
	"cmp"
	"slices"
	"time"

	"purser"
	"purser/repository"
)

func (st *state) findPackageVersions(f purser.PackageVersionFilter) []purser.PackageVersion {
	rows := st.packageVersions.all(func(v *purser.PackageVersion) bool {
		return (f.ID == 0 || v.ID == f.ID) && (f.Package == "" || v.Package == f.Package) && (f.Version == "" || v.Version == f.Version) &&
			(f.Stages == nil || slices.Contains(f.Stages, v.Stage)) && (f.DependsOn == nil || dependsOn(v, *f.DependsOn))
	})
	list, _ := page(rows, purser.Page{}, func(v *purser.PackageVersion) purser.PackageVersion { return repository.ClonePackageVersion(*v) })
	return list
}

func dependsOn(v *purser.PackageVersion, id purser.PackageIdentifier) bool {
	return slices.ContainsFunc(v.Dependencies, func(d purser.PackageDependency) bool { return d.Package == id.Name && d.Version == id.Version })
}

func (st *state) createPackageVersion(v *purser.PackageVersion) error {
	if st.packageVersions.first(func(o *purser.PackageVersion) bool { return o.Package == v.Package && o.Version == v.Version }) != nil {
		return repository.ErrPackageVersionExists(*v)
	}
	v.ID = st.packageVersions.nextID()
	st.packageVersions.insert(keptPackageVersion(*v))
	return nil
}

func (st *state) updatePackageVersion(v purser.PackageVersion) error {
	old := st.packageVersions.find(v.ID)
	if old == nil {
		return repository.ErrNoPackageVersion(v.ID)
	}
	kept := keptPackageVersion(v)
	kept.Package, kept.Version = old.Package, old.Version
	st.packageVersions.replace(v.ID, kept)
	return nil
}

func (st *state) deletePackageVersion(id int64) error {
	if !st.packageVersions.remove(id) {
		return repository.ErrNoPackageVersion(id)
	}
	st.deleteArtifacts(id)
	return nil
}

// keptPackageVersion is a version as it is kept: lists that are empty are nil.
func keptPackageVersion(v purser.PackageVersion) purser.PackageVersion {
	v = repository.ClonePackageVersion(v)
	if len(v.Images) == 0 {
		v.Images = nil
	}
	if len(v.Dependencies) == 0 {
		v.Dependencies = nil
	}
	for _, t := range []*time.Time{&v.CreatedAt, &v.StoredAt, &v.ReleasedAt} {
		*t = repository.Millis(*t)
	}
	return v
}

func (st *state) findArtifacts(f purser.ArtifactFilter) []purser.Artifact {
	rows := st.artifacts.all(func(a *purser.Artifact) bool {
		return (f.ID == 0 || a.ID == f.ID) && (f.Versions == nil || slices.Contains(f.Versions, a.VersionID)) &&
			(f.States == nil || slices.Contains(f.States, a.State)) && (f.Actual == "" || a.Actual == f.Actual)
	})
	list, _ := page(rows, purser.Page{Limit: f.Limit}, func(a *purser.Artifact) purser.Artifact { return repository.CloneArtifact(*a) })
	return list
}

func (st *state) createArtifact(a *purser.Artifact) error {
	if st.packageVersions.find(a.VersionID) == nil {
		return repository.ErrNoPackageVersion(a.VersionID)
	}
	a.ID = st.artifacts.nextID()
	st.artifacts.insert(keptArtifact(*a))
	return nil
}

func (st *state) updateArtifact(a purser.Artifact) error {
	old := st.artifacts.find(a.ID)
	if old == nil {
		return repository.ErrNoArtifact(a.ID)
	}
	kept := *old
	kept.State, kept.Received, kept.Actual, kept.Error, kept.Attempts = a.State, a.Received, a.Actual, a.Error, a.Attempts
	kept.NextAt, kept.Owner, kept.LeaseUntil = a.NextAt, a.Owner, a.LeaseUntil
	st.artifacts.replace(a.ID, keptArtifact(kept))
	return nil
}

func (st *state) deleteArtifacts(versionID int64) {
	for _, a := range st.artifacts.all(func(a *purser.Artifact) bool { return a.VersionID == versionID }) {
		st.artifacts.remove(a.ID)
	}
}

func (st *state) claimArtifacts(owner string, now, until time.Time, limit int) []purser.Artifact {
	now, until = now.Truncate(time.Millisecond), repository.Millis(until)
	due := st.artifacts.all(func(a *purser.Artifact) bool {
		return a.State.Open() && !a.NextAt.IsZero() && !a.NextAt.After(now) &&
			(a.Owner == "" || a.Owner == owner || a.LeaseUntil.IsZero() || a.LeaseUntil.Before(now))
	})
	slices.SortStableFunc(due, func(a, b *purser.Artifact) int { return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID)) })
	var claimed []purser.Artifact
	for _, a := range due[:min(limit, len(due))] {
		kept := *a
		kept.Owner, kept.LeaseUntil = owner, until
		st.artifacts.replace(kept.ID, kept)
		claimed = append(claimed, repository.CloneArtifact(kept))
	}
	return claimed
}

func keptArtifact(a purser.Artifact) purser.Artifact {
	a = repository.CloneArtifact(a)
	a.NextAt, a.LeaseUntil = repository.Millis(a.NextAt), repository.Millis(a.LeaseUntil)
	return a
}
