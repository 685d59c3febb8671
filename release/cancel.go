package release

import (
	"context"

	"purser"
)

// Cancel asks for the end of the upgrade or rollback under way on a key. True means that it will end as cancelled, whatever
// its health turns out to be; false that there is nothing to cancel: no operation, one of another kind, or an upgrade
// whose end is decided (spec/rest.md §5.8, §10).
func (e *Engine) Cancel(ctx context.Context, key purser.ReleaseKey) (bool, error) {
	if _, err := e.Store.FindOperation(ctx, key); err != nil { // no write transaction for the many that find nothing
		if purser.ErrorCode(err) == purser.CodeNotFound {
			err = nil
		}
		return false, err
	}
	ctx = context.WithoutCancel(ctx)
	var op purser.Operation
	var events []purser.Event
	accepted := false
	err := e.Store.Update(ctx, func(tx purser.Tx) (err error) {
		accepted, events = false, nil
		if op, err = tx.FindOperation(ctx, key); err != nil {
			return err
		}
		if !phases[op.Kind][op.Phase].cancellable() {
			return nil
		}
		accepted = true
		if !op.CancelRequested.IsZero() {
			return nil
		}
		op.CancelRequested = e.Clock.Now()
		if err := tx.UpdateOperation(ctx, op); err != nil {
			return err
		}
		asked := operationEvent(op, op.CancelRequested)
		asked.Detail = "Cancel requested"
		events, err = e.log(ctx, tx, []purser.Event{asked})
		return err
	})
	if err != nil || !accepted {
		if purser.ErrorCode(err) == purser.CodeNotFound {
			err = nil
		}
		return false, err
	}
	if j := e.job(op.ID); j != nil {
		j.cancelled()
	}
	e.Publisher.Publish(ctx, events...)
	e.Log.InfoContext(ctx, "operation cancelled", attributes(op)...)
	return true, nil
}
