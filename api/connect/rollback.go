package connect

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"purser"
	v1 "purser/api/connect/applicationv1"
)

// RollbackRelease implements applicationv1connect.ApplicationServiceHandler: to the revision before the current one. It answers
// while the new revision is deployed.
func (h *Handler) RollbackRelease(ctx context.Context, r *v1.RollbackReleaseRequest) (*emptypb.Empty, error) {
	key, _, err := h.key(r)
	if err != nil {
		return nil, err
	}
	const why = "has no earlier revision to go back to"
	request := purser.RollbackRequest{Key: key, RequestedBy: subject(ctx)}
	if r.GetDryRun() {
		if _, err := h.Engine.PreviewRollback(ctx, request); err != nil {
			return nil, h.notChanged(ctx, key, err, why)
		}
		return &emptypb.Empty{}, nil
	}
	made, err := h.Engine.Rollback(ctx, request)
	if err != nil {
		return nil, h.notChanged(ctx, key, err, why)
	}
	if made.Stage == purser.StageFailed {
		return nil, notDeployed(made, "The new revision was not deployed, and is kept as failed: "+made.Description)
	}
	return &emptypb.Empty{}, nil
}
