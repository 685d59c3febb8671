package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"purser"
	"purser/repository"
)

// EventOf gives an event with something in every field but the id.
func EventOf(name string, version int) purser.Event {
	return purser.Event{
		Kind: purser.EventOperation, Key: key(name), Version: version, At: noon, Detail: "it's said",
		Stage: purser.StageDeployed, Operation: 3, Change: purser.OperationUpgrade, Phase: purser.PhaseDone, Outcome: purser.OutcomeSucceeded,
		Application: "log", DeploymentID: name + ".log-v1", State: purser.StateDeployed,
	}
}

// MustAppendEvents logs events in one transaction and gives them with their ids.
func MustAppendEvents(tb testing.TB, s purser.Store, events ...purser.Event) (kept []purser.Event) {
	tb.Helper()
	MustUpdate(tb, s, func(ctx context.Context, tx purser.Tx) (err error) {
		kept, err = tx.AppendEvents(ctx, events...)
		return err
	})
	return kept
}

// wantEvents fails the test when others fit the filter.
func wantEvents(t *testing.T, s purser.Reader, f purser.EventFilter, want ...purser.Event) {
	t.Helper()
	got, err := s.FindEvents(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	same(t, fmt.Sprintf("%+v", f), append([]purser.Event{}, got...), append([]purser.Event{}, want...))
}

// wantRange fails the test unless the log has these ends.
func wantRange(t *testing.T, s purser.Reader, oldest, newest int64) {
	t.Helper()
	a, b, err := s.FindEventRange(t.Context())
	if err != nil || a != oldest || b != newest {
		t.Errorf("the log has the events %d to %d, %v, want %d to %d", a, b, err, oldest, newest)
	}
}

var eventRules = []rule{
	{"EveryFieldComesBack", func(t *testing.T, s purser.Store) {
		wantRange(t, s, 0, 0)
		wantEvents(t, s, purser.EventFilter{AllSpaces: true})
		given := EventOf("a", 2)
		given.Key.Space, given.At = "orgs/x", time.Date(2026, 1, 2, 3, 4, 5, 678_999_999, time.FixedZone("somewhere", 3600))
		kept := MustAppendEvents(t, s, given, purser.Event{})
		if len(kept) != 2 {
			t.Fatalf("%d events are kept", len(kept))
		}
		given.ID, given.At = kept[0].ID, time.Date(2026, 1, 2, 2, 4, 5, 678_000_000, time.UTC)
		same(t, "kept", kept, []purser.Event{given, {ID: given.ID + 1}})
		wantEvents(t, s, purser.EventFilter{AllSpaces: true}, kept...)
	}},
	{"AnyTextComesBack", func(t *testing.T, s purser.Store) {
		for _, text := range awkwardTexts {
			e := EventOf(text, 1)
			e.Detail, e.Application, e.DeploymentID = text, text, text
			e = MustAppendEvents(t, s, e)[0]
			wantEvents(t, s, purser.EventFilter{Names: []string{text}}, e)
		}
	}},
	{"IdsRiseWithoutGaps", func(t *testing.T, s purser.Store) {
		first := MustAppendEvents(t, s, EventOf("a", 1), EventOf("b", 1))
		if err := update(t, s, func(ctx context.Context, tx purser.Tx) error {
			if _, err := tx.AppendEvents(ctx, EventOf("lost", 1), EventOf("lost", 2)); err != nil {
				return err
			}
			return errOnPurpose
		}); err == nil {
			t.Error("no error")
		}
		second := MustAppendEvents(t, s, EventOf("c", 1))
		if MustAppendEvents(t, s) != nil {
			t.Error("nothing was logged, but something kept")
		}
		for i, e := range append(first, second...) {
			if e.ID != int64(i+1) {
				t.Errorf("event %d has id %d", i, e.ID)
			}
		}
		wantRange(t, s, 1, 3)
	}},
	{"Filters", func(t *testing.T, s purser.Store) {
		elsewhere := EventOf("a", 3)
		elsewhere.Key.Space = "orgs/x"
		e := MustAppendEvents(t, s, EventOf("a", 1), EventOf("b", 1), elsewhere, EventOf("A", 1), EventOf("a", 2))
		wantEvents(t, s, purser.EventFilter{}, e[0], e[1], e[3], e[4])
		wantEvents(t, s, purser.EventFilter{AllSpaces: true}, e...)
		wantEvents(t, s, purser.EventFilter{Space: "orgs/x"}, e[2])
		wantEvents(t, s, purser.EventFilter{Names: []string{"a"}}, e[0], e[4])
		wantEvents(t, s, purser.EventFilter{Names: []string{"b", "A", "x"}, AllSpaces: true}, e[1], e[3])
		wantEvents(t, s, purser.EventFilter{Names: []string{}})
		wantEvents(t, s, purser.EventFilter{After: 1, Limit: 2}, e[1], e[3])
		wantEvents(t, s, purser.EventFilter{After: 4}, e[4])
		wantEvents(t, s, purser.EventFilter{After: 5})
		wantEvents(t, s, purser.EventFilter{After: 1 << 62})
		wantEvents(t, s, purser.EventFilter{After: -1, Limit: 1}, e[0])
	}},
	{"TheOldestLeaveTheLog", func(t *testing.T, s purser.Store) {
		const keep, each = repository.DefaultKeepEvents, 500
		for range keep/each + 2 {
			batch := make([]purser.Event, each)
			for i := range batch {
				batch[i] = purser.Event{Kind: purser.EventRelease, Key: key("a")}
			}
			MustAppendEvents(t, s, batch...)
		}
		oldest, newest, err := s.FindEventRange(t.Context())
		if err != nil || newest != keep+2*each || newest-oldest+1 < keep || newest-oldest+1 > keep+keep/50 {
			t.Fatalf("the log has the events %d to %d, %v", oldest, newest, err)
		}
		got, err := s.FindEvents(t.Context(), purser.EventFilter{Limit: 2})
		if err != nil || len(got) != 2 || got[0].ID != oldest || got[1].ID != oldest+1 {
			t.Errorf("the log begins with %v, %v", got, err)
		}
		wantEvents(t, s, purser.EventFilter{After: newest - 1}, purser.Event{ID: newest, Kind: purser.EventRelease, Key: key("a")})
		wantEvents(t, s, purser.EventFilter{After: newest})
	}},
	{"ATransactionThatIsRolledBackDropsNothing", func(t *testing.T, s purser.Store) {
		kept := MustAppendEvents(t, s, EventOf("a", 1))
		err := update(t, s, func(ctx context.Context, tx purser.Tx) error {
			if _, err := tx.AppendEvents(ctx, make([]purser.Event, repository.DefaultKeepEvents)...); err != nil {
				return err
			}
			if _, err := tx.AppendEvents(ctx, make([]purser.Event, 1000)...); err != nil {
				return err
			}
			if oldest, _, err := tx.FindEventRange(ctx); err != nil || oldest == 1 {
				t.Errorf("the transaction itself has the events from %d on, %v", oldest, err)
			}
			wantEvents(t, s, purser.EventFilter{AllSpaces: true}, kept...)
			return errOnPurpose
		})
		if !errors.Is(err, errOnPurpose) {
			t.Errorf("error %v", err)
		}
		wantRange(t, s, 1, 1)
		wantEvents(t, s, purser.EventFilter{AllSpaces: true}, append(kept, MustAppendEvents(t, s, EventOf("b", 1))...)...)
	}},
	{"ReadersSeeTheLogGrow", func(t *testing.T, s purser.Store) {
		const writers, each = 4, 25
		stop := make(chan struct{})
		var reader sync.WaitGroup
		reader.Go(func() {
			for last := int64(0); ; {
				found, err := s.FindEvents(t.Context(), purser.EventFilter{After: last})
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range found {
					if last++; e.ID != last {
						t.Errorf("event %d, want %d", e.ID, last)
					}
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
		inParallel(writers, func(i int) error {
			for v := range each {
				MustAppendEvents(t, s, EventOf(fmt.Sprint(i), v), EventOf(fmt.Sprint(i), v))
			}
			return nil
		})
		close(stop)
		reader.Wait()
		wantRange(t, s, 1, 2*writers*each)
	}},
}
