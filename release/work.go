package release

import (
	"context"
	"slices"

	"purser"
)

// work is what a step works with: the operation, the version it works on and the platform of that version.
type work struct {
	j  *job
	op purser.Operation
	to purser.Release // without package, values and manifest but in PhaseDeploy

	platform purser.Deployer
	missing  error           // why there is no platform
	none     map[string]bool // in PhaseWait: applications that were asked for no instance
	statuses []purser.AppStatus
	next     *succession // in PhaseQueued
}

// load reads what the current phase of a job works with. Errors are the store's.
func (e *Engine) load(ctx context.Context, j *job) (*work, error) {
	to, err := e.Store.FindRelease(ctx, j.op.Key, j.op.To)
	if err != nil {
		return nil, err
	}
	w := &work{j: j, op: j.op, to: to}
	w.platform, w.missing = e.Platforms.Find(to.Platform)
	if j.op.Kind == purser.OperationActivate && j.op.Phase == purser.PhaseRemove {
		return w, e.loadReplaced(ctx, w)
	}
	if j.op.Phase == purser.PhaseDeploy {
		return w, nil
	}
	if j.op.Phase == purser.PhaseWait {
		w.none = e.withoutInstances(j.op, to)
	}
	w.to.Package, w.to.Values, w.to.Manifest = purser.Package{Metadata: to.Package.Metadata}, nil, ""
	return w, nil
}

// loadReplaced finds the platform of what an activation has replaced: each version keeps the one that it was staged for.
func (e *Engine) loadReplaced(ctx context.Context, w *work) error {
	if w.op.From == 0 {
		return nil
	}
	from, err := findVersion(ctx, e.Store, w.op.Key, w.op.From)
	if err != nil {
		return err
	}
	w.platform, w.missing = e.Platforms.Find(from.Platform)
	return nil
}

// withoutInstances finds the applications that the operation deployed with a count of 0: there is nothing to wait for.
func (e *Engine) withoutInstances(op purser.Operation, to purser.Release) map[string]bool {
	apps, err := e.Renderer.Applications(to.Manifest)
	if err != nil { // it was read when they were deployed; without it all of them are waited for
		return nil
	}
	none := map[string]bool{}
	for _, app := range apps {
		if app.DeploymentProperties[propertyCount] == "0" && slices.Contains(op.Deploy, app.Name) {
			none[app.Name] = true
		}
	}
	return none
}

// fresh lists the deployment ids that the operation itself has deployed, or will deploy.
func (w *work) fresh() []string {
	ids := make([]string, 0, len(w.op.Deploy))
	for _, name := range w.op.Deploy {
		ids = append(ids, w.to.DeploymentID(name))
	}
	return ids
}

// poll asks the platform how the version is. A platform that does not answer leaves the statuses as they are stored.
func (w *work) poll(ctx context.Context, e *Engine) {
	w.statuses = w.to.Statuses
	if w.missing != nil {
		return
	}
	statuses, err := liveStatuses(ctx, w.platform, w.to)
	if err != nil {
		e.Log.WarnContext(ctx, "a platform gives no status", "platform", w.to.Platform, "error", err)
		return
	}
	w.statuses = statuses
}
