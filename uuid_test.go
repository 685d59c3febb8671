package purser_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"purser"
)

var version5 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestPackageUUIDIsForGood(t *testing.T) {
	m := purser.PackageMetadata{RepositoryName: "local", Name: "demo", Version: "1.0.0"}
	const want = "722f5cd5-f724-5d6c-8b55-0657bd7baba5"
	if got := m.UUID(); got != want {
		t.Errorf("%s, want %s: what clients have kept is void", got, want)
	}
}

// Nothing but repository, name and version counts, and each of them does, wherever one ends and the next begins.
func TestPackageUUID(t *testing.T) {
	part := rapid.SampledFrom([]string{"", "a", "ab", "b", " ", `"`, `" "`, "1.0.0"})
	rapid.Check(t, func(t *rapid.T) {
		draw := func() purser.PackageMetadata {
			return purser.PackageMetadata{
				ID: rapid.Int64().Draw(t, "id"), RepositoryName: part.Draw(t, "repository"), Name: part.Draw(t, "name"), Version: part.Draw(t, "version"),
			}
		}
		a, b := draw(), draw()
		same := a.RepositoryName == b.RepositoryName && a.Name == b.Name && a.Version == b.Version
		if (a.UUID() == b.UUID()) != same {
			t.Fatalf("%+v has %s, %+v has %s", a, a.UUID(), b, b.UUID())
		}
		if !version5.MatchString(a.UUID()) {
			t.Fatalf("%s is no UUID of version 5", a.UUID())
		}
	})
}
