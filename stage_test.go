package purser_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"purser"
)

func TestEveryStageHasAStatusCode(t *testing.T) {
	for _, s := range purser.Stages {
		if s.StatusCode() == "" {
			t.Errorf("%s has no status code", s)
		}
	}
}

func TestMove(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	rows := map[string]struct {
		from, to purser.Stage
		legal    bool
		revision int64
	}{
		"first deployed keeps the tag":       {purser.StageDeploying, purser.StageDeployed, true, 0},
		"failed while deploying keeps it":    {purser.StageDeploying, purser.StageFailed, true, 0},
		"deleted after deployed changes it":  {purser.StageDeployed, purser.StageDeleted, true, 1},
		"superseded changes it":              {purser.StageDeployed, purser.StageSuperseded, true, 1},
		"the same stage is no change":        {purser.StageDeployed, purser.StageDeployed, true, 0},
		"deleted is the end":                 {purser.StageDeleted, purser.StageDeployed, false, 0},
		"failed is the end":                  {purser.StageFailed, purser.StageDeployed, false, 0},
		"a draft is not deployed in one go":  {purser.StageDraft, purser.StageDeployed, false, 0},
		"deploying is not deleted in one go": {purser.StageDeploying, purser.StageDeleted, false, 0},
		"superseded is activated again":      {purser.StageSuperseded, purser.StageDeploying, true, 1},
		"which may fail":                     {purser.StageDeploying, purser.StageSuperseded, true, 0},
		"a draft is activated":               {purser.StageDraft, purser.StageDeploying, true, 0},
		"which may fail as well":             {purser.StageDeploying, purser.StageDraft, true, 0},
		"superseded is not deployed at once": {purser.StageSuperseded, purser.StageDeployed, false, 0},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			r := purser.Release{Stage: row.from, Statuses: []purser.AppStatus{{DeploymentID: "a"}}}
			err := r.Move(row.to, "why", now)
			if (err == nil) != row.legal {
				t.Fatalf("error %v, legal %v", err, row.legal)
			}
			if !row.legal {
				if r.Stage != row.from || purser.ErrorCode(err) != purser.CodeInternal {
					t.Fatalf("a refused move left %s, %v", r.Stage, err)
				}
				return
			}
			if r.Stage != row.to || r.Description != "why" || !r.UpdatedAt.Equal(now) || r.Revision != row.revision {
				t.Fatalf("got %+v", r)
			}
			if row.to.IsDeleted() != (r.Statuses == nil) {
				t.Fatalf("statuses after %s: %v", row.to, r.Statuses)
			}
		})
	}
}

// No sequence of moves leaves the table, and the tag only ever grows.
func TestMovesStayInTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := purser.Release{Stage: purser.StageDraft}
		for _, next := range rapid.SliceOf(rapid.SampledFrom(purser.Stages)).Draw(t, "moves") {
			before := r
			err := r.Move(next, "", time.Time{})
			if (err == nil) != before.Stage.CanBecome(next) {
				t.Fatalf("%s to %s: %v", before.Stage, next, err)
			}
			if r.Revision < before.Revision || r.Revision > before.Revision+1 {
				t.Fatalf("revision %d after %d", r.Revision, before.Revision)
			}
			if before.Stage == purser.StageDeleted && r.Stage != before.Stage {
				t.Fatalf("%s came back as %s", before.Stage, r.Stage)
			}
		}
	})
}
