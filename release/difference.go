package release

import (
	"context"
	"slices"

	"purser"
)

// Difference tells what changes from one version of a release to another. to 0 stands for the latest version, from 0 for the
// one before to.
//
// CodeReleaseNotFound, CodeConflict when the two cannot be compared.
func (e *Engine) Difference(ctx context.Context, key purser.ReleaseKey, from, to int) (d purser.VersionDifference, err error) {
	for _, version := range []int{from, to} {
		if version < 0 {
			return d, purser.ErrVersionNotFound(key.Name, version)
		}
	}
	replacing, err := e.Store.FindRelease(ctx, key, to)
	if err != nil {
		return d, err
	}
	existing := purser.Release{Key: key}
	if from == 0 {
		if from, err = e.versionBefore(ctx, key, replacing.Version); err != nil {
			return d, err
		}
	}
	if from != 0 {
		if existing, err = e.Store.FindRelease(ctx, key, from); err != nil {
			return d, err
		}
	}
	d.From, d.To = existing.Version, replacing.Version
	d.Difference, err = e.Renderer.Compare(existing, replacing)
	return d, err
}

// noDrafts are the stages of what was deployed, or tried to be.
var noDrafts = slices.DeleteFunc(slices.Clone(purser.Stages), func(s purser.Stage) bool { return s == purser.StageDraft })

// versionBefore gives the highest version below another that is no draft, 0 without one.
func (e *Engine) versionBefore(ctx context.Context, key purser.ReleaseKey, version int) (int, error) {
	found, err := e.Store.FindVersions(ctx, purser.VersionFilter{
		Key: key, After: version, Archived: true, Stages: noDrafts, Light: true, Limit: 1,
	})
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0].Version, nil
}
