package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"purser"
)

// Notify implements purser.Notifier.
func (s *Service) Notify(ctx context.Context, tx purser.Tx, notices ...purser.Notice) error {
	now := s.Clock.Now()
	for _, n := range notices {
		for _, t := range s.Targets {
			if !slices.Contains(t.Events, n.Event) {
				continue
			}
			d := purser.Delivery{
				UUID: s.NewID(), Hook: t.Name, Event: n.Event, Key: n.Key, Body: n.Body,
				State: purser.DeliveryPending, NextAt: now, CreatedAt: now,
			}
			if n.Once != "" {
				d.UUID = onceID(t.Name, n)
				told, err := tx.FindDeliveries(ctx, purser.DeliveryFilter{UUID: d.UUID, Limit: 1})
				if err != nil {
					return err
				}
				if len(told) > 0 {
					continue
				}
			}
			if err := tx.CreateDelivery(ctx, &d); err != nil {
				return err
			}
			s.noted.Store(true)
		}
	}
	return nil
}

// onceID is the id of the one delivery of a notice to a hook, in the form of a UUID (version 8).
func onceID(hook string, n purser.Notice) string {
	b := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", hook, n.Event, n.Key.Space, n.Key.Name, n.Once))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	x := hex.EncodeToString(b[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
