package memory

import (
	"slices"
	"time"

	"purser"
	"purser/repository"
)

func (st *state) findOperation(key purser.ReleaseKey) (purser.Operation, error) {
	o := st.runningOperation(key)
	if o == nil {
		return purser.Operation{}, repository.ErrNoOperation(key)
	}
	return repository.CloneOperation(*o), nil
}

func (st *state) runningOperation(key purser.ReleaseKey) *purser.Operation {
	return st.operations.first(func(o *purser.Operation) bool { return o.Running() && o.Key == key })
}

func (st *state) findOperations(f purser.OperationFilter) ([]purser.Operation, int) {
	rows := st.operations.all(func(o *purser.Operation) bool {
		return (f.ID == 0 || o.ID == f.ID) && (f.Key == nil || o.Key == *f.Key) && (f.Space == nil || o.Key.Space == *f.Space) && (!f.Open || o.Open())
	})
	if f.Newest {
		slices.Reverse(rows)
	}
	return page(rows, f.Page, func(o *purser.Operation) purser.Operation { return repository.CloneOperation(*o) })
}

func (st *state) createOperation(o *purser.Operation) error {
	if o.Running() && st.runningOperation(o.Key) != nil {
		return repository.ErrBusy(*o)
	}
	o.ID = st.operations.nextID()
	st.operations.insert(keptOperation(*o))
	return nil
}

func (st *state) updateOperation(o purser.Operation) error {
	old := st.operations.find(o.ID)
	if old == nil {
		return repository.ErrNoOperationID(o.ID)
	}
	kept := keptOperation(o)
	kept.Key, kept.Kind, kept.StartedAt = old.Key, old.Kind, old.StartedAt
	if other := st.runningOperation(kept.Key); kept.Running() && other != nil && other.ID != kept.ID {
		return repository.ErrBusy(kept)
	}
	st.operations.replace(o.ID, kept)
	return nil
}

func (st *state) claimOperations(owner string, now, until time.Time) []purser.Operation {
	now, until = now.Truncate(time.Millisecond), repository.Millis(until)
	var claimed []purser.Operation
	for _, o := range st.operations.all(func(o *purser.Operation) bool {
		return o.Open() && (o.Owner == "" || o.Owner == owner || o.LeaseUntil.IsZero() || o.LeaseUntil.Before(now))
	}) {
		kept := *o
		kept.Owner, kept.LeaseUntil = owner, until
		st.operations.replace(kept.ID, kept)
		claimed = append(claimed, repository.CloneOperation(kept))
	}
	return claimed
}

func (st *state) renewLeases(owner string, until time.Time) {
	for _, o := range st.operations.all(func(o *purser.Operation) bool { return o.Open() && o.Owner == owner && owner != "" }) {
		kept := *o
		kept.LeaseUntil = repository.Millis(until)
		st.operations.replace(kept.ID, kept)
	}
}

func keptOperation(o purser.Operation) purser.Operation {
	o = repository.CloneOperation(o)
	for _, t := range []*time.Time{&o.Deadline, &o.CancelRequested, &o.LeaseUntil, &o.StartedAt, &o.FinishedAt} {
		*t = repository.Millis(*t)
	}
	return o
}
