package purser_test

import (
	"testing"

	"purser"
)

func TestPackageStages(t *testing.T) {
	for _, row := range []struct {
		from, to purser.PackageStage
		may      bool
	}{
		{purser.PackageDraft, purser.PackageReleased, true},
		{purser.PackageDraft, purser.PackageArchived, false},
		{purser.PackageInReview, purser.PackageReleased, false},
		{purser.PackageApproved, purser.PackageReleased, true},
		{purser.PackageReleased, purser.PackageDraft, false},
		{purser.PackageReleased, purser.PackageArchived, true},
		{purser.PackageArchived, purser.PackageDraft, false},
		{purser.PackageError, purser.PackageReleased, false},
	} {
		if row.from.CanBecome(row.to) != row.may {
			t.Errorf("%s to %s: %v", row.from, row.to, !row.may)
		}
	}
	for _, s := range purser.PackageStages {
		if !s.CanBecome(s) {
			t.Errorf("%s cannot stay", s)
		}
		for _, next := range purser.PackageStages {
			if s.Frozen() && !next.Frozen() && s.CanBecome(next) {
				t.Errorf("%s is frozen, and becomes %s", s, next)
			}
		}
	}
}

func TestProgress(t *testing.T) {
	for _, row := range []struct {
		rule string
		a    purser.Artifact
		want int
	}{
		{"nothing yet", purser.Artifact{State: purser.ArtifactPending, Size: 10}, 0},
		{"a half", purser.Artifact{State: purser.ArtifactUploading, Size: 10, Received: 5}, 50},
		{"all, not checked", purser.Artifact{State: purser.ArtifactUploading, Size: 10, Received: 10}, 99},
		{"more than there should be", purser.Artifact{State: purser.ArtifactError, Size: 10, Received: 50}, 99},
		{"more than numbers can hold", purser.Artifact{State: purser.ArtifactUploading, Size: 1, Received: 1 << 62}, 99},
		{"an empty one", purser.Artifact{State: purser.ArtifactUploaded}, 100},
		{"an empty one under way", purser.Artifact{State: purser.ArtifactUploading}, 0},
		{"checked", purser.Artifact{State: purser.ArtifactUploaded, Size: 10, Received: 10}, 100},
	} {
		t.Run(row.rule, func(t *testing.T) {
			if got := row.a.Progress(); got != row.want {
				t.Errorf("%d, want %d", got, row.want)
			}
		})
	}
}

func TestLatestReleased(t *testing.T) {
	of := func(stage purser.PackageStage, versions ...string) (list []purser.PackageVersion) {
		for _, v := range versions {
			list = append(list, purser.PackageVersion{Version: v, Stage: stage})
		}
		return list
	}
	for _, row := range []struct {
		rule string
		list []purser.PackageVersion
		want string
	}{
		{"none", nil, ""},
		{"drafts do not count", append(of(purser.PackageReleased, "1.0.0"), of(purser.PackageDraft, "2.0.0")...), "1.0.0"},
		{"numbers, not texts", of(purser.PackageReleased, "1.9.0", "1.10.0", "1.2.0"), "1.10.0"},
		{"a final one before its candidates", of(purser.PackageReleased, "1.0.0", "1.0.0-rc.1"), "1.0.0"},
		{"what is no version", of(purser.PackageReleased, "latest", "1.0"), ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			got := ""
			if v := purser.LatestReleased(row.list); v != nil {
				got = v.Version
			}
			if got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}
