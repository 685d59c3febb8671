package packages

import (
	"context"
	"maps"
	"slices"
	"strings"

	"purser"
)

// Details gives the content of the package with that id, and what its archive holds for people. A remote package is
// fetched first and kept. CodeNotFound, and the errors of Read.
func (s *Service) Details(ctx context.Context, id int64) (purser.PackageDetails, error) {
	m, err := s.store.FindPackage(ctx, id)
	if err != nil {
		return purser.PackageDetails{}, err
	}
	archive, err := s.archive(ctx, m)
	if err != nil {
		return purser.PackageDetails{}, err
	}
	u, top, err := openPackage(archive, topFolder(m.Name, m.Version), s.limits, nil)
	if err != nil {
		return purser.PackageDetails{}, err
	}
	c, err := u.unpack(top)
	if err != nil {
		return purser.PackageDetails{}, err
	}
	c.pkg.Metadata = m
	return u.details(top, c.pkg)
}

// details adds the readmes to a package that was unpacked, and to those within it.
func (u *unpacker) details(d *folder, pkg purser.Package) (purser.PackageDetails, error) {
	found := purser.PackageDetails{Package: pkg}
	if d.readme != nil {
		data, err := u.read(d.readme, u.limits.EntryBytes)
		if err != nil {
			return found, err
		}
		text := decodeText(data)
		found.Readme = &text
	}
	for n, where := range slices.Sorted(maps.Keys(d.packages)) {
		nested, err := u.details(d.packages[where], pkg.Dependencies[n])
		if err != nil {
			return found, err
		}
		found.Nested = append(found.Nested, nested)
	}
	return found, nil
}

// isReadme tells whether a file in the folder of a package tells people about it.
func isReadme(name string) bool {
	name = strings.ToLower(name)
	return name == "readme" || name == "readme.txt" || isMarkdown(name)
}

// isMarkdown tells whether a readme is the one that is taken before others.
func isMarkdown(name string) bool { return strings.EqualFold(name, "readme.md") }
