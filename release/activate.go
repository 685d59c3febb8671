package release

import (
	"context"
	"time"

	"purser"
)

// Activate deploys a stored version in place of the deployed one, as it was frozen; no new version comes to be
// (spec/dialects.md §3.3, §5.3). Activations of one key queue up and take turns. With Wait it answers when the platform has
// reported health, before what is replaced is gone; without, when the activation is queued. One that fails leaves both
// versions in their stages.
//
// CodeReleaseNotFound; CodeConflict when the version's stage does not fit the mode, at once or at its turn; CodePlatform.
func (e *Engine) Activate(ctx context.Context, r purser.ActivateRequest) (purser.ActivateResult, error) {
	if err := snapshotKey(r.Key); err != nil {
		return purser.ActivateResult{}, err
	}
	if r.Mode == "" {
		r.Mode = purser.ActivateEither
	}
	timeout := e.Timeout
	if r.Timeout != nil {
		timeout = *r.Timeout
	}
	j, to, err := e.enter(ctx, r.Key, func(ctx context.Context, tx purser.Tx, _ time.Time) (draft, error) {
		to, err := findVersion(ctx, tx, r.Key, r.Version)
		if err != nil {
			return draft{}, err
		}
		open, _, err := tx.FindOperations(ctx, purser.OperationFilter{Key: &r.Key, Open: true})
		if err != nil {
			return draft{}, err
		}
		if len(open) == 0 { // otherwise its stage may be another one at its turn
			needed, err := admit(r.Mode, to)
			if err != nil || !needed {
				return draft{release: to}, err
			}
		}
		return draft{release: to, op: purser.Operation{
			Kind: purser.OperationActivate, Phase: purser.PhaseQueued, Timeout: timeout, RequestedBy: r.RequestedBy,
			Activation: &purser.Activation{Mode: r.Mode, Archive: r.Archive},
		}}, nil
	})
	if err != nil {
		return purser.ActivateResult{}, err
	}
	if j == nil || !r.Wait {
		return purser.ActivateResult{Release: to, Changed: j != nil}, nil
	}
	a := e.awaitAnswer(ctx, j)
	return purser.ActivateResult{Release: a.release, Replaced: a.replaced, Changed: a.changed}, a.err
}

// snapshotKey refuses keys that have no drafts: those of Skipper's space.
func snapshotKey(key purser.ReleaseKey) error {
	if key.Space == "" {
		return purser.Errorf(purser.CodeInvalid, "Release [%s] has no space, and only releases in a space can be staged", key.Name)
	}
	if blank(key.Name) {
		return purser.Errorf(purser.CodeInvalid, "Release name must not be empty")
	}
	return validName(key.Name)
}

// admit tells whether something is to be done for an activation of the version as it is. CodeConflict when the mode does
// not fit its stage.
func admit(mode purser.ActivationMode, to purser.Release) (needed bool, err error) {
	staged, superseded := to.Stage == purser.StageDraft && !to.Archived, to.Stage == purser.StageSuperseded
	switch {
	case to.Stage == purser.StageDeployed && mode != purser.ActivateSuperseded:
		return false, nil
	case staged && mode != purser.ActivateSuperseded, superseded && mode != purser.ActivateStaged:
		return true, nil
	}
	stage := string(to.Stage)
	if to.Archived {
		stage += ", archived"
	}
	return false, purser.Errorf(purser.CodeConflict, "Release [%s] version [%d] cannot be activated: it is %s", to.Key.Name, to.Version, stage)
}
