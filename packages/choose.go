package packages

import (
	"cmp"
	"context"
	"slices"

	"purser"
)

// Choose implements purser.PackageReader. Without a version it takes the highest by SemVer precedence, where the
// reference takes the highest by the order of texts (spec/packages.md §6.3, §10). Of several packages with one name and
// version it takes the one whose repository has the highest order, then the highest apiVersion, then the oldest.
func (s *Service) Choose(ctx context.Context, q purser.Reader, id purser.PackageIdentifier) (purser.PackageMetadata, error) {
	var found []purser.PackageMetadata
	if id.Name != "" { // a filter with an empty name fits all
		var err error
		if found, _, err = q.FindPackages(ctx, purser.PackageFilter{Name: id.Name, Version: id.Version}); err != nil {
			return purser.PackageMetadata{}, err
		}
	}
	if id.Repository != "" {
		found = slices.DeleteFunc(found, func(m purser.PackageMetadata) bool { return m.RepositoryName != id.Repository })
	}
	switch {
	case len(found) == 0 && id.Repository != "":
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeNotFound, "Can not find package '%s', version '%s', in repository '%s'",
			id.Name, cmp.Or(id.Version, "latest"), id.Repository)
	case len(found) == 0 && id.Version == "":
		return purser.PackageMetadata{}, packageNotFound(id.Name)
	case len(found) == 0:
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeNotFound, "Can not find package '%s', version '%s'", id.Name, id.Version)
	case len(found) == 1:
		return found[0], nil
	}
	repositories, _, err := q.FindRepositories(ctx, purser.RepositoryFilter{})
	if err != nil {
		return purser.PackageMetadata{}, err
	}
	return best(found, repositories), nil
}

// packageNotFound is the refusal for a name that no package has.
func packageNotFound(name string) *purser.Error {
	return purser.Errorf(purser.CodeNotFound, "Can not find a package named '%s'", name)
}

// best gives the package that comes first: by version, order of its repository and apiVersion, all descending, then by id.
func best(found []purser.PackageMetadata, repositories []purser.Repository) purser.PackageMetadata {
	orders := make(map[int64]int, len(repositories))
	for _, r := range repositories {
		orders[r.ID] = r.Order
	}
	return slices.MinFunc(found, func(a, b purser.PackageMetadata) int {
		return cmp.Or(
			purser.CompareVersions(b.Version, a.Version),
			cmp.Compare(orders[b.RepositoryID], orders[a.RepositoryID]),
			cmp.Compare(b.APIVersion, a.APIVersion),
			cmp.Compare(a.ID, b.ID),
		)
	})
}
