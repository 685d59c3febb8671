package release

import (
	"context"
	"errors"
	"slices"
	"time"

	"purser"
)

const textNoDifference = "Package to upgrade has no difference than existing deployed/deleted package. Not upgrading."

// Upgrade replaces the current version of a release (spec/rest.md §5.4). It answers with the new version, still
// deploying, when its applications were handed to the platform, or failed when the platform did not take them; the rest
// happens in the background.
//
// CodeReleaseNotFound, CodeNotFound for the package, CodeInvalid, CodeNoDifference, CodePlatform when the platform does not
// tell how many instances run.
func (e *Engine) Upgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Release, error) {
	if err := e.ready(ctx, r.Key, purser.OperationUpgrade.Word()); err != nil {
		return purser.Release{}, err
	}
	return e.upgrade(ctx, r, purser.OperationUpgrade.Word(), false)
}

// errOutdated says that the versions a plan was made for have changed before it could be accepted.
var errOutdated = errors.New("the release has changed meanwhile")

const planAttempts = 3

// upgrade plans and performs an upgrade. A rollback of a release that is not deleted is one too.
func (e *Engine) upgrade(ctx context.Context, r purser.UpgradeRequest, word string, rollback bool) (purser.Release, error) {
	for range planAttempts {
		b, err := e.basis(ctx, r.Key)
		if err != nil {
			return purser.Release{}, err
		}
		p, err := e.planUpgrade(ctx, b, r)
		if err != nil {
			return purser.Release{}, err
		}
		if p.difference.Empty() && !r.Force {
			return purser.Release{}, purser.Errorf(purser.CodeNoDifference, textNoDifference)
		}
		if err := e.completeUpgrade(ctx, b, &p, r); err != nil {
			return purser.Release{}, err
		}
		j, err := e.acceptUpgrade(ctx, b, p, r, word, rollback)
		if errors.Is(err, errOutdated) {
			continue
		}
		if err != nil {
			return purser.Release{}, err
		}
		return e.await(ctx, j)
	}
	return purser.Release{}, errBusy(word)
}

// basis is what an upgrade starts from.
type basis struct {
	existing purser.Release // the latest that Skipper calls DEPLOYED or DELETED: it is replaced
	latest   purser.Release // the highest: its values are carried over, failed or not
}

// basis reads what an upgrade of the key starts from. CodeReleaseNotFound.
func (e *Engine) basis(ctx context.Context, key purser.ReleaseKey) (b basis, err error) {
	existing, err := findLatest(ctx, e.Store, key, settled...)
	if err != nil {
		return b, err
	}
	if b.latest, err = e.Store.FindRelease(ctx, key, 0); err != nil {
		return b, err
	}
	if b.existing = b.latest; existing.ID != b.latest.ID {
		b.existing, err = e.Store.FindRelease(ctx, key, existing.Version)
	}
	return b, err
}

// holds tells, inside a transaction, whether the basis is still the one that counts; errOutdated when not.
func (b basis) holds(ctx context.Context, q purser.Reader, key purser.ReleaseKey) error {
	existing, err := findLatest(ctx, q, key, settled...)
	if err != nil {
		return err
	}
	latest, err := findLight(ctx, q, key, 0)
	if err != nil {
		return err
	}
	if existing.ID != b.existing.ID || existing.Stage != b.existing.Stage || latest.ID != b.latest.ID {
		return errOutdated
	}
	return nil
}

// live tells whether the existing version runs. A deleted one has nothing to keep and nothing to remove.
func (b basis) live() bool { return b.existing.Stage == purser.StageDeployed }

// planUpgrade works out the new version and its difference from the existing one. completeUpgrade comes after it.
func (e *Engine) planUpgrade(ctx context.Context, b basis, r purser.UpgradeRequest) (p plan, err error) {
	if blank(r.Package.Name) {
		return p, purser.Errorf(purser.CodeInvalid, "Package name must not be empty")
	}
	meta, err := e.Packages.Choose(ctx, e.Store, r.Package)
	if err != nil {
		return p, err
	}
	values, err := e.Renderer.MergeValues(b.latest.Values, r.Values)
	if err != nil {
		return p, err
	}
	if p, err = e.plan(ctx, meta, values, b.existing.Platform); err != nil {
		return p, err
	}
	replacing := purser.Release{
		Key: r.Key, Version: b.latest.Version + 1, Package: p.pkg, Values: values, Manifest: p.manifest, Platform: p.platformName,
	}
	p.difference, err = e.Renderer.Compare(b.existing, replacing)
	return p, err
}

// completeUpgrade works out which applications go on, which of the existing ones go, and how many instances the others
// get.
func (e *Engine) completeUpgrade(ctx context.Context, b basis, p *plan, r purser.UpgradeRequest) error {
	if err := locatable(p.apps); err != nil {
		return err
	}
	p.kept = keptApplications(b, *p, r)
	if b.live() {
		for _, a := range b.existing.Applications {
			if p.kept[a.Name] == "" {
				p.removed = append(p.removed, a.DeploymentID)
			}
		}
	}
	if err := e.unused(ctx, r.Key, *p); err != nil {
		return err
	}
	counts, err := e.counts(ctx, b, *p)
	if err != nil || len(counts) == 0 {
		return err
	}
	return e.render(p, counts)
}

// keptApplications gives the applications that go on as they are: those without a difference that nobody forces.
func keptApplications(b basis, p plan, r purser.UpgradeRequest) map[string]string {
	kept := map[string]string{}
	if !b.live() {
		return kept
	}
	changed := map[string]bool{}
	for _, d := range p.difference.Apps {
		changed[d.Name] = true
	}
	for _, app := range p.apps {
		forced := r.Force && (len(r.Apps) == 0 || slices.Contains(r.Apps, app.Name))
		if !changed[app.Name] && !forced {
			kept[app.Name] = b.existing.DeploymentID(app.Name)
		}
	}
	return kept
}

// counts asks the platform how many instances the replaced applications have now, so that a scale survives. Applications
// without instances are left out: their count is that of the values (spec/packages.md §5.8, §10).
func (e *Engine) counts(ctx context.Context, b basis, p plan) (map[string]int, error) {
	names, ids := []string{}, []string{}
	for _, name := range p.fresh() {
		if id := b.existing.DeploymentID(name); id != "" && b.live() {
			names, ids = append(names, name), append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	statuses, err := p.platform.Status(ctx, ids...)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for i, s := range statuses {
		if len(s.Instances) > 0 {
			counts[names[i]] = len(s.Instances)
		}
	}
	return counts, nil
}

// acceptUpgrade makes the planned upgrade durable, if the versions it was planned for are still the ones that count.
func (e *Engine) acceptUpgrade(ctx context.Context, b basis, p plan, r purser.UpgradeRequest, word string, rollback bool) (*job, error) {
	text, timeout := textUpgrading, e.Timeout
	if rollback {
		text = textRollingBack
	}
	if r.Timeout != nil {
		timeout = *r.Timeout
	}
	j, _, err := e.accept(ctx, r.Key, word, func(ctx context.Context, tx purser.Tx, now time.Time) (draft, error) {
		if err := b.holds(ctx, tx, r.Key); err != nil {
			return draft{}, err
		}
		if err := stillThere(ctx, tx, p.pkg.Metadata); err != nil {
			return draft{}, err
		}
		version, err := tx.NextVersion(ctx, r.Key)
		if err != nil {
			return draft{}, err
		}
		op := purser.Operation{
			Kind: purser.OperationUpgrade, Phase: purser.PhaseDeploy, Rollback: rollback,
			Deploy: p.fresh(), Remove: p.removed, Timeout: timeout, RequestedBy: r.RequestedBy,
		}
		if b.live() {
			op.From = b.existing.Version
		}
		made := newVersion(r.Key, version, p, text, now)
		made.Facts = r.Facts
		return draft{release: made, op: op}, nil
	})
	return j, err
}
