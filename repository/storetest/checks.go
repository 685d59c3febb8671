package storetest

import (
	"context"
	"testing"
	"time"

	"purser"
)

// CheckOf gives a check with something in every field.
func CheckOf(release, uuid, context string) purser.Check {
	return purser.Check{
		UUID: uuid, Release: release, Context: context, State: purser.CheckPending, Name: "Unit tests",
		Description: "it's running", TargetURL: "https://ci.example.org", ImageURL: "https://example.org/i.png",
		CreatedAt: noon, UpdatedAt: noon.Add(time.Second),
	}
}

func createCheck(t *testing.T, s purser.Store, c purser.Check) error {
	t.Helper()
	return update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateCheck(ctx, c) })
}

func wantChecks(t *testing.T, s purser.Store, releases []string, want ...purser.Check) {
	t.Helper()
	got, err := s.FindChecks(t.Context(), releases...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "checks", append([]purser.Check{}, got...), append([]purser.Check{}, want...))
}

var checkRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft), SnapshotOf("a", 2, purser.StageDraft))
		first, second, other := CheckOf(made[0].UUID, "1", "ci/unit"), CheckOf(made[0].UUID, "2", "ci/it's"), CheckOf(made[1].UUID, "3", "ci/unit")
		for _, c := range []purser.Check{second, other, first} {
			if err := createCheck(t, s, c); err != nil {
				t.Fatal(err)
			}
		}
		wantChecks(t, s, []string{made[0].UUID}, second, first)
		wantChecks(t, s, []string{made[1].UUID, made[0].UUID, "none", made[0].UUID}, second, other, first)
		wantChecks(t, s, nil)
		wantChecks(t, s, []string{""})
	}},
	{"AContextIsUniqueInItsVersion", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft))[0]
		first := CheckOf(r.UUID, "1", "ci/unit")
		if err := createCheck(t, s, first); err != nil {
			t.Fatal(err)
		}
		refused(t, createCheck(t, s, CheckOf(r.UUID, "2", "ci/unit")), purser.CodeConflict)
		refused(t, createCheck(t, s, CheckOf("none", "3", "ci/unit")), purser.CodeReleaseNotFound)
		wantChecks(t, s, []string{r.UUID}, first)
	}},
	{"UpdateStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft))[0]
		first, second := CheckOf(r.UUID, "1", "ci/unit"), CheckOf(r.UUID, "2", "ci/other")
		for _, c := range []purser.Check{first, second} {
			if err := createCheck(t, s, c); err != nil {
				t.Fatal(err)
			}
		}
		changed := purser.Check{UUID: "1", Release: "other", Context: "other", State: purser.CheckError, Name: "n", UpdatedAt: noon.Add(time.Hour), CreatedAt: noon.Add(time.Hour)}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateCheck(ctx, changed) })
		changed.Release, changed.Context, changed.CreatedAt = first.Release, first.Context, first.CreatedAt
		wantChecks(t, s, []string{r.UUID}, changed, second)
		changed.UUID = "none"
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateCheck(ctx, changed) }), purser.CodeNotFound)
	}},
	{"TheyGoWithTheirVersion", func(t *testing.T, s purser.Store) {
		made := MustCreateReleases(t, s, SnapshotOf("a", 1, purser.StageDraft), SnapshotOf("a", 2, purser.StageDraft))
		stays := CheckOf(made[1].UUID, "2", "ci/unit")
		for _, c := range []purser.Check{CheckOf(made[0].UUID, "1", "ci/unit"), stays} {
			if err := createCheck(t, s, c); err != nil {
				t.Fatal(err)
			}
		}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DiscardRelease(ctx, made[0].ID) })
		wantChecks(t, s, []string{made[0].UUID, made[1].UUID}, stays)
	}},
}
