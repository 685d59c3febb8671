package packages

import (
	"bytes"
	"context"
	"crypto/sha256"
	"slices"
	"strconv"

	"purser"
)

// Read implements purser.PackageReader. The metadata of the package is m, also where the package.yml of a remote archive
// differs (spec/packages.md §6.2). The caller owns what it gets.
func (s *Service) Read(ctx context.Context, m purser.PackageMetadata) (purser.Package, error) {
	archive, err := s.archive(ctx, m)
	if err != nil {
		return purser.Package{}, err
	}
	pkg, err := s.decode(archive, m)
	if err != nil {
		return purser.Package{}, err
	}
	pkg.Metadata = m
	return pkg, nil
}

// archive gives the bytes of a package; those of a remote one are fetched first and kept.
func (s *Service) archive(ctx context.Context, m purser.PackageMetadata) ([]byte, error) {
	if archive, err := s.store.FindArchive(ctx, m.ID); err != nil || archive != nil {
		return archive, err
	}
	return s.fetchArchive(ctx, m)
}

// decode gives a package that the caller may change.
func (s *Service) decode(archive []byte, m purser.PackageMetadata) (purser.Package, error) {
	key := cacheKey{id: m.ID, digest: sha256.Sum256(archive)}
	if pkg, ok := s.cache.get(key); ok {
		return clone(pkg), nil
	}
	c, err := readArchive(archive, m.Name, m.Version, s.limits)
	if err != nil {
		return purser.Package{}, err
	}
	s.cache.put(key, c.pkg, c.bytes)
	return clone(c.pkg), nil
}

// clone copies everything that can be changed.
func clone(p purser.Package) purser.Package {
	p.Templates = slices.Clone(p.Templates)
	p.Dependencies = slices.Clone(p.Dependencies)
	for i, d := range p.Dependencies {
		p.Dependencies[i] = clone(d)
	}
	p.Files = slices.Clone(p.Files)
	for i, f := range p.Files {
		p.Files[i].Bytes = bytes.Clone(f.Bytes)
	}
	return p
}

// fetchArchive gets the archive of a remote package and stores it. Callers at the same moment share one download, which
// goes on for the others when one of them leaves.
func (s *Service) fetchArchive(ctx context.Context, m purser.PackageMetadata) ([]byte, error) {
	flight := s.flights.DoChan(strconv.FormatInt(m.ID, 10), func() (any, error) {
		return s.download(context.WithoutCancel(ctx), m) // bounded by the time limit of the source
	})
	select {
	case r := <-flight:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.([]byte), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// download gets, checks and stores the archive of a remote package.
func (s *Service) download(ctx context.Context, m purser.PackageMetadata) ([]byte, error) {
	if archive, err := s.store.FindArchive(ctx, m.ID); err != nil || archive != nil {
		return archive, err // somebody else has stored it since the caller looked
	}
	found, _, err := s.store.FindRepositories(ctx, purser.RepositoryFilter{ID: m.RepositoryID})
	if err != nil {
		return nil, err
	}
	if m.RepositoryID == 0 || len(found) == 0 {
		return nil, purser.Errorf(purser.CodeNotFound, "Can not find packageRepository with Id = %d", m.RepositoryID)
	}
	repository := found[0]
	if repository.Local {
		return nil, missingResource(m, repository)
	}
	archive, err := s.source.archive(ctx, repository, m, s.limits.ArchiveBytes)
	if err != nil {
		s.log.WarnContext(ctx, "package not fetched", "package", m.Name, "version", m.Version, "repository", repository.Name, "error", err)
		return nil, err
	}
	if _, err := readArchive(archive, m.Name, m.Version, s.limits); err != nil {
		return nil, err
	}
	if err := s.store.Update(ctx, func(tx purser.Tx) error { return tx.UpdateArchive(ctx, m.ID, archive) }); err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "package fetched", "package", m.Name, "version", m.Version, "repository", repository.Name, "bytes", len(archive))
	return archive, nil
}

// missingResource is the refusal for an archive that its repository does not have.
func missingResource(m purser.PackageMetadata, r purser.Repository) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Resource %s-%s in package repository %s does not exist.", m.Name, m.Version, r.Name)
}
