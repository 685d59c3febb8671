package packages_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func TestPublishMetadata(t *testing.T) {
	b := MustService(t)
	b.MustAdd(t, purser.Repository{Name: "far", URL: "https://example.org"})
	local := b.MustRepository(t, "local")
	whole := purser.PackageMetadata{
		ID: 77, Revision: 5, APIVersion: "v1", Kind: "k", Name: "posted", Version: "1.0.0", RepositoryID: local.ID, RepositoryName: "local",
	}
	with := func(change func(*purser.PackageMetadata)) purser.PackageMetadata {
		m := whole
		change(&m)
		return m
	}
	got, err := b.PublishMetadata(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	want := whole
	want.ID, want.Revision, want.CreatedAt = got.ID, 0, arrival
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}

	for _, row := range []struct {
		rule    string
		sent    purser.PackageMetadata
		code    purser.Code
		message string
	}{
		{"the same again", whole, purser.CodeConflict, "Package [posted:1.0.0] in Repository [local] already exists."},
		{"a name alone", purser.PackageMetadata{Name: "posted"}, purser.CodeInvalid, "Package metadata must have 'apiVersion', 'kind', 'version', 'repositoryId'"},
		{"nothing", purser.PackageMetadata{}, purser.CodeInvalid, "Package metadata must have 'apiVersion', 'kind', 'name', 'version', 'repositoryId'"},
		{
			"an unknown repository", with(func(m *purser.PackageMetadata) { m.RepositoryID = 4711 }), purser.CodeNotFound,
			"Can not find a package repository with id 4711 and name 'local'",
		},
		{
			"an unknown repository by name", with(func(m *purser.PackageMetadata) { m.RepositoryID, m.RepositoryName = 0, "x" }), purser.CodeNotFound,
			"Can not find a package repository with name 'x'",
		},
		{
			"id and name of two repositories", with(func(m *purser.PackageMetadata) { m.RepositoryName = "far" }), purser.CodeNotFound,
			"Can not find a package repository with id " + itoa(local.ID) + " and name 'far'",
		},
		{
			"too long a text", with(func(m *purser.PackageMetadata) { m.DisplayName = new(strings.Repeat("ü", 256)) }), purser.CodeInvalid,
			"'displayName' of the package metadata has 256 characters, the limit is 255",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := b.PublishMetadata(t.Context(), row.sent)
			wantError(t, err, row.code, row.message)
		})
	}
	t.Run("the upload of it is refused", func(t *testing.T) {
		_, err := b.Upload(t.Context(), request("posted", "1.0.0", archive(t, "posted", "1.0.0")))
		wantError(t, err, purser.CodeConflict, "Failed to upload the package. Package [posted:1.0.0] in Repository [local] already exists.")
	})
	t.Run("it cannot be read in a local repository", func(t *testing.T) {
		_, err := b.Read(t.Context(), got)
		wantError(t, err, purser.CodeNotFound, "Resource posted-1.0.0 in package repository local does not exist.")
	})
	t.Run("the repository by name alone", func(t *testing.T) {
		m, err := b.PublishMetadata(t.Context(), with(func(m *purser.PackageMetadata) { m.RepositoryID, m.Version = 0, "1.0.1" }))
		if err != nil || m.RepositoryID != local.ID {
			t.Errorf("got %+v, %v", m, err)
		}
	})
	t.Run("the repository by id alone", func(t *testing.T) {
		m, err := b.PublishMetadata(t.Context(), with(func(m *purser.PackageMetadata) { m.RepositoryName, m.Version = "", "1.0.2" }))
		if err != nil || m.RepositoryName != "local" {
			t.Errorf("got %+v, %v", m, err)
		}
	})
}
