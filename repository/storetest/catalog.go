package storetest

import (
	"context"
	"testing"
	"time"

	"purser"
)

// PackageVersionOf gives a draft with something in every field that a draft may have.
func PackageVersionOf(name, version string) purser.PackageVersion {
	return purser.PackageVersion{
		Package: name, Version: version, Stage: purser.PackageDraft, Title: "it's " + version, Tag: "stable", Notes: "first\nnotes \x00",
		Author: "alice@example.org", Metadata: `{"a":[1,"ü"]}`, Imported: true, CreatedAt: noon.Add(-time.Hour),
		Images: []purser.ImageReference{
			{Name: "web", URL: "registry.example.org/web:1", Platform: "linux", Metadata: `{"b":1}`}, {Name: "db", URL: "db"},
		},
		Dependencies: []purser.PackageDependency{
			{Reference: "1.base@2.0.0", Name: "Base", Package: "base", Version: "2.0.0"},
			{Reference: "1.base@1.0.0", Name: "Base", Package: "base", Version: "1.0.0"},
		},
		StoredAt: noon, StoredBy: "ci",
	}
}

// ArtifactOf gives an artifact with something in every field, due at noon and owned by nobody.
func ArtifactOf(versionID int64, name string) purser.Artifact {
	return purser.Artifact{
		VersionID: versionID, Name: name, Platform: "linux", Size: 1 << 40, SHA256: "abc", Source: "https://user:secret@example.org/it's",
		Executable: ptr(true), Arguments: ptr("--fast"), Metadata: `{"c":null}`, State: purser.ArtifactPending, Received: 17,
		Actual: "", Error: "it answered 500", Attempts: 2, NextAt: noon,
	}
}

// MustCreatePackageVersions stores versions and gives them with their ids.
func MustCreatePackageVersions(tb testing.TB, s purser.Store, list ...purser.PackageVersion) []purser.PackageVersion {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error {
		for i := range list {
			if err := tx.CreatePackageVersion(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

// MustCreateArtifacts stores artifacts and gives them with their ids.
func MustCreateArtifacts(tb testing.TB, s purser.Store, list ...purser.Artifact) []purser.Artifact {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) error {
		for i := range list {
			if err := tx.CreateArtifact(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

func wantPackageVersions(t *testing.T, s purser.Store, f purser.PackageVersionFilter, want ...purser.PackageVersion) {
	t.Helper()
	got, err := s.FindPackageVersions(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "package versions", append([]purser.PackageVersion{}, got...), append([]purser.PackageVersion{}, want...))
}

func wantArtifacts(t *testing.T, s purser.Store, f purser.ArtifactFilter, want ...purser.Artifact) {
	t.Helper()
	got, err := s.FindArtifacts(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "artifacts", append([]purser.Artifact{}, got...), append([]purser.Artifact{}, want...))
}

var packageVersionRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		full := PackageVersionOf("demo", "1.0.0")
		full.Stage, full.ReleasedAt, full.ReleasedBy, full.PackageID = purser.PackageReleased, noon.Add(time.Hour), "bob", 12
		made := MustCreatePackageVersions(t, s, full, purser.PackageVersion{Package: "demo", Version: "it's"})
		if made[0].ID <= 0 || made[1].ID <= made[0].ID {
			t.Fatalf("ids %d, %d", made[0].ID, made[1].ID)
		}
		wantPackageVersions(t, s, purser.PackageVersionFilter{}, made...)
	}},
	{"Filters", func(t *testing.T, s purser.Store) {
		list := []purser.PackageVersion{PackageVersionOf("demo", "1.0.0"), PackageVersionOf("demo", "2.0.0"), PackageVersionOf("Demo", "1.0.0")}
		list[1].Stage, list[2].Dependencies = purser.PackageReleased, []purser.PackageDependency{{Reference: "x", Package: "base", Version: "2.0.0"}}
		made := MustCreatePackageVersions(t, s, list...)
		type filter = purser.PackageVersionFilter
		wantPackageVersions(t, s, filter{ID: made[1].ID}, made[1])
		wantPackageVersions(t, s, filter{Package: "demo"}, made[0], made[1])
		wantPackageVersions(t, s, filter{Package: "demo", Version: "2.0.0"}, made[1])
		wantPackageVersions(t, s, filter{Stages: []purser.PackageStage{purser.PackageReleased, purser.PackageArchived}}, made[1])
		wantPackageVersions(t, s, filter{Stages: []purser.PackageStage{}})
		wantPackageVersions(t, s, filter{DependsOn: &purser.PackageIdentifier{Name: "base", Version: "2.0.0"}}, made...)
		wantPackageVersions(t, s, filter{DependsOn: &purser.PackageIdentifier{Name: "base", Version: "1.0.0"}}, made[0], made[1])
		wantPackageVersions(t, s, filter{DependsOn: &purser.PackageIdentifier{Name: "base"}})
	}},
	{"AVersionIsUniqueInItsPackage", func(t *testing.T, s purser.Store) {
		made := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"), PackageVersionOf("demo", "1.0.0 "))
		again := PackageVersionOf("demo", "1.0.0")
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreatePackageVersion(ctx, &again) }), purser.CodeConflict)
		wantPackageVersions(t, s, purser.PackageVersionFilter{}, made...)
	}},
	{"UpdateStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		made := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"), PackageVersionOf("demo", "2.0.0"))
		changed := purser.PackageVersion{
			ID: made[0].ID, Package: "x", Version: "x", Stage: purser.PackageReleased, Title: "x", StoredAt: noon.Add(time.Hour), StoredBy: "x",
			Images:       []purser.ImageReference{{Name: "x"}},
			Dependencies: []purser.PackageDependency{{Reference: "x", Package: "x", Version: "1"}},
			ReleasedAt:   noon, ReleasedBy: "x", PackageID: 3,
		}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdatePackageVersion(ctx, changed) })
		changed.Package, changed.Version = made[0].Package, made[0].Version
		wantPackageVersions(t, s, purser.PackageVersionFilter{}, changed, made[1])
		changed.ID = 99
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdatePackageVersion(ctx, changed) }), purser.CodeNotFound)
	}},
	{"WhatBelongsToItGoesWithIt", func(t *testing.T, s purser.Store) {
		made := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"), PackageVersionOf("demo", "2.0.0"))
		artifacts := MustCreateArtifacts(t, s, ArtifactOf(made[0].ID, "a"), ArtifactOf(made[1].ID, "b"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeletePackageVersion(ctx, made[0].ID) })
		wantPackageVersions(t, s, purser.PackageVersionFilter{}, made[1])
		wantPackageVersions(t, s, purser.PackageVersionFilter{DependsOn: &purser.PackageIdentifier{Name: "base", Version: "1.0.0"}}, made[1])
		wantArtifacts(t, s, purser.ArtifactFilter{}, artifacts[1])
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeletePackageVersion(ctx, made[0].ID) }), purser.CodeNotFound)
		next := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"))
		if next[0].ID <= made[1].ID {
			t.Errorf("id %d was used before", next[0].ID)
		}
	}},
}

var artifactRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		v := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"))[0]
		full := ArtifactOf(v.ID, "a")
		full.State, full.Actual, full.Owner, full.LeaseUntil = purser.ArtifactError, "def", "me", noon.Add(time.Minute)
		no := ArtifactOf(v.ID, "no")
		no.Executable = ptr(false)
		made := MustCreateArtifacts(t, s, full, no, purser.Artifact{VersionID: v.ID})
		wantArtifacts(t, s, purser.ArtifactFilter{}, made...)
		orphan := ArtifactOf(99, "a")
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateArtifact(ctx, &orphan) }), purser.CodeNotFound)
	}},
	{"Filters", func(t *testing.T, s purser.Store) {
		versions := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"), PackageVersionOf("demo", "2.0.0"))
		list := []purser.Artifact{ArtifactOf(versions[0].ID, "a"), ArtifactOf(versions[0].ID, "b"), ArtifactOf(versions[1].ID, "c")}
		list[1].State, list[1].Actual = purser.ArtifactUploaded, "abc"
		made := MustCreateArtifacts(t, s, list...)
		type filter = purser.ArtifactFilter
		wantArtifacts(t, s, filter{ID: made[2].ID}, made[2])
		wantArtifacts(t, s, filter{Versions: []int64{versions[0].ID}}, made[0], made[1])
		wantArtifacts(t, s, filter{Versions: []int64{versions[0].ID, versions[1].ID, 99}}, made...)
		wantArtifacts(t, s, filter{Versions: []int64{}})
		wantArtifacts(t, s, filter{States: []purser.ArtifactState{purser.ArtifactPending}}, made[0], made[2])
		wantArtifacts(t, s, filter{Actual: "abc"}, made[1])
		wantArtifacts(t, s, filter{Limit: 2}, made[0], made[1])
	}},
	{"UpdateStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		v := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"))[0]
		made := MustCreateArtifacts(t, s, ArtifactOf(v.ID, "a"), ArtifactOf(v.ID, "b"))
		changed := purser.Artifact{ID: made[0].ID, Name: "x", Source: "x", State: purser.ArtifactUploading, Received: 18, Actual: "x", Owner: "me", LeaseUntil: noon}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateArtifact(ctx, changed) })
		want := made[0]
		want.State, want.Received, want.Actual, want.Error, want.Attempts = changed.State, changed.Received, changed.Actual, "", 0
		want.NextAt, want.Owner, want.LeaseUntil = time.Time{}, "me", noon
		wantArtifacts(t, s, purser.ArtifactFilter{}, want, made[1])
		changed.ID = 99
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateArtifact(ctx, changed) }), purser.CodeNotFound)
	}},
	{"ClaimTakesWhatIsDueAndFree", func(t *testing.T, s purser.Store) {
		v := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"))[0]
		var list []purser.Artifact
		add := func(name string, change func(a *purser.Artifact)) {
			a := ArtifactOf(v.ID, name)
			change(&a)
			list = append(list, a)
		}
		add("due", func(a *purser.Artifact) { a.State = purser.ArtifactUploading })
		add("later", func(a *purser.Artifact) { a.NextAt = noon.Add(time.Millisecond) })
		add("earlier", func(a *purser.Artifact) { a.NextAt = noon.Add(-time.Hour) })
		add("never", func(a *purser.Artifact) { a.NextAt = time.Time{} })
		add("there", func(a *purser.Artifact) { a.State = purser.ArtifactUploaded })
		add("given up", func(a *purser.Artifact) { a.State = purser.ArtifactError })
		add("mine", func(a *purser.Artifact) { a.Owner, a.LeaseUntil = "me", noon.Add(time.Hour) })
		add("foreign", func(a *purser.Artifact) { a.Owner, a.LeaseUntil = "other", noon })
		add("expired", func(a *purser.Artifact) { a.Owner, a.LeaseUntil = "other", noon.Add(-time.Millisecond) })
		MustCreateArtifacts(t, s, list...)
		claim := func(owner string, limit int) (names []string) {
			MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
				got, err := tx.ClaimArtifacts(ctx, owner, noon, noon.Add(time.Minute), limit)
				for _, a := range got {
					names = append(names, a.Name)
					if a.Owner != owner || !a.LeaseUntil.Equal(noon.Add(time.Minute)) {
						t.Errorf("claimed %+v", a)
					}
				}
				return err
			})
			return names
		}
		same(t, "two", claim("me", 2), []string{"earlier", "due"})
		same(t, "all", claim("me", 99), []string{"earlier", "due", "mine", "expired"})
		same(t, "of another", claim("third", 99), []string(nil))
	}},
	{"DeleteTakesThoseOfTheVersion", func(t *testing.T, s purser.Store) {
		versions := MustCreatePackageVersions(t, s, PackageVersionOf("demo", "1.0.0"), PackageVersionOf("demo", "2.0.0"))
		made := MustCreateArtifacts(t, s, ArtifactOf(versions[0].ID, "a"), ArtifactOf(versions[1].ID, "b"), ArtifactOf(versions[0].ID, "c"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.DeleteArtifacts(ctx, versions[0].ID) })
		wantArtifacts(t, s, purser.ArtifactFilter{}, made[1])
		next := MustCreateArtifacts(t, s, ArtifactOf(versions[0].ID, "d"))[0]
		if next.ID <= made[2].ID {
			t.Errorf("id %d was used before", next.ID)
		}
	}},
}
