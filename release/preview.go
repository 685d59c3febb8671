package release

import (
	"context"
	"slices"
	"time"

	"purser"
)

// PreviewInstall tells what Install would do now. It gives the errors of Install, but for those of a busy key.
func (e *Engine) PreviewInstall(ctx context.Context, r purser.InstallRequest) (purser.Preview, error) {
	meta, err := e.chooseForInstall(ctx, r)
	if err != nil {
		return purser.Preview{}, err
	}
	return e.previewInstall(ctx, meta, r)
}

func (e *Engine) previewInstall(ctx context.Context, meta purser.PackageMetadata, r purser.InstallRequest) (purser.Preview, error) {
	p, err := e.planInstall(ctx, meta, r)
	if err != nil {
		return purser.Preview{}, err
	}
	planned := purser.Release{Key: r.Key, Package: p.pkg, Values: p.values, Manifest: p.manifest, Platform: p.platformName}
	if p.difference, err = e.Renderer.Compare(purser.Release{Key: r.Key}, planned); err != nil {
		return purser.Preview{}, err
	}
	return e.preview(ctx, r.Key, basis{}, p)
}

// PreviewUpgrade tells what Upgrade would do now. It gives the errors of Upgrade, but for those of a busy key and
// CodeNoDifference: then the difference is empty, and every application is kept.
func (e *Engine) PreviewUpgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Preview, error) {
	b, err := e.basis(ctx, r.Key)
	if err != nil {
		return purser.Preview{}, err
	}
	p, err := e.planUpgrade(ctx, b, r)
	if err != nil {
		return purser.Preview{}, err
	}
	if err := e.completeUpgrade(ctx, b, &p, r); err != nil {
		return purser.Preview{}, err
	}
	return e.preview(ctx, r.Key, b, p)
}

// PreviewRollback tells what Rollback would do now. It gives the errors of Rollback, with the exceptions of
// PreviewUpgrade.
func (e *Engine) PreviewRollback(ctx context.Context, r purser.RollbackRequest) (purser.Preview, error) {
	w, err := e.resolveRollback(ctx, r)
	if err != nil {
		return purser.Preview{}, err
	}
	if w.install != nil {
		return e.previewInstall(ctx, w.meta, *w.install)
	}
	return e.PreviewUpgrade(ctx, w.upgrade)
}

// preview tells what a plan would do.
func (e *Engine) preview(ctx context.Context, key purser.ReleaseKey, b basis, p plan) (purser.Preview, error) {
	version, err := e.Store.NextVersion(ctx, key)
	if err != nil {
		return purser.Preview{}, err
	}
	next := purser.Preview{Release: newVersion(key, version, p, "", time.Time{}), Difference: p.difference}
	for _, a := range next.Release.Applications {
		action := purser.ActionDeploy
		switch {
		case p.kept[a.Name] != "":
			action = purser.ActionKeep
		case slices.Contains(p.removed, b.existing.DeploymentID(a.Name)):
			action = purser.ActionReplace
		}
		next.Applications = append(next.Applications, purser.PreviewedApplication{Name: a.Name, Action: action, DeploymentID: a.DeploymentID})
	}
	for _, a := range b.existing.Applications {
		if slices.Contains(p.removed, a.DeploymentID) && next.Release.DeploymentID(a.Name) == "" {
			next.Applications = append(next.Applications, purser.PreviewedApplication{
				Name: a.Name, Action: purser.ActionRemove, DeploymentID: a.DeploymentID,
			})
		}
	}
	return next, nil
}
