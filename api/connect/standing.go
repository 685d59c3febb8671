package connect

import (
	"context"

	"purser"
)

// standing gives the revision of a release that counts: the latest, unless it failed to replace one that is deleted by now.
// CodeReleaseNotFound when there is none, or it is deleted.
func (h *Handler) standing(ctx context.Context, key purser.ReleaseKey) (purser.Release, error) {
	found, _, err := h.Store.FindReleases(ctx, purser.ReleaseFilter{Space: key.Space, Names: []string{key.Name}, Latest: true, Light: true})
	if err != nil {
		return purser.Release{}, err
	}
	for _, latest := range found {
		stands, err := h.stands(ctx, latest)
		if err != nil || stands {
			return latest, err
		}
	}
	return purser.Release{}, purser.ErrReleaseNotFound(key.Name)
}

// stands tells whether the latest revision of a release is one of a release that is there.
func (h *Handler) stands(ctx context.Context, latest purser.Release) (bool, error) {
	if latest.Stage != purser.StageFailed || latest.Trigger == purser.TriggerInstall {
		return !latest.Stage.IsDeleted(), nil
	}
	found, _, err := h.Store.FindReleases(ctx, purser.ReleaseFilter{
		Space: latest.Key.Space, Names: []string{latest.Key.Name}, Latest: true, Light: true,
		Stages: []purser.Stage{purser.StageDeploying, purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted},
	})
	return len(found) > 0 && !found[0].Stage.IsDeleted(), err
}
