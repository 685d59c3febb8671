package release

import (
	"context"
	"time"

	"purser"
)

// keepLeases gives signs of life for the operations that run here, and takes over what other servers have left. Between
// operations it reads the open ones once in a lease's time and sleeps.
func (e *Engine) keepLeases() {
	timer := time.NewTimer(e.LeaseTTL)
	defer timer.Stop()
	due := time.Now().Add(e.LeaseTTL)
	for {
		select {
		case <-e.drain.Done():
			return
		case <-e.busy:
			if soon := time.Now().Add(e.LeaseTTL / 3); soon.Before(due) {
				due = soon
				timer.Reset(e.LeaseTTL / 3)
			}
			continue
		case <-timer.C:
		}
		next, err := e.beat(e.ctx)
		if err != nil {
			e.Log.ErrorContext(e.ctx, "the leases of operations cannot be renewed", "error", err)
			next = e.LeaseTTL / 3
		}
		due = time.Now().Add(next)
		timer.Reset(next)
	}
}

// beat renews the leases of what runs here, learns what became of it elsewhere, and claims what is free. It gives the time
// until the next beat.
func (e *Engine) beat(ctx context.Context) (time.Duration, error) {
	e.mu.Lock()
	busy := len(e.jobs) > 0
	e.mu.Unlock()
	now := e.Clock.Now()
	if busy {
		renew := func(tx purser.Tx) error { return tx.RenewLeases(ctx, e.Owner, now.Add(e.LeaseTTL)) }
		if err := e.Store.Update(ctx, renew); err != nil {
			return 0, err
		}
	}
	open, _, err := e.Store.FindOperations(ctx, purser.OperationFilter{Open: true})
	if err != nil {
		return 0, err
	}
	next, free := e.LeaseTTL, false
	for _, op := range open {
		j := e.job(op.ID)
		switch {
		case j != nil && op.Owner == e.Owner:
			j.lease.Store(&op.LeaseUntil)
			if !op.CancelRequested.IsZero() {
				j.cancelled()
			}
			next = min(next, e.LeaseTTL/3)
		case j != nil:
			j.stop(errLost)
		case op.Owner == "", op.Owner == e.Owner, !now.Before(op.LeaseUntil):
			free = true
		default:
			next = min(next, max(op.LeaseUntil.Sub(now)+time.Millisecond, time.Millisecond))
		}
	}
	if free {
		return min(next, e.LeaseTTL/3), e.claim(ctx)
	}
	return next, nil
}

// claim takes the open operations that this server may perform, and starts those that do not run here yet.
func (e *Engine) claim(ctx context.Context) error {
	e.accepting.Lock()
	defer e.accepting.Unlock()
	if e.closed {
		return errShutdown()
	}
	var claimed []purser.Operation
	err := e.Store.Update(ctx, func(tx purser.Tx) (err error) {
		now := e.Clock.Now()
		claimed, err = tx.ClaimOperations(ctx, e.Owner, now, now.Add(e.LeaseTTL))
		return err
	})
	if err != nil {
		return err
	}
	for _, op := range claimed {
		if e.register(op, purser.Release{}, true) != nil {
			e.Log.InfoContext(ctx, "operation continued", attributes(op)...)
		}
	}
	return nil
}

// reread brings a claimed operation up to date: between the claim and now its earlier job may have closed it.
func (e *Engine) reread(j *job) error {
	op, err := current(e.ctx, e.Store, j.op)
	switch {
	case purser.ErrorCode(err) == purser.CodeNotFound, err == nil && (op.ID != j.op.ID || op.Owner != e.Owner):
		return errLost
	case err != nil:
		return err
	}
	j.op, j.stale = op, false
	if !op.CancelRequested.IsZero() {
		j.cancelled()
	}
	return nil
}

// relinquish gives up the leases of what was open when the engine closed, so that another server goes on at once.
func (e *Engine) relinquish(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.unfinished) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), relinquishTimeout)
	defer cancel()
	return e.Store.Update(ctx, func(tx purser.Tx) error {
		for id, old := range e.unfinished {
			op, err := current(ctx, tx, old)
			if purser.ErrorCode(err) == purser.CodeNotFound || err == nil && (op.ID != id || op.Owner != e.Owner) {
				continue
			}
			if err != nil {
				return err
			}
			op.Owner, op.LeaseUntil = "", time.Time{}
			if err := tx.UpdateOperation(ctx, op); err != nil {
				return err
			}
		}
		return nil
	})
}

const relinquishTimeout = 2 * time.Second
