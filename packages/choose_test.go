package packages_test

import (
	"testing"

	"purser"
)

func TestChoose(t *testing.T) {
	b := MustService(t)
	b.MustAdd(t,
		purser.Repository{Name: "low", Local: true, Order: -5}, purser.Repository{Name: "high", Local: true, Order: 9},
		purser.Repository{Name: "high too", Local: true, Order: 9},
	)
	add := func(repository, name, version, api string) {
		m := purser.PackageMetadata{APIVersion: api, Kind: "k", Name: name, Version: version}
		if repository != "" {
			m.RepositoryID, m.RepositoryName = b.MustRepository(t, repository).ID, repository
		}
		b.MustCreate(t, m, nil)
	}
	for _, version := range []string{"9.0.0", "10.0.0", "1.9.0", "10.0.0-rc.1"} {
		add("local", "many", version, "v1")
	}
	add("local", "tail", "1.0.0", "v1")
	add("local", "tail", "2.0.0-rc.2", "v1")
	add("local", "tail", "2.0.0-rc.10", "v1")
	for _, repository := range []string{"low", "high", "local"} {
		add(repository, "spread", "1.0.0", "v1")
	}
	add("high", "older", "1.0.0", "v1")
	add("low", "older", "2.0.0", "v1")
	add("high", "api", "1.0.0", "v1")
	add("high too", "api", "1.0.0", "v2")
	add("high", "same", "1.0.0", "v1")
	add("high too", "same", "1.0.0", "v1")
	add("low", "odd", "1.0.0", "v1")
	add("low", "odd", "latest", "v1")
	add("low", "word", "latest", "v1")
	add("low", "build", "1.0.0+2", "v1")
	add("low", "build", "1.0.0+1", "v1")

	for _, row := range []struct {
		rule, name, version     string
		wantVersion, repository string
	}{
		{"a version is exact", "many", "1.9.0", "1.9.0", "local"},
		{"none: the highest by SemVer, not by text", "many", "", "10.0.0", "local"},
		{"a prerelease counts, by its numbers", "tail", "", "2.0.0-rc.10", "local"},
		{"of several repositories the highest order", "spread", "1.0.0", "1.0.0", "high"},
		{"of several repositories the highest order, no version", "spread", "", "1.0.0", "high"},
		{"the version goes before the repository", "older", "", "2.0.0", "low"},
		{"of one order the highest apiVersion", "api", "1.0.0", "1.0.0", "high too"},
		{"of one apiVersion the oldest", "same", "", "1.0.0", "high"},
		{"what is no version comes last", "odd", "", "1.0.0", "low"},
		{"what is no version can be alone", "word", "", "latest", "low"},
		{"build metadata breaks the tie", "build", "", "1.0.0+2", "low"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			m, err := b.Choose(t.Context(), b.store, purser.PackageIdentifier{Name: row.name, Version: row.version})
			if err != nil || m.Name != row.name || m.Version != row.wantVersion || m.RepositoryName != row.repository {
				t.Errorf("got %s %s of %s, %v", m.Name, m.Version, m.RepositoryName, err)
			}
		})
	}
	for _, row := range []struct{ rule, name, version, message string }{
		{"unknown package", "nothing", "1.0.0", "Can not find package 'nothing', version '1.0.0'"},
		{"unknown version", "many", "3.0.0", "Can not find package 'many', version '3.0.0'"},
		{"unknown package, any version", "nothing", "", "Can not find a package named 'nothing'"},
		{"a name is exact in case", "Many", "", "Can not find a package named 'Many'"},
		{"a name is not a part of one", "man", "", "Can not find a package named 'man'"},
		{"an empty name is no wildcard", "", "", "Can not find a package named ''"},
		{"an empty name with a version is none either", "", "1.0.0", "Can not find package '', version '1.0.0'"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := b.Choose(t.Context(), b.store, purser.PackageIdentifier{Name: row.name, Version: row.version})
			wantError(t, err, purser.CodeNotFound, row.message)
		})
	}
	t.Run("inside of a transaction its writes count", func(t *testing.T) {
		err := b.store.Update(t.Context(), func(tx purser.Tx) error {
			m := purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "fresh", Version: "1.0.0"}
			if err := tx.CreatePackage(t.Context(), &m, nil); err != nil {
				return err
			}
			got, err := b.Choose(t.Context(), tx, purser.PackageIdentifier{Name: "fresh"})
			if got.ID != m.ID {
				t.Errorf("got %+v", got)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestChooseInARepository(t *testing.T) {
	b := MustService(t)
	b.MustAdd(t, purser.Repository{Name: "low", Local: true, Order: -5}, purser.Repository{Name: "high", Local: true, Order: 9})
	for _, p := range [][2]string{{"low", "1.0.0"}, {"low", "1.1.0"}, {"high", "1.0.0"}, {"high", "2.0.0"}} {
		b.MustCreate(t, purser.PackageMetadata{
			APIVersion: "v1", Kind: "k", Name: "log", Version: p[1], RepositoryID: b.MustRepository(t, p[0]).ID, RepositoryName: p[0],
		}, nil)
	}
	for _, row := range []struct{ rule, repository, version, want string }{
		{"the highest of that repository", "low", "", "1.1.0"},
		{"a version of that repository", "low", "1.0.0", "1.0.0"},
		{"a version that only another one has", "low", "2.0.0", ""},
		{"an unknown repository", "nosuch", "", ""},
		{"the name is exact", "Low", "", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			m, err := b.Choose(t.Context(), b.store, purser.PackageIdentifier{Name: "log", Version: row.version, Repository: row.repository})
			switch {
			case row.want == "" && purser.ErrorCode(err) != purser.CodeNotFound:
				t.Errorf("%+v, %v", m, err)
			case row.want != "" && (err != nil || m.Version != row.want || m.RepositoryName != row.repository):
				t.Errorf("%+v, %v", m, err)
			}
		})
	}
}
