package release

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"purser"
)

const (
	textStaged  = "Staged"
	longestTag  = 255
	textNoTag   = "The tag must be UTF-8 text of not more than 255 characters without a null character"
	stagingGoes = 100
)

// Stage freezes a package with values, or the content of an earlier version, as a draft: package, values and manifest stay
// as they are whatever happens to the package. Nothing is told to the platform (spec/dialects.md §3.3, §5.2).
//
// CodeInvalid for what cannot be meant or rendered, CodeNotFound for package and platform, CodeReleaseNotFound for the
// version to copy, CodeConflict when the key has the tag already.
func (e *Engine) Stage(ctx context.Context, r purser.StageRequest) (purser.Release, error) {
	_, staged, err := e.stage(ctx, r, nil)
	return staged, err
}

// Submit stages a version and queues its activation in the same transaction. It answers with the draft, at once.
func (e *Engine) Submit(ctx context.Context, r purser.SubmitRequest) (purser.Release, error) {
	timeout := e.Timeout
	if r.Timeout != nil {
		timeout = *r.Timeout
	}
	_, staged, err := e.stage(ctx, r.StageRequest, &purser.Operation{
		Kind: purser.OperationActivate, Phase: purser.PhaseQueued, Timeout: timeout, RequestedBy: r.RequestedBy, Rollback: r.Copy != 0,
		Activation: &purser.Activation{Mode: purser.ActivateStaged, Revert: purser.StageFailed, Lenient: r.Lenient},
	})
	return staged, err
}

// stage stores a draft, and the operation behind it if there is one. Drafts of one key are made one after the other, since
// each tells its difference from the one before; what another server made meanwhile has it done again.
func (e *Engine) stage(ctx context.Context, r purser.StageRequest, op *purser.Operation) (*job, purser.Release, error) {
	if err := errors.Join(snapshotKey(r.Key), validTag(r.Tag)); err != nil {
		return nil, purser.Release{}, err
	}
	p, err := e.planStage(ctx, r)
	if err != nil {
		return nil, purser.Release{}, err
	}
	defer e.staging.lock(r.Key)()
	for range stagingGoes {
		staged, before, err := e.describeStage(ctx, r, p)
		if err != nil {
			return nil, purser.Release{}, err
		}
		j, stored, err := e.enter(ctx, r.Key, func(ctx context.Context, tx purser.Tx, now time.Time) (draft, error) {
			return e.prepareStage(ctx, tx, now, staged, before, op)
		})
		if !errors.Is(err, errOutdated) {
			return j, stored, err
		}
	}
	return nil, purser.Release{}, purser.Errorf(purser.CodeBusy, "Too many versions of release [%s] are made at once", r.Key.Name)
}

func validTag(tag string) error {
	if !utf8.ValidString(tag) || utf8.RuneCountInString(tag) > longestTag || strings.ContainsRune(tag, 0) {
		return purser.Errorf(purser.CodeInvalid, textNoTag)
	}
	return nil
}

// planStage works out the content of a draft.
func (e *Engine) planStage(ctx context.Context, r purser.StageRequest) (plan, error) {
	if r.Copy != 0 {
		source, err := findVersion(ctx, e.Store, r.Key, r.Copy)
		if err == nil {
			source, err = e.Store.FindRelease(ctx, r.Key, r.Copy)
		}
		if err != nil {
			return plan{}, err
		}
		p := plan{pkg: source.Package, values: source.Values, manifest: source.Manifest, platformName: source.Platform}
		p.apps, err = e.Renderer.Applications(source.Manifest)
		return p, err
	}
	meta, err := e.choosePackage(ctx, r)
	if err != nil {
		return plan{}, err
	}
	if blank(r.Platform) {
		return plan{}, purser.Errorf(purser.CodeInvalid, "Platform name must not be empty")
	}
	p, err := e.plan(ctx, meta, r.Values, r.Platform)
	if err != nil {
		return plan{}, err
	}
	return p, locatable(p.apps)
}

func (e *Engine) choosePackage(ctx context.Context, r purser.StageRequest) (purser.PackageMetadata, error) {
	switch {
	case r.PackageID != 0:
		return e.Store.FindPackage(ctx, r.PackageID)
	case blank(r.Package.Name):
		return purser.PackageMetadata{}, purser.Errorf(purser.CodeInvalid, "Package name must not be empty")
	default:
		return e.Packages.Choose(ctx, e.Store, r.Package)
	}
}

// describeStage makes the row of a draft as it would be stored now, and gives the version that it comes after.
func (e *Engine) describeStage(ctx context.Context, r purser.StageRequest, p plan) (staged, before purser.Release, err error) {
	found, err := e.Store.FindVersions(ctx, purser.VersionFilter{Key: r.Key, Archived: true, Limit: 1})
	if err != nil {
		return staged, before, err
	}
	if len(found) > 0 {
		before = found[0]
	}
	staged = purser.Release{
		Key: r.Key, Stage: purser.StageDraft, Description: textStaged, Platform: p.platformName,
		Package: p.pkg, Values: p.stored(), Manifest: p.manifest,
		UUID: e.NewID(), Tag: r.Tag, Notes: r.Notes, Trigger: r.Trigger, Previous: before.UUID, CreatedBy: r.RequestedBy, UpdatedBy: r.RequestedBy,
	}
	if staged.Version, err = e.Store.NextVersion(ctx, r.Key); err != nil {
		return staged, before, err
	}
	if before.ID != 0 {
		text := e.changeLog(before, staged)
		staged.ChangeLog = &text
	}
	if r.Describe != nil {
		err = r.Describe(&staged, p.apps)
	}
	return staged, before, err
}

// prepareStage checks, inside the transaction, that the draft is still the next version.
func (e *Engine) prepareStage(ctx context.Context, tx purser.Tx, now time.Time, staged, before purser.Release, op *purser.Operation) (draft, error) {
	version, err := tx.NextVersion(ctx, staged.Key)
	if err != nil {
		return draft{}, err
	}
	latest, err := tx.FindVersions(ctx, purser.VersionFilter{Key: staged.Key, Archived: true, Light: true, Limit: 1})
	if err != nil {
		return draft{}, err
	}
	if version != staged.Version || append(latest, purser.Release{})[0].ID != before.ID {
		return draft{}, errOutdated
	}
	staged.CreatedAt, staged.UpdatedAt = now, now
	d := draft{release: staged}
	if op != nil {
		d.op = *op
		return d, nil
	}
	if err := tx.CreateRelease(ctx, &d.release); err != nil {
		return draft{}, err
	}
	d.events = []purser.Event{releaseEvent(d.release, 0, now)}
	return d, nil
}
