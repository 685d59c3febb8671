package release

import (
	"context"
	"errors"

	"purser"
)

// phase is one stretch of an operation: what it does to the platform, which may be done again after a crash, and where it
// leads, by how that went.
type phase struct {
	step      func(ctx context.Context, e *Engine, w *work) error
	waits     bool // it does not work on the platform, so it takes no slot
	good      edge // the step gave no error
	bad       edge // the step gave an error
	cancelled edge // good or not, somebody had asked for an end; without a next phase the phase cannot be cancelled
}

// edge leads from one phase to the next in one transaction. Its rows, when it has any, are changed by apply.
type edge struct {
	next    purser.Phase
	outcome purser.Outcome // with PhaseDone; "" when the operation's failure reason decides
	apply   func(c *change) error
	polls   bool // apply wants to know how the version is doing
}

// cancellable tells whether an operation in that phase can still be cancelled.
func (p phase) cancellable() bool { return p.cancelled.next != "" }

// phases is the one table of what operations do and in which order. Every edge is a place where a server may die and
// another may go on.
var phases = map[purser.OperationKind]map[purser.Phase]phase{
	purser.OperationInstall: {
		purser.PhaseDeploy: {
			step: deployAll,
			good: edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).installed, polls: true},
			bad:  edge{next: purser.PhaseAbort, apply: (*change).refused},
		},
		purser.PhaseAbort: {
			step: removeFresh,
			good: edge{next: purser.PhaseDone, outcome: purser.OutcomeFailed, apply: (*change).forgotten},
			bad:  edge{next: purser.PhaseDone, outcome: purser.OutcomeFailed, apply: (*change).forgotten},
		},
	},
	purser.OperationUpgrade: {
		purser.PhaseDeploy: {
			step:      func(ctx context.Context, e *Engine, w *work) error { return e.strategy.deploy(ctx, e, w) },
			good:      edge{next: purser.PhaseWait, apply: (*change).underway},
			bad:       edge{next: purser.PhaseAbort, apply: (*change).undeployable},
			cancelled: edge{next: purser.PhaseAbort, apply: (*change).cancelled},
		},
		purser.PhaseWait: {
			step:      func(ctx context.Context, e *Engine, w *work) error { return e.strategy.wait(ctx, e, w) },
			waits:     true,
			good:      edge{next: purser.PhaseRemove, apply: (*change).replaced, polls: true},
			bad:       edge{next: purser.PhaseAbort, apply: (*change).unhealthy},
			cancelled: edge{next: purser.PhaseAbort, apply: (*change).cancelled},
		},
		purser.PhaseRemove: {
			step: func(ctx context.Context, e *Engine, w *work) error { return e.strategy.remove(ctx, e, w) },
			good: edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).superseded},
			bad:  edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).stranded},
		},
		purser.PhaseAbort: {
			step: func(ctx context.Context, e *Engine, w *work) error { return e.strategy.abort(ctx, e, w) },
			good: edge{next: purser.PhaseDone, apply: (*change).failed, polls: true},
			bad:  edge{next: purser.PhaseDone, apply: (*change).failed, polls: true},
		},
	},
	purser.OperationActivate: {
		purser.PhaseQueued: {
			step:  takeTurn,
			waits: true,
			good:  edge{next: purser.PhaseDeploy, apply: (*change).begun},
			bad:   edge{next: purser.PhaseDone, outcome: purser.OutcomeFailed, apply: (*change).unbegun},
		},
		purser.PhaseDeploy: {
			step:      func(ctx context.Context, e *Engine, w *work) error { return e.strategy.deploy(ctx, e, w) },
			good:      edge{next: purser.PhaseWait, apply: (*change).underway},
			bad:       edge{next: purser.PhaseAbort, apply: (*change).undeployable},
			cancelled: edge{next: purser.PhaseAbort, apply: (*change).cancelled},
		},
		purser.PhaseWait: {
			step:      func(ctx context.Context, e *Engine, w *work) error { return e.strategy.wait(ctx, e, w) },
			waits:     true,
			good:      edge{next: purser.PhaseRemove, apply: (*change).activated, polls: true},
			bad:       edge{next: purser.PhaseAbort, apply: (*change).unhealthy},
			cancelled: edge{next: purser.PhaseAbort, apply: (*change).cancelled},
		},
		purser.PhaseRemove: {
			step: func(ctx context.Context, e *Engine, w *work) error { return e.strategy.remove(ctx, e, w) },
			good: edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).cleared},
			bad:  edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).cleared},
		},
		purser.PhaseAbort: {
			step: func(ctx context.Context, e *Engine, w *work) error { return e.strategy.abort(ctx, e, w) },
			good: edge{next: purser.PhaseDone, apply: (*change).reverted},
			bad:  edge{next: purser.PhaseDone, apply: (*change).reverted},
		},
	},
	purser.OperationDelete: {
		purser.PhaseRemove: {
			step: removeReplaced,
			good: edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).deleted},
			bad:  edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).deleted},
		},
	},
	purser.OperationScale: {
		purser.PhaseScale: {
			step: scaleAll,
			good: edge{next: purser.PhaseDone, outcome: purser.OutcomeSucceeded, apply: (*change).scaled},
			bad:  edge{next: purser.PhaseDone, outcome: purser.OutcomeFailed, apply: (*change).scaled},
		},
	},
}

// vanished closes an operation whose version is not in the store any more, so that the name is not busy for ever.
var vanished = phase{bad: edge{next: purser.PhaseDone, outcome: purser.OutcomeFailed, apply: (*change).vanished}}

// next gives the edge that a phase leaves by.
func (p phase) next(op purser.Operation, result error) edge {
	switch {
	case p.cancellable() && (!op.CancelRequested.IsZero() || errors.Is(result, errCancelled)):
		return p.cancelled
	case result != nil && !errors.Is(result, errSilent):
		return p.bad
	default:
		return p.good
	}
}
