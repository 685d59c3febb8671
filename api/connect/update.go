package connect

import (
	"context"

	rpc "connectrpc.com/connect"

	"purser"
	v1 "purser/api/connect/applicationv1"
)

// UpdateRelease implements applicationv1connect.ApplicationServiceHandler. It answers while the new revision is deployed.
func (h *Handler) UpdateRelease(ctx context.Context, r *v1.UpdateReleaseRequest) (*v1.Application_Release, error) {
	key, _, err := h.key(r)
	if err != nil {
		return nil, err
	}
	c, err := readChart(r.GetChartRef())
	if err != nil {
		return nil, err
	}
	values, err := valuesOf(r.GetValuesYaml(), nil)
	if err != nil {
		return nil, err
	}
	if _, err := h.resolve(ctx, &c); err != nil {
		return nil, err
	}
	request := purser.UpgradeRequest{Key: key, Package: c.identifier, Values: values, RequestedBy: subject(ctx)}
	if request.Facts, err = c.facts(); err != nil {
		return nil, err
	}
	if r.GetDryRun() {
		p, err := h.Engine.PreviewUpgrade(ctx, request)
		if err != nil {
			return nil, h.notChanged(ctx, key, err, "cannot be updated, as it was never deployed: delete it and create it again")
		}
		p.Release.Facts = request.Facts
		return message(p.Release), nil
	}
	made, err := h.Engine.Upgrade(ctx, request)
	if err != nil {
		return nil, h.notChanged(ctx, key, err, "cannot be updated, as it was never deployed: delete it and create it again")
	}
	if made.Stage == purser.StageFailed {
		return nil, notDeployed(made, "The new revision was not deployed, and is kept as failed: "+made.Description)
	}
	return message(made), nil
}

// notChanged tells why a change was refused. A release that is there but has no revision to start from is another matter than
// one that is not there.
func (h *Handler) notChanged(ctx context.Context, key purser.ReleaseKey, err error, why string) error {
	if purser.ErrorCode(err) != purser.CodeReleaseNotFound {
		return err
	}
	switch _, found := h.standing(ctx, key); {
	case found == nil:
		return refuse(rpc.CodeFailedPrecondition, "The release "+nameOf(key)+" "+why)
	case purser.ErrorCode(found) != purser.CodeReleaseNotFound:
		return found
	}
	return missing(typeRelease, nameOf(key), purser.ErrorMessage(err))
}
