package release

import (
	"context"
	"time"

	"purser"
)

// Delete ends the latest deployed version of a release, its package too when that was asked for, and answers when the
// platform took the orders (spec/rest.md §5.6). Applications that cannot be removed do not keep the release.
//
// CodeReleaseNotFound when no version is deployed, CodePackageInUse or CodeConflict when the package cannot go; then
// nothing happens.
func (e *Engine) Delete(ctx context.Context, r purser.DeleteRequest) (purser.Release, error) {
	word := purser.OperationDelete.Word()
	if err := e.ready(ctx, r.Key, word); err != nil {
		return purser.Release{}, err
	}
	j, _, err := e.accept(ctx, r.Key, word, func(ctx context.Context, tx purser.Tx, _ time.Time) (draft, error) {
		current, err := findLatest(ctx, tx, r.Key, purser.StageDeployed)
		if err != nil {
			return draft{}, err
		}
		if r.WithPackage {
			if err := e.removePackage(ctx, tx, current); err != nil {
				return draft{}, err
			}
		}
		return draft{release: current, op: purser.Operation{
			Kind: purser.OperationDelete, Phase: purser.PhaseRemove,
			Remove: current.DeploymentIDs(), RequestedBy: r.RequestedBy,
		}}, nil
	})
	if err != nil {
		return purser.Release{}, err
	}
	return e.await(ctx, j)
}

// removePackage deletes the package of a release that is about to go, all versions of it.
func (e *Engine) removePackage(ctx context.Context, tx purser.Tx, r purser.Release) error {
	meta := r.Package.Metadata
	found, _, err := tx.FindRepositories(ctx, purser.RepositoryFilter{ID: meta.RepositoryID})
	switch {
	case err != nil:
		return err
	case meta.RepositoryID == 0 || len(found) == 0:
		return purser.Errorf(purser.CodeConflict, "Can not delete Package Metadata [%s]. Associated repository not found.", meta.Name)
	case !found[0].Local:
		return purser.Errorf(purser.CodePackageInUse, "Can't delete package: %s from non-local repository", meta.Name)
	}
	return e.Packages.Remove(ctx, tx, meta.Name, r.Key)
}
