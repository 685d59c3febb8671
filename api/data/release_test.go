package data_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
)

const historySearch = "/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc"

// MustRelease stores a version of a release at a stage.
func (s *server) MustRelease(tb testing.TB, key purser.ReleaseKey, version int, stage purser.Stage) int64 {
	tb.Helper()
	return s.mustReleaseWith(tb, key, version, stage, nil)
}

func (s *server) mustReleaseWith(tb testing.TB, key purser.ReleaseKey, version int, stage purser.Stage, values *string) int64 {
	tb.Helper()
	now := time.Date(2026, 11, 22, 11, 29, 6, 491e6, time.UTC)
	r := purser.Release{
		Key: key, Version: version, Stage: stage, Description: "Install complete", Platform: "default",
		Package: purser.Package{
			Metadata:  purser.PackageMetadata{APIVersion: "v1", Kind: "k", Name: "demo", Version: "1.0.0", RepositoryID: 1, RepositoryName: "local"},
			Templates: []purser.Template{{Name: "demo.yml", Text: "a: {{b}}\n"}},
		},
		Values: values, Manifest: "\"a\": \"b\"\n", CreatedAt: now, UpdatedAt: now,
	}
	s.must(tb, func(tx purser.Tx) error { return tx.CreateRelease(tb.Context(), &r) })
	return r.ID
}

// labels lists the embedded elements of a collection as name:version.
func labels(collection map[string]any, rel string) []string {
	list, _ := at(collection, "_embedded", rel).([]any)
	names := []string{}
	for _, e := range list {
		names = append(names, fmt.Sprintf("%v:%v", at(e, "name"), at(e, "version")))
	}
	return names
}

func TestReleases(t *testing.T) {
	s := MustServer(t)
	hello := purser.ReleaseKey{Name: "hello"}
	s.MustRelease(t, hello, 1, purser.StageSuperseded)
	s.MustRelease(t, purser.ReleaseKey{Name: "Alpha"}, 1, purser.StageFailed)
	id := s.MustRelease(t, hello, 2, purser.StageDeployed)
	s.MustRelease(t, purser.ReleaseKey{Name: "shellfish"}, 1, purser.StageDeleted)
	s.MustRelease(t, hello, 3, purser.StageDraft)
	s.MustRelease(t, purser.ReleaseKey{Space: "orgs/a", Name: "hello"}, 1, purser.StageDeployed)

	for _, c := range []struct {
		rule, target string
		want         []string
	}{
		{"all versions in storage order, no draft, no other space", "/api/releases", []string{"hello:1", "Alpha:1", "hello:2", "shellfish:1"}},
		{"sorted by number", "/api/releases?sort=version,desc", []string{"hello:2", "hello:1", "Alpha:1", "shellfish:1"}},
		{"sorted by name, then version", "/api/releases?sort=name&sort=version,desc", []string{"Alpha:1", "hello:2", "hello:1", "shellfish:1"}},
		{"objects cannot be sorted by", "/api/releases?sort=info,desc&sort=pkg", []string{"hello:1", "Alpha:1", "hello:2", "shellfish:1"}},
		{"a page", "/api/releases?page=1&size=3", []string{"shellfish:1"}},
		{"history is a part of the name in any case, newest first", historySearch + "?name=HELL", []string{"hello:2", "hello:1", "shellfish:1"}},
		{"history of an empty name is everything", historySearch + "?name=", []string{"Alpha:1", "hello:2", "hello:1", "shellfish:1"}},
		{"history without a name is nothing", historySearch, []string{}},
		{"history of a percent sign", historySearch + "?name=%25", []string{}},
		{"history of two names is of both joined", historySearch + "?name=hello&name=Alpha", []string{}},
		{"history is not paged", historySearch + "?name=hello&size=1&page=5&sort=version", []string{"hello:2", "hello:1"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if diff := cmp.Diff(c.want, labels(s.get(t, c.target), "releases")); diff != "" {
				t.Errorf("%s: -want +got:\n%s", c.target, diff)
			}
		})
	}

	t.Run("an item has all members in order", func(t *testing.T) {
		answer := s.do(t, http.MethodGet, fmt.Sprintf("/api/releases/%d", id), nil)
		golden(t, "release.json", text(t, answer))
	})
	t.Run("a draft has no address", func(t *testing.T) {
		if answer := s.do(t, http.MethodGet, fmt.Sprintf("/api/releases/%d", id+2), nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("got %s", answer.Status)
		}
	})
	t.Run("another space has no address", func(t *testing.T) {
		if answer := s.do(t, http.MethodGet, fmt.Sprintf("/api/releases/%d", id+3), nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("got %s", answer.Status)
		}
	})
	t.Run("the tag moves when the status code does", func(t *testing.T) {
		target := fmt.Sprintf("/api/releases/%d", id)
		if answer := s.do(t, http.MethodGet, target, nil, "If-None-Match", `"0"`); answer.StatusCode != http.StatusNotModified {
			t.Fatalf("before: %s", answer.Status)
		}
		s.must(t, func(tx purser.Tx) error {
			r, err := tx.FindRelease(t.Context(), hello, 2)
			if err != nil {
				return err
			}
			if err := r.Move(purser.StageDeleted, "Delete complete", time.Now()); err != nil {
				return err
			}
			return tx.UpdateRelease(t.Context(), r)
		})
		answer := s.do(t, http.MethodGet, target, nil, "If-None-Match", `"0"`)
		if tag := rawHeader(answer.Header, "ETag"); answer.StatusCode != http.StatusOK || len(tag) != 1 || tag[0] != `"1"` {
			t.Errorf("after: %s, tag %v", answer.Status, tag)
		}
	})
}

func TestValuesWithoutTextAreNone(t *testing.T) {
	s := MustServer(t)
	for _, c := range []struct {
		values string
		want   any
	}{{"", nil}, {" \n", nil}, {"a: b", "a: b"}, {"# a: b\n", "# a: b\n"}} {
		id := s.mustReleaseWith(t, purser.ReleaseKey{Name: fmt.Sprintf("%q", c.values)}, 1, purser.StageDeployed, &c.values)
		if got := at(s.get(t, fmt.Sprintf("/api/releases/%d", id)), "configValues", "raw"); got != c.want {
			t.Errorf("%q is shown as %v", c.values, got)
		}
	}
}
