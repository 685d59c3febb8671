package release

import (
	"context"
	"time"

	"purser"
)

// change is the transaction that takes an operation over an edge: the rows as they are now, and what is told about it
// after the commit.
type change struct {
	ctx    context.Context
	e      *Engine
	tx     purser.Tx
	w      *work
	result error // what the step gave
	now    time.Time

	op     *purser.Operation
	events []purser.Event
	moved  []purser.Release
	answer purser.Release
	err    error // for the request

	instead *edge           // when apply finds that another edge is to be taken
	former  *purser.Release // replaced by an activation
	changed bool            // something was activated
}

// record takes a job over the edge that its phase leaves by. Errors are errLost and those of the store; the job is then as
// it was.
func (e *Engine) record(j *job, p phase, w *work, result error) error {
	if p.next(j.op, result).polls {
		w.poll(e.ctx, e)
	}
	var c *change
	err := e.Store.Update(e.ctx, func(tx purser.Tx) error {
		op, err := current(e.ctx, tx, j.op)
		if purser.ErrorCode(err) == purser.CodeNotFound || err == nil && (op.ID != j.op.ID || op.Owner != e.Owner || op.Phase != j.op.Phase) {
			return errLost
		}
		if err != nil {
			return err
		}
		c = &change{ctx: e.ctx, e: e, tx: tx, w: w, result: result, now: e.Clock.Now(), op: &op}
		return c.take(p.next(op, result), e.LeaseTTL)
	})
	if err != nil {
		return err
	}
	j.op = *c.op
	j.lease.Store(&c.op.LeaseUntil)
	if !j.op.CancelRequested.IsZero() {
		j.cancelled()
	}
	e.Publisher.Publish(e.ctx, c.events...)
	for _, r := range c.moved {
		e.tracker.follow(r)
	}
	j.replaced, j.changed = c.former, c.changed
	switch {
	case j.op.Phase == purser.PhaseDone:
		e.turns.next(j.op.Key)
		j.answered(c.answer, c.err)
	case j.op.Kind == purser.OperationActivate && j.op.Phase == purser.PhaseRemove:
		j.answered(c.answer, nil)
	case j.op.Phase == purser.PhaseWait:
		e.tracker.follow(w.to)
		if j.op.Kind != purser.OperationActivate {
			j.answered(j.accepted, nil)
		}
	}
	return nil
}

// current gives an open operation as it is stored. CodeNotFound when it is not open, or not what it was.
func current(ctx context.Context, q purser.Reader, op purser.Operation) (purser.Operation, error) {
	if op.Running() {
		return q.FindOperation(ctx, op.Key)
	}
	found, _, err := q.FindOperations(ctx, purser.OperationFilter{ID: op.ID, Open: true})
	if err != nil {
		return purser.Operation{}, err
	}
	if len(found) == 0 {
		return purser.Operation{}, purser.Errorf(purser.CodeNotFound, "Release [%s] has no operation %d under way", op.Key, op.ID)
	}
	return found[0], nil
}

// take changes the rows and the operation.
func (c *change) take(next edge, lease time.Duration) error {
	if err := next.apply(c); err != nil {
		return err
	}
	if c.instead != nil {
		next = *c.instead
	}
	c.op.Phase, c.op.LeaseUntil = next.next, c.now.Add(lease)
	if next.next == purser.PhaseDone {
		c.op.FinishedAt, c.op.Outcome = c.now, next.outcome
		if next.outcome == "" {
			c.op.Outcome = purser.OutcomeFailed
			if !c.op.CancelRequested.IsZero() {
				c.op.Outcome = purser.OutcomeCancelled
			}
		}
	}
	if err := c.tx.UpdateOperation(c.ctx, *c.op); err != nil {
		return err
	}
	var err error
	c.events, err = c.e.log(c.ctx, c.tx, append(c.events, operationEvent(*c.op, c.now)))
	return err
}

// move puts a version of the release into another stage, with what was polled of it.
func (c *change) move(version int, next purser.Stage, description string, statuses []purser.AppStatus) error {
	r, err := c.tx.FindRelease(c.ctx, c.op.Key, version)
	if err != nil {
		return err
	}
	return c.moveRelease(r, next, description, statuses)
}

// moveRelease is move for a version that was read, and maybe changed, in this transaction.
func (c *change) moveRelease(r purser.Release, next purser.Stage, description string, statuses []purser.AppStatus) error {
	before := r.Statuses
	r.UpdatedBy = c.op.RequestedBy
	if next == purser.StageDeployed {
		r.ActivatedAt, r.ActivatedBy = c.now, c.op.RequestedBy
		if allDeployed(statuses) {
			r.HealthyAt = c.now
		}
	}
	r.Statuses = statuses
	if err := r.Move(next, description, c.now); err != nil {
		return err
	}
	if err := c.tx.UpdateRelease(c.ctx, r); err != nil {
		return err
	}
	c.events = append(c.events, releaseEvent(r, c.op.ID, c.now))
	c.events = append(c.events, applicationEvents(r, before, c.op.ID, c.now)...)
	c.moved = append(c.moved, r)
	if r.Version == c.op.To {
		c.answer = r
	}
	return nil
}
