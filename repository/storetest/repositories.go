package storetest

import (
	"context"
	"testing"

	"purser"
)

// mustCreateRepositories stores repositories and gives them with their ids.
func mustCreateRepositories(t *testing.T, s purser.Store, list ...purser.Repository) []purser.Repository {
	t.Helper()
	MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
		for i := range list {
			if err := tx.CreateRepository(ctx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

func wantRepositories(t *testing.T, s purser.Store, f purser.RepositoryFilter, total int, want ...purser.Repository) {
	t.Helper()
	got, n, err := s.FindRepositories(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "list", append([]purser.Repository{}, got...), append([]purser.Repository{}, want...))
	same(t, "total", n, total)
}

var repositoryRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		all := mustCreateRepositories(t, s,
			purser.Repository{Revision: 4, Name: "local", URL: "http://localhost", SourceURL: ptr("https://x"), Local: true, Description: ptr("d"), Order: -3},
			purser.Repository{Name: "absent"}, purser.Repository{Name: "empty", SourceURL: ptr(""), Description: ptr("")})
		wantRepositories(t, s, purser.RepositoryFilter{}, 3, all...)
		if all[0].ID <= 0 || all[0].ID >= all[1].ID {
			t.Errorf("ids %d, %d", all[0].ID, all[1].ID)
		}
	}},
	{"NamesAreUnique", func(t *testing.T, s purser.Store) {
		mustCreateRepositories(t, s, purser.Repository{Name: "local"}, purser.Repository{Name: "Local"})
		again := purser.Repository{Name: "local", URL: "other"}
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRepository(ctx, &again) }), purser.CodeConflict)
	}},
	{"Filters", func(t *testing.T, s purser.Store) {
		all := mustCreateRepositories(t, s, purser.Repository{Name: "local"}, purser.Repository{Name: "Local"}, purser.Repository{Name: "it's"})
		wantRepositories(t, s, purser.RepositoryFilter{ID: all[1].ID}, 1, all[1])
		wantRepositories(t, s, purser.RepositoryFilter{Name: "local"}, 1, all[0])
		wantRepositories(t, s, purser.RepositoryFilter{Name: "it's"}, 1, all[2])
		wantRepositories(t, s, purser.RepositoryFilter{Name: "LOCAL"}, 0)
		wantRepositories(t, s, purser.RepositoryFilter{ID: all[1].ID, Name: "local"}, 0)
	}},
	{"OrderAndPage", func(t *testing.T, s purser.Store) {
		all := mustCreateRepositories(t, s,
			purser.Repository{Name: "b", URL: "3", Order: 1, Local: true}, purser.Repository{Name: "a", URL: "2", SourceURL: ptr("x"), Order: -1},
			purser.Repository{Name: "c", URL: "1", Description: ptr("x"), Order: 1})
		for _, row := range []struct {
			order []purser.Order
			want  [3]int
		}{
			{nil, [3]int{0, 1, 2}},
			{[]purser.Order{asc(purser.OrderName)}, [3]int{1, 0, 2}},
			{[]purser.Order{asc(purser.OrderURL)}, [3]int{2, 1, 0}},
			{[]purser.Order{asc(purser.OrderLocal)}, [3]int{1, 2, 0}},
			{[]purser.Order{desc(purser.OrderRepoOrder)}, [3]int{0, 2, 1}},
			{[]purser.Order{desc(purser.OrderSourceURL)}, [3]int{1, 0, 2}},
			{[]purser.Order{desc(purser.OrderDescription)}, [3]int{2, 0, 1}},
			{[]purser.Order{desc(purser.OrderVersion)}, [3]int{0, 1, 2}},
		} {
			wantRepositories(t, s, purser.RepositoryFilter{Order: row.order}, 3, all[row.want[0]], all[row.want[1]], all[row.want[2]])
			wantRepositories(t, s, purser.RepositoryFilter{Order: row.order, Page: purser.Page{Offset: 1, Limit: 1}}, 3, all[row.want[1]])
		}
	}},
}
