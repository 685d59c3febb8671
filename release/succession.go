package release

import (
	"context"
	"errors"
	"slices"
	"time"

	"purser"
)

// succession is how one version takes the place of another, worked out at its turn.
type succession struct {
	to     purser.Release // with the deployments that it will have
	from   purser.Release // without ID when none is deployed
	deploy []string
	remove []string
	needed bool // false: the version is deployed already
}

// takeTurn waits for the turn of an activation and works out what is to be done.
func takeTurn(ctx context.Context, e *Engine, w *work) error {
	if err := e.awaitTurn(ctx, w.op); err != nil {
		return again(err)
	}
	to, err := e.Store.FindRelease(ctx, w.op.Key, w.op.To)
	if err != nil {
		return again(err)
	}
	needed, err := admit(w.op.Activation.Mode, to)
	if err != nil {
		return err
	}
	w.next = &succession{to: to, needed: needed}
	if !needed {
		return nil
	}
	light, err := findLatest(ctx, e.Store, w.op.Key, purser.StageDeployed)
	switch {
	case err == nil:
		if w.next.from, err = e.Store.FindRelease(ctx, w.op.Key, light.Version); err != nil {
			return again(err)
		}
	case purser.ErrorCode(err) != purser.CodeReleaseNotFound:
		return again(err)
	}
	return e.planSuccession(ctx, w.next)
}

// again marks an error of the store, which is no verdict on the activation; a version that is gone is one.
func again(err error) error {
	if code := purser.ErrorCode(err); code == purser.CodeReleaseNotFound || errors.Is(err, errSuspended) {
		return err
	}
	return &storeError{err}
}

// planSuccession works out the deployments of the new version: those of the former that are the same go on.
func (e *Engine) planSuccession(ctx context.Context, s *succession) error {
	platform, err := e.Platforms.Find(s.to.Platform)
	if err != nil {
		return err
	}
	apps, err := e.Renderer.Applications(s.to.Manifest)
	if err != nil {
		return err
	}
	p := plan{apps: apps, platform: platform, platformName: s.to.Platform, kept: e.unchanged(s.from, s.to, apps)}
	s.to.Activations++
	s.to.Applications = nil
	if err := unusedBy(ctx, turnOf(s.to), p); err != nil {
		return err
	}
	for _, app := range apps {
		if s.to.DeploymentID(app.Name) != "" {
			continue
		}
		id := p.kept[app.Name]
		if id == "" {
			id = deploymentID(platform, turnOf(s.to), app)
			s.deploy = append(s.deploy, app.Name)
		}
		s.to.Applications = append(s.to.Applications, purser.ReleaseApplication{Name: app.Name, DeploymentID: id})
	}
	for _, a := range s.from.Applications {
		if !slices.Contains(s.to.DeploymentIDs(), a.DeploymentID) {
			s.remove = append(s.remove, a.DeploymentID)
		}
	}
	return nil
}

// unchanged gives the deployments of applications that are the same in both versions. When the two cannot be compared
// nothing is.
func (e *Engine) unchanged(from, to purser.Release, apps []purser.AppSpec) map[string]string {
	kept := map[string]string{}
	if from.ID == 0 || from.Platform != to.Platform {
		return kept
	}
	difference, err := e.Renderer.Compare(from, to)
	if err != nil {
		return kept
	}
	for _, app := range apps {
		if !slices.ContainsFunc(difference.Apps, func(d purser.AppDifference) bool { return d.Name == app.Name }) {
			kept[app.Name] = from.DeploymentID(app.Name)
		}
	}
	return kept
}

const textActivated = "Activation complete"

// begun: the activation's turn has come. What it was planned for must still hold.
func (c *change) begun() error {
	s := c.w.next
	if _, err := c.tx.FindOperation(c.ctx, c.op.Key); purser.ErrorCode(err) != purser.CodeNotFound {
		if err == nil {
			err = errOutdated
		}
		return err
	}
	to, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.To)
	if err != nil {
		return err
	}
	from, err := findLatest(c.ctx, c.tx, c.op.Key, purser.StageDeployed)
	if err != nil && purser.ErrorCode(err) != purser.CodeReleaseNotFound {
		return err
	}
	needed, refused := admit(c.op.Activation.Mode, to)
	if refused != nil || needed != s.needed || needed && from.ID != s.from.ID {
		return errOutdated
	}
	if !needed {
		c.answer, c.instead = to, &edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded}
		return nil
	}
	activation := *c.op.Activation
	if activation.Revert == "" {
		activation.Revert = to.Stage
	}
	c.op.Activation, c.op.From, c.op.Deploy, c.op.Remove = &activation, s.from.Version, s.deploy, s.remove
	to.Applications, to.Activations, to.UpdatedBy = s.to.Applications, s.to.Activations, c.op.RequestedBy
	if err := to.Move(purser.StageDeploying, to.Description, c.now); err != nil {
		return err
	}
	if err := c.tx.UpdateRelease(c.ctx, to); err != nil {
		return err
	}
	c.events = append(c.events, releaseEvent(to, c.op.ID, c.now))
	return nil
}

// unbegun: the activation cannot be, and nothing has been touched.
func (c *change) unbegun() error {
	c.op.Message, c.err = causeOf(c.result), c.result
	if c.op.Activation.Revert != purser.StageFailed {
		return nil
	}
	err := c.move(c.op.To, purser.StageFailed, c.op.Message, nil)
	if purser.ErrorCode(err) == purser.CodeReleaseNotFound {
		return nil
	}
	return err
}

// activated: the new version is healthy, or nobody says that it is not; it takes the place of the former in this moment.
func (c *change) activated() error {
	to, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.To)
	if err != nil {
		return err
	}
	to.Archived, to.ArchivedAt, to.ArchivedBy = false, time.Time{}, ""
	if c.result == nil {
		to.HealthyAt = c.now
	}
	if err := c.moveRelease(to, purser.StageDeployed, textActivated, c.w.statuses); err != nil {
		return err
	}
	c.changed = true
	if c.op.From == 0 {
		return nil
	}
	from, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.From)
	if err != nil {
		return err
	}
	if c.op.Activation.Archive {
		from.Archived, from.ArchivedAt, from.ArchivedBy = true, c.now, c.op.RequestedBy
	}
	if err := c.moveRelease(from, purser.StageSuperseded, textDeleted, nil); err != nil {
		return err
	}
	c.former = &c.moved[len(c.moved)-1]
	return nil
}

// cleared: what was replaced is gone, or cannot be helped.
func (c *change) cleared() error {
	if c.result != nil {
		c.op.Message = causeOf(c.result)
	}
	return nil
}

// reverted: nothing is left of the activation but its record; the former version is untouched.
func (c *change) reverted() error {
	c.err = purser.Errorf(purser.CodePlatform, "%s", failureText(c.op))
	to, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.To)
	if err != nil {
		return err
	}
	description := to.Description
	switch c.op.Activation.Revert {
	case purser.StageFailed:
		description = failureText(c.op)
	case purser.StageDraft:
		to.Applications = nil
	}
	return c.moveRelease(to, c.op.Activation.Revert, description, nil)
}

// failureText is why an activation failed.
func failureText(op *purser.Operation) string {
	if op.Message == "" || op.Message == op.FailureReason {
		return op.FailureReason
	}
	return op.FailureReason + " " + op.Message
}
