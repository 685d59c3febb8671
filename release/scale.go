package release

import (
	"context"
	"time"

	"purser"
)

// Scale tells the platform how many instances applications of the latest version shall have, and answers when it took the
// orders, with the version as it is stored (spec/rest.md §2.18). A deleted version is answered untouched, unknown
// applications are passed over.
//
// CodeReleaseNotFound, CodeInvalid for a negative count, CodePlatform.
func (e *Engine) Scale(ctx context.Context, r purser.ScaleReleaseRequest) (purser.Release, error) {
	word := purser.OperationScale.Word()
	if err := e.ready(ctx, r.Key, word); err != nil {
		return purser.Release{}, err
	}
	j, current, err := e.accept(ctx, r.Key, word, func(ctx context.Context, tx purser.Tx, _ time.Time) (draft, error) {
		current, err := findLight(ctx, tx, r.Key, 0)
		if err != nil {
			return draft{}, err
		}
		counts, err := scaleRequests(current, r.Apps)
		if err != nil || len(counts) == 0 {
			return draft{release: current}, err
		}
		return draft{release: current, op: purser.Operation{
			Kind: purser.OperationScale, Phase: purser.PhaseScale, Scale: counts, RequestedBy: r.RequestedBy,
		}}, nil
	})
	if err != nil {
		return purser.Release{}, err
	}
	if j == nil {
		return e.Store.FindRelease(ctx, r.Key, current.Version)
	}
	return e.await(ctx, j)
}

// scaleRequests names the deployments that are to be scaled.
func scaleRequests(r purser.Release, apps []purser.AppScale) ([]purser.ScaleRequest, error) {
	var counts []purser.ScaleRequest
	if r.Stage.IsDeleted() {
		return nil, nil
	}
	for _, app := range apps {
		id := r.DeploymentID(app.Name)
		if id == "" {
			continue
		}
		if app.Count < 0 {
			return nil, purser.Errorf(purser.CodeInvalid, "Count of application '%s' must not be negative. Value = %d", app.Name, app.Count)
		}
		counts = append(counts, purser.ScaleRequest{DeploymentID: id, Count: app.Count, Properties: app.Properties})
	}
	return counts, nil
}
