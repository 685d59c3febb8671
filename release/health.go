package release

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"purser"
)

const (
	firstRewatch = 5 * time.Millisecond
	lastRewatch  = time.Second
)

// awaitHealth waits until the platform reports every application of the new version as deployed, kept ones too. The
// deadline is the stored one, so that a restart gives no more time; when it has passed, one last look decides. With FailFast
// an application that has been failed for good for the grace ends it before. The errors are errUnhealthy, errCancelled and
// errSuspended.
func awaitHealth(ctx context.Context, e *Engine, w *work) error {
	if w.missing != nil {
		return errUnhealthy
	}
	ids := w.expected()
	if len(ids) == 0 {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	deadline := time.NewTimer(w.op.Deadline.Sub(e.Clock.Now()))
	defer deadline.Stop()
	again := time.NewTimer(0)
	defer again.Stop()
	doomed := newDoomed(e)
	defer doomed.timer.Stop()

	seen := map[string]purser.AppStatus{}
	var changes <-chan purser.AppStatus
	delay := firstRewatch
	for {
		select {
		case <-again.C:
			var err error
			if changes, err = w.platform.Watch(ctx, ids...); err != nil {
				e.Log.WarnContext(ctx, "a platform cannot be watched", append(attributes(w.op), "error", err)...)
				again.Reset(delay)
				delay = min(2*delay, lastRewatch)
			}
		case s, open := <-changes:
			if !open { // the platform has ended the watch, or ctx has ended
				changes = nil
				again.Reset(delay)
				delay = min(2*delay, lastRewatch)
				continue
			}
			delay = firstRewatch
			seen[s.DeploymentID] = s
			if healthy(ids, seen) {
				return nil
			}
			doomed.note(s)
		case <-doomed.timer.C:
			return w.unhealthy(seen)
		case <-deadline.C:
			return e.lastLook(ctx, w, ids)
		case <-w.j.cancels:
			return errCancelled
		case <-ctx.Done():
			return errSuspended
		}
	}
}

// doomed measures how long applications have been failed for good. Whoever looks or cancels within the grace finds the
// upgrade still under way, as at the reference, which waits for the deadline.
type doomed struct {
	e     *Engine
	since map[string]time.Time // by deployment id
	timer *time.Timer          // fires when the grace of the first one has passed
}

func newDoomed(e *Engine) *doomed {
	d := &doomed{e: e, since: map[string]time.Time{}, timer: time.NewTimer(0)}
	d.timer.Stop()
	return d
}

// note takes in how an application is now: one that has come back is not doomed any more.
func (d *doomed) note(s purser.AppStatus) {
	if !d.e.FailFast {
		return
	}
	now := d.e.Clock.Now()
	if _, known := d.since[s.DeploymentID]; !s.FailedForGood() {
		delete(d.since, s.DeploymentID)
	} else if !known {
		d.since[s.DeploymentID] = now
	}
	if len(d.since) == 0 {
		d.timer.Stop()
		return
	}
	first := slices.MinFunc(slices.Collect(maps.Values(d.since)), time.Time.Compare)
	d.timer.Reset(first.Add(d.e.FailFastGrace).Sub(now))
}

// expected lists the deployments that have to be healthy: all of the version but those that were asked for no instance.
func (w *work) expected() []string {
	var ids []string
	for _, a := range w.to.Applications {
		if !w.none[a.Name] {
			ids = append(ids, a.DeploymentID)
		}
	}
	return ids
}

// lastLook decides at the deadline by what the platform knows then.
func (e *Engine) lastLook(ctx context.Context, w *work, ids []string) error {
	statuses, err := w.platform.Status(ctx, ids...)
	if err != nil {
		if ctx.Err() != nil {
			return errSuspended
		}
		return errUnhealthy
	}
	seen := map[string]purser.AppStatus{}
	for _, s := range statuses {
		seen[s.DeploymentID] = s
	}
	switch {
	case healthy(ids, seen):
		return nil
	case w.op.Activation != nil && w.op.Activation.Lenient && !slices.ContainsFunc(statuses, purser.AppStatus.FailedForGood):
		return errSilent
	default:
		return w.unhealthy(seen)
	}
}

// unhealthyError is errUnhealthy with what the platform says of the first application that is to blame.
type unhealthyError struct{ text string }

// Error gives the text for people.
func (e *unhealthyError) Error() string { return e.text }

// Is tells that it is errUnhealthy.
func (e *unhealthyError) Is(target error) bool { return target == errUnhealthy }

// unhealthy tells which application of the version is not healthy, and why: one that has failed before one that is late.
func (w *work) unhealthy(seen map[string]purser.AppStatus) error {
	text := ""
	for _, a := range w.to.Applications {
		s, known := seen[a.DeploymentID]
		if !known || s.State == purser.StateDeployed || text != "" && !s.FailedForGood() {
			continue
		}
		text = fmt.Sprintf("Application [%s] is %s", a.Name, s.State)
		for _, i := range s.Instances {
			if i.Reason != "" && i.State != purser.StateDeployed {
				text += ": " + i.Reason
				break
			}
		}
		if s.FailedForGood() {
			break
		}
	}
	if text == "" {
		return errUnhealthy
	}
	return &unhealthyError{text}
}

func healthy(ids []string, seen map[string]purser.AppStatus) bool {
	for _, id := range ids {
		if seen[id].State != purser.StateDeployed {
			return false
		}
	}
	return true
}
