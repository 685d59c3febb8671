package memory

import (
	"cmp"
	"slices"

	"purser"
	"purser/repository"
)

func (st *state) findVersion(uuid string) (purser.Release, error) {
	r := st.releases.first(func(r *purser.Release) bool { return r.UUID == uuid })
	if r == nil || uuid == "" {
		return purser.Release{}, repository.ErrNoReleaseUUID(uuid)
	}
	return repository.CloneRelease(*r), nil
}

// versionRows gives the versions of a key that fit, without the page.
func (st *state) versionRows(f purser.VersionFilter) []*purser.Release {
	return st.releases.all(func(r *purser.Release) bool {
		return r.Key == f.Key && (f.Archived || !r.Archived) && (f.Stages == nil || slices.Contains(f.Stages, r.Stage))
	})
}

func (st *state) findVersions(f purser.VersionFilter) []purser.Release {
	rows := st.versionRows(f)
	sign := -1
	if f.Ascending {
		sign = 1
	}
	slices.SortFunc(rows, func(a, b *purser.Release) int { return sign * cmp.Compare(a.Version, b.Version) })
	if f.After != 0 {
		rows = slices.DeleteFunc(rows, func(r *purser.Release) bool { return sign*cmp.Compare(r.Version, f.After) <= 0 })
	}
	list, _ := page(rows, purser.Page{Limit: f.Limit}, shownRelease(purser.ReleaseFilter{Light: f.Light}))
	return list
}

func (st *state) discardRelease(id int64) error {
	r := st.releases.find(id)
	if r == nil {
		return repository.ErrNoReleaseID(id)
	}
	key, version := r.Key, r.Version
	st.changeKey(key, func(k purser.KeyRecord) purser.KeyRecord {
		k.Highest = max(k.Highest, version)
		return k
	})
	return st.deleteRelease(id)
}
