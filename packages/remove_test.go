package packages_test

import (
	"testing"

	"purser"
)

func TestDeleteRefusals(t *testing.T) {
	use := func(name, version, active string) string {
		return "Can not delete Package Metadata [" + name + ":" + version + "] in Repository [local]. " +
			"Not all releases of this package have the status DELETED. Active Releases [" + active + "]"
	}
	key := func(name string) purser.ReleaseKey { return purser.ReleaseKey{Name: name} }
	for _, row := range []struct {
		rule    string
		prepare func(t *testing.T, b bench)
		name    string
		code    purser.Code
		message string
	}{
		{"unknown package", func(*testing.T, bench) {}, "demo", purser.CodeNotFound, "Can not find a package named 'demo'"},
		{"empty name is no wildcard", func(t *testing.T, b bench) { b.MustUpload(t, "demo", "1.0.0") }, "", purser.CodeNotFound, "Can not find a package named ''"},
		{
			"exact in case", func(t *testing.T, b bench) { b.MustUpload(t, "Big Name", "1.0.0") }, "big name", purser.CodeNotFound,
			"Can not find a package named 'big name'",
		},
		{"in use: releases by name", func(t *testing.T, b bench) {
			m := b.MustUpload(t, "demo", "1.0.0")
			b.MustUpload(t, "demo", "1.0.1")
			b.MustRelease(t, key("user-b"), 1, purser.StageDeployed, m)
			b.MustRelease(t, key("user-a"), 1, purser.StageDeployed, m)
		}, "demo", purser.CodePackageInUse, use("demo", "1.0.0", "user-a,user-b")},
		{"in use: a version for each", func(t *testing.T, b bench) {
			one, two := b.MustUpload(t, "demo", "1.0.0"), b.MustUpload(t, "demo", "1.0.1")
			b.MustRelease(t, key("web"), 1, purser.StageDeployed, one)
			b.MustRelease(t, key("web"), 2, purser.StageDeploying, two)
		}, "demo", purser.CodePackageInUse, use("demo", "1.0.0", "web") + "," + use("demo", "1.0.1", "web")},
		{"in use before a failed version", func(t *testing.T, b bench) {
			m := b.MustUpload(t, "demo", "1.0.0")
			b.MustRelease(t, key("web"), 1, purser.StageDeployed, m)
			b.MustRelease(t, key("web"), 2, purser.StageFailed, m)
		}, "demo", purser.CodePackageInUse, use("demo", "1.0.0", "web")},
		{"in use in another space", func(t *testing.T, b bench) {
			b.MustRelease(t, purser.ReleaseKey{Space: "orgs/a", Name: "web"}, 1, purser.StageDeployed, b.MustUpload(t, "demo", "1.0.0"))
		}, "demo", purser.CodePackageInUse, use("demo", "1.0.0", "orgs/a:web")},
		{"remote", func(t *testing.T, b bench) {
			b.MustAdd(t, purser.Repository{Name: "far", URL: "https://example.org"})
			b.MustCreate(t, purser.PackageMetadata{Name: "demo", Version: "1.0.0", RepositoryID: b.MustRepository(t, "far").ID, RepositoryName: "far"}, nil)
		}, "demo", purser.CodePackageInUse, "Can not delete package [demo], associated repository [far] is remote."},
		{"remote goes before in use", func(t *testing.T, b bench) {
			b.MustRelease(t, key("web"), 1, purser.StageDeployed, b.MustUpload(t, "demo", "1.0.0"))
			b.MustAdd(t, purser.Repository{Name: "far", URL: "https://example.org"})
			b.MustCreate(t, purser.PackageMetadata{Name: "demo", Version: "1.0.0", RepositoryID: b.MustRepository(t, "far").ID, RepositoryName: "far"}, nil)
		}, "demo", purser.CodePackageInUse, "Can not delete package [demo], associated repository [far] is remote."},
	} {
		t.Run(row.rule, func(t *testing.T) {
			b := MustService(t)
			row.prepare(t, b)
			_, before, _ := b.store.FindPackages(t.Context(), purser.PackageFilter{})
			wantError(t, b.Delete(t.Context(), row.name), row.code, row.message)
			if _, after, err := b.store.FindPackages(t.Context(), purser.PackageFilter{}); after != before || err != nil {
				t.Errorf("%d packages are left of %d, %v", after, before, err)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	key := purser.ReleaseKey{Name: "web"}
	for _, row := range []struct {
		rule   string
		stages []purser.Stage // of the versions of one release that use it
	}{
		{"nobody uses it", nil},
		{"its release is deleted", []purser.Stage{purser.StageDeleted}},
		{"its release went on", []purser.Stage{purser.StageSuperseded}},
		{"its release has failed", []purser.Stage{purser.StageFailed}},
		{"only the latest version counts", []purser.Stage{purser.StageDeployed, purser.StageDeleted, purser.StageFailed}},
		{"a draft is not on any platform", []purser.Stage{purser.StageDraft}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			b := MustService(t)
			m := b.MustUpload(t, "demo", "1.0.0")
			b.MustUpload(t, "demo", "1.0.1")
			other := b.MustUpload(t, "other", "1.0.0")
			for i, stage := range row.stages {
				b.MustRelease(t, key, i+1, stage, m)
			}
			if err := b.Delete(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
			left, _, err := b.store.FindPackages(t.Context(), purser.PackageFilter{})
			if err != nil || len(left) != 1 || left[0].ID != other.ID {
				t.Errorf("left: %v, %v", left, err)
			}
			wantError(t, b.Delete(t.Context(), "demo"), purser.CodeNotFound, "Can not find a package named 'demo'")
		})
	}
	t.Run("the release that is deleted with it does not count", func(t *testing.T) {
		b := MustService(t)
		m := b.MustUpload(t, "demo", "1.0.0")
		b.MustRelease(t, key, 1, purser.StageDeployed, m)
		b.MustRelease(t, purser.ReleaseKey{Name: "web2"}, 1, purser.StageDeployed, m)
		remove := func(ignore ...purser.ReleaseKey) error {
			return b.store.Update(t.Context(), func(tx purser.Tx) error { return b.Remove(t.Context(), tx, "demo", ignore...) })
		}
		wantError(t, remove(key), purser.CodePackageInUse, "Can not delete Package Metadata [demo:1.0.0] in Repository [local]. "+
			"Not all releases of this package have the status DELETED. Active Releases [web2]")
		if err := remove(key, purser.ReleaseKey{Name: "web2"}); err != nil {
			t.Error(err)
		}
	})
	t.Run("metadata of a repository that is gone", func(t *testing.T) {
		b := MustService(t)
		b.MustCreate(t, purser.PackageMetadata{Name: "lost", Version: "1.0.0", RepositoryID: 4711}, nil)
		if err := b.Delete(t.Context(), "lost"); err != nil {
			t.Error(err)
		}
	})
}
