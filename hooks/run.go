package hooks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"purser"
)

// lease is how long an attempt belongs to a server; it outlasts any attempt.
func (s *Service) lease() time.Duration { return 2*s.Timeout + 10*time.Second }

// Run sends what is due until ctx ends, and then waits for the attempts in flight, which are broken off and counted as not
// made. What is left goes on at the next Run, here or at another server.
func (s *Service) Run(ctx context.Context) {
	var attempts sync.WaitGroup
	defer func() {
		attempts.Wait()
		if h, ok := s.Sender.(*httpSender); ok {
			h.close()
		}
	}()
	timer := time.NewTimer(0)
	defer timer.Stop()
	dropped := time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
		if now := s.Clock.Now(); now.Sub(dropped) >= time.Hour {
			dropped = now
			s.drop(ctx, now.Add(-s.Keep))
		}
		pause, err := s.sendDue(ctx, &attempts)
		if err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "deliveries to hooks cannot be read, will be tried again", "error", err)
		}
		timer.Reset(pause)
	}
}

// sendDue begins an attempt for each delivery that is due, as far as there is room, and gives the time until the next look.
func (s *Service) sendDue(ctx context.Context, attempts *sync.WaitGroup) (time.Duration, error) {
	pending, err := s.Store.FindDeliveries(ctx, purser.DeliveryFilter{State: purser.DeliveryPending, Limit: 1})
	if err != nil || len(pending) == 0 {
		return s.lease(), err
	}
	s.mu.Lock()
	sending := maps.Clone(s.sending)
	mine := len(sending)
	s.retryAt = time.Time{}
	s.mu.Unlock()
	if mine >= s.Parallel {
		return s.lease(), nil // the end of an attempt rings
	}
	var claimed []purser.Delivery
	now := s.Clock.Now()
	err = s.Store.Update(ctx, func(tx purser.Tx) (err error) {
		claimed, err = tx.ClaimDeliveries(ctx, s.Owner, now, now.Add(s.lease()), s.Parallel+mine)
		return err
	})
	if err != nil {
		return time.Second, err
	}
	for _, d := range claimed {
		// What was being sent before the claim may be done by now, and claimed is how it was: the end of its attempt rings.
		if sending[d.ID] || !s.enter(d.ID) {
			continue
		}
		attempts.Go(func() { s.attempt(ctx, d) })
	}
	if len(claimed) == s.Parallel+mine {
		return 0, nil // there may be more
	}
	return s.untilNext(ctx, now)
}

// enter marks a delivery as being sent; false when it is already, or when too many are.
func (s *Service) enter(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sending[id] || len(s.sending) >= s.Parallel {
		return false
	}
	s.sending[id] = true
	return true
}

// untilNext gives the time until something is due that is known now.
func (s *Service) untilNext(ctx context.Context, now time.Time) (time.Duration, error) {
	pause := s.lease()
	s.mu.Lock()
	if !s.retryAt.IsZero() {
		pause = min(pause, max(s.retryAt.Sub(now), time.Millisecond))
	}
	s.mu.Unlock()
	pending, err := s.Store.FindDeliveries(ctx, purser.DeliveryFilter{State: purser.DeliveryPending, Limit: lookAhead})
	for _, d := range pending {
		s.mu.Lock()
		busy := s.sending[d.ID]
		s.mu.Unlock()
		if !busy && !d.NextAt.IsZero() {
			pause = min(pause, max(d.NextAt.Sub(now), time.Millisecond))
		}
	}
	return pause, err
}

// lookAhead is how many pending deliveries are looked at for the next one that is due; others are found by a look once in
// a lease.
const lookAhead = 100

// attempt sends a delivery once and stores what came of it.
func (s *Service) attempt(ctx context.Context, d purser.Delivery) {
	status, err := s.send(ctx, d)
	now := s.Clock.Now()
	if ctx.Err() != nil && err != nil {
		d.Owner, d.LeaseUntil = "", time.Time{} // not an attempt: the server ends
	} else {
		d = s.concluded(d, status, err, now)
	}
	stored := context.WithoutCancel(ctx)
	if err := s.Store.Update(stored, func(tx purser.Tx) error { return tx.UpdateDelivery(stored, d) }); err != nil {
		s.Log.ErrorContext(ctx, "the outcome of a delivery cannot be stored, it will be sent again", "delivery", d.UUID, "hook", d.Hook, "error", err)
	}
	s.mu.Lock()
	delete(s.sending, d.ID)
	if d.State == purser.DeliveryPending && (s.retryAt.IsZero() || d.NextAt.Before(s.retryAt)) {
		s.retryAt = d.NextAt
	}
	s.mu.Unlock()
	s.ring()
}

func (s *Service) send(ctx context.Context, d purser.Delivery) (int, error) {
	target, ok := s.targets[d.Hook]
	if !ok {
		return 0, errNoTarget
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	return s.Sender.Send(ctx, target.URL, s.headers(target, d), d.Body)
}

var errNoTarget = errors.New("the hook is not in the configuration any more")

// concluded is a delivery after an attempt.
func (s *Service) concluded(d purser.Delivery, status int, err error, now time.Time) purser.Delivery {
	d.Attempts++
	d.Status, d.Error, d.Owner, d.LeaseUntil = status, "", "", time.Time{}
	switch {
	case err != nil:
		d.Error = err.Error()
	case status < 200 || status > 299:
		d.Error = fmt.Sprintf("it answered %d", status)
	default:
		d.State, d.EndedAt = purser.DeliveryDelivered, now
		return d
	}
	if errors.Is(err, errNoTarget) || d.Attempts >= s.Attempts {
		d.State, d.EndedAt = purser.DeliveryDead, now
		s.Log.Warn("a hook is given up", "delivery", d.UUID, "hook", d.Hook, "event", d.Event, "attempts", d.Attempts, "error", d.Error)
		return d
	}
	d.NextAt = now.Add(s.delay(d.Attempts))
	return d
}

// delay is the pause after so many attempts.
func (s *Service) delay(attempts int) time.Duration {
	return purser.Backoff{First: s.FirstDelay, Last: s.LastDelay, Jitter: s.Jitter}.After(attempts)
}

// drop removes what ended long ago.
func (s *Service) drop(ctx context.Context, before time.Time) {
	err := s.Store.Update(ctx, func(tx purser.Tx) error { return tx.DropDeliveries(ctx, before) })
	if err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "old deliveries cannot be removed", "error", err)
	}
}
