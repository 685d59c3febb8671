package packages

import (
	"cmp"
	"context"
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"

	"purser"
)

// Upload stores a package in a local repository and gives its metadata. The checks and their order are those of
// spec/rest.md §5.1. CodeNotFound for an unknown repository, CodeConflict for one that is not local and for a version
// that exists, CodeInvalid and CodeTooLarge for what was sent.
func (s *Service) Upload(ctx context.Context, r purser.UploadRequest) (purser.PackageMetadata, error) {
	repository, err := s.uploadRepository(ctx, r.Repository)
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	if err := checkUpload(r); err != nil {
		return purser.PackageMetadata{}, err
	}
	name, version := *r.Name, *r.Version
	if err := s.refuseKnown(ctx, repository, name, version); err != nil {
		return purser.PackageMetadata{}, err
	}
	if namesFolder(name) {
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid, "Package directory doesn't exist.")
	}
	m, err := s.examine(r)
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	m.RepositoryID, m.RepositoryName, m.CreatedAt = repository.ID, repository.Name, s.clock.Now()
	if err := s.store.Update(ctx, func(tx purser.Tx) error { return tx.CreatePackage(ctx, &m, r.Archive) }); err != nil {
		if purser.ErrorCode(err) == purser.CodeConflict { // somebody else was faster
			return purser.PackageMetadata{}, alreadyUploaded(repository, name, version)
		}
		return purser.PackageMetadata{}, err
	}
	s.log.InfoContext(ctx, "package uploaded", "package", m.Name, "version", m.Version, "repository", m.RepositoryName, "bytes", len(r.Archive))
	return m, nil
}

// uploadRepository gives the local repository of that name.
func (s *Service) uploadRepository(ctx context.Context, name *string) (purser.Repository, error) {
	if name == nil {
		return purser.Repository{}, purser.Errorf(purser.CodeNotFound, "Could not find local repository to upload to named null")
	}
	found, err := findRepository(ctx, s.store, *name)
	if err != nil {
		return purser.Repository{}, err
	}
	if found == nil {
		return purser.Repository{}, purser.Errorf(purser.CodeNotFound, "Could not find local repository to upload to named %s", *name)
	}
	if !found.Local {
		return purser.Repository{}, purser.Errorf(purser.CodeConflict, "Repository to upload to is not a local database hosted repository.")
	}
	return *found, nil
}

// findRepository gives the repository of that name, nil when there is none.
func findRepository(ctx context.Context, q purser.Reader, name string) (*purser.Repository, error) {
	if name == "" { // a filter with an empty name fits all
		return nil, nil
	}
	found, _, err := q.FindRepositories(ctx, purser.RepositoryFilter{Name: name})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// checkUpload checks the request without looking into the archive.
func checkUpload(r purser.UploadRequest) error {
	for _, row := range []struct {
		broken  func() bool
		message func() string
	}{
		{func() bool { return r.Name == nil }, fixed("Name of package can not be null")},
		{func() bool { return r.Version == nil }, fixed("Version can not be null")},
		{func() bool { return trim(*r.Version) == "" }, fixed("Input string is NULL or empty")},
		{func() bool { return !isVersion(trim(*r.Version)) }, func() string {
			return "UploadRequest doesn't have a valid semantic version.  Version = " + trim(*r.Version)
		}},
		{func() bool { return r.Extension == nil }, fixed("Extension can not be null")},
		{func() bool { return *r.Extension != "zip" }, func() string { return "Extension must be 'zip', not " + *r.Extension }},
		{func() bool { return r.Archive == nil }, fixed("Package file as bytes must not be null")},
		{func() bool { return len(r.Archive) == 0 }, fixed("Package file as bytes must not be empty")},
		{func() bool { return leavesFolder(*r.Name) }, func() string { return "Entry is outside of the target dir: " + *r.Name }},
	} {
		if row.broken() {
			return &purser.Error{Code: purser.CodeInvalid, Message: row.message()}
		}
	}
	return nil
}

func fixed(text string) func() string { return func() string { return text } }

// trim cuts blanks and control characters off both ends, as the reference does.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
}

// isVersion tells whether text is a full semantic version.
func isVersion(text string) bool {
	_, err := semver.StrictNewVersion(text)
	return err == nil
}

// leavesFolder tells whether a package of that name would lie outside of the folder of all packages, or be it.
func leavesFolder(name string) bool {
	clean := path.Clean(strings.TrimLeft(trim(name), "/"))
	return clean == "." || clean == ".." || strings.HasPrefix(clean, "../")
}

// namesFolder tells whether a package of that name would lie deeper than in the folder of all packages.
func namesFolder(name string) bool { return strings.Contains(strings.TrimLeft(name, "/"), "/") }

// refuseKnown refuses a version that the repository has already.
func (s *Service) refuseKnown(ctx context.Context, repository purser.Repository, name, version string) error {
	_, known, err := s.store.FindPackages(ctx, purser.PackageFilter{
		RepositoryID: repository.ID, Name: trim(name), Version: trim(version), Page: purser.Page{Limit: 1},
	})
	if err != nil {
		return err
	}
	if known > 0 {
		return alreadyUploaded(repository, name, version)
	}
	return nil
}

func alreadyUploaded(r purser.Repository, name, version string) *purser.Error {
	return purser.Errorf(purser.CodeConflict, "Failed to upload the package. Package [%s:%s] in Repository [%s] already exists.", name, version, r.Name)
}

// examine reads the archive of an upload and gives the metadata to store.
func (s *Service) examine(r purser.UploadRequest) (purser.PackageMetadata, error) {
	c, err := readArchive(r.Archive, *r.Name, *r.Version, s.limits)
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	if err := c.fields.require(c.file, "name", "version"); err != nil {
		return purser.PackageMetadata{}, err
	}
	m := c.pkg.Metadata
	if m.Name != *r.Name || m.Version != *r.Version {
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid,
			"Package definition in the request [%s:%s] differs from one inside the package.yml [%s:%s]", *r.Name, *r.Version, m.Name, m.Version)
	}
	return m, cmp.Or(c.fields.require(c.file, mandatory...), checkLengths(m, c.file))
}
