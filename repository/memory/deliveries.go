package memory

import (
	"cmp"
	"slices"
	"time"

	"purser"
	"purser/repository"
)

func (st *state) findDeliveries(f purser.DeliveryFilter) []purser.Delivery {
	rows := st.deliveries.all(func(d *purser.Delivery) bool {
		return (f.ID == 0 || d.ID == f.ID) && (f.UUID == "" || d.UUID == f.UUID) && (f.Hook == "" || d.Hook == f.Hook) &&
			(f.State == "" || d.State == f.State) && (f.Before == 0 || d.ID < f.Before)
	})
	slices.Reverse(rows)
	list, _ := page(rows, purser.Page{Limit: f.Limit}, shownDelivery)
	return list
}

func shownDelivery(d *purser.Delivery) purser.Delivery { return repository.CloneDelivery(*d) }

func (st *state) createDelivery(d *purser.Delivery) {
	d.ID = st.deliveries.nextID()
	kept := keptDelivery(*d)
	if kept.Body == nil {
		kept.Body = []byte{}
	}
	st.deliveries.insert(kept)
}

func (st *state) updateDelivery(d purser.Delivery) error {
	old := st.deliveries.find(d.ID)
	if old == nil {
		return repository.ErrNoDelivery(d.ID)
	}
	kept := keptDelivery(d)
	kept.UUID, kept.Hook, kept.Event, kept.Key, kept.Body, kept.CreatedAt = old.UUID, old.Hook, old.Event, old.Key, old.Body, old.CreatedAt
	st.deliveries.replace(d.ID, kept)
	return nil
}

func (st *state) claimDeliveries(owner string, now, until time.Time, limit int) []purser.Delivery {
	now, until = now.Truncate(time.Millisecond), repository.Millis(until)
	due := st.deliveries.all(func(d *purser.Delivery) bool {
		return d.State == purser.DeliveryPending && !d.NextAt.IsZero() && !d.NextAt.After(now) &&
			(d.Owner == "" || d.Owner == owner || d.LeaseUntil.IsZero() || d.LeaseUntil.Before(now))
	})
	slices.SortStableFunc(due, func(a, b *purser.Delivery) int { return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID)) })
	var claimed []purser.Delivery
	for _, d := range due[:min(limit, len(due))] {
		kept := *d
		kept.Owner, kept.LeaseUntil = owner, until
		st.deliveries.replace(kept.ID, kept)
		claimed = append(claimed, repository.CloneDelivery(kept))
	}
	return claimed
}

func (st *state) dropDeliveries(before time.Time) {
	before = before.Truncate(time.Millisecond)
	for _, d := range st.deliveries.all(func(d *purser.Delivery) bool {
		return d.State != purser.DeliveryPending && !d.EndedAt.IsZero() && d.EndedAt.Before(before)
	}) {
		st.deliveries.remove(d.ID)
	}
}

func keptDelivery(d purser.Delivery) purser.Delivery {
	d = repository.CloneDelivery(d)
	for _, t := range []*time.Time{&d.NextAt, &d.CreatedAt, &d.EndedAt, &d.LeaseUntil} {
		*t = repository.Millis(*t)
	}
	return d
}
