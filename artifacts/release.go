package artifacts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"purser"
)

// ReleaseVersion makes a draft a released version (purser.VersionRequest).
func (s *Service) ReleaseVersion(ctx context.Context, r purser.VersionRequest) (purser.CatalogEntry, error) {
	entry, err := s.find(ctx, r)
	if err != nil {
		return entry, err
	}
	if err := releasable(entry); err != nil {
		return entry, err
	}
	archive, err := s.examine(ctx, entry)
	if err != nil {
		return entry, err
	}
	err = s.Store.Update(ctx, func(tx purser.Tx) error {
		now, err := current(ctx, tx, r)
		if err != nil {
			return err
		}
		if !sameArtifacts(now, entry) {
			return purser.Errorf(purser.CodeConflict, "Version %s of %s was changed meanwhile", r.Version, r.Package)
		}
		if err := releasable(now); err != nil {
			return err
		}
		if archive != nil {
			m := archive.Metadata
			if err := tx.CreatePackage(ctx, &m, archive.Bytes); err != nil {
				return err
			}
			now.PackageID = m.ID
		}
		now.Stage, now.ReleasedAt, now.ReleasedBy = purser.PackageReleased, s.Clock.Now(), r.By
		entry = now
		return tx.UpdatePackageVersion(ctx, now.PackageVersion)
	})
	if err != nil {
		return entry, err
	}
	s.Log.InfoContext(ctx, "package version released", "package", r.Package, "version", r.Version, "installable", archive != nil, "by", r.By)
	return entry, nil
}

func (s *Service) find(ctx context.Context, r purser.VersionRequest) (purser.CatalogEntry, error) {
	return current(ctx, s.Store, r)
}

// reader is a store, or a transaction.
type reader interface {
	FindPackageVersions(ctx context.Context, filter purser.PackageVersionFilter) ([]purser.PackageVersion, error)
	FindArtifacts(ctx context.Context, filter purser.ArtifactFilter) ([]purser.Artifact, error)
}

// current gives a version with its artifacts. CodeNotFound.
func current(ctx context.Context, q reader, r purser.VersionRequest) (entry purser.CatalogEntry, err error) {
	var found []purser.PackageVersion
	if r.Package != "" && r.Version != "" { // a filter that is empty fits all
		found, err = q.FindPackageVersions(ctx, purser.PackageVersionFilter{Package: r.Package, Version: r.Version})
	}
	if err != nil {
		return entry, err
	}
	if len(found) == 0 {
		return entry, purser.Errorf(purser.CodeNotFound, "Release not found: %s", r.Version)
	}
	entry.PackageVersion = found[0]
	entry.Artifacts, err = q.FindArtifacts(ctx, purser.ArtifactFilter{Versions: []int64{found[0].ID}})
	return entry, err
}

func sameArtifacts(a, b purser.CatalogEntry) bool {
	if a.ID != b.ID || len(a.Artifacts) != len(b.Artifacts) {
		return false
	}
	for i := range a.Artifacts {
		if a.Artifacts[i].ID != b.Artifacts[i].ID {
			return false
		}
	}
	return true
}

// releasable refuses what is no draft, or is not complete.
func releasable(entry purser.CatalogEntry) error {
	if entry.Stage == purser.PackageReleased || !entry.Stage.CanBecome(purser.PackageReleased) {
		return purser.Errorf(purser.CodeConflict, "Release %s cannot be released, its status is %s", entry.Version, entry.Stage)
	}
	var missing []string
	for _, a := range entry.Artifacts {
		if a.State == purser.ArtifactUploaded {
			continue
		}
		state := string(a.State)
		if a.State == purser.ArtifactUploading {
			state = fmt.Sprintf("%s, %d %%", a.State, a.Progress())
		}
		missing = append(missing, fmt.Sprintf("%s (%s)", a.Name, state))
	}
	if len(missing) > 0 {
		return purser.Errorf(purser.CodeInvalid, "Not all artifacts are uploaded: %s", strings.Join(missing, ", "))
	}
	return nil
}

// examine gives the package among the artifacts, nil when there is none. When several are packages, the one that is
// called like the version comes first, then the first.
func (s *Service) examine(ctx context.Context, entry purser.CatalogEntry) (*purser.PackageArchive, error) {
	if s.Packages == nil {
		return nil, nil
	}
	var zips []purser.Artifact
	for _, a := range entry.Artifacts {
		switch {
		case !strings.EqualFold(path.Ext(a.Name), ".zip"):
		case a.Name == entry.Package+"-"+entry.Version+path.Ext(a.Name):
			zips = append([]purser.Artifact{a}, zips...)
		default:
			zips = append(zips, a)
		}
	}
	id := purser.PackageIdentifier{Name: entry.Package, Version: entry.Version}
	for _, a := range zips {
		found, err := s.examineOne(ctx, id, a)
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

func (s *Service) examineOne(ctx context.Context, id purser.PackageIdentifier, a purser.Artifact) (*purser.PackageArchive, error) {
	content, err := s.OpenArtifact(ctx, a)
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }()
	size, err := content.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, diskError(err)
	}
	found, err := s.Packages.Examine(ctx, id, content, size)
	if e, ok := errors.AsType[*purser.Error](err); ok && (e.Code == purser.CodeInvalid || e.Code == purser.CodeTooLarge) {
		return nil, purser.Errorf(e.Code, "The artifact %s looks like a package and is none: %w", a.Name, err)
	}
	return found, err
}

// RemoveVersion removes a draft with its artifacts (purser.VersionRequest).
func (s *Service) RemoveVersion(ctx context.Context, r purser.VersionRequest) error {
	var removed purser.CatalogEntry
	err := s.Store.Update(ctx, func(tx purser.Tx) (err error) {
		if removed, err = current(ctx, tx, r); err != nil {
			return err
		}
		users, err := tx.FindPackageVersions(ctx, purser.PackageVersionFilter{DependsOn: &purser.PackageIdentifier{Name: r.Package, Version: r.Version}})
		switch {
		case err != nil:
			return err
		case len(users) > 0:
			return purser.Errorf(purser.CodePackageInUse, "Release %s cannot be deleted, other releases depend on it", r.Version)
		case removed.Stage != purser.PackageDraft:
			return purser.Errorf(purser.CodeConflict, "Release %s cannot be deleted, its status is %s", r.Version, removed.Stage)
		}
		return tx.DeletePackageVersion(ctx, removed.ID)
	})
	if err != nil {
		return err
	}
	s.forget(ctx, removed.Artifacts)
	s.Log.InfoContext(ctx, "package version removed", "package", r.Package, "version", r.Version, "by", r.By)
	return nil
}
