package akkeris_test

import (
	"fmt"
	"testing"
	"time"

	"purser"
)

// mustDraft stores a package version that is not released, with an artifact in a state.
func (s *site) mustDraft(tb testing.TB, version string, stage purser.PackageStage, state purser.ArtifactState) {
	tb.Helper()
	s.mustStore(tb, func(tx purser.Tx) error {
		v := purser.PackageVersion{Package: "drafts", Version: version, Stage: stage, StoredAt: time.Now()}
		if err := tx.CreatePackageVersion(tb.Context(), &v); err != nil {
			return err
		}
		return tx.CreateArtifact(tb.Context(), &purser.Artifact{VersionID: v.ID, Name: "app.zip", State: state})
	})
}

// Drafts are builds that are pending, and those with an artifact in error have failed; neither can be released, and latest is
// the newest build whatever it is (spec/setup.md).
func TestDraftsAreBuilds(t *testing.T) {
	s := MustShop(t, setup{})
	s.mustUpload(t, "drafts", "1.0.0", hello("1.0.0"))
	a := s.app(t, "drafts-dev")
	good := a.slug("1.0.0")
	for i, row := range []struct {
		version string
		stage   purser.PackageStage
		state   purser.ArtifactState
		status  string
	}{
		{"1.1.0", purser.PackageDraft, purser.ArtifactUploading, "pending"},
		{"1.2.0", purser.PackageDraft, purser.ArtifactUploaded, "pending"},
		{"1.3.0", purser.PackageApproved, purser.ArtifactUploaded, "pending"},
		{"1.4.0", purser.PackageDraft, purser.ArtifactError, "failed"},
		{"1.5.0", purser.PackageError, purser.ArtifactUploaded, "failed"},
	} {
		if err := s.server.Stop(); err != nil {
			t.Fatal(err)
		}
		s.mustDraft(t, row.version, row.stage, row.state)
		s.mustStart(t)
		a.want(200, "GET /builds", "").is(t, "0.status", row.status, "0.source_blob.version", row.version, fmt.Sprintf("%d.id", i+1), good)
		slug := a.slug(row.version)
		if want := (purser.PackageMetadata{RepositoryName: "local", Name: "drafts", Version: row.version}).UUID(); slug != want {
			t.Errorf("the slug is %s, and will be %s when it is released", slug, want)
		}
		a.want(200, "GET /builds/"+slug, "").is(t, "status", row.status, "id", slug, "slug.id", slug)
		a.do("POST /releases", fmt.Sprintf(`{"slug":%q}`, slug)).refuses(t, 409, "The slug "+slug+" does not exist or is still in process of building")
		a.do("POST /releases", `{"slug":"latest"}`).refuses(t, 422,
			"A release cannot be created on this as the build has not yet completed, does not exist or was not successful.")
		s.app(t, "shop-dev").do("POST /releases", fmt.Sprintf(`{"slug":%q}`, slug)).refuses(t, 409, "The slug "+slug+" does not exist or is still in process of building")
	}
	a.until(a.release("1.0.0"), "succeeded")
}
