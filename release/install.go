package release

import (
	"context"
	"time"

	"purser"
)

// Install makes a release of a package and answers when the platform was told about all its applications; they need not
// be up (spec/rest.md §5.2). An install that the platform refuses is undone and leaves no version.
//
// CodeInvalid for what cannot be meant, CodeNotFound for package or platform, CodeConflict while the name is taken,
// CodePlatform when the platform refused.
func (e *Engine) Install(ctx context.Context, r purser.InstallRequest) (purser.Release, error) {
	if err := e.ready(ctx, r.Key, purser.OperationInstall.Word()); err != nil {
		return purser.Release{}, err
	}
	meta, err := e.chooseForInstall(ctx, r)
	if err != nil {
		return purser.Release{}, err
	}
	return e.install(ctx, meta, r, purser.OperationInstall.Word(), false)
}

// chooseForInstall checks the arguments and finds the package, in the order of the reference. By id nothing is checked but
// what a row cannot hold.
func (e *Engine) chooseForInstall(ctx context.Context, r purser.InstallRequest) (purser.PackageMetadata, error) {
	if err := validName(r.Key.Name); err != nil {
		return purser.PackageMetadata{}, err
	}
	if r.PackageID != 0 {
		if blank(r.Key.Name) {
			return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid, "Release name must not be empty")
		}
		m, err := e.Store.FindPackage(ctx, r.PackageID)
		if purser.ErrorCode(err) == purser.CodeNotFound {
			err = purser.Errorf(purser.CodeNotFound, "Package with id='%d' can not be found.", r.PackageID)
		}
		return m, err
	}
	for _, argument := range []struct{ what, value string }{
		{"Platform", r.Platform}, {"Release", r.Key.Name}, {"Package", r.Package.Name},
	} {
		if blank(argument.value) {
			return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid, "%s name must not be empty", argument.what)
		}
	}
	if err := freeName(ctx, e.Store, r); err != nil {
		return purser.PackageMetadata{}, err
	}
	return e.Packages.Choose(ctx, e.Store, r.Package)
}

// freeName refuses a name whose latest version, failed ones left out, is not deleted. Where failed installs are kept, one of
// them has the name as well.
func freeName(ctx context.Context, q purser.Reader, r purser.InstallRequest) error {
	taken := func(ctx context.Context, stages ...purser.Stage) (bool, error) {
		latest, err := findLatest(ctx, q, r.Key, stages...)
		if purser.ErrorCode(err) == purser.CodeReleaseNotFound {
			return false, nil
		}
		if latest.Stage == purser.StageFailed {
			return latest.Trigger == purser.TriggerInstall, err // of an upgrade counts what it was for
		}
		return !latest.Stage.IsDeleted(), err
	}
	is, err := taken(ctx, purser.StageDeploying, purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted)
	if err == nil && !is && r.KeepFailed {
		is, err = taken(ctx)
	}
	if err == nil && is {
		err = purser.Errorf(purser.CodeConflict, "Release with the name [%s] already exists and it is not deleted.", r.Key.Name)
	}
	return err
}

// planInstall works out the version that an install of a package makes.
func (e *Engine) planInstall(ctx context.Context, meta purser.PackageMetadata, r purser.InstallRequest) (plan, error) {
	p, err := e.plan(ctx, meta, r.Values, r.Platform)
	if err != nil {
		return plan{}, err
	}
	if err := locatable(p.apps); err != nil {
		return plan{}, err
	}
	return p, e.unused(ctx, r.Key, p)
}

// install performs an install of a package that was found. A rollback of a deleted release is one too.
func (e *Engine) install(ctx context.Context, meta purser.PackageMetadata, r purser.InstallRequest, word string, rollback bool) (purser.Release, error) {
	p, err := e.planInstall(ctx, meta, r)
	if err != nil {
		return purser.Release{}, err
	}
	j, _, err := e.accept(ctx, r.Key, word, func(ctx context.Context, tx purser.Tx, now time.Time) (draft, error) {
		if r.PackageID == 0 {
			if err := freeName(ctx, tx, r); err != nil {
				return draft{}, err
			}
		}
		if err := stillThere(ctx, tx, meta); err != nil {
			return draft{}, err
		}
		version, err := tx.NextVersion(ctx, r.Key)
		if err != nil {
			return draft{}, err
		}
		op := purser.Operation{
			Kind: purser.OperationInstall, Phase: purser.PhaseDeploy, Rollback: rollback,
			Deploy: p.fresh(), RequestedBy: r.RequestedBy,
		}
		if r.KeepFailed {
			op.Activation = &purser.Activation{Revert: purser.StageFailed}
		}
		made := newVersion(r.Key, version, p, textInstalling, now)
		made.Facts = r.Facts
		return draft{release: made, op: op}, nil
	})
	if err != nil {
		return purser.Release{}, err
	}
	answer, err := e.await(ctx, j)
	if err == nil {
		answer.Values = r.Values // as they were sent, be they blank (recorded)
	}
	return answer, err
}
