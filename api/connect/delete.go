package connect

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"purser"
	v1 "purser/api/connect/applicationv1"
)

// DeleteRelease implements applicationv1connect.ApplicationServiceHandler. Of a release that was never deployed the failed
// revisions are removed, so that the name is free.
func (h *Handler) DeleteRelease(ctx context.Context, r *v1.DeleteReleaseRequest) (*emptypb.Empty, error) {
	key, _, err := h.key(r)
	if err != nil {
		return nil, err
	}
	latest, err := h.standing(ctx, key)
	switch {
	case purser.ErrorCode(err) == purser.CodeReleaseNotFound:
		return nil, missing(typeRelease, nameOf(key), purser.ErrorMessage(err))
	case err != nil:
		return nil, err
	case r.GetDryRun():
		return &emptypb.Empty{}, nil
	}
	_, err = h.Engine.Delete(ctx, purser.DeleteRequest{Key: key, RequestedBy: subject(ctx)})
	if purser.ErrorCode(err) == purser.CodeReleaseNotFound && latest.Stage == purser.StageFailed {
		err = h.Engine.Discard(ctx, purser.DiscardRequest{Key: key, Version: latest.Version, RequestedBy: subject(ctx)})
	}
	if err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}
