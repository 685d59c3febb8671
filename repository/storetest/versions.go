package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"purser"
)

// SnapshotOf gives a version of a release with something in every field.
func SnapshotOf(name string, version int, stage purser.Stage) purser.Release {
	r := ReleaseOf(name, version, stage)
	r.UUID, r.Tag, r.Notes = fmt.Sprintf("uuid of %s %d", name, version), fmt.Sprintf("v%d", version), "what it is"
	r.Trigger, r.Previous, r.ChangeLog, r.Facts = purser.TriggerNewBuild, "another uuid", ptr("application log\n"), `{"endpoints":[]}`
	r.Archived, r.Activations = true, 3
	r.CreatedBy, r.UpdatedBy = "alice", "bob"
	r.ActivatedAt, r.ActivatedBy = noon.Add(2*time.Minute), "carol"
	r.ArchivedAt, r.ArchivedBy, r.HealthyAt = noon.Add(3*time.Minute), "dave", noon.Add(4*time.Minute)
	r.Package.Metadata.CreatedAt = noon.Add(-time.Hour)
	return r
}

var versionRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft))[0]
		same(t, "FindRelease", mustFindRelease(t, s, "a", 1), r)
		got, err := s.FindVersion(t.Context(), r.UUID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "FindVersion", got, r)
		list, err := s.FindVersions(t.Context(), purser.VersionFilter{Key: r.Key, Archived: true})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "FindVersions", list, []purser.Release{r})
		light, err := s.FindVersions(t.Context(), purser.VersionFilter{Key: r.Key, Archived: true, Light: true})
		if err != nil {
			t.Fatal(err)
		}
		r.Package = purser.Package{Metadata: r.Package.Metadata}
		r.Values, r.Manifest, r.ChangeLog = nil, "", nil
		same(t, "light", light, []purser.Release{r})
	}},
	{"UpdateReleaseStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft), SnapshotOf("a", 2, purser.StageDraft))
		changed := SnapshotOf("other", 7, purser.StageDeployed)
		changed.ID, changed.Notes, changed.Facts = made[0].ID, "new notes", "{}"
		changed.Archived, changed.Activations, changed.UpdatedBy = false, 4, "eve"
		changed.ActivatedAt, changed.ActivatedBy, changed.HealthyAt = noon.Add(time.Hour), "eve", noon.Add(2*time.Hour)
		changed.ArchivedAt, changed.ArchivedBy = time.Time{}, ""
		changed.CreatedBy, changed.Trigger, changed.Previous, changed.ChangeLog = "eve", purser.TriggerInstall, "", nil
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateRelease(ctx, changed) })

		want, was := changed, made[0]
		want.Key, want.Version, want.Package, want.CreatedAt, want.CreatedBy = was.Key, was.Version, was.Package, was.CreatedAt, was.CreatedBy
		want.UUID, want.Tag, want.Trigger, want.Previous, want.ChangeLog = was.UUID, was.Tag, was.Trigger, was.Previous, was.ChangeLog
		same(t, "the changed version", mustFindRelease(t, s, "a", 1), want)
		same(t, "the other version", mustFindRelease(t, s, "a", 2), made[1])
	}},
	{"UpdateStatusesMayStoreHealth", func(t *testing.T, s purser.Store) {
		want := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDeployed))[0]
		for _, healthyAt := range []time.Time{noon.Add(time.Hour), {}} {
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateStatuses(ctx, want.ID, nil, healthyAt) })
			want.Statuses, want.HealthyAt = nil, noon.Add(time.Hour)
			same(t, "release", mustFindRelease(t, s, "a", 1), want)
		}
	}},
	{"ATagIsUniqueInItsKey", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft))
		again := SnapshotOf("a", 2, purser.StageDraft)
		again.Tag = "v1"
		err := update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRelease(ctx, &again) })
		refused(t, err, purser.CodeConflict)
		says(t, err, "Release with the name [a] and tag [v1] already exists")
		version := SnapshotOf("a", 1, purser.StageDraft)
		version.Tag = "v2"
		err = update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRelease(ctx, &version) })
		says(t, err, "Release with the name [a] and version [1] already exists")
		elsewhere, upper, none, none2 := again, again, again, again
		elsewhere.Key.Space, elsewhere.UUID = "orgs/x", "e"
		upper.Tag, upper.UUID = "V1", "u"
		none.Tag, none.Version, none.UUID = "", 3, "n"
		none2.Tag, none2.Version, none2.UUID = "", 4, "n2"
		MustCreateReleases(t, s, elsewhere, upper, none, none2)
		list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Names: []string{"a"}, Tag: "V1", Stages: purser.Stages})
		if err != nil || total != 1 {
			t.Fatalf("%d, %v", total, err)
		}
		same(t, "by tag", versionsOf(list), []string{"a v2"})
	}},
	{"FindVersionSaysWhatIsMissing", func(t *testing.T, s purser.Store) {
		r := SnapshotOf("a", 1, purser.StageDraft)
		r.UUID = ""
		MustCreateReleases(t, s, r)
		for _, uuid := range []string{"", "none", "uuid of a 1"} {
			_, err := s.FindVersion(t.Context(), uuid)
			refused(t, err, purser.CodeReleaseNotFound)
		}
	}},
	{"PagesOfVersions", versionPages},
	{"APageIsStableUnderInserts", func(t *testing.T, s purser.Store) {
		var made []purser.Release
		for v := range 5 {
			made = append(made, shown(v+1))
		}
		MustCreateReleases(t, s, made...)
		wantVersions(t, s, purser.VersionFilter{Key: key("a"), Limit: 2}, 5, 4)
		MustCreateReleases(t, s, shown(6))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DiscardRelease(ctx, made[3].ID) })
		wantVersions(t, s, purser.VersionFilter{Key: key("a"), Limit: 2, After: 4}, 3, 2)
		wantVersions(t, s, purser.VersionFilter{Key: key("a"), Limit: 2, After: 2}, 1)
	}},
	{"ADiscardedNumberIsNotUsedAgain", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, shown(1), shown(2), shown(3))
		next := func(want int) {
			t.Helper()
			if got, err := s.NextVersion(t.Context(), key("a")); err != nil || got != want {
				t.Errorf("next version %d, %v, want %d", got, err, want)
			}
		}
		discard := func(id int64) {
			t.Helper()
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DiscardRelease(ctx, id) })
		}
		discard(made[2].ID)
		next(4)
		discard(made[0].ID)
		next(4)
		discard(made[1].ID)
		next(4)
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DiscardRelease(ctx, made[1].ID) }), purser.CodeReleaseNotFound)
		if got, err := s.NextVersion(t.Context(), key("b")); err != nil || got != 1 {
			t.Errorf("next version of another key %d, %v", got, err)
		}
		k, err := s.FindKey(t.Context(), key("a"))
		if err != nil || k != (purser.KeyRecord{Key: key("a"), Highest: 3}) {
			t.Errorf("%+v, %v", k, err)
		}
	}},
	{"AKeyHasOneUUID", func(t *testing.T, s purser.Store) {
		set := func(k purser.ReleaseKey, uuid string) error {
			return update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.SetKeyUUID(ctx, k, uuid) })
		}
		_, err := s.FindKey(t.Context(), key("a"))
		refused(t, err, purser.CodeNotFound)
		made := MustCreateReleases(t, s, shown(1), shown(2))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DiscardRelease(ctx, made[1].ID) })
		if err := set(key("a"), "one"); err != nil {
			t.Fatal(err)
		}
		refused(t, set(key("a"), "two"), purser.CodeConflict)
		elsewhere := purser.ReleaseKey{Space: "orgs/x", Name: "a"}
		if err := set(elsewhere, "three"); err != nil {
			t.Fatal(err)
		}
		got, err := s.FindKeyByUUID(t.Context(), "one")
		if err != nil || got != (purser.KeyRecord{Key: key("a"), UUID: "one", Highest: 2}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err = s.FindKey(t.Context(), elsewhere); err != nil || got != (purser.KeyRecord{Key: elsewhere, UUID: "three"}) {
			t.Errorf("%+v, %v", got, err)
		}
		for _, uuid := range []string{"", "two"} {
			_, err = s.FindKeyByUUID(t.Context(), uuid)
			refused(t, err, purser.CodeNotFound)
		}
	}},
	{"PackagesAreFoundByUUID", func(t *testing.T, s purser.Store) {
		m := MetadataOf("log", "1.0.0", 1)
		m.CreatedAt = noon.Add(999 * time.Microsecond)
		m = MustCreatePackage(t, s, m, nil)
		MustCreatePackage(t, s, MetadataOf("log", "1.0.1", 1), nil)
		list, total, err := s.FindPackages(t.Context(), purser.PackageFilter{UUID: m.UUID()})
		if err != nil || total != 1 {
			t.Fatalf("%d, %v", total, err)
		}
		m.CreatedAt = noon
		same(t, "found", list, []purser.PackageMetadata{m})
		if _, total, err := s.FindPackages(t.Context(), purser.PackageFilter{UUID: "none"}); err != nil || total != 0 {
			t.Errorf("%d, %v", total, err)
		}
	}},
}

// shown is a version of a that is not archived.
func shown(version int) purser.Release {
	r := SnapshotOf("a", version, purser.StageDraft)
	r.Archived = false
	return r
}

// wantVersions compares the versions of a page.
func wantVersions(t *testing.T, s purser.Store, f purser.VersionFilter, want ...int) {
	t.Helper()
	list, err := s.FindVersions(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	got := []int{}
	for _, r := range list {
		got = append(got, r.Version)
	}
	same(t, fmt.Sprintf("%+v", f), got, append([]int{}, want...))
}

func versionPages(t *testing.T, s purser.Store) {
	var made []purser.Release
	for v := 1; v <= 9; v++ {
		r := shown(v)
		r.Archived = v%3 == 0
		r.Stage = []purser.Stage{purser.StageDraft, purser.StageDeployed, purser.StageSuperseded}[v%3]
		made = append(made, r)
	}
	other := shown(5)
	other.Key.Space, other.UUID = "orgs/x", "elsewhere"
	slices.Reverse(made)
	MustCreateReleases(t, s, append(made, other)...)
	of := func(f purser.VersionFilter) purser.VersionFilter {
		f.Key = key("a")
		return f
	}
	for _, row := range []struct {
		filter purser.VersionFilter
		count  int
		want   []int
	}{
		{of(purser.VersionFilter{}), 6, []int{8, 7, 5, 4, 2, 1}},
		{of(purser.VersionFilter{Ascending: true}), 6, []int{1, 2, 4, 5, 7, 8}},
		{of(purser.VersionFilter{Archived: true}), 9, []int{9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{of(purser.VersionFilter{Limit: 2}), 6, []int{8, 7}},
		{of(purser.VersionFilter{Limit: 2, After: 7}), 6, []int{5, 4}},
		{of(purser.VersionFilter{Limit: 2, After: 6}), 6, []int{5, 4}},
		{of(purser.VersionFilter{Limit: 2, After: 1}), 6, nil},
		{of(purser.VersionFilter{Limit: 3, After: 2, Ascending: true, Archived: true}), 9, []int{3, 4, 5}},
		{of(purser.VersionFilter{Limit: 3, After: 9, Ascending: true, Archived: true}), 9, nil},
		{of(purser.VersionFilter{Stages: []purser.Stage{purser.StageDeployed}}), 3, []int{7, 4, 1}},
		{of(purser.VersionFilter{Stages: []purser.Stage{purser.StageDraft}, Archived: true, Limit: 2}), 3, []int{9, 6}},
		{of(purser.VersionFilter{Stages: []purser.Stage{}}), 0, nil},
		{purser.VersionFilter{Key: key("b")}, 0, nil},
		{purser.VersionFilter{Key: purser.ReleaseKey{Space: "orgs/x", Name: "a"}}, 1, []int{5}},
	} {
		for _, light := range []bool{false, true} {
			row.filter.Light = light
			wantVersions(t, s, row.filter, row.want...)
			if count, err := s.CountVersions(t.Context(), row.filter); err != nil || count != row.count {
				t.Errorf("%+v: count %d, %v, want %d", row.filter, count, err, row.count)
			}
		}
	}
}
