package storetest

import (
	"context"
	"testing"
	"time"

	"purser"
)

// wantOperations fails the test when others fit the filter.
func wantOperations(t *testing.T, s purser.Reader, f purser.OperationFilter, total int, want ...purser.Operation) {
	t.Helper()
	got, n, err := s.FindOperations(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "list", append([]purser.Operation{}, got...), append([]purser.Operation{}, want...))
	same(t, "total", n, total)
}

// closed gives the operation as it is when it has succeeded.
func closed(o purser.Operation) purser.Operation {
	o.Phase, o.Outcome, o.FinishedAt = purser.PhaseDone, purser.OutcomeSucceeded, noon.Add(time.Hour)
	return o
}

var operationRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		given := OperationOf("a")
		given.Key.Space, given.Rollback, given.Owner, given.LeaseUntil = "orgs/x", true, "me", noon.Add(time.Second)
		o := MustCreateOperation(t, s, given)
		if o.ID <= 0 {
			t.Fatalf("id %d", o.ID)
		}
		got, err := s.FindOperation(t.Context(), o.Key)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "FindOperation", got, o)
		wantOperations(t, s, purser.OperationFilter{}, 1, o)
		got.Deploy[0], got.Scale[0].Properties["a"] = "scribble", "scribble"
		wantOperations(t, s, purser.OperationFilter{Key: &o.Key}, 1, o)
	}},
	{"AbsentAndEmptyDiffer", func(t *testing.T, s purser.Store) {
		absent := MustCreateOperation(t, s, purser.Operation{Key: key("absent"), Kind: purser.OperationScale, Phase: purser.PhaseScale})
		empty := MustCreateOperation(t, s, purser.Operation{
			Key: key("empty"), Kind: purser.OperationScale, Phase: purser.PhaseScale,
			Deploy: []string{}, Remove: []string{}, Scale: []purser.ScaleRequest{{}, {Properties: map[string]string{}}},
		})
		wantOperations(t, s, purser.OperationFilter{}, 2, absent, empty)
	}},
	{"AKeyHasAtMostOneOpen", func(t *testing.T, s purser.Store) {
		first := MustCreateOperation(t, s, OperationOf("a"))
		for kind, text := range map[purser.OperationKind]string{
			purser.OperationInstall: "Statemachine is not in state ready to do INSTALL",
			purser.OperationUpgrade: "Statemachine is not in state ready to do UPGRADE",
			purser.OperationDelete:  "Statemachine is not in state ready to do DELETE",
			purser.OperationScale:   "Statemachine is not in state ready to do SCALE",
		} {
			second := OperationOf("a")
			second.Kind = kind
			err := update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateOperation(ctx, &second) })
			refused(t, err, purser.CodeBusy)
			says(t, err, text)
		}
		rollback := OperationOf("a")
		rollback.Rollback = true
		err := update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateOperation(ctx, &rollback) })
		refused(t, err, purser.CodeBusy)
		says(t, err, "Statemachine is not in state ready to do ROLLBACK")

		elsewhere := OperationOf("a")
		elsewhere.Key.Space = "orgs/x"
		MustCreateOperation(t, s, elsewhere)
		MustCreateOperation(t, s, OperationOf("A"))

		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, closed(first)) })
		second := MustCreateOperation(t, s, OperationOf("a"))
		if second.ID <= first.ID {
			t.Errorf("ids %d, then %d", first.ID, second.ID)
		}
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, first) }), purser.CodeBusy)
	}},
	{"ABusyKeyDoesNotSpoilTheTransaction", func(t *testing.T, s purser.Store) {
		MustCreateOperation(t, s, OperationOf("a"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			o := OperationOf("a")
			refused(t, tx.CreateOperation(ctx, &o), purser.CodeBusy)
			other := OperationOf("b")
			return tx.CreateOperation(ctx, &other)
		})
		if _, err := s.FindOperation(t.Context(), key("b")); err != nil {
			t.Error(err)
		}
	}},
	{"FindOperationFindsOpenOnes", func(t *testing.T, s purser.Store) {
		_, err := s.FindOperation(t.Context(), key("a"))
		refused(t, err, purser.CodeNotFound)
		done := MustCreateOperation(t, s, OperationOf("a"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, closed(done)) })
		_, err = s.FindOperation(t.Context(), key("a"))
		refused(t, err, purser.CodeNotFound)
		open := MustCreateOperation(t, s, OperationOf("a"))
		got, err := s.FindOperation(t.Context(), key("a"))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "operation", got, open)
	}},
	{"UpdateOperationStoresWhatMayChange", func(t *testing.T, s purser.Store) {
		made := MustCreateOperation(t, s, OperationOf("a"))
		other := MustCreateOperation(t, s, OperationOf("b"))
		changed := purser.Operation{
			ID: made.ID, Key: key("other"), Kind: purser.OperationDelete, Phase: purser.PhaseDone, Rollback: true, From: 5, To: 6,
			Deploy: []string{"x"}, Timeout: time.Hour, Deadline: noon.Add(time.Second), RequestedBy: "y", FailureReason: "z",
			Owner: "me", LeaseUntil: noon, Outcome: purser.OutcomeFailed, Message: "m", StartedAt: noon.Add(time.Hour), FinishedAt: noon.Add(time.Minute),
		}
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, changed) })
		want := changed
		want.Key, want.Kind, want.StartedAt = made.Key, made.Kind, made.StartedAt
		wantOperations(t, s, purser.OperationFilter{}, 2, want, other)
	}},
	{"UnknownIdsAreRefused", func(t *testing.T, s purser.Store) {
		o := OperationOf("a")
		o.ID = 99
		refused(t, update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, o) }), purser.CodeNotFound)
	}},
	{"Filters", func(t *testing.T, s purser.Store) {
		done := MustCreateOperation(t, s, OperationOf("a"))
		done = closed(done)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, done) })
		open := MustCreateOperation(t, s, OperationOf("a"))
		other := MustCreateOperation(t, s, OperationOf("b"))
		wantOperations(t, s, purser.OperationFilter{}, 3, done, open, other)
		wantOperations(t, s, purser.OperationFilter{Key: &open.Key}, 2, done, open)
		wantOperations(t, s, purser.OperationFilter{Open: true}, 2, open, other)
		wantOperations(t, s, purser.OperationFilter{Key: &open.Key, Open: true}, 1, open)
		wantOperations(t, s, purser.OperationFilter{Key: &purser.ReleaseKey{}}, 0)
		wantOperations(t, s, purser.OperationFilter{Page: purser.Page{Offset: 1, Limit: 1}}, 3, open)
		wantOperations(t, s, purser.OperationFilter{Page: purser.Page{Offset: 9, Limit: 1}}, 3)
		wantOperations(t, s, purser.OperationFilter{Newest: true}, 3, other, open, done)
		wantOperations(t, s, purser.OperationFilter{Newest: true, Page: purser.Page{Limit: 1}}, 3, other)

		tenant := OperationOf("a")
		tenant.Key.Space = "orgs/x"
		tenant = MustCreateOperation(t, s, tenant)
		skipper := ""
		wantOperations(t, s, purser.OperationFilter{Space: &skipper, Newest: true}, 3, other, open, done)
		wantOperations(t, s, purser.OperationFilter{Space: &tenant.Key.Space}, 1, tenant)
	}},
}

var leaseRules = []rule{
	{"ClaimTakesUnownedOwnAndExpiredOnes", func(t *testing.T, s purser.Store) {
		until := noon.Add(time.Minute)
		create := func(name, owner string, lease time.Time) purser.Operation {
			o := OperationOf(name)
			o.Owner, o.LeaseUntil = owner, lease
			return MustCreateOperation(t, s, o)
		}
		unowned := create("unowned", "", time.Time{})
		mine := create("mine", "me", noon.Add(time.Hour))
		expired := create("expired", "other", noon.Add(-time.Millisecond))
		endsNow := create("endsNow", "other", noon)
		live := create("live", "other", noon.Add(time.Millisecond))
		never := create("never", "other", time.Time{})
		done := create("done", "", time.Time{})
		done = closed(done)
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, done) })

		var want []purser.Operation
		for _, o := range []purser.Operation{unowned, mine, expired, never} {
			o.Owner, o.LeaseUntil = "me", until
			want = append(want, o)
		}
		var got []purser.Operation
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) (err error) {
			got, err = tx.ClaimOperations(ctx, "me", noon, until)
			return err
		})
		same(t, "claimed", got, want)
		wantOperations(t, s, purser.OperationFilter{}, 7, want[0], want[1], want[2], endsNow, live, want[3], done)
	}},
	{"WithoutALeaseItIsFreeAtAnyTime", func(t *testing.T, s purser.Store) {
		o := OperationOf("a")
		o.Owner = "other"
		o = MustCreateOperation(t, s, o)
		o.Owner, o.LeaseUntil = "me", noon
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			got, err := tx.ClaimOperations(ctx, "me", time.Time{}, noon)
			same(t, "claimed", got, []purser.Operation{o})
			return err
		})
	}},
	{"ClaimingNothingGivesAnEmptyList", func(t *testing.T, s purser.Store) {
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error {
			got, err := tx.ClaimOperations(ctx, "me", noon, noon.Add(time.Minute))
			if len(got) != 0 {
				t.Errorf("claimed %v", got)
			}
			return err
		})
	}},
	{"RenewProlongsOwnOpenOnes", func(t *testing.T, s purser.Store) {
		until := noon.Add(time.Hour)
		mine, foreign, unowned, done := OperationOf("mine"), OperationOf("foreign"), OperationOf("unowned"), OperationOf("done")
		mine.Owner, foreign.Owner, done.Owner = "me", "Me", "me"
		mine.LeaseUntil, foreign.LeaseUntil, done.LeaseUntil = noon, noon, noon
		mine, foreign, unowned = MustCreateOperation(t, s, mine), MustCreateOperation(t, s, foreign), MustCreateOperation(t, s, unowned)
		done = closed(MustCreateOperation(t, s, done))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.UpdateOperation(ctx, done) })

		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.RenewLeases(ctx, "me", until) })
		mine.LeaseUntil = until
		wantOperations(t, s, purser.OperationFilter{}, 4, mine, foreign, unowned, done)
	}},
	{"NobodyRenewsWhatNobodyOwns", func(t *testing.T, s purser.Store) {
		o := MustCreateOperation(t, s, OperationOf("a"))
		MustUpdate(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.RenewLeases(ctx, "", noon) })
		wantOperations(t, s, purser.OperationFilter{}, 1, o)
	}},
}
