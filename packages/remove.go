package packages

import (
	"context"
	"slices"
	"strings"

	"purser"
)

// activeStages are looked at when a package is deleted: all but drafts, which have never been on a platform, and failed
// versions, which are on none any more.
var activeStages = []purser.Stage{purser.StageDeploying, purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted}

// Delete deletes all versions of a package. CodeNotFound, CodePackageInUse.
func (s *Service) Delete(ctx context.Context, name string) error {
	if err := s.store.Update(ctx, func(tx purser.Tx) error { return s.Remove(ctx, tx, name) }); err != nil {
		return err
	}
	s.log.InfoContext(ctx, "package deleted", "package", name)
	return nil
}

// Remove implements purser.PackageReader.
func (s *Service) Remove(ctx context.Context, tx purser.Tx, name string, ignore ...purser.ReleaseKey) error {
	versions, err := versionsOf(ctx, tx, name)
	if err != nil {
		return err
	}
	var refusals []string
	for _, m := range versions {
		refusal, err := inUse(ctx, tx, m, ignore)
		if err != nil {
			return err
		}
		if refusal != "" {
			refusals = append(refusals, refusal)
		}
	}
	if len(refusals) > 0 {
		return &purser.Error{Code: purser.CodePackageInUse, Message: strings.Join(refusals, ",")}
	}
	for _, m := range versions {
		if err := tx.DeletePackage(ctx, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// versionsOf gives all versions of a package in storage order, and refuses those of remote repositories.
func versionsOf(ctx context.Context, q purser.Reader, name string) ([]purser.PackageMetadata, error) {
	if name == "" { // a filter with an empty name fits all
		return nil, packageNotFound(name)
	}
	versions, _, err := q.FindPackages(ctx, purser.PackageFilter{Name: name})
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, packageNotFound(name)
	}
	repositories, _, err := q.FindRepositories(ctx, purser.RepositoryFilter{})
	if err != nil {
		return nil, err
	}
	remote := map[int64]string{}
	for _, r := range repositories {
		if !r.Local {
			remote[r.ID] = r.Name
		}
	}
	for _, m := range versions {
		if repository, ok := remote[m.RepositoryID]; ok {
			return nil, purser.Errorf(purser.CodePackageInUse, "Can not delete package [%s], associated repository [%s] is remote.", name, repository)
		}
	}
	return versions, nil
}

// inUse gives the text that refuses the deletion of one version, "" when no release needs it: of the versions of a
// release that use it and have not failed, only the latest counts (spec/rest.md §5.7).
func inUse(ctx context.Context, q purser.Reader, m purser.PackageMetadata, ignore []purser.ReleaseKey) (string, error) {
	users, _, err := q.FindReleases(ctx, purser.ReleaseFilter{
		AllSpaces: true, PackageIDs: []int64{m.ID}, Stages: activeStages, Latest: true, Light: true,
	})
	if err != nil {
		return "", err
	}
	var names []string
	for _, r := range users {
		if !r.Stage.IsDeleted() && !slices.Contains(ignore, r.Key) {
			names = append(names, r.Key.String())
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	slices.Sort(names)
	return "Can not delete Package Metadata [" + m.Name + ":" + m.Version + "] in Repository [" + m.RepositoryName +
		"]. Not all releases of this package have the status DELETED. Active Releases [" + strings.Join(names, ",") + "]", nil
}
