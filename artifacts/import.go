package artifacts

import (
	"context"
	"slices"
	"strings"
	"time"

	"purser"
)

// Import stores a version as a draft and fetches its artifacts (purser.ImportRequest).
func (s *Service) Import(ctx context.Context, r purser.ImportRequest) (purser.CatalogEntry, error) {
	entry, jobs, err := s.store(ctx, r)
	if err != nil {
		return purser.CatalogEntry{}, err
	}
	s.Log.InfoContext(ctx, "package version imported", "package", entry.Package, "version", entry.Version, "artifacts", len(entry.Artifacts), "by", r.By)
	s.ring()
	s.fetchNow(ctx, jobs)
	now, err := s.Store.FindArtifacts(context.WithoutCancel(ctx), purser.ArtifactFilter{Versions: []int64{entry.ID}})
	if err != nil {
		return purser.CatalogEntry{}, err
	}
	for i, a := range entry.Artifacts {
		at := slices.IndexFunc(now, func(o purser.Artifact) bool { return o.ID == a.ID })
		if at >= 0 {
			entry.Artifacts[i] = now[at]
			continue
		}
		// Somebody has imported it again meanwhile: what is known is what this import has seen.
		if at := slices.IndexFunc(jobs, func(j *job) bool { return j.artifact.ID == a.ID }); at >= 0 {
			entry.Artifacts[i] = jobs[at].artifact
		}
	}
	return entry, nil
}

// store stores what an import is about, and begins what it waits for.
func (s *Service) store(ctx context.Context, r purser.ImportRequest) (entry purser.CatalogEntry, jobs []*job, err error) {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return entry, nil, purser.Errorf(purser.CodeUnavailable, "The server is shutting down.")
	}
	waited := s.inline(r.Artifacts)
	var before []purser.Artifact
	s.claiming.RLock()
	defer s.claiming.RUnlock()
	err = s.Store.Update(ctx, func(tx purser.Tx) (err error) {
		now := s.Clock.Now()
		entry, before = purser.CatalogEntry{PackageVersion: r.Version}, nil
		entry.Stage, entry.StoredAt, entry.StoredBy = purser.PackageDraft, now, r.By
		entry.ID, entry.ReleasedAt, entry.ReleasedBy, entry.PackageID = 0, time.Time{}, "", 0
		if err := needDependencies(ctx, tx, entry.PackageVersion); err != nil {
			return err
		}
		if before, err = place(ctx, tx, &entry.PackageVersion, r.Strict); err != nil {
			return err
		}
		for i, a := range r.Artifacts {
			a = fresh(a, entry.ID, now)
			if err := s.fetcher.check(a.Source, a.Size); err != nil {
				s.conclude(&a, err, true)
			} else if waited[i] {
				a.Owner, a.LeaseUntil = s.Owner, now.Add(s.lease())
			}
			if err := tx.CreateArtifact(ctx, &a); err != nil {
				return err
			}
			entry.Artifacts = append(entry.Artifacts, a)
		}
		return nil
	})
	if err != nil {
		return entry, nil, err
	}
	s.forget(ctx, before)
	var first []purser.Artifact
	for i, a := range entry.Artifacts {
		if waited[i] && a.State.Open() {
			first = append(first, a)
		}
	}
	return entry, s.reserve(first), nil
}

// fresh is an artifact of which nothing has come.
func fresh(a purser.Artifact, versionID int64, now time.Time) purser.Artifact {
	return purser.Artifact{
		VersionID: versionID, Name: a.Name, Platform: a.Platform, Size: a.Size, SHA256: strings.ToLower(strings.TrimSpace(a.SHA256)), Source: a.Source,
		Executable: a.Executable, Arguments: a.Arguments, Metadata: a.Metadata, State: purser.ArtifactPending, NextAt: now,
	}
}

// place stores a draft, in place of the one that is there, and gives the artifacts of that one.
func place(ctx context.Context, tx purser.Tx, v *purser.PackageVersion, strict bool) ([]purser.Artifact, error) {
	found, err := tx.FindPackageVersions(ctx, purser.PackageVersionFilter{Package: v.Package, Version: v.Version})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, tx.CreatePackageVersion(ctx, v)
	}
	if strict || found[0].Stage != purser.PackageDraft {
		return nil, purser.Errorf(purser.CodeConflict, "Version %s of %s is there already, and its status is %s", v.Version, v.Package, found[0].Stage)
	}
	v.ID = found[0].ID
	before, err := tx.FindArtifacts(ctx, purser.ArtifactFilter{Versions: []int64{v.ID}})
	if err != nil {
		return nil, err
	}
	if err := tx.DeleteArtifacts(ctx, v.ID); err != nil {
		return nil, err
	}
	return before, tx.UpdatePackageVersion(ctx, *v)
}

// needDependencies refuses dependencies that are not there.
func needDependencies(ctx context.Context, tx purser.Tx, v purser.PackageVersion) error {
	for _, d := range v.Dependencies {
		found, err := tx.FindPackageVersions(ctx, purser.PackageVersionFilter{Package: d.Package, Version: d.Version})
		if err != nil {
			return err
		}
		if d.Package == "" || d.Version == "" || len(found) == 0 { // a filter that is empty fits all
			return purser.Errorf(purser.CodeNotFound, "Some dependencies do not exist")
		}
	}
	return nil
}
