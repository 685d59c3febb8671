package packages_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"purser"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestAddRepositories(t *testing.T) {
	b := MustService(t)
	first := purser.Repository{ID: 99, Revision: 7, Name: "far", URL: "https://example.org/a", SourceURL: new("https://example.org/src"), Description: new("d"), Order: 3}
	b.MustAdd(t, first)
	got := b.MustRepository(t, "far")
	want := first
	want.ID, want.Revision = got.ID, 0
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}

	t.Run("the same again says nothing", func(t *testing.T) {
		b.log.Reset()
		b.MustAdd(t, first)
		if b.log.Len() != 0 {
			t.Errorf("log: %s", b.log)
		}
	})
	t.Run("a changed one stays what it was, with a warning", func(t *testing.T) {
		b.log.Reset()
		changed := first
		changed.URL = "https://example.org/b"
		b.MustAdd(t, changed, purser.Repository{Name: "new", URL: "file:/x"})
		if diff := cmp.Diff(want, b.MustRepository(t, "far")); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		const warning = `level=WARN msg="ignoring the configuration of a package repository because the name already exists" repository=far`
		if !strings.Contains(b.log.String(), warning) {
			t.Errorf("log: %s", b.log)
		}
		b.MustRepository(t, "new")
	})
	for _, row := range []struct{ rule, name, message string }{
		{"no name", "", "A package repository has no name"},
		{"a blank name", "  ", "A package repository has no name"},
		{
			"too long a name", strings.Repeat("x", 256),
			"The name of the package repository " + strings.Repeat("x", 40) + "... has 256 characters, the limit is 255",
		},
	} {
		t.Run(row.rule, func(t *testing.T) {
			err := b.AddRepositories(t.Context(), []purser.Repository{{Name: "before"}, {Name: row.name}})
			wantError(t, err, purser.CodeInvalid, row.message)
			if _, n, err := b.store.FindRepositories(t.Context(), purser.RepositoryFilter{Name: "before"}); n != 0 || err != nil {
				t.Errorf("%d were stored before the refusal, %v", n, err)
			}
		})
	}
}
