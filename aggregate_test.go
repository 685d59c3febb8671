package purser_test

import (
	"testing"

	"purser"
)

func TestAggregate(t *testing.T) {
	const (
		deployed, deploying, failed = purser.StateDeployed, purser.StateDeploying, purser.StateFailed
		broken, unknown, undeployed = purser.StateError, purser.StateUnknown, purser.StateUndeployed
	)
	for _, row := range []struct {
		rule   string
		states []purser.AppState
		want   purser.AppState
	}{
		{"none is unknown", nil, unknown},
		{"all equal", []purser.AppState{failed, failed}, failed},
		{"any error", []purser.AppState{deployed, broken, deploying}, broken},
		{"any deploying", []purser.AppState{failed, deploying, deployed}, deploying},
		{"any deployed is partial", []purser.AppState{failed, deployed}, purser.StatePartial},
		{"any failed", []purser.AppState{unknown, failed}, failed},
		{"else partial", []purser.AppState{unknown, undeployed}, purser.StatePartial},
	} {
		t.Run(row.rule, func(t *testing.T) {
			var instances []purser.Instance
			for _, s := range row.states {
				instances = append(instances, purser.Instance{State: s})
			}
			if got := purser.Aggregate(instances); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestFailedForGood(t *testing.T) {
	ended, running := purser.Instance{Final: true}, purser.Instance{}
	for _, row := range []struct {
		rule      string
		instances []purser.Instance
		want      bool
	}{
		{"no instance may still come", nil, false},
		{"one still runs", []purser.Instance{ended, running}, false},
		{"all have ended", []purser.Instance{ended, ended}, true},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := (purser.AppStatus{Instances: row.instances}).FailedForGood(); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
