package release

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// RedBlack is the strategy of the reference: the new applications run beside the old ones until all are healthy, then the
// old ones go (spec/rest.md §5.4.7).
const RedBlack = "redblack"

// strategy is how an upgrade goes about its phases. Each function works through the Deployer alone and may run again
// after a crash.
type strategy struct {
	deploy func(ctx context.Context, e *Engine, w *work) error
	wait   func(ctx context.Context, e *Engine, w *work) error
	remove func(ctx context.Context, e *Engine, w *work) error
	abort  func(ctx context.Context, e *Engine, w *work) error
}

var strategies = map[string]strategy{
	RedBlack: {deploy: deployAll, wait: awaitHealth, remove: removeReplaced, abort: removeFresh},
}

// Strategies lists the names of the upgrade strategies, sorted.
func Strategies() []string { return slices.Sorted(maps.Keys(strategies)) }

// deployError tells which application could not be handed to the platform.
type deployError struct {
	name string
	err  error
}

func (d *deployError) Error() string { return d.name + ": " + d.err.Error() }
func (d *deployError) Unwrap() error { return d.err }

// deployAll hands the applications that the operation deploys anew to the platform, in manifest order.
func deployAll(ctx context.Context, e *Engine, w *work) error {
	if w.missing != nil {
		return w.missing
	}
	apps, err := e.Renderer.Applications(w.to.Manifest)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if !slices.Contains(w.op.Deploy, app.Name) {
			continue
		}
		if err := e.hold(w.j); err != nil {
			return err
		}
		if w.j.isCancelled() {
			return errCancelled
		}
		name := turnOf(w.to).named(app.Name)
		d, err := deployment(w.platform, turnOf(w.to), app)
		if err != nil {
			return &deployError{name, err}
		}
		if err := w.platform.Deploy(ctx, d); err != nil {
			return &deployError{name, err}
		}
	}
	return nil
}

// removeReplaced takes away what the new version replaces, or what a delete removes.
func removeReplaced(ctx context.Context, e *Engine, w *work) error {
	return undeploy(ctx, e, w, w.op.Remove)
}

// removeFresh takes away what the operation itself has deployed.
func removeFresh(ctx context.Context, e *Engine, w *work) error {
	return undeploy(ctx, e, w, w.fresh())
}

const (
	undeployAttempts = 3
	undeployDelay    = 50 * time.Millisecond
)

// undeploy takes deployments away. One that fails does not keep the others; each is tried a few times, since a platform's
// hiccup would leave it running unknown.
func undeploy(ctx context.Context, e *Engine, w *work, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if w.missing != nil {
		return w.missing
	}
	var failed []error
	for _, id := range ids {
		err := error(nil)
		for attempt := range undeployAttempts {
			if held := e.hold(w.j); held != nil {
				return held
			}
			if attempt > 0 && sleep(ctx, undeployDelay<<attempt) != nil {
				return errSuspended
			}
			if err = w.platform.Undeploy(ctx, id); err == nil {
				break
			}
		}
		if err != nil {
			e.Log.ErrorContext(ctx, "a deployment cannot be removed", "deployment", id, "platform", w.to.Platform, "error", err)
			failed = append(failed, fmt.Errorf("%s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// scaleAll tells the platform the counts that were asked for.
func scaleAll(ctx context.Context, e *Engine, w *work) error {
	if w.missing != nil {
		return w.missing
	}
	for _, s := range w.op.Scale {
		if err := e.hold(w.j); err != nil {
			return err
		}
		if err := w.platform.Scale(ctx, s.DeploymentID, s.Count, s.Properties); err != nil {
			return err
		}
	}
	return nil
}
