package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"purser"
)

// DeliveryOf gives a pending delivery with something in every field, due at noon and owned by nobody.
func DeliveryOf(n int) purser.Delivery {
	return purser.Delivery{
		UUID: fmt.Sprintf("delivery %d", n), Hook: "hook", Event: "released", Key: purser.ReleaseKey{Space: "akkeris/dev", Name: "it's"},
		Body: []byte("{\"a\":\"\x00\xff\"}"), State: purser.DeliveryPending, Attempts: 1, NextAt: noon, Status: 500, Error: "it answered 500",
		CreatedAt: noon.Add(-time.Minute),
	}
}

// MustCreateDeliveries stores deliveries and gives them with their ids.
func MustCreateDeliveries(tb testing.TB, s purser.Store, list ...purser.Delivery) []purser.Delivery {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error {
		for i := range list {
			if err := tx.CreateDelivery(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

func wantDeliveries(t *testing.T, s purser.Store, f purser.DeliveryFilter, want ...purser.Delivery) {
	t.Helper()
	got, err := s.FindDeliveries(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	same(t, fmt.Sprintf("%+v", f), append([]purser.Delivery{}, got...), append([]purser.Delivery{}, want...))
}

func claimDeliveries(t *testing.T, s purser.Store, owner string, now time.Time, limit int) (claimed []string) {
	t.Helper()
	MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
		got, err := tx.ClaimDeliveries(ctx, owner, now, now.Add(time.Minute), limit)
		for _, d := range got {
			if d.Owner != owner || !d.LeaseUntil.Equal(now.Add(time.Minute)) {
				t.Errorf("claimed %+v", d)
			}
			claimed = append(claimed, d.UUID)
		}
		return err
	})
	return claimed
}

var deliveryRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		d := DeliveryOf(1)
		d.State, d.EndedAt, d.Owner, d.LeaseUntil = purser.DeliveryDead, noon.Add(time.Hour), "me", noon.Add(time.Minute)
		made := MustCreateDeliveries(t, s, d)
		if made[0].ID <= 0 {
			t.Fatalf("id %d", made[0].ID)
		}
		wantDeliveries(t, s, purser.DeliveryFilter{}, made...)
	}},
	{"FiltersAndPages", func(t *testing.T, s purser.Store) {
		list := []purser.Delivery{DeliveryOf(1), DeliveryOf(2), DeliveryOf(3), DeliveryOf(4)}
		list[1].Hook, list[2].State, list[3].State = "other", purser.DeliveryDead, purser.DeliveryDelivered
		made := MustCreateDeliveries(t, s, list...)
		wantDeliveries(t, s, purser.DeliveryFilter{}, made[3], made[2], made[1], made[0])
		wantDeliveries(t, s, purser.DeliveryFilter{Limit: 2}, made[3], made[2])
		wantDeliveries(t, s, purser.DeliveryFilter{Limit: 2, Before: made[2].ID}, made[1], made[0])
		wantDeliveries(t, s, purser.DeliveryFilter{Hook: "other"}, made[1])
		wantDeliveries(t, s, purser.DeliveryFilter{State: purser.DeliveryDead}, made[2])
		wantDeliveries(t, s, purser.DeliveryFilter{UUID: "delivery 4"}, made[3])
		wantDeliveries(t, s, purser.DeliveryFilter{ID: made[0].ID}, made[0])
		wantDeliveries(t, s, purser.DeliveryFilter{ID: made[0].ID, Hook: "other"})
	}},
	{"UpdateStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		made := MustCreateDeliveries(t, s, DeliveryOf(1), DeliveryOf(2))
		changed := purser.Delivery{
			ID: made[0].ID, UUID: "x", Hook: "x", Event: "x", Body: []byte("x"), State: purser.DeliveryDelivered, Attempts: 9, Status: 200,
			EndedAt: noon.Add(time.Hour), CreatedAt: noon, Owner: "me", LeaseUntil: noon,
		}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateDelivery(ctx, changed) })
		was := made[0]
		changed.UUID, changed.Hook, changed.Event, changed.Key, changed.Body, changed.CreatedAt = was.UUID, was.Hook, was.Event, was.Key, was.Body, was.CreatedAt
		wantDeliveries(t, s, purser.DeliveryFilter{}, made[1], changed)
		changed.ID = 99
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateDelivery(ctx, changed) }), purser.CodeNotFound)
	}},
	{"ClaimTakesWhatIsDueAndFree", func(t *testing.T, s purser.Store) {
		var list []purser.Delivery
		add := func(uuid string, change func(d *purser.Delivery)) {
			d := DeliveryOf(0)
			d.UUID = uuid
			change(&d)
			list = append(list, d)
		}
		add("due", func(*purser.Delivery) {})
		add("later", func(d *purser.Delivery) { d.NextAt = noon.Add(time.Millisecond) })
		add("earlier", func(d *purser.Delivery) { d.NextAt = noon.Add(-time.Hour) })
		add("never", func(d *purser.Delivery) { d.NextAt = time.Time{} })
		add("dead", func(d *purser.Delivery) { d.State = purser.DeliveryDead })
		add("mine", func(d *purser.Delivery) { d.Owner, d.LeaseUntil = "me", noon.Add(time.Hour) })
		add("foreign", func(d *purser.Delivery) { d.Owner, d.LeaseUntil = "other", noon })
		add("expired", func(d *purser.Delivery) { d.Owner, d.LeaseUntil = "other", noon.Add(-time.Millisecond) })
		add("without lease", func(d *purser.Delivery) { d.Owner = "other" })
		MustCreateDeliveries(t, s, list...)
		same(t, "two", claimDeliveries(t, s, "me", noon, 2), []string{"earlier", "due"})
		same(t, "all", claimDeliveries(t, s, "me", noon, 99), []string{"earlier", "due", "mine", "expired", "without lease"})
		same(t, "of another", claimDeliveries(t, s, "third", noon, 99), []string(nil))
	}},
	{"DropTakesWhatEndedBefore", func(t *testing.T, s purser.Store) {
		list := []purser.Delivery{DeliveryOf(1), DeliveryOf(2), DeliveryOf(3), DeliveryOf(4)}
		list[0].EndedAt = noon.Add(-time.Hour) // pending all the same
		list[1].State, list[1].EndedAt = purser.DeliveryDelivered, noon.Add(-time.Millisecond)
		list[2].State, list[2].EndedAt = purser.DeliveryDead, noon
		list[3].State = purser.DeliveryDead
		made := MustCreateDeliveries(t, s, list...)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DropDeliveries(ctx, noon) })
		wantDeliveries(t, s, purser.DeliveryFilter{}, made[3], made[2], made[0])
	}},
}

var queueRules = []rule{
	{"AnyNumberOfAKeyMayBeQueued", func(t *testing.T, s purser.Store) {
		queued := func() purser.Operation {
			o := OperationOf("a")
			o.Kind, o.Phase = purser.OperationActivate, purser.PhaseQueued
			o.Activation = &purser.Activation{Mode: purser.ActivateStaged, Revert: purser.StageFailed, Archive: true, Lenient: true}
			return o
		}
		first, second := MustCreateOperation(t, s, queued()), MustCreateOperation(t, s, queued())
		_, err := s.FindOperation(t.Context(), key("a"))
		refused(t, err, purser.CodeNotFound)
		wantOperations(t, s, purser.OperationFilter{Open: true}, 2, first, second)
		wantOperations(t, s, purser.OperationFilter{ID: second.ID}, 1, second)
		running := MustCreateOperation(t, s, OperationOf("a"))
		third := MustCreateOperation(t, s, queued())
		first.Phase = purser.PhaseDeploy
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, first) }), purser.CodeBusy)
		running = closed(running)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			if err := tx.UpdateOperation(ctx, running); err != nil {
				return err
			}
			return tx.UpdateOperation(ctx, first)
		})
		got, err := s.FindOperation(t.Context(), key("a"))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "under way", got, first)
		wantOperations(t, s, purser.OperationFilter{Open: true}, 3, first, second, third)
	}},
	{"LeasesAreForQueuedOnesToo", func(t *testing.T, s purser.Store) {
		o := OperationOf("a")
		o.Phase = purser.PhaseQueued
		o = MustCreateOperation(t, s, o)
		o.Owner, o.LeaseUntil = "me", noon
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			got, err := tx.ClaimOperations(ctx, "me", noon, noon)
			same(t, "claimed", got, []purser.Operation{o})
			return err
		})
		o.LeaseUntil = noon.Add(time.Hour)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.RenewLeases(ctx, "me", o.LeaseUntil) })
		wantOperations(t, s, purser.OperationFilter{}, 1, o)
	}},
}
