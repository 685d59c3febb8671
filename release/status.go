package release

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"purser"
)

// Attributes that every instance carries (spec/rest.md §4.2).
const (
	attributeApp     = "skipper.application.name"
	attributeRelease = "skipper.release.name"
	attributeVersion = "skipper.release.version"
)

// Status gives a version, 0 for the latest, with its statuses as the platform knows them now; those of a deleted version
// are nil. Package (but its metadata), values and manifest are left out. What differs from the stored statuses is stored
// (spec/rest.md §2.11). A platform that does not answer leaves the stored ones. CodeReleaseNotFound.
func (e *Engine) Status(ctx context.Context, key purser.ReleaseKey, version int) (purser.Release, error) {
	r, err := findLight(ctx, e.Store, key, version)
	if err != nil {
		return purser.Release{}, err
	}
	return e.refreshed(ctx, r), nil
}

// Statuses gives the latest version of each name that is known, as Status does.
func (e *Engine) Statuses(ctx context.Context, space string, names []string) (map[string]purser.Release, error) {
	found, err := e.findLatestOf(ctx, space, names)
	if err != nil {
		return nil, err
	}
	statuses := make(map[string]purser.Release, len(found))
	for _, r := range found {
		statuses[r.Key.Name] = e.refreshed(ctx, r)
	}
	return statuses, nil
}

func (e *Engine) findLatestOf(ctx context.Context, space string, names []string) ([]purser.Release, error) {
	if names == nil {
		names = []string{}
	}
	found, _, err := e.Store.FindReleases(ctx, purser.ReleaseFilter{Space: space, Names: names, Latest: true, Light: true})
	return found, err
}

// refreshed gives the release with live statuses, and stores them when they differ.
func (e *Engine) refreshed(ctx context.Context, r purser.Release) purser.Release {
	if r.Stage.IsDeleted() || r.Stage == purser.StageDraft {
		return r
	}
	platform, err := e.Platforms.Find(r.Platform)
	if err != nil {
		return r
	}
	live, err := liveStatuses(ctx, platform, r)
	if err != nil {
		e.Log.WarnContext(ctx, "a platform gives no status", "platform", r.Platform, "error", err)
		return r
	}
	if !sameStatuses(live, r.Statuses) {
		if err := e.tracker.store(ctx, r.ID); err != nil {
			e.Log.WarnContext(ctx, "statuses cannot be stored", "release", r.Label(), "error", err)
		}
	}
	r.Statuses = live
	return r
}

// liveStatuses asks the platform for the statuses of a version, in manifest order, with the attributes that tell whose
// they are. A version without applications has none (nil).
func liveStatuses(ctx context.Context, platform purser.Deployer, r purser.Release) ([]purser.AppStatus, error) {
	if len(r.Applications) == 0 {
		return nil, nil
	}
	found, err := platform.Status(ctx, r.DeploymentIDs()...)
	if err != nil {
		return nil, err
	}
	live := make([]purser.AppStatus, len(found))
	for i, s := range found {
		live[i] = purser.AppStatus{DeploymentID: s.DeploymentID, State: s.State}
		for _, instance := range s.Instances {
			instance.Attributes = maps.Clone(instance.Attributes)
			if instance.Attributes == nil {
				instance.Attributes = map[string]string{}
			}
			instance.Attributes[attributeApp] = r.Applications[i].Name
			instance.Attributes[attributeRelease] = r.Key.Name
			instance.Attributes[attributeVersion] = strconv.Itoa(r.Version)
			live[i].Instances = append(live[i].Instances, instance)
		}
	}
	return live, nil
}

// sameStatuses compares what is known with what is stored; a store need not tell nil from empty.
func sameStatuses(a, b []purser.AppStatus) bool {
	return slices.EqualFunc(a, b, func(a, b purser.AppStatus) bool {
		return a.DeploymentID == b.DeploymentID && a.State == b.State && slices.EqualFunc(a.Instances, b.Instances, sameInstance)
	})
}

// allDeployed tells whether the platform reports every application as healthy. Of nothing it reports nothing.
func allDeployed(statuses []purser.AppStatus) bool {
	return len(statuses) > 0 && !slices.ContainsFunc(statuses, func(s purser.AppStatus) bool { return s.State != purser.StateDeployed })
}

func sameInstance(a, b purser.Instance) bool {
	return a.ID == b.ID && a.State == b.State && a.Final == b.Final && maps.Equal(a.Attributes, b.Attributes)
}
