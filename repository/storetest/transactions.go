package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"purser"
)

var errOnPurpose = errors.New("on purpose")

// writeEverything writes into every part of the store.
func writeEverything(ctx context.Context, tx purser.Tx, existing purser.Release) error {
	r, m, o := ReleaseOf("new", 1, purser.StageDeployed), MetadataOf("new", "1.0.0", 1), OperationOf("new")
	existing.Description = "changed"
	_, err := tx.AppendEvents(ctx, EventOf("new", 1))
	return errors.Join(err,
		tx.UpdateRelease(ctx, existing), tx.UpdateStatuses(ctx, existing.ID, nil, time.Time{}), tx.CreateRelease(ctx, &r),
		tx.CreatePackage(ctx, &m, []byte("archive")), tx.UpdateArchive(ctx, m.ID, []byte("other")),
		tx.CreateRepository(ctx, &purser.Repository{Name: "new"}), tx.CreateOperation(ctx, &o),
	)
}

// wantOnly fails the test unless the store holds that release and nothing else.
func wantOnly(t *testing.T, s purser.Reader, existing purser.Release) {
	t.Helper()
	releases, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{AllSpaces: true})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "releases", releases, []purser.Release{existing})
	_, packages, err1 := s.FindPackages(t.Context(), purser.PackageFilter{})
	_, repositories, err2 := s.FindRepositories(t.Context(), purser.RepositoryFilter{})
	_, operations, err3 := s.FindOperations(t.Context(), purser.OperationFilter{})
	events, err4 := s.FindEvents(t.Context(), purser.EventFilter{AllSpaces: true})
	if err := errors.Join(err1, err2, err3, err4); err != nil || packages+repositories+operations+len(events) != 0 {
		t.Errorf("%d packages, %d repositories, %d operations, %d events, %v, want none", packages, repositories, operations, len(events), err)
	}
}

var transactionRules = []rule{
	{"AnErrorRollsBackAndComesOutAsItIs", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		err := update(t, s, func(ctx context.Context, tx purser.Tx) error {
			return errors.Join(writeEverything(ctx, tx, r), errOnPurpose)
		})
		if !errors.Is(err, errOnPurpose) || err.Error() != errOnPurpose.Error() {
			t.Errorf("error %v", err)
		}
		wantOnly(t, s, r)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return writeEverything(ctx, tx, r) })
	}},
	{"APanicRollsBackAndComesOutAsItIs", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		func() {
			defer func() {
				p := recover()
				same(t, "recovered", p == any(errOnPurpose), true)
			}()
			_ = update(t, s, func(ctx context.Context, tx purser.Tx) error {
				if err := writeEverything(ctx, tx, r); err != nil {
					return err
				}
				panic(errOnPurpose)
			})
		}()
		wantOnly(t, s, r)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return writeEverything(ctx, tx, r) })
	}},
	{"ACancelledContextRollsBack", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		for _, swallow := range []bool{true, false} {
			ctx, cancel := context.WithCancel(t.Context())
			err := s.Update(ctx, func(tx purser.Tx) error {
				if err := writeEverything(ctx, tx, r); err != nil {
					t.Error(err)
				}
				cancel()
				if swallow {
					return nil
				}
				_, err := tx.NextVersion(ctx, key("a"))
				return err
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v (swallowed %v), want one that is context.Canceled", err, swallow)
			}
			wantOnly(t, s, r)
		}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return writeEverything(ctx, tx, r) })
	}},
	{"EndedContextsAreRecognised", func(t *testing.T, s purser.Store) {
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		late, cancelLate := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancelLate()
		for ctx, want := range map[context.Context]error{cancelled: context.Canceled, late: context.DeadlineExceeded} {
			err := s.Update(ctx, func(purser.Tx) error {
				t.Error("the function was called")
				return nil
			})
			_, err1 := s.FindRelease(ctx, key("a"), 0)
			_, _, err2 := s.FindReleases(ctx, purser.ReleaseFilter{})
			_, err3 := s.NextVersion(ctx, key("a"))
			_, err4 := s.FindPackage(ctx, 1)
			_, _, err5 := s.FindPackages(ctx, purser.PackageFilter{})
			_, err6 := s.FindArchive(ctx, 1)
			_, _, err7 := s.FindRepositories(ctx, purser.RepositoryFilter{})
			_, err8 := s.FindOperation(ctx, key("a"))
			_, _, err9 := s.FindOperations(ctx, purser.OperationFilter{})
			_, err10 := s.FindEvents(ctx, purser.EventFilter{})
			_, _, err11 := s.FindEventRange(ctx)
			for i, err := range []error{err, err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11} {
				if !errors.Is(err, want) {
					t.Errorf("method %d: %v, want %v", i, err, want)
				}
			}
		}
	}},
	{"ATransactionReadsItsOwnWrites", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			if err := writeEverything(ctx, tx, r); err != nil {
				return err
			}
			if got := mustFindRelease(t, tx, "a", 0); got.Description != "changed" || got.Statuses != nil {
				t.Errorf("description %q, statuses %v", got.Description, got.Statuses)
			}
			same(t, "the new release", mustFindRelease(t, tx, "new", 0).Package, PackageOf("log", "1.0.0"))
			next, err := tx.NextVersion(ctx, key("new"))
			if err != nil || next != 2 {
				t.Errorf("next version %d, %v", next, err)
			}
			_, releases, err1 := tx.FindReleases(ctx, purser.ReleaseFilter{})
			packages, _, err2 := tx.FindPackages(ctx, purser.PackageFilter{Name: "new"})
			_, repositories, err3 := tx.FindRepositories(ctx, purser.RepositoryFilter{Name: "new"})
			_, operations, err4 := tx.FindOperations(ctx, purser.OperationFilter{Open: true})
			_, err5 := tx.FindOperation(ctx, key("new"))
			events, err6 := tx.FindEvents(ctx, purser.EventFilter{})
			_, newest, err7 := tx.FindEventRange(ctx)
			if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
				return err
			}
			if len(events) != 1 || newest != 1 {
				t.Errorf("events %v, the newest is %d", events, newest)
			}
			if releases != 2 || len(packages) != 1 || repositories != 1 || operations != 1 {
				t.Errorf("%d releases, %d packages, %d repositories, %d operations", releases, len(packages), repositories, operations)
			}
			if _, err := tx.FindPackage(ctx, packages[0].ID); err != nil {
				t.Error(err)
			}
			archive, err := tx.FindArchive(ctx, packages[0].ID)
			if string(archive) != "other" {
				t.Errorf("archive %q", archive)
			}
			return err
		})
	}},
	{"ReadersDoNotSeeWhatIsNotCommitted", func(t *testing.T, s purser.Store) {
		r := MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))[0]
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			if err := writeEverything(ctx, tx, r); err != nil {
				return err
			}
			wantOnly(t, s, r)
			return nil
		})
		if got := mustFindRelease(t, s, "a", 1); got.Description != "changed" {
			t.Errorf("description %q after the commit", got.Description)
		}
	}},
	{"AFailedStatementLeavesTheOthers", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			again := ReleaseOf("a", 1, purser.StageDeployed)
			again.Package.Values = ptr("another package")
			refused(t, tx.CreateRelease(ctx, &again), purser.CodeConflict)
			r := ReleaseOf("a", 2, purser.StageDeployed)
			return tx.CreateRelease(ctx, &r)
		})
		mustFindRelease(t, s, "a", 2)
	}},
	{"AnEndedTransactionIsOfNoUse", func(t *testing.T, s purser.Store) {
		var kept purser.Tx
		MustUpdate(t, s, func(_ context.Context, tx purser.Tx) error {
			kept = tx
			return nil
		})
		r := ReleaseOf("a", 1, purser.StageDeployed)
		if err := kept.CreateRelease(t.Context(), &r); err == nil {
			t.Error("a write after the end went through")
		}
		if _, _, err := kept.FindReleases(t.Context(), purser.ReleaseFilter{}); err == nil {
			t.Error("a read after the end went through")
		}
	}},
}

var concurrencyRules = []rule{
	{"OfManyOperationsOnOneKeyOneWins", func(t *testing.T, s purser.Store) {
		errs := inParallel(16, func(int) error {
			o := OperationOf("a")
			return update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateOperation(ctx, &o) })
		})
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			refused(t, err, purser.CodeBusy)
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
		if _, total, err := s.FindOperations(t.Context(), purser.OperationFilter{}); err != nil || total != 1 {
			t.Errorf("%d operations, %v", total, err)
		}
	}},
	{"WritersQueueUp", func(t *testing.T, s purser.Store) {
		const writers, each = 8, 5
		errs := inParallel(writers, func(int) error {
			for range each {
				err := update(t, s, func(ctx context.Context, tx purser.Tx) error {
					next, err := tx.NextVersion(ctx, key("a"))
					if err != nil {
						return err
					}
					r := ReleaseOf("a", next, purser.StageDeployed)
					return tx.CreateRelease(ctx, &r)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if next, err := s.NextVersion(t.Context(), key("a")); err != nil || next != writers*each+1 {
			t.Errorf("next version %d, %v", next, err)
		}
	}},
	{"AListIsOfOneMoment", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))
		// The writer adds one version after the other, so the highest of them is their number.
		stop := make(chan struct{})
		var writer sync.WaitGroup
		writer.Go(func() {
			for version := 2; ; version++ {
				select {
				case <-stop:
					return
				default:
					MustCreateReleases(t, s, ReleaseOf("a", version, purser.StageDeployed))
				}
			}
		})
		errs := inParallel(4, func(int) error {
			for range 100 {
				list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Order: []purser.Order{desc(purser.OrderVersion)}, Page: purser.Page{Limit: 1}})
				if err != nil {
					return err
				}
				if len(list) != 1 || list[0].Version != total {
					return fmt.Errorf("the page has %v, the total is %d", versionsOf(list), total)
				}
			}
			return nil
		})
		close(stop)
		writer.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	}},
	{"AWaitingWriterGivesUpWithItsContext", func(t *testing.T, s purser.Store) {
		MustUpdate(t, s, func(context.Context, purser.Tx) error {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			err := s.Update(ctx, func(purser.Tx) error {
				t.Error("two writers at once")
				return nil
			})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			return nil
		})
	}},
}

// inParallel runs f in n goroutines that start together, and gives their errors.
func inParallel(n int, f func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	group.Wait()
	return errs
}

var closeRules = []rule{
	{"ASecondCloseDoesNothing", func(t *testing.T, s purser.Store) {
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	}},
	{"AClosedStoreIsUnavailable", func(t *testing.T, s purser.Store) {
		MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := s.FindRelease(t.Context(), key("a"), 1)
		refused(t, err, purser.CodeUnavailable)
		_, _, err = s.FindReleases(t.Context(), purser.ReleaseFilter{})
		refused(t, err, purser.CodeUnavailable)
		refused(t, s.Update(t.Context(), func(purser.Tx) error { return nil }), purser.CodeUnavailable)
	}},
	{"CloseWaitsForTransactions", func(t *testing.T, s purser.Store) {
		inside, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- s.Update(t.Context(), func(tx purser.Tx) error {
				close(inside)
				<-goOn
				r := ReleaseOf("a", 1, purser.StageDeployed)
				return tx.CreateRelease(t.Context(), &r)
			})
		}()
		<-inside
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		for begun := false; !begun; {
			_, err := s.NextVersion(t.Context(), key("a"))
			begun = purser.ErrorCode(err) == purser.CodeUnavailable
		}
		select {
		case err := <-closed:
			t.Errorf("Close did not wait: %v", err)
		default:
		}
		close(goOn)
		if err := errors.Join(<-done, <-closed); err != nil {
			t.Error(err)
		}
	}},
}
