package purser

import "slices"

// Stage is how far a version of a release has come.
type Stage string

// The stages. Skipper's dialect knows fewer words: see StatusCode.
const (
	StageDraft      Stage = "draft"      // rendered and frozen, not deployed; never in Skipper's lists
	StageDeploying  Stage = "deploying"  // its operation is under way
	StageDeployed   Stage = "deployed"   // the platform was told, or reported health
	StageSuperseded Stage = "superseded" // another version took its place
	StageFailed     Stage = "failed"     // its operation came to a bad end
	StageDeleted    Stage = "deleted"    // deleted on request
)

// Stages lists every stage.
var Stages = []Stage{StageDraft, StageDeploying, StageDeployed, StageSuperseded, StageFailed, StageDeleted}

// transitions is the one table of legal moves. A move to the stage a version has already is no move and always legal.
var transitions = map[Stage][]Stage{
	StageDraft:      {StageDeploying, StageFailed, StageDeleted},
	StageDeploying:  {StageDeployed, StageFailed, StageDraft, StageSuperseded}, // the last two: an activation that failed leaves it as it was
	StageDeployed:   {StageSuperseded, StageFailed, StageDeleted},
	StageSuperseded: {StageDeploying}, // activated again, in place
	StageFailed:     {},
	StageDeleted:    {},
}

// CanBecome tells whether a version may move from s to next.
func (s Stage) CanBecome(next Stage) bool {
	return s == next || slices.Contains(transitions[s], next)
}

// Status codes of Skipper's dialect (spec/rest.md §4.2).
const (
	StatusUnknown  = "UNKNOWN"
	StatusDeployed = "DEPLOYED"
	StatusDeleted  = "DELETED"
	StatusFailed   = "FAILED"
)

var statusCodes = map[Stage]string{
	StageDraft:      StatusUnknown,
	StageDeploying:  StatusUnknown,
	StageDeployed:   StatusDeployed,
	StageSuperseded: StatusDeleted,
	StageFailed:     StatusFailed,
	StageDeleted:    StatusDeleted,
}

// StatusCode is Skipper's word for the stage.
func (s Stage) StatusCode() string { return statusCodes[s] }

// IsDeleted tells whether Skipper's dialect calls the stage DELETED.
func (s Stage) IsDeleted() bool { return s.StatusCode() == StatusDeleted }
