package purser_test

import (
	"testing"
	"time"

	"purser"
)

func TestRollout(t *testing.T) {
	made := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const silence = 10 * time.Minute
	for _, row := range []struct {
		rule    string
		release purser.Release
		after   time.Duration
		silence time.Duration
		want    purser.Rollout
	}{
		{"a draft waits for its turn", purser.Release{Stage: purser.StageDraft}, time.Second, silence, purser.RolloutQueued},
		{"deploying is pending", purser.Release{Stage: purser.StageDeploying}, time.Second, silence, purser.RolloutPending},
		{"deployed without a report is pending", purser.Release{Stage: purser.StageDeployed}, time.Second, silence, purser.RolloutPending},
		{"a report makes it succeed", purser.Release{Stage: purser.StageDeployed, HealthyAt: made}, time.Second, silence, purser.RolloutSucceeded},
		{"a report counts while it is deploying", purser.Release{Stage: purser.StageDeploying, HealthyAt: made}, time.Second, silence, purser.RolloutSucceeded},
		{"and for ever", purser.Release{Stage: purser.StageDeployed, HealthyAt: made}, 24 * time.Hour, silence, purser.RolloutSucceeded},
		{"also when another took its place", purser.Release{Stage: purser.StageSuperseded, ActivatedAt: made}, 24 * time.Hour, silence, purser.RolloutSucceeded},
		{"silence while deploying", purser.Release{Stage: purser.StageDeploying}, silence, silence, purser.RolloutUnknown},
		{"silence after it", purser.Release{Stage: purser.StageDeployed, ActivatedAt: made}, silence, silence, purser.RolloutUnknown},
		{"silence of a draft", purser.Release{Stage: purser.StageDraft}, silence, silence, purser.RolloutUnknown},
		{"almost too long", purser.Release{Stage: purser.StageDeploying}, silence - 1, silence, purser.RolloutPending},
		{"nobody counts the time", purser.Release{Stage: purser.StageDeploying}, 24 * time.Hour, 0, purser.RolloutPending},
		{"failed is failed", purser.Release{Stage: purser.StageFailed, HealthyAt: made}, 24 * time.Hour, silence, purser.RolloutFailed},
	} {
		t.Run(row.rule, func(t *testing.T) {
			row.release.CreatedAt = made
			if got := row.release.Rollout(made.Add(row.after), row.silence); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}
