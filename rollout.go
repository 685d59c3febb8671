package purser

import "time"

// Rollout is how far the deployment of a version has come, in the words of those who only hear of it
// (spec/dialects.md §4.3).
type Rollout string

// The rollouts.
const (
	RolloutQueued    Rollout = "queued"    // accepted, not begun
	RolloutPending   Rollout = "pending"   // begun, no report of health yet
	RolloutSucceeded Rollout = "succeeded" // health was reported, be it once
	RolloutFailed    Rollout = "failed"
	RolloutUnknown   Rollout = "unknown" // no report of health within the time
)

// Rollout derives the rollout of a version: silence is how long after it was made a report of health may take before
// nobody knows any more; 0 means for ever.
func (r Release) Rollout(now time.Time, silence time.Duration) Rollout {
	switch {
	case r.Stage == StageFailed:
		return RolloutFailed
	case !r.HealthyAt.IsZero(), r.Stage == StageSuperseded && !r.ActivatedAt.IsZero():
		return RolloutSucceeded
	case silence > 0 && now.Sub(r.CreatedAt) >= silence:
		return RolloutUnknown
	case r.Stage == StageDraft:
		return RolloutQueued
	default:
		return RolloutPending
	}
}
