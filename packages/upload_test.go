package packages_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

// TestUploadRefusals holds every refusal of an upload that was recorded from the reference, in its words; where it
// answers 500 without readable words, ours. The request is changed from a good one of gamma 1.0.1.
func TestUploadRefusals(t *testing.T) {
	const invalid, conflict, notFound = purser.CodeInvalid, purser.CodeConflict, purser.CodeNotFound
	semver := "UploadRequest doesn't have a valid semantic version.  Version = "
	version := func(v string) func(*purser.UploadRequest) {
		return func(r *purser.UploadRequest) { r.Version = &v }
	}
	name := func(n string) func(*purser.UploadRequest) {
		return func(r *purser.UploadRequest) { r.Name = &n }
	}
	file := func(text string) func(*purser.UploadRequest) {
		data := MustZipFiles(t, "gamma-1.0.1", map[string]string{"package.yml": text})
		return func(r *purser.UploadRequest) { r.Archive = data }
	}
	raw := func(text string) func(*purser.UploadRequest) {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return func(r *purser.UploadRequest) { r.Archive = data }
	}
	top := func(name string) func(*purser.UploadRequest) {
		data := MustZipFiles(t, name, map[string]string{"package.yml": metadata("gamma", "1.0.1")})
		return func(r *purser.UploadRequest) { r.Archive = data }
	}
	absent := `Package is expected to be unpacked, but it doesn't exist: the package file has no folder "gamma-1.0.1"`
	long := strings.Repeat("x", 256)

	for _, row := range []struct {
		rule    string
		change  func(*purser.UploadRequest)
		code    purser.Code
		message string
	}{
		{
			"same version again", func(r *purser.UploadRequest) { *r = request("alpha", "1.0.0", r.Archive) }, conflict,
			"Failed to upload the package. Package [alpha:1.0.0] in Repository [local] already exists.",
		},
		{
			"same version again, with blanks", func(r *purser.UploadRequest) { *r = request(" alpha", "1.0.0 ", r.Archive) }, conflict,
			"Failed to upload the package. Package [ alpha:1.0.0 ] in Repository [local] already exists.",
		},
		{
			"unknown repository", func(r *purser.UploadRequest) { r.Repository = new("nowhere") }, notFound,
			"Could not find local repository to upload to named nowhere",
		},
		{
			"repository in other case", func(r *purser.UploadRequest) { r.Repository = new("Local") }, notFound,
			"Could not find local repository to upload to named Local",
		},
		{"no repository", func(r *purser.UploadRequest) { r.Repository = nil }, notFound, "Could not find local repository to upload to named null"},
		{"empty repository", func(r *purser.UploadRequest) { r.Repository = new("") }, notFound, "Could not find local repository to upload to named "},
		{
			"an empty request", func(r *purser.UploadRequest) { *r = purser.UploadRequest{} }, notFound,
			"Could not find local repository to upload to named null",
		},
		{
			"remote repository", func(r *purser.UploadRequest) { r.Repository = new("far") }, conflict,
			"Repository to upload to is not a local database hosted repository.",
		},
		{
			"remote repository before no name", func(r *purser.UploadRequest) { r.Repository, r.Name = new("far"), nil }, conflict,
			"Repository to upload to is not a local database hosted repository.",
		},
		{"no name", func(r *purser.UploadRequest) { r.Name = nil }, invalid, "Name of package can not be null"},
		{"no name before no version", func(r *purser.UploadRequest) { r.Name, r.Version = nil, nil }, invalid, "Name of package can not be null"},
		{"empty name", name(""), invalid, "Entry is outside of the target dir: "},
		{"blank name", name("  "), invalid, "Entry is outside of the target dir:   "},
		{"name .", name("."), invalid, "Entry is outside of the target dir: ."},
		{"name ..", name(".."), invalid, "Entry is outside of the target dir: .."},
		{"name that leaves the folder", name("../gamma"), invalid, "Entry is outside of the target dir: ../gamma"},
		{"name that leaves the folder later", name("a/../../gamma"), invalid, "Entry is outside of the target dir: a/../../gamma"},
		{"name that is the folder in the end", name("a/.."), invalid, "Entry is outside of the target dir: a/.."},
		{"name of slashes", name("//"), invalid, "Entry is outside of the target dir: //"},
		{"name with a slash", name("gam/ma"), invalid, "Package directory doesn't exist."},
		{"name with a slash at the end", name("gamma/"), invalid, "Package directory doesn't exist."},
		{"no version", func(r *purser.UploadRequest) { r.Version = nil }, invalid, "Version can not be null"},
		{"empty version", version(""), invalid, "Input string is NULL or empty"},
		{"blank version", version(" \t"), invalid, "Input string is NULL or empty"},
		{"version 1.0", version("1.0"), invalid, semver + "1.0"},
		{"version 1.0.0.RELEASE", version("1.0.0.RELEASE"), invalid, semver + "1.0.0.RELEASE"},
		{"version abc", version("abc"), invalid, semver + "abc"},
		{"version 1abc", version("1abc"), invalid, semver + "1abc"},
		{"version 1.abc.2", version("1.abc.2"), invalid, semver + "1.abc.2"},
		{"version a.b.c.2", version("a.b.c.2"), invalid, semver + "a.b.c.2"},
		{"version 01.2.3", version("01.2.3"), invalid, semver + "01.2.3"},
		{"version 1.0.0-", version("1.0.0-"), invalid, semver + "1.0.0-"},
		{"version 1.0.0-01", version("1.0.0-01"), invalid, semver + "1.0.0-01"},
		{"version v1.0.0", version("v1.0.0"), invalid, semver + "v1.0.0"},
		{"version 1.0.0 x", version("1.0.0 x"), invalid, semver + "1.0.0 x"},
		{"version 1.0.0+", version("1.0.0+"), invalid, semver + "1.0.0+"},
		{"version is named trimmed", version(" 1.0 "), invalid, semver + "1.0"},
		{"version with blanks differs inside", func(r *purser.UploadRequest) {
			*r = request("beta", " 1.0.0 ", MustZipFiles(t, "beta- 1.0.0 ", map[string]string{"package.yml": metadata("beta", " 1.0.0 ")}))
		}, invalid, "Package definition in the request [beta: 1.0.0 ] differs from one inside the package.yml [beta:1.0.0]"},
		{"no extension", func(r *purser.UploadRequest) { r.Extension = nil }, invalid, "Extension can not be null"},
		{"empty extension", func(r *purser.UploadRequest) { r.Extension = new("") }, invalid, "Extension must be 'zip', not "},
		{"extension tar", func(r *purser.UploadRequest) { r.Extension = new("tar") }, invalid, "Extension must be 'zip', not tar"},
		{"extension in capitals", func(r *purser.UploadRequest) { r.Extension = new("ZIP") }, invalid, "Extension must be 'zip', not ZIP"},
		{"no bytes", func(r *purser.UploadRequest) { r.Archive = nil }, invalid, "Package file as bytes must not be null"},
		{"empty bytes", func(r *purser.UploadRequest) { r.Archive = []byte{} }, invalid, "Package file as bytes must not be empty"},
		{"no top folder", top(""), invalid, absent},
		{"another top folder", top("gamma"), invalid, absent},
		{"top folder in other case", top("Gamma-1.0.1"), invalid, absent},
		{"bytes that are no zip", raw("dGhpcyBpcyBub3QgYSB6aXAgZmlsZQ=="), invalid, "The package file is not a readable zip archive"},
		{"an empty zip", raw("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="), invalid, absent},
		{
			"another name inside", file(metadata("delta", "1.0.1")), invalid,
			"Package definition in the request [gamma:1.0.1] differs from one inside the package.yml [delta:1.0.1]",
		},
		{
			"another version inside", file(metadata("gamma", "1.0.2")), invalid,
			"Package definition in the request [gamma:1.0.1] differs from one inside the package.yml [gamma:1.0.2]",
		},
		{
			"version as text inside", file(metadata("gamma", "1.0")), invalid,
			"Package definition in the request [gamma:1.0.1] differs from one inside the package.yml [gamma:1.0]",
		},
		{
			"empty name inside", file("name:\nversion: 1.0.1\n"), invalid,
			"Package definition in the request [gamma:1.0.1] differs from one inside the package.yml [:1.0.1]",
		},
		{"no package.yml", func(r *purser.UploadRequest) {
			r.Archive = MustZipFiles(t, "gamma-1.0.1", map[string]string{"values.yml": "a: b\n"})
		}, invalid, `The package file has no "gamma-1.0.1/package.yml"`},
		{"empty package.yml", file(""), invalid, "gamma-1.0.1/package.yml is empty"},
		{"no kind", file("apiVersion: v1\nname: gamma\nversion: 1.0.1\n"), invalid, "gamma-1.0.1/package.yml has no 'kind'"},
		{"no apiVersion", file("kind: SkipperPackageMetadata\nname: gamma\nversion: 1.0.1\n"), invalid, "gamma-1.0.1/package.yml has no 'apiVersion'"},
		{"no name inside", file("apiVersion: v1\nkind: k\nversion: 1.0.1\n"), invalid, "gamma-1.0.1/package.yml has no 'name'"},
		{"no version inside", file("apiVersion: v1\nkind: k\nname: gamma\n"), invalid, "gamma-1.0.1/package.yml has no 'version'"},
		{
			"list as value", file(metadata("gamma", "1.0.1", "tags: [a, b]\n")), invalid,
			"Unable to Parse yaml to PackageMetadata type: gamma-1.0.1/package.yml line 5: the value of 'tags' is not a text",
		},
		{
			"list under an unknown key", file(metadata("gamma", "1.0.1", "other: [a, b]\n")), invalid,
			"Unable to Parse yaml to PackageMetadata type: gamma-1.0.1/package.yml line 5: the value of 'other' is not a text",
		},
		{"two documents", file(metadata("gamma", "1.0.1") + "---\nname: x\n"), invalid, "gamma-1.0.1/package.yml has more than one YAML document"},
		{"no map", file("just text\n"), invalid, "gamma-1.0.1/package.yml line 1: a map of keys and texts was expected"},
		{"broken YAML", file("a: [b\n"), invalid, "gamma-1.0.1/package.yml is no YAML: yaml: line 1: did not find expected ',' or ']'"},
		{
			"display name too long", file(metadata("gamma", "1.0.1", "displayName: "+long+"\n")), invalid,
			"'displayName' of gamma-1.0.1/package.yml has 256 characters, the limit is 255",
		},
		{
			"maintainer too long", file(metadata("gamma", "1.0.1", "maintainer: "+long+"\n")), invalid,
			"'maintainer' of gamma-1.0.1/package.yml has 256 characters, the limit is 255",
		},
		{
			"sha256 too long", file(metadata("gamma", "1.0.1", "sha256: "+long+"\n")), invalid,
			"'sha256' of gamma-1.0.1/package.yml has 256 characters, the limit is 255",
		},
		{
			"origin too long", file(metadata("gamma", "1.0.1", "origin: "+long+"\n")), invalid,
			"'origin' of gamma-1.0.1/package.yml has 256 characters, the limit is 255",
		},
		{"name too long", func(r *purser.UploadRequest) {
			*r = request(long, "1.0.1", MustZipFiles(t, long+"-1.0.1", map[string]string{"package.yml": metadata(long, "1.0.1")}))
		}, invalid, "'name' of " + long + "-1.0.1/package.yml has 256 characters, the limit is 255"},
		{"zip slip", func(r *purser.UploadRequest) {
			r.Archive = MustZipFiles(t, "", map[string]string{"gamma-1.0.1/package.yml": metadata("gamma", "1.0.1"), "../evil.txt": "x"})
		}, invalid, `The entry "../evil.txt" of the package file is trying to leave the folder of the package`},
		{"zip slip in the middle", func(r *purser.UploadRequest) {
			r.Archive = MustZipFiles(t, "", map[string]string{
				"gamma-1.0.1/package.yml": metadata("gamma", "1.0.1"), "gamma-1.0.1/../../../evil.txt": "x",
			})
		}, invalid, `The entry "gamma-1.0.1/../../../evil.txt" of the package file is trying to leave the folder of the package`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			b := MustService(t)
			b.MustAdd(t, purser.Repository{Name: "far", URL: "https://example.org/repo"})
			b.MustUpload(t, "alpha", "1.0.0")
			r := request("gamma", "1.0.1", archive(t, "gamma", "1.0.1"))
			row.change(&r)
			got, err := b.Upload(t.Context(), r)
			wantError(t, err, row.code, row.message)
			if diff := cmp.Diff(purser.PackageMetadata{}, got); diff != "" {
				t.Errorf("metadata of a refused upload (-want +got):\n%s", diff)
			}
			if _, n, err := b.store.FindPackages(t.Context(), purser.PackageFilter{}); n != 1 || err != nil {
				t.Errorf("%d packages are stored, %v, want the 1 of before", n, err)
			}
		})
	}
}

func TestUpload(t *testing.T) {
	t.Run("metadata is the file's, the repository's fields are the repository's", func(t *testing.T) {
		b := MustService(t)
		data := MustZipFiles(t, "alpha-1.0.0", map[string]string{"package.yml": metadata("alpha", "1.0.0",
			"origin: the-origin\nrepositoryId: 77\nrepositoryName: elsewhere\ndisplayName: Alpha Display\n",
			"packageSourceUrl: https://example.org/source\npackageHomeUrl: https://example.org/home\ntags: one, two\n",
			"maintainer: who\ndescription: The alpha package\nsha256: 0123abc\niconUrl: https://example.org/icon.png\n")})
		got, err := b.Upload(t.Context(), request("alpha", "1.0.0", data))
		if err != nil {
			t.Fatal(err)
		}
		local := b.MustRepository(t, "local")
		want := purser.PackageMetadata{
			ID: got.ID, APIVersion: "skipper.spring.io/v1", Kind: "SkipperPackageMetadata", Name: "alpha", Version: "1.0.0",
			RepositoryID: local.ID, RepositoryName: "local",
			Origin: new("the-origin"), DisplayName: new("Alpha Display"), PackageSourceURL: new("https://example.org/source"),
			PackageHomeURL: new("https://example.org/home"), Tags: new("one, two"), Maintainer: new("who"),
			Description: new("The alpha package"), SHA256: new("0123abc"), IconURL: new("https://example.org/icon.png"),
			CreatedAt: arrival,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
		stored, err := b.store.FindPackage(t.Context(), got.ID)
		if diff := cmp.Diff(want, stored); diff != "" || err != nil {
			t.Errorf("stored: %v (-want +got):\n%s", err, diff)
		}
		kept, err := b.store.FindArchive(t.Context(), got.ID)
		if err != nil || !bytes.Equal(kept, data) {
			t.Errorf("the archive is not stored byte for byte: %v", err)
		}
	})
	for _, row := range []struct{ rule, name, version string }{
		{"a snapshot", "beta", "1.0.0-SNAPSHOT"},
		{"a prerelease with build metadata", "beta", "2.0.0-rc.1+build.5"},
		{"a name with a blank and capitals", "Big Name", "1.0.0"},
		{"a name outside ASCII", "grün", "1.0.0"},
		{"a name of 255 characters", strings.Repeat("ü", 255), "1.0.0"},
		{"dots in a name", "a..b", "1.0.0"},
	} {
		t.Run(row.rule+" is accepted", func(t *testing.T) {
			if m := MustService(t).MustUpload(t, row.name, row.version); m.Name != row.name || m.Version != row.version {
				t.Errorf("got %s:%s", m.Name, m.Version)
			}
		})
	}
	t.Run("a name that begins with a slash has its folder without", func(t *testing.T) {
		data := MustZipFiles(t, "abs-1.0.0", map[string]string{"package.yml": metadata("/abs", "1.0.0")})
		if m, err := MustService(t).Upload(t.Context(), request("/abs", "1.0.0", data)); err != nil || m.Name != "/abs" {
			t.Errorf("got %q, %v", m.Name, err)
		}
	})
	t.Run("broken values and templates are accepted", func(t *testing.T) {
		data := MustZipFiles(t, "odd-1.0.0", map[string]string{
			"package.yml": metadata("odd", "1.0.0"), "values.yml": "[a, b", "templates/app.yml": "{{#open}}", "packages/readme.txt": "hello",
		})
		if _, err := MustService(t).Upload(t.Context(), request("odd", "1.0.0", data)); err != nil {
			t.Error(err)
		}
	})
	t.Run("a deleted version can be uploaded again", func(t *testing.T) {
		b := MustService(t)
		b.MustUpload(t, "alpha", "1.0.0")
		if err := b.Delete(t.Context(), "alpha"); err != nil {
			t.Fatal(err)
		}
		b.MustUpload(t, "alpha", "1.0.0")
	})
	t.Run("of two at the same moment one is refused", func(t *testing.T) {
		b, data := MustService(t), archive(t, "alpha", "1.0.0")
		results := make(chan error, 8)
		for range cap(results) {
			go func() {
				_, err := b.Upload(t.Context(), request("alpha", "1.0.0", data))
				results <- err
			}()
		}
		stored := 0
		for range cap(results) {
			if err := <-results; err == nil {
				stored++
			} else {
				wantError(t, err, purser.CodeConflict, "Failed to upload the package. Package [alpha:1.0.0] in Repository [local] already exists.")
			}
		}
		if stored != 1 {
			t.Errorf("stored %d times, want once", stored)
		}
	})
}
