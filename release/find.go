package release

import (
	"context"

	"purser"
)

// The stages that Skipper calls DEPLOYED or DELETED: what an upgrade starts from and a rollback may go back to.
var settled = []purser.Stage{purser.StageDeployed, purser.StageSuperseded, purser.StageDeleted}

// findLatest gives the highest version of a key that is in one of the stages, without package, values and manifest.
// CodeReleaseNotFound.
func findLatest(ctx context.Context, q purser.Reader, key purser.ReleaseKey, stages ...purser.Stage) (purser.Release, error) {
	found, _, err := q.FindReleases(ctx, purser.ReleaseFilter{
		Space: key.Space, Names: []string{key.Name}, Stages: stages, Latest: true, Light: true,
	})
	if err != nil {
		return purser.Release{}, err
	}
	if len(found) == 0 {
		return purser.Release{}, purser.ErrReleaseNotFound(key.Name)
	}
	return found[0], nil
}

// findVersion gives a version, be it a draft, without package, values and manifest. CodeReleaseNotFound.
func findVersion(ctx context.Context, q purser.Reader, key purser.ReleaseKey, version int) (purser.Release, error) {
	if version > 0 {
		found, _, err := q.FindReleases(ctx, purser.ReleaseFilter{
			Space: key.Space, Names: []string{key.Name}, Version: version, Stages: purser.Stages, Light: true,
		})
		if err != nil || len(found) > 0 {
			return append(found, purser.Release{})[0], err
		}
	}
	return purser.Release{}, purser.ErrVersionNotFound(key.Name, version)
}

// findLight gives a version, 0 for the latest, without package, values and manifest. CodeReleaseNotFound.
func findLight(ctx context.Context, q purser.Reader, key purser.ReleaseKey, version int) (purser.Release, error) {
	if version < 0 {
		return purser.Release{}, purser.ErrVersionNotFound(key.Name, version)
	}
	found, _, err := q.FindReleases(ctx, purser.ReleaseFilter{
		Space: key.Space, Names: []string{key.Name}, Version: version, Latest: true, Light: true,
	})
	switch {
	case err != nil:
		return purser.Release{}, err
	case len(found) > 0:
		return found[0], nil
	case version == 0:
		return purser.Release{}, purser.ErrReleaseNotFound(key.Name)
	default:
		return purser.Release{}, purser.ErrVersionNotFound(key.Name, version)
	}
}
