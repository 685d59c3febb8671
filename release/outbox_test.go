package release_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/release"
)

// outbox writes a delivery for each event of the tenant's space.
type outbox struct{ refuse bool }

func (o *outbox) Collect(ctx context.Context, tx purser.Tx, events []purser.Event) error {
	for _, e := range events {
		if e.ID == 0 {
			return purser.Errorf(purser.CodeInternal, "an event without id")
		}
		if e.Key.Space != tenant || e.Kind != purser.EventRelease {
			continue
		}
		if o.refuse {
			return purser.Errorf(purser.CodeInternal, "refused")
		}
		d := purser.Delivery{UUID: string(rune('a' + e.ID)), Event: string(e.Stage), Key: e.Key, State: purser.DeliveryPending}
		if err := tx.CreateDelivery(ctx, &d); err != nil {
			return err
		}
	}
	return nil
}

func TestOutboxIsPartOfTheTransaction(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		out := &outbox{}
		w := MustWorld(t, func(o *release.Options) { o.Outbox = out })
		w.MustInstall(t, "pair", duo("1.0.0"))
		w.MustStage(t, "")
		w.MustStage(t, "two.a=1")
		w.MustActivate(t, 1)
		w.MustActivate(t, 2)
		synctest.Wait()
		told := func() (events []string) {
			found, err := w.store.FindDeliveries(t.Context(), purser.DeliveryFilter{})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range found {
				events = append([]string{d.Event}, events...)
			}
			return events
		}
		want := []string{"draft", "draft", "deploying", "deployed", "deploying", "deployed", "superseded"}
		if diff := cmp.Diff(want, told()); diff != "" {
			t.Error(diff)
		}
		out.refuse = true
		_, err := w.Stage(t.Context(), stagePair("two.a=2"))
		wantCode(t, err, purser.CodeInternal)
		if diff := cmp.Diff(want, told()); diff != "" {
			t.Error(diff)
		}
		w.wantPair(t, "1 superseded archived", "2 deployed", "pair.one-v1", "pair.two-v1", prefix+"pair.one-v1", prefix+"pair.two-v2")
	})
}
