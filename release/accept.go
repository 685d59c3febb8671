package release

import (
	"context"
	"time"

	"purser"
)

// Words of the refusals while another operation is open (spec/rest.md §3.1). A rollback says so, whatever it is stored as.
const wordRollback = "ROLLBACK"

func errBusy(word string) error {
	return purser.Errorf(purser.CodeBusy, "Statemachine is not in state ready to do %s", word)
}

// ready refuses a change at once, before any work is done for it, when the engine is closed or the key is busy.
func (e *Engine) ready(ctx context.Context, key purser.ReleaseKey, word string) error {
	e.accepting.RLock()
	closed := e.closed
	e.accepting.RUnlock()
	if closed {
		return errShutdown()
	}
	op, err := e.Store.FindOperation(ctx, key)
	if err == nil && e.settles(ctx, op) {
		_, err = e.Store.FindOperation(ctx, key)
	}
	switch {
	case err == nil:
		return errBusy(word)
	case purser.ErrorCode(err) == purser.CodeNotFound:
		return nil
	default:
		return err
	}
}

// settleTime is how long a change waits for one that has its outcome already and only tidies up.
const settleTime = 2 * time.Second

// settles waits for the end of an operation whose new version is deployed for all to see while what it replaces is being
// removed: who has read DEPLOYED may go on. It tells whether the operation runs here and has ended in time.
func (e *Engine) settles(ctx context.Context, op purser.Operation) bool {
	if op.Phase != purser.PhaseRemove || op.Kind != purser.OperationUpgrade && op.Kind != purser.OperationActivate {
		return false
	}
	j := e.job(op.ID)
	if j == nil {
		return op.Owner == e.Owner // it has ended since it was read
	}
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	select {
	case <-j.drain.Done():
		return true
	case <-ctx.Done():
		return false
	}
}

// draft is what a use case wants to become an operation.
type draft struct {
	op      purser.Operation // key, kind, phase and what belongs to the kind
	release purser.Release   // the version it works on; stored when it has no ID yet
	events  []purser.Event   // of what was done already, when there is nothing else to do
	word    string           // of the refusal when another operation comes first
}

// triggers are why versions come to be that nobody has staged.
var triggers = map[purser.OperationKind]purser.Trigger{
	purser.OperationInstall: purser.TriggerInstall, purser.OperationUpgrade: purser.TriggerUpgrade,
}

// accept makes an operation durable and starts it. prepare checks, inside the transaction, what must hold for it and gives
// the draft; a draft without kind means that there is nothing to do, and the job is nil.
func (e *Engine) accept(ctx context.Context, key purser.ReleaseKey, word string, prepare prepare) (*job, purser.Release, error) {
	return e.enter(ctx, key, func(ctx context.Context, tx purser.Tx, now time.Time) (draft, error) {
		if _, err := tx.FindOperation(ctx, key); purser.ErrorCode(err) != purser.CodeNotFound {
			if err == nil {
				err = errBusy(word)
			}
			return draft{}, err
		}
		d, err := prepare(ctx, tx, now)
		d.word = word
		return d, err
	})
}

// prepare checks, inside a transaction, what must hold for an operation, and gives it.
type prepare func(ctx context.Context, tx purser.Tx, now time.Time) (draft, error)

// enter is accept for operations that may be queued behind others.
func (e *Engine) enter(ctx context.Context, key purser.ReleaseKey, prepare prepare) (*job, purser.Release, error) {
	e.accepting.RLock()
	defer e.accepting.RUnlock()
	if e.closed {
		return nil, purser.Release{}, errShutdown()
	}
	ctx = context.WithoutCancel(ctx) // a commit that is broken off leaves nobody knowing what was accepted
	var d draft
	var events []purser.Event
	err := e.Store.Update(ctx, func(tx purser.Tx) (err error) {
		now := e.Clock.Now()
		d, err = prepare(ctx, tx, now)
		switch {
		case err != nil:
			return err
		case d.op.Kind == "" && len(d.events) > 0:
			events, err = e.log(ctx, tx, d.events)
			return err
		case d.op.Kind == "":
			return nil
		}
		created := d.release.ID == 0
		if created {
			d.release.CreatedBy, d.release.UpdatedBy = d.op.RequestedBy, d.op.RequestedBy
			if d.release.UUID == "" {
				d.release.UUID, d.release.Trigger = e.NewID(), triggers[d.op.Kind]
			}
			if d.op.Rollback {
				d.release.Trigger = purser.TriggerRollback
			}
			if err := tx.CreateRelease(ctx, &d.release); err != nil {
				return err
			}
		}
		d.op.Key, d.op.To, d.op.StartedAt = key, d.release.Version, now
		d.op.Owner, d.op.LeaseUntil = e.Owner, now.Add(e.LeaseTTL)
		err = tx.CreateOperation(ctx, &d.op)
		if purser.ErrorCode(err) == purser.CodeBusy {
			return errBusy(d.word)
		}
		if err != nil {
			return err
		}
		events = []purser.Event{operationEvent(d.op, now)}
		if created {
			events = append(events, releaseEvent(d.release, d.op.ID, now))
		}
		events, err = e.log(ctx, tx, events)
		return err
	})
	if err != nil {
		return nil, d.release, err
	}
	if len(events) > 0 {
		e.Publisher.Publish(ctx, events...)
	}
	if d.op.Kind == "" {
		return nil, d.release, nil
	}
	e.Log.InfoContext(ctx, "operation accepted", attributes(d.op)...)
	return e.register(d.op, d.release, false), d.release, nil
}

// newVersion is the row of a version that comes to be.
func newVersion(key purser.ReleaseKey, version int, p plan, description string, now time.Time) purser.Release {
	r := purser.Release{
		Key: key, Version: version, Stage: purser.StageDeploying, Description: description, Platform: p.platformName,
		Package: p.pkg, Values: p.stored(), Manifest: p.manifest, CreatedAt: now, UpdatedAt: now, Activations: 1,
	}
	seen := map[string]bool{}
	for _, app := range p.apps {
		if seen[app.Name] { // two documents of one name are one deployment
			continue
		}
		seen[app.Name] = true
		id := p.kept[app.Name]
		if id == "" {
			id = deploymentID(p.platform, turnOf(r), app)
		}
		r.Applications = append(r.Applications, purser.ReleaseApplication{Name: app.Name, DeploymentID: id})
	}
	return r
}
