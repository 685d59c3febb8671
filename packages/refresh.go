package packages

import (
	"context"
	"time"
)

// Refresh reads the indexes at once and then after each interval, until ctx ends; with an interval of 0 or less it
// returns after the first time. Failures are logged. An index that its repository calls unchanged is not sent again.
func (s *Service) Refresh(ctx context.Context, interval time.Duration) {
	s.refresh(ctx)
	if interval <= 0 {
		return
	}
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.refresh(ctx)
		}
	}
}

func (s *Service) refresh(ctx context.Context) {
	if err := s.SyncIndexes(ctx); err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "indexes of package repositories not read", "error", err)
	}
}
