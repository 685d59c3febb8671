package release

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"purser"
)

// The descriptions of versions (spec/rest.md §5.2-5.6).
const (
	textInstalling  = "Initial install underway"
	textUpgrading   = "Upgrade install underway"
	textRollingBack = "Rollback install underway"
	textInstalled   = "Install complete"
	textUpgraded    = "Upgrade complete"
	textRolledBack  = "Rollback complete"
	textDeleted     = "Delete complete"
	textNotDeployed = "Could not deploy app."
	textStranded    = "Could not delete existing application, manual intervention needed.  Sorry it didn't work out."
)

// longestWait keeps a deadline within what a timestamp can say.
const longestWait = math.MaxInt64 / 4 * time.Nanosecond

// installed: the platform was told about everything.
func (c *change) installed() error {
	return c.move(c.op.To, purser.StageDeployed, textInstalled, c.w.statuses)
}

// refused: an install that the platform did not take is undone; the reason is kept for the answer.
func (c *change) refused() error {
	name := c.w.op.Key.Name
	if d, ok := errors.AsType[*deployError](c.result); ok {
		name = d.name
	}
	c.op.FailureReason = fmt.Sprintf("Could not install AppDeployRequest [%s]  to platform [%s].  Error Message = [%s]",
		name, c.w.to.Platform, causeOf(c.result))
	c.op.Message = c.op.FailureReason
	return nil
}

// forgotten: an install that failed leaves no version (spec/rest.md §5.2), unless it was asked to.
func (c *change) forgotten() error {
	r, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.To)
	if err != nil {
		return err
	}
	c.err = purser.Errorf(purser.CodePlatform, "%s", c.op.Message)
	if c.op.Activation != nil && c.op.Activation.Revert == purser.StageFailed {
		return c.moveRelease(r, purser.StageFailed, c.op.Message, nil)
	}
	c.events = append(c.events, purser.Event{
		Kind: purser.EventRelease, Key: r.Key, Version: r.Version, Stage: purser.StageFailed, Operation: c.op.ID, At: c.now, Detail: c.op.Message,
	})
	return c.tx.DeleteRelease(c.ctx, r.ID)
}

// underway: the new version's applications were handed over; the time for their health begins.
func (c *change) underway() error {
	c.op.Deadline = c.now.Add(min(c.op.Timeout, longestWait))
	return nil
}

// undeployable: the platform did not take an application of the new version.
func (c *change) undeployable() error {
	c.op.FailureReason, c.op.Message = textNotDeployed, causeOf(c.result)
	return nil
}

// unhealthy: the time for health has passed, or there is no hope left.
func (c *change) unhealthy() error {
	c.op.FailureReason = fmt.Sprintf("Did not detect apps in replacing release as healthy after %d ms.", c.op.Timeout.Milliseconds())
	c.op.Message = c.op.FailureReason
	if cause, ok := errors.AsType[*unhealthyError](c.result); ok {
		c.op.Message = cause.text
	}
	return nil
}

// cancelled: somebody asked for an end, and gets it whatever the platform says meanwhile.
func (c *change) cancelled() error {
	c.op.FailureReason = fmt.Sprintf("Cancelled after %d ms.", c.op.CancelRequested.Sub(c.op.StartedAt).Milliseconds())
	c.op.Message = c.op.FailureReason
	return nil
}

// replaced: the new version is healthy and counts from now on.
func (c *change) replaced() error {
	text := textUpgraded
	if c.op.Rollback {
		text = textRolledBack
	}
	return c.move(c.op.To, purser.StageDeployed, text, c.w.statuses)
}

// superseded: nothing is left of the old version but its row.
func (c *change) superseded() error {
	if c.op.From == 0 {
		return nil
	}
	return c.move(c.op.From, purser.StageSuperseded, textDeleted, nil)
}

// stranded: the platform would not let an old application go.
func (c *change) stranded() error {
	if c.op.From == 0 {
		return nil
	}
	c.op.Message = causeOf(c.result)
	from, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.From)
	if err != nil {
		return err
	}
	return c.move(c.op.From, purser.StageFailed, textStranded, from.Statuses)
}

// failed: nothing is left of the new version but its row and the applications it shares with the old one. What was taken
// away reads unknown from now on, though the platform may still be at it.
func (c *change) failed() error {
	fresh := c.w.fresh()
	for i, s := range c.w.statuses {
		if slices.Contains(fresh, s.DeploymentID) {
			c.w.statuses[i] = purser.AppStatus{DeploymentID: s.DeploymentID, State: purser.StateUnknown}
		}
	}
	return c.move(c.op.To, purser.StageFailed, c.op.FailureReason, c.w.statuses)
}

// deleted: whatever single undeploys said (spec/rest.md §5.6).
func (c *change) deleted() error {
	if c.result != nil {
		c.op.Message = causeOf(c.result)
	}
	return c.move(c.op.To, purser.StageDeleted, textDeleted, nil)
}

// scaled: nothing is stored of a scale but the operation.
func (c *change) scaled() error {
	r, err := c.tx.FindRelease(c.ctx, c.op.Key, c.op.To)
	if err != nil {
		return err
	}
	c.answer = r
	if c.result != nil {
		c.op.Message = causeOf(c.result)
		c.err = purser.Errorf(purser.CodePlatform, "%s", c.op.Message)
	}
	return nil
}

// vanished: there is nothing to work on.
func (c *change) vanished() error {
	c.op.Message, c.err = causeOf(c.result), c.result
	return nil
}

// causeOf is the text of a platform's error that people may see.
func causeOf(err error) string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		texts := ""
		for i, part := range joined.Unwrap() {
			if i > 0 {
				texts += "; "
			}
			texts += causeOf(part)
		}
		return texts
	}
	return purser.ErrorMessage(err)
}
