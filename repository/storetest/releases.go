package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"purser"
)

var releaseRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		if r.ID <= 0 {
			t.Fatalf("id %d", r.ID)
		}
		same(t, "FindRelease", mustFindRelease(t, s, "a", 1), r)
		list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{})
		if err != nil || total != 1 {
			t.Fatalf("FindReleases: %d, %v", total, err)
		}
		same(t, "FindReleases", list, []purser.Release{r})
	}},
	{"AbsentAndEmptyDiffer", func(t *testing.T, s purser.Store) {
		for i, r := range absentAndEmpty() {
			r.Key = key(fmt.Sprintf("r%d", i))
			r = MustCreateReleases(t, s, r)[0]
			same(t, r.Key.Name, mustFindRelease(t, s, r.Key.Name, 0), r)
			r.Values, r.Statuses, r.Applications = ptr("x"), []purser.AppStatus{{State: purser.StateFailed}}, nil
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateRelease(ctx, r) })
			same(t, r.Key.Name+" with all of it", mustFindRelease(t, s, r.Key.Name, 0), r)
			r.Values, r.Statuses, r.Applications = ptr(""), []purser.AppStatus{}, []purser.ReleaseApplication{}
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateRelease(ctx, r) })
			same(t, r.Key.Name+" emptied", mustFindRelease(t, s, r.Key.Name, 0), r)
		}
	}},
	{"AnyTextComesBack", func(t *testing.T, s purser.Store) {
		for i, text := range awkwardTexts {
			r := ReleaseOf(text, 1, purser.StageDeployed)
			r.Description, r.Platform, r.Manifest, r.Values = text, text, text, &text
			r.Package.Values, r.Package.Templates[0].Text, r.Package.Templates[0].Name = &text, text, text
			r = MustCreateReleases(t, s, r)[0]
			same(t, fmt.Sprintf("text %d", i), mustFindRelease(t, s, text, 1), r)
			list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Names: []string{text}})
			if err != nil || total != 1 {
				t.Fatalf("FindReleases by text %d: %d, %v", i, total, err)
			}
			same(t, fmt.Sprintf("text %d in a list", i), list, []purser.Release{r})
		}
	}},
	{"TimesAreInUTCAndCutToTheMillisecond", func(t *testing.T, s purser.Store) {
		r := ReleaseOf("a", 1, purser.StageDeployed)
		zone := time.FixedZone("somewhere", 3*3600)
		r.CreatedAt = time.Date(2026, 1, 2, 3, 4, 5, 678_999_999, zone)
		r.UpdatedAt = time.Date(1969, 12, 31, 23, 59, 59, 1_500_000, time.UTC)
		MustCreateReleases(t, s, r)
		got := mustFindRelease(t, s, "a", 1)
		same(t, "created", got.CreatedAt, time.Date(2026, 1, 2, 0, 4, 5, 678_000_000, time.UTC))
		same(t, "updated", got.UpdatedAt, time.Date(1969, 12, 31, 23, 59, 59, 1_000_000, time.UTC))
	}},
	{"ZeroTimeStaysZeroAndTheEpochDoesNot", func(t *testing.T, s purser.Store) {
		r := ReleaseOf("a", 1, purser.StageDeployed)
		r.CreatedAt, r.UpdatedAt = time.Time{}, time.Unix(0, 0).UTC()
		MustCreateReleases(t, s, r)
		got := mustFindRelease(t, s, "a", 1)
		if !got.CreatedAt.IsZero() || got.UpdatedAt.IsZero() || !got.UpdatedAt.Equal(time.Unix(0, 0)) {
			t.Errorf("created %v, updated %v", got.CreatedAt, got.UpdatedAt)
		}
	}},
	{"AVersionIsUniqueInItsKey", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))
		again := ReleaseOf("a", 1, purser.StageDraft)
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRelease(ctx, &again) }), purser.CodeConflict)
		other := ReleaseOf("a", 1, purser.StageDeployed)
		other.Key.Space = "orgs/x"
		upper := ReleaseOf("A", 1, purser.StageDeployed)
		MustCreateReleases(t, s, other, upper, ReleaseOf("a", 2, purser.StageDeployed))
	}},
	{"IdsGrowAndAreNotUsedAgain", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed), ReleaseOf("a", 2, purser.StageFailed))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, made[1].ID) })
		next := MustCreateReleases(t, s, ReleaseOf("a", 2, purser.StageDeployed))[0]
		if made[0].ID >= made[1].ID || made[1].ID >= next.ID {
			t.Errorf("ids %d, %d, then %d", made[0].ID, made[1].ID, next.ID)
		}
	}},
	{"FindReleaseTellsKeysApart", func(t *testing.T, s purser.Store) {
		r := ReleaseOf("a", 1, purser.StageDeployed)
		r.Key.Space = "orgs/x"
		MustCreateReleases(t, s, r, ReleaseOf("b", 1, purser.StageDeployed))
		for _, k := range []purser.ReleaseKey{{Name: "a"}, {Name: "B"}, {Name: ""}, {Space: "orgs/X", Name: "a"}, {Space: "orgs/x", Name: "b"}} {
			_, err := s.FindRelease(t.Context(), k, 0)
			refused(t, err, purser.CodeReleaseNotFound)
			_, err = s.FindRelease(t.Context(), k, 1)
			refused(t, err, purser.CodeReleaseNotFound)
		}
	}},
	{"FindReleaseSaysWhatIsMissing", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))
		_, err := s.FindRelease(t.Context(), key("x"), 0)
		says(t, err, "Release with the name [x] doesn't exist")
		for _, version := range []int{2, -1} {
			_, err = s.FindRelease(t.Context(), key("a"), version)
			refused(t, err, purser.CodeReleaseNotFound)
			says(t, err, fmt.Sprintf("Release with the name [a] and version [%d] doesn't exist", version))
		}
	}},
	{"VersionZeroIsTheHighestThatIsNoDraft", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 2, purser.StageDeleted), ReleaseOf("a", 1, purser.StageDeployed),
			ReleaseOf("a", 3, purser.StageDraft), ReleaseOf("b", 1, purser.StageDraft))
		if got := mustFindRelease(t, s, "a", 0); got.Version != 2 {
			t.Errorf("version %d, want 2", got.Version)
		}
		if got := mustFindRelease(t, s, "a", 3); got.Stage != purser.StageDraft {
			t.Errorf("version 3 is %s, want the draft", got.Stage)
		}
		_, err := s.FindRelease(t.Context(), key("b"), 0)
		refused(t, err, purser.CodeReleaseNotFound)
	}},
	{"NextVersionFollowsTheHighestStored", func(t *testing.T, s purser.Store) {
		next := func(want int) {
			t.Helper()
			if got, err := s.NextVersion(t.Context(), key("a")); err != nil || got != want {
				t.Errorf("next version %d, %v, want %d", got, err, want)
			}
		}
		next(1)
		made := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed), ReleaseOf("a", 4, purser.StageDraft), ReleaseOf("b", 9, purser.StageDeployed))
		next(5)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, made[1].ID) })
		next(2)
	}},
	{"UpdateReleaseStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeploying), ReleaseOf("a", 2, purser.StageDeploying))
		changed := ReleaseOf("other", 7, purser.StageFailed)
		changed.ID, changed.Revision, changed.Description, changed.Platform = made[0].ID, 8, "It failed", "elsewhere"
		changed.Values, changed.Manifest, changed.Statuses = nil, "new manifest", nil
		changed.Package, changed.CreatedAt, changed.UpdatedAt = PackageOf("other", "2.0.0"), noon.Add(time.Hour), noon.Add(2*time.Hour)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateRelease(ctx, changed) })

		want := changed
		want.Key, want.Version, want.Package, want.CreatedAt = made[0].Key, made[0].Version, made[0].Package, made[0].CreatedAt
		same(t, "the changed version", mustFindRelease(t, s, "a", 1), want)
		same(t, "the other version", mustFindRelease(t, s, "a", 2), made[1])
	}},
	{"UpdateStatusesStoresNothingElse", func(t *testing.T, s purser.Store) {
		want := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		for _, statuses := range [][]purser.AppStatus{{{DeploymentID: "x", State: purser.StateUnknown}}, {}, nil} {
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
				return tx.UpdateStatuses(ctx, want.ID, statuses, time.Time{})
			})
			want.Statuses = statuses
			same(t, "release", mustFindRelease(t, s, "a", 1), want)
		}
	}},
	{"DeleteReleaseLeavesOthersWithTheSamePackage", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed), ReleaseOf("a", 2, purser.StageDeployed))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, made[1].ID) })
		_, err := s.FindRelease(t.Context(), key("a"), 2)
		refused(t, err, purser.CodeReleaseNotFound)
		same(t, "the other", mustFindRelease(t, s, "a", 1), made[0])
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, made[0].ID) })
		again := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		same(t, "made again", mustFindRelease(t, s, "a", 1), again)
	}},
	{"UnknownIdsAreRefused", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		r.ID += 100
		for _, write := range []func(ctx context.Context, tx purser.Tx) error{
			func(ctx context.Context, tx purser.Tx) error { return tx.UpdateRelease(ctx, r) },
			func(ctx context.Context, tx purser.Tx) error { return tx.UpdateStatuses(ctx, r.ID, nil, time.Time{}) },
			func(ctx context.Context, tx purser.Tx) error { return tx.DeleteRelease(ctx, r.ID) },
		} {
			refused(t, update(t, s, write), purser.CodeReleaseNotFound)
		}
	}},
	{"CallersCannotChangeWhatIsStored", func(t *testing.T, s purser.Store) {
		given := ReleaseOf("a", 1, purser.StageDeployed)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRelease(ctx, &given) })
		want := ReleaseOf("a", 1, purser.StageDeployed)
		want.ID = given.ID
		scribble(&given)
		for range 2 {
			got := mustFindRelease(t, s, "a", 1)
			same(t, "FindRelease", got, want)
			scribble(&got)
			list, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{})
			if err != nil || len(list) != 1 {
				t.Fatalf("FindReleases: %d, %v", len(list), err)
			}
			same(t, "FindReleases", list[0], want)
			scribble(&list[0])
		}
	}},
	{"RowsOfOnePackageDoNotShareIt", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed), ReleaseOf("a", 2, purser.StageDeployed))
		list, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{})
		if err != nil || len(list) != 2 {
			t.Fatalf("FindReleases: %d, %v", len(list), err)
		}
		scribble(&list[0])
		same(t, "the other's package", list[1].Package, PackageOf("log", "1.0.0"))
	}},
}

// awkwardTexts are texts that a store may stumble over.
var awkwardTexts = []string{
	"plain", " blank ends ", "it's \"quoted\" `twice`", "a\\b", "100% of_it?", "?0 ?1 :name $1 @x", "-- comment", "'; DROP TABLE releases; --",
	"naïve Größe", "名前", "🚀", "e\u0301", "line\nline\r\n\ttab", "zero\x00byte", "\x00", "\ufffd", "latin1 \xe9\xff", "\u2028\u202e", "NULL",
	"<script>&amp;", "{\"bytes\":\"eA==\"}",
}

// absentAndEmpty gives releases in which optional things are absent, or there and empty.
func absentAndEmpty() []purser.Release {
	empty := purser.Release{
		Version: 1, Stage: purser.StageDeployed, Values: ptr(""),
		Package: purser.Package{
			Metadata:  purser.PackageMetadata{Origin: ptr(""), Description: ptr("")},
			Templates: []purser.Template{}, Values: ptr(""), Files: []purser.File{}, Dependencies: []purser.Package{},
		},
		Applications: []purser.ReleaseApplication{}, Statuses: []purser.AppStatus{},
	}
	inner := purser.Release{
		Version: 1, Stage: purser.StageDeployed,
		Package: purser.Package{
			Templates:    []purser.Template{{}},
			Files:        []purser.File{{Name: "absent"}, {Name: "empty", Bytes: []byte{}}},
			Dependencies: []purser.Package{{}, {Templates: []purser.Template{}, Values: ptr("")}},
		},
		Statuses: []purser.AppStatus{
			{State: purser.StateUnknown},
			{State: purser.StateUnknown, Instances: []purser.Instance{}},
			{Instances: []purser.Instance{{}, {Attributes: map[string]string{}}, {Attributes: map[string]string{"": ""}}}},
		},
	}
	return []purser.Release{{Version: 1, Stage: purser.StageDeployed}, empty, inner}
}

// scribble changes everything that hangs on a release.
func scribble(r *purser.Release) {
	*r.Values = "scribble"
	*r.Package.Values = "scribble"
	*r.Package.Metadata.Description = "scribble"
	r.Package.Templates[0].Text = "scribble"
	r.Package.Dependencies[0].Templates[0].Text = "scribble"
	r.Package.Files[0].Bytes[0] = 'X'
	r.Applications[0].Name = "scribble"
	r.Statuses[0].Instances[0].ID = "scribble"
	r.Statuses[0].Instances[0].Attributes["guid"] = "scribble"
}
