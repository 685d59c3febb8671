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
	tx     purser.Tx
	w      *work
	result error // what the step gave
	now    time.Time

	op     *purser.Operation
	events []purser.Event
	moved  []purser.Release
	answer purser.Release
	err    error // for the request
}

// record takes a job over the edge that its phase leaves by. Errors are errLost and those of the store; the job is then as
// it was.
func (e *Engine) record(j *job, p phase, w *work, result error) error {
	if p.next(j.op, result).polls {
		w.poll(e.ctx, e)
	}
	var c *change
	err := e.Store.Update(e.ctx, func(tx purser.Tx) error {
		op, err := tx.FindOperation(e.ctx, j.op.Key)
		if purser.ErrorCode(err) == purser.CodeNotFound || err == nil && (op.ID != j.op.ID || op.Owner != e.Owner || op.Phase != j.op.Phase) {
			return errLost
		}
		if err != nil {
			return err
		}
		c = &change{ctx: e.ctx, tx: tx, w: w, result: result, now: e.Clock.Now(), op: &op}
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
	switch j.op.Phase {
	case purser.PhaseWait:
		e.tracker.follow(w.to)
		j.answered(j.accepted, nil)
	case purser.PhaseDone:
		j.answered(c.answer, c.err)
	}
	return nil
}

// take changes the rows and the operation.
func (c *change) take(next edge, lease time.Duration) error {
	if err := next.apply(c); err != nil {
		return err
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
	c.events, err = c.tx.AppendEvents(c.ctx, append(c.events, operationEvent(*c.op, c.now))...)
	return err
}

// move puts a version of the release into another stage, with what was polled of it.
func (c *change) move(version int, next purser.Stage, description string, statuses []purser.AppStatus) error {
	r, err := c.tx.FindRelease(c.ctx, c.op.Key, version)
	if err != nil {
		return err
	}
	before := r.Statuses
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
	if version == c.op.To {
		c.answer = r
	}
	return nil
}
