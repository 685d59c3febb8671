package release

import (
	"context"

	"purser"
)

// Rollback brings back the content of an earlier version as a new one (spec/rest.md §5.5): as an install when the current
// version is deleted, answered when the platform was told; else as an upgrade, answered while it is under way.
//
// CodeInvalid for a version below 0, CodeReleaseNotFound, CodeConflict for a version that failed, CodeNotFound when its
// package is gone, and what Install and Upgrade give.
func (e *Engine) Rollback(ctx context.Context, r purser.RollbackRequest) (purser.Release, error) {
	if err := e.ready(ctx, r.Key, wordRollback); err != nil {
		return purser.Release{}, err
	}
	w, err := e.resolveRollback(ctx, r)
	if err != nil {
		return purser.Release{}, err
	}
	if w.install == nil {
		return e.upgrade(ctx, w.upgrade, wordRollback, true)
	}
	return e.install(ctx, w.meta, *w.install, wordRollback, true)
}

// way is what a rollback comes down to: an upgrade, or an install of a package that was found.
type way struct {
	upgrade purser.UpgradeRequest
	install *purser.InstallRequest // nil: the upgrade
	meta    purser.PackageMetadata // of the install
}

// resolveRollback finds the version to go back to, and the way there.
func (e *Engine) resolveRollback(ctx context.Context, r purser.RollbackRequest) (w way, err error) {
	if r.Version < 0 {
		return w, purser.Errorf(purser.CodeInvalid, "Rollback version can not be less than zero.  Value = %d", r.Version)
	}
	current, err := findLatest(ctx, e.Store, r.Key, settled...)
	if err != nil {
		return w, err
	}
	target, err := e.findTarget(ctx, current, r.Version)
	if err != nil {
		return w, err
	}
	identifier := purser.PackageIdentifier{Name: target.Package.Metadata.Name, Version: target.Package.Metadata.Version}
	if !current.Stage.IsDeleted() {
		w.upgrade = purser.UpgradeRequest{
			Key: r.Key, Package: identifier, Values: target.Values, Timeout: r.Timeout, RequestedBy: r.RequestedBy, Facts: target.Facts,
		}
		return w, nil
	}
	w.install = &purser.InstallRequest{
		Key: r.Key, Package: identifier, Platform: target.Platform, Values: target.Values, RequestedBy: r.RequestedBy, Facts: target.Facts,
	}
	w.meta, err = e.Packages.Choose(ctx, e.Store, identifier)
	return w, err
}

// findTarget gives the version to go back to; 0 asks for the one before the current, failed ones left out.
func (e *Engine) findTarget(ctx context.Context, current purser.Release, version int) (purser.Release, error) {
	if version > 0 {
		target, err := e.Store.FindRelease(ctx, current.Key, version)
		if err != nil {
			return purser.Release{}, err
		}
		if target.Stage != purser.StageDeployed && !target.Stage.IsDeleted() {
			return purser.Release{}, purser.Errorf(purser.CodeConflict, "Rollback version should either be in deployed or deleted status.")
		}
		return target, nil
	}
	versions, _, err := e.Store.FindReleases(ctx, purser.ReleaseFilter{
		Space: current.Key.Space, Names: []string{current.Key.Name}, Stages: settled, Light: true,
		Order: []purser.Order{{Field: purser.OrderVersion, Descending: true}}, Page: purser.Page{Limit: 2},
	})
	if err != nil {
		return purser.Release{}, err
	}
	for _, v := range versions {
		if v.Version != current.Version {
			return e.Store.FindRelease(ctx, current.Key, v.Version)
		}
	}
	return purser.Release{}, purser.ErrReleaseNotFound(current.Key.Name)
}
