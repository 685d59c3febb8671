package packages

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"strings"

	"purser"
)

var _ purser.ArchiveExaminer = (*Service)(nil)

// localRepository is where packages go that are not uploaded to a repository by name.
const localRepository = "local"

// Examine implements purser.ArchiveExaminer. The archive has the layout of a package when one folder at its top has a
// package.yml; where that folder is not called name-version it is renamed, and nothing else is changed. The checks are
// those of an upload, but that any version will do.
func (s *Service) Examine(ctx context.Context, id purser.PackageIdentifier, archive io.ReaderAt, size int64) (*purser.PackageArchive, error) {
	if size > s.limits.ArchiveBytes {
		return nil, nil
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(archive, 0, size), data); err != nil {
		return nil, purser.Errorf(purser.CodeInternal, "an archive cannot be read: %w", err)
	}
	if bytes.Count(data, []byte("PK\x01\x02")) > max(signatures, s.limits.Entries) {
		return nil, nil
	}
	_, top, err := Identify(bytes.NewReader(data), size, s.limits)
	if top == "" {
		return nil, nil //nolint:nilerr // it is no package, for whatever reason
	}
	if err != nil {
		return nil, err
	}
	if leavesFolder(id.Name) || namesFolder(id.Name) {
		return nil, purser.Errorf(purser.CodeInvalid, "'%s' cannot be the name of a package", id.Name)
	}
	if wanted := topFolder(id.Name, id.Version); top != wanted {
		if data, err = renameTop(data, top, wanted); err != nil {
			return nil, err
		}
	}
	c, err := readArchive(data, id.Name, id.Version, s.limits)
	if err != nil {
		return nil, err
	}
	m := c.pkg.Metadata
	m.Name, m.Version = id.Name, id.Version
	if err := cmp.Or(c.fields.require(c.file, mandatory...), checkLengths(m, c.file)); err != nil {
		return nil, err
	}
	repository, err := homeRepository(ctx, s.store)
	if err != nil {
		return nil, err
	}
	m.RepositoryID, m.RepositoryName, m.CreatedAt = repository.ID, repository.Name, s.clock.Now()
	return &purser.PackageArchive{Metadata: m, Bytes: data}, nil
}

// homeRepository gives the local repository that is called local, else the first.
func homeRepository(ctx context.Context, q purser.Reader) (purser.Repository, error) {
	all, _, err := q.FindRepositories(ctx, purser.RepositoryFilter{})
	if err != nil {
		return purser.Repository{}, err
	}
	var first *purser.Repository
	for i, r := range all {
		switch {
		case r.Local && r.Name == localRepository:
			return r, nil
		case r.Local && first == nil:
			first = &all[i]
		}
	}
	if first == nil {
		return purser.Repository{}, purser.Errorf(purser.CodeConflict, "There is no local package repository that the package could go to")
	}
	return *first, nil
}

// renameTop gives an archive whose top folder has another name.
func renameTop(data []byte, from, to string) ([]byte, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &purser.Error{Code: purser.CodeInvalid, Message: "The package file is not a readable zip archive", Err: err}
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		head := f.FileHeader
		if rest, ok := strings.CutPrefix(f.Name, from+"/"); ok {
			head.Name = to + "/" + rest
		}
		if err := copyEntry(w, f, &head); err != nil {
			return nil, &purser.Error{Code: purser.CodeInvalid, Message: "The package file is not a readable zip archive", Err: err}
		}
	}
	if err := w.Close(); err != nil {
		return nil, purser.Errorf(purser.CodeInternal, "an archive cannot be written: %w", err)
	}
	return out.Bytes(), nil
}

// copyEntry copies an entry as it is packed.
func copyEntry(w *zip.Writer, f *zip.File, head *zip.FileHeader) error {
	raw, err := f.OpenRaw()
	if err != nil {
		return err
	}
	to, err := w.CreateRaw(head)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, raw)
	return err
}
