package memory

import (
	"context"
	"slices"
	"strings"
	"time"

	"purser"
	"purser/repository"
)

func (st *state) findRelease(key purser.ReleaseKey, version int) (purser.Release, error) {
	var found *purser.Release
	for _, r := range st.releases.rows {
		v := r.value
		if v.Key != key {
			continue
		}
		if version != 0 && v.Version == version {
			return repository.CloneRelease(*v), nil
		}
		if version == 0 && v.Stage != purser.StageDraft && (found == nil || found.Version < v.Version) {
			found = v
		}
	}
	if found == nil {
		return purser.Release{}, repository.ErrNoRelease(key, version)
	}
	return repository.CloneRelease(*found), nil
}

func (st *state) findReleases(filter purser.ReleaseFilter) ([]purser.Release, int) {
	return page(st.releaseRows(filter), filter.Page, shownRelease(filter))
}

// releaseRows gives the rows that fit in the filter's order, without its page.
func (st *state) releaseRows(filter purser.ReleaseFilter) []*purser.Release {
	rows := st.releases.all(releaseFits(filter))
	if filter.Latest {
		rows = latest(rows)
	}
	sortRows(rows, filter.Order, releaseOrders)
	return rows
}

// shownRelease copies a row for the caller.
func shownRelease(filter purser.ReleaseFilter) func(r *purser.Release) purser.Release {
	return func(r *purser.Release) purser.Release {
		v := *r
		if filter.Light {
			v.Package = purser.Package{Metadata: v.Package.Metadata}
			v.Values, v.Manifest, v.ChangeLog = nil, "", nil
		}
		return repository.CloneRelease(v)
	}
}

// ScanReleases implements purser.ReleaseScanner. The list is of one moment.
func (s *Store) ScanReleases(ctx context.Context, filter purser.ReleaseFilter, visit func(r purser.Release) error) error {
	rows, err := read(ctx, s, func(st *state) ([]*purser.Release, error) {
		return cut(st.releaseRows(filter), filter.Page), nil
	})
	if err != nil {
		return err
	}
	show := shownRelease(filter)
	for _, r := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(show(r)); err != nil {
			return err
		}
	}
	return nil
}

func releaseFits(f purser.ReleaseFilter) func(*purser.Release) bool {
	contains := repository.Fold(f.NameContains)
	return func(r *purser.Release) bool {
		return (f.AllSpaces || r.Key.Space == f.Space) &&
			(f.ID == 0 || r.ID == f.ID) &&
			(f.Tag == "" || r.Tag == f.Tag) &&
			(f.Names == nil || slices.Contains(f.Names, r.Key.Name)) &&
			(contains == "" || strings.Contains(repository.Fold(r.Key.Name), contains)) &&
			(f.Version == 0 || r.Version == f.Version) &&
			stageFits(f.Stages, r.Stage) &&
			(f.PackageIDs == nil || slices.Contains(f.PackageIDs, r.Package.Metadata.ID))
	}
}

func stageFits(stages []purser.Stage, s purser.Stage) bool {
	if stages == nil {
		return s != purser.StageDraft
	}
	return slices.Contains(stages, s)
}

// latest keeps the highest version of each key.
func latest(rows []*purser.Release) []*purser.Release {
	highest := map[purser.ReleaseKey]int{}
	for _, r := range rows {
		highest[r.Key] = max(highest[r.Key], r.Version)
	}
	return slices.DeleteFunc(rows, func(r *purser.Release) bool { return r.Version != highest[r.Key] })
}

func (st *state) nextVersion(key purser.ReleaseKey) int {
	next := 1
	if k := st.keys.first(func(k *purser.KeyRecord) bool { return k.Key == key }); k != nil {
		next = k.Highest + 1
	}
	for _, r := range st.releases.rows {
		if r.value.Key == key {
			next = max(next, r.value.Version+1)
		}
	}
	return next
}

func (st *state) createRelease(r *purser.Release) error {
	if st.releases.first(func(o *purser.Release) bool { return o.Key == r.Key && o.Version == r.Version }) != nil {
		return repository.ErrReleaseExists(*r)
	}
	if r.Tag != "" && st.releases.first(func(o *purser.Release) bool { return o.Key == r.Key && o.Tag == r.Tag }) != nil {
		return repository.ErrTagExists(*r)
	}
	r.ID = st.releases.nextID()
	st.releases.insert(keptRelease(*r))
	return nil
}

func (st *state) updateRelease(r purser.Release) error {
	old := st.releases.find(r.ID)
	if old == nil {
		return repository.ErrNoReleaseID(r.ID)
	}
	kept := keptRelease(r)
	kept.Key, kept.Version, kept.Package, kept.CreatedAt, kept.CreatedBy = old.Key, old.Version, old.Package, old.CreatedAt, old.CreatedBy
	kept.UUID, kept.Tag, kept.Trigger, kept.Previous, kept.ChangeLog = old.UUID, old.Tag, old.Trigger, old.Previous, old.ChangeLog
	st.releases.replace(r.ID, kept)
	return nil
}

func (st *state) updateStatuses(id int64, statuses []purser.AppStatus, healthyAt time.Time) error {
	old := st.releases.find(id)
	if old == nil {
		return repository.ErrNoReleaseID(id)
	}
	kept := *old
	kept.Statuses = repository.CloneStatuses(statuses)
	if !healthyAt.IsZero() {
		kept.HealthyAt = repository.Millis(healthyAt)
	}
	st.releases.replace(id, kept)
	return nil
}

func (st *state) deleteRelease(id int64) error {
	old := st.releases.find(id)
	if old == nil {
		return repository.ErrNoReleaseID(id)
	}
	uuid := old.UUID
	st.releases.remove(id)
	for _, c := range st.checks.all(func(c *purser.Check) bool { return c.Release == uuid }) {
		st.removeCheck(c.UUID)
	}
	return nil
}

func keptRelease(r purser.Release) purser.Release {
	r = repository.CloneRelease(r)
	for _, t := range []*time.Time{&r.CreatedAt, &r.UpdatedAt, &r.ActivatedAt, &r.ArchivedAt, &r.HealthyAt, &r.Package.Metadata.CreatedAt} {
		*t = repository.Millis(*t)
	}
	return r
}
