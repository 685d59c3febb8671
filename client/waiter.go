package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// waiter follows one change.
type waiter struct {
	client  *Client
	request WaitRequest
	result  WaitResult
	told    map[string]Progress // of the applications by deployment id, as told last
	phase   string              // of the operation, as told last
}

// errOver ends the waiting for a change that is over.
var errOver = errors.New("the change is over")

// follow waits by events, or by asking where there are none.
func (w *waiter) follow(ctx context.Context) error {
	err := w.client.Events(ctx, EventFilter{
		Names:  []string{w.request.ReleaseName},
		Opened: func() error { return w.look(ctx, true) },
	}, func(e Event) error { return w.event(ctx, e) })
	if is[*UnsupportedError](err) {
		err = w.poll(ctx)
	}
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

// poll asks until the change is over.
func (w *waiter) poll(ctx context.Context) error {
	for {
		if err := w.look(ctx, false); err != nil {
			return err
		}
		if err := sleep(ctx, cmp.Or(w.request.Poll, DefaultPoll)); err != nil {
			return err
		}
	}
}

// event takes an event in, and looks at the whole where it may be the last.
func (w *waiter) event(ctx context.Context, e Event) error {
	switch {
	case e.Kind == EventReset:
		return w.look(ctx, true)
	case e.Version != w.request.Version:
		return nil
	case e.Kind == EventOperation:
		w.tellPhase(e.Operation.Phase, e.Detail, e.At.Time)
		if e.Operation.Phase == phaseDone {
			return w.look(ctx, true)
		}
	case e.Kind == EventApplication:
		w.tell(Progress{
			Application: e.Application, DeploymentID: e.DeploymentID, State: e.State, Detail: e.Detail, At: e.At.Time,
		})
		return w.look(ctx, true)
	}
	return nil
}

const phaseDone = "done"

// look reads how things stand. errOver: it is over, and result says how. A server that cannot be reached for the moment is
// asked again until ctx ends.
func (w *waiter) look(ctx context.Context, operations bool) error {
	for n := 0; ; n++ {
		err := w.lookOnce(ctx, operations)
		if err == nil || !passing(err) {
			return err
		}
		if err := sleep(ctx, w.client.retry.wait(n)); err != nil {
			return err
		}
	}
}

func (w *waiter) lookOnce(ctx context.Context, operations bool) error {
	var change *Operation
	if operations {
		var err error
		if change, err = w.operation(ctx); err != nil {
			return err
		}
	}
	info, err := w.client.Status(ctx, w.request.ReleaseName, w.request.Version)
	switch {
	case is[*ReleaseNotFoundError](err) && w.request.Goal == UntilDeleted:
		return w.over(OutcomeSucceeded, "")
	case err != nil:
		return err
	}
	w.result.Info = info
	for _, a := range info.Status.Applications {
		w.tell(Progress{DeploymentID: a.DeploymentID, State: a.State})
	}
	if change != nil {
		w.tellPhase(change.Phase, "", time.Time{})
		switch change.Outcome {
		case "":
			return nil
		case OutcomeFailed, OutcomeCancelled:
			return w.over(change.Outcome, cmp.Or(change.Message, info.Description))
		}
	}
	if w.request.Goal == UntilDeleted {
		return w.deleted(info, change)
	}
	return w.deployed(ctx, info, change)
}

// operation finds the change, nil when the server does not have it any more.
func (w *waiter) operation(ctx context.Context) (*Operation, error) {
	const newest = 20
	page, err := w.client.Operations(ctx, OperationFilter{Name: w.request.ReleaseName, Size: newest})
	if err != nil {
		return nil, err
	}
	for _, o := range page.Operations {
		if o.To == w.request.Version && (o.Kind == kindDelete) == (w.request.Goal == UntilDeleted) {
			return &o, nil
		}
	}
	return nil, nil
}

const kindDelete = "delete"

// deleted decides about a delete whose operation has not failed.
func (w *waiter) deleted(info Info, change *Operation) error {
	switch {
	case change != nil, info.Status.Code == StatusDeleted:
		return w.over(OutcomeSucceeded, info.Description)
	case info.Status.Code == StatusFailed:
		return w.over(OutcomeFailed, info.Description)
	}
	return nil
}

// deployed decides about any other change whose operation is not under way and has not failed, or is not known.
func (w *waiter) deployed(ctx context.Context, info Info, change *Operation) error {
	switch info.Status.Code {
	case StatusFailed:
		if strings.HasPrefix(info.Description, "Cancelled") {
			return w.over(OutcomeCancelled, info.Description)
		}
		return w.over(OutcomeFailed, info.Description)
	case StatusDeleted:
		return w.over(OutcomeFailed, fmt.Sprintf("%s v%d was replaced or deleted meanwhile", w.request.ReleaseName, w.request.Version))
	case StatusDeployed:
	default:
		return nil
	}
	for _, a := range info.Status.Applications {
		switch a.State {
		case StateDeployed:
		case StateFailed, StateError:
			return w.over(OutcomeFailed, cmp.Or(w.told[a.DeploymentID].Detail, fmt.Sprintf("%s: %s", a.DeploymentID, a.State)))
		default:
			return nil
		}
	}
	if change == nil && w.request.Version > 1 {
		if remains, err := w.remains(ctx); err != nil || remains {
			return err
		}
	}
	return w.over(OutcomeSucceeded, info.Description)
}

// remains tells whether an earlier version is still deployed: the change goes on until it is not.
func (w *waiter) remains(ctx context.Context) (bool, error) {
	found, err := w.client.Releases(ctx, w.request.ReleaseName)
	for _, r := range found {
		if r.Name == w.request.ReleaseName && r.Version < w.request.Version && r.Info.Status.Code == StatusDeployed {
			return true, err
		}
	}
	return false, err
}

func (w *waiter) over(outcome Outcome, message string) error {
	w.result.Outcome, w.result.Message = outcome, message
	return errOver
}

// tell tells of an application, if it is news.
func (w *waiter) tell(p Progress) {
	before, known := w.told[p.DeploymentID]
	p.Application = cmp.Or(p.Application, before.Application)
	if known && before.State == p.State && (p.Detail == "" || before.Detail == p.Detail) {
		return
	}
	w.told[p.DeploymentID] = p
	if w.request.Progress != nil {
		w.request.Progress(p)
	}
}

// tellPhase tells of the operation, if it is news.
func (w *waiter) tellPhase(phase, detail string, at time.Time) {
	if phase == w.phase {
		return
	}
	w.phase = phase
	if w.request.Progress != nil {
		w.request.Progress(Progress{Phase: phase, Detail: detail, At: at})
	}
}
