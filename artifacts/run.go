package artifacts

import (
	"context"
	"time"

	"purser"
)

// Run fetches what is due until ctx ends. What is under way then goes on until Close.
func (s *Service) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
		pause, err := s.startDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "artifacts cannot be read, will be tried again", "error", err)
		}
		timer.Reset(pause)
	}
}

var openStates = []purser.ArtifactState{purser.ArtifactPending, purser.ArtifactUploading}

// startDue begins to fetch what is due, as far as there is room, and gives the time until the next look.
func (s *Service) startDue(ctx context.Context) (time.Duration, error) {
	open, err := s.Store.FindArtifacts(ctx, purser.ArtifactFilter{States: openStates, Limit: 1})
	if err != nil || len(open) == 0 {
		return s.lease(), err
	}
	s.mu.Lock()
	all, room := len(s.running), s.room()
	s.retryAt = time.Time{}
	s.mu.Unlock()
	if room <= 0 {
		return s.lease(), nil // the end of an attempt rings
	}
	now := s.Clock.Now()
	if err := s.claim(ctx, now, all, room); err != nil {
		return time.Second, err
	}
	return s.untilNext(ctx, now)
}

// room tells how many artifacts may begin. s.mu is held.
func (s *Service) room() int {
	room := s.Parallel
	for _, t := range s.running {
		if t.background {
			room--
		}
	}
	return room
}

// claim takes what is due and begins it; all are under way, room may begin.
func (s *Service) claim(ctx context.Context, now time.Time, all, room int) error {
	s.claiming.Lock()
	defer s.claiming.Unlock()
	var claimed []purser.Artifact
	err := s.Store.Update(ctx, func(tx purser.Tx) (err error) {
		claimed, err = tx.ClaimArtifacts(ctx, s.Owner, now, now.Add(s.lease()), all+room)
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range claimed {
		if room == 0 {
			break // it is this server's, and will be claimed again
		}
		if t := s.begin(a.ID, true); t != nil {
			room--
			go s.attempt(t.life, a, nil) //nolint:contextcheck // it goes on when Run has ended
		}
	}
	return nil
}

// lookAhead is how many open artifacts are looked at for the next one that is due; others are found by a look once in a
// lease.
const lookAhead = 100

// untilNext gives the time until something is due that is known now.
func (s *Service) untilNext(ctx context.Context, now time.Time) (time.Duration, error) {
	pause := s.lease()
	open, err := s.Store.FindArtifacts(ctx, purser.ArtifactFilter{States: openStates, Limit: lookAhead})
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.retryAt.IsZero() {
		pause = min(pause, max(s.retryAt.Sub(now), time.Millisecond))
	}
	if s.room() <= 0 {
		return pause, err
	}
	for _, a := range open {
		if s.running[a.ID] == nil && !a.NextAt.IsZero() {
			pause = min(pause, max(a.NextAt.Sub(now), time.Millisecond))
		}
	}
	return pause, err
}
