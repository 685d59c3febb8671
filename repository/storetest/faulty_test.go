package storetest_test

import (
	"errors"
	"testing"

	"purser"
	"purser/repository/memory"
	"purser/repository/storetest"
)

func TestFaulty(t *testing.T) {
	fault := errors.New("fault")
	for _, row := range []struct {
		at     storetest.Point // "": nowhere
		stored bool
	}{
		{"", true}, {storetest.BeforeUpdate, false}, {storetest.BeforeCommit, false}, {storetest.AfterCommit, true},
	} {
		t.Run(string(row.at), func(t *testing.T) {
			var passed []storetest.Point
			store := &storetest.Faulty{Store: memory.New(), Hook: func(p storetest.Point) error {
				passed = append(passed, p)
				if p == row.at {
					return fault
				}
				return nil
			}}
			err := store.Update(t.Context(), func(tx purser.Tx) error {
				return tx.CreateRepository(t.Context(), &purser.Repository{Name: "r"})
			})
			if (row.at != "") != errors.Is(err, fault) {
				t.Errorf("got %v", err)
			}
			if _, n, err := store.FindRepositories(t.Context(), purser.RepositoryFilter{}); err != nil || (n == 1) != row.stored {
				t.Errorf("%d stored, %v", n, err)
			}
			if row.at != "" && passed[len(passed)-1] != row.at {
				t.Errorf("passed %v", passed)
			}
		})
	}
}
