package memory

import (
	"bytes"
	"strings"

	"purser"
	"purser/repository"
)

func (st *state) findPackage(id int64) (purser.PackageMetadata, error) {
	p := st.packages.find(id)
	if p == nil {
		return purser.PackageMetadata{}, repository.ErrNoPackage(id)
	}
	return repository.CloneMetadata(p.metadata), nil
}

func (st *state) findPackages(f purser.PackageFilter) ([]purser.PackageMetadata, int) {
	contains := repository.Fold(f.NameContains)
	rows := st.packages.all(func(p *storedPackage) bool {
		m := p.metadata
		return (f.Name == "" || m.Name == f.Name) &&
			(contains == "" || strings.Contains(repository.Fold(m.Name), contains)) &&
			(f.Version == "" || m.Version == f.Version) &&
			(f.UUID == "" || m.UUID() == f.UUID) &&
			(f.RepositoryID == 0 || m.RepositoryID == f.RepositoryID)
	})
	sortRows(rows, f.Order, packageOrders)
	return page(rows, f.Page, func(p *storedPackage) purser.PackageMetadata { return repository.CloneMetadata(p.metadata) })
}

func (st *state) findArchive(id int64) ([]byte, error) {
	p := st.packages.find(id)
	if p == nil {
		return nil, repository.ErrNoPackage(id)
	}
	return bytes.Clone(p.archive), nil
}

func (st *state) createPackage(m *purser.PackageMetadata, archive []byte) error {
	if st.packages.first(func(p *storedPackage) bool {
		o := p.metadata
		return o.RepositoryID == m.RepositoryID && o.Name == m.Name && o.Version == m.Version
	}) != nil {
		return repository.ErrPackageExists(*m)
	}
	m.ID = st.packages.nextID()
	kept := repository.CloneMetadata(*m)
	kept.CreatedAt = repository.Millis(kept.CreatedAt)
	st.packages.insert(storedPackage{metadata: kept, archive: bytes.Clone(archive)})
	return nil
}

func (st *state) updateArchive(id int64, archive []byte) error {
	p := st.packages.find(id)
	if p == nil {
		return repository.ErrNoPackage(id)
	}
	st.packages.replace(id, storedPackage{metadata: p.metadata, archive: bytes.Clone(archive)})
	return nil
}

func (st *state) deletePackage(id int64) error {
	if !st.packages.remove(id) {
		return repository.ErrNoPackage(id)
	}
	return nil
}
