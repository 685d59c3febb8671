package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"purser"
)

// scanner is a store that is a purser.ReleaseScanner as well.
type scanner interface {
	purser.Store
	purser.ReleaseScanner
}

// scanRule is a rule for stores that are scanners.
func scanRule(name string, prove func(t *testing.T, s scanner)) rule {
	return rule{name, func(t *testing.T, s purser.Store) {
		one, ok := s.(scanner)
		if !ok {
			t.Fatalf("%T is no purser.ReleaseScanner", s)
		}
		prove(t, one)
	}}
}

var scanRules = []rule{
	scanRule("AScanGivesWhatAListGives", scanEqualsList),
	scanRule("ManyRowsComeInOrder", scanInOrder),
	scanRule("AVisitEndsIt", scanEndedByVisit),
	scanRule("APanicComesOutAsItIs", scanEndedByPanic),
	scanRule("AnEndedContextEndsIt", scanEndedByContext),
	scanRule("AVisitMayUseTheStore", scanAndWrite),
	scanRule("VisitorsCannotChangeWhatIsStored", scanAndScribble),
	scanRule("AClosedStoreIsUnavailable", scanClosed),
}

// scan gives what a scan visits.
func scan(ctx context.Context, s purser.ReleaseScanner, f purser.ReleaseFilter) (list []purser.Release, err error) {
	err = s.ScanReleases(ctx, f, func(r purser.Release) error {
		list = append(list, r)
		return nil
	})
	return list, err
}

func scanEqualsList(t *testing.T, s scanner) {
	elsewhere := ReleaseOf("a", 1, purser.StageDeployed)
	elsewhere.Key.Space = "orgs/x"
	other := ReleaseOf("it's", 1, purser.StageFailed)
	other.Package.Values, other.Package.Metadata.ID, other.Values = ptr("another content"), 7, nil
	MustCreateReleases(t, s, ReleaseOf("b", 1, purser.StageSuperseded), ReleaseOf("a", 1, purser.StageDeleted), ReleaseOf("b", 2, purser.StageDeployed),
		ReleaseOf("c", 1, purser.StageDraft), elsewhere, other, ReleaseOf("A", 1, purser.StageDeployed))
	for i, r := range absentAndEmpty() {
		r.Key = key(fmt.Sprintf("empty%d", i))
		MustCreateReleases(t, s, r)
	}
	for _, f := range []purser.ReleaseFilter{
		{},
		{Light: true},
		{AllSpaces: true},
		{Space: "orgs/x"},
		{Names: []string{"b", "it's"}},
		{NameContains: "A"},
		{Names: []string{}},
		{Stages: purser.Stages},
		{Stages: []purser.Stage{}},
		{Latest: true},
		{Version: 1},
		{PackageIDs: []int64{7}},
		{ID: 3},
		{Order: []purser.Order{{Field: purser.OrderName}, desc(purser.OrderVersion)}},
		{Order: []purser.Order{desc(purser.OrderName)}, Page: purser.Page{Offset: 1, Limit: 2}, Latest: true},
		{Page: purser.Page{Offset: 2}},
		{Page: purser.Page{Offset: 99}},
	} {
		want, _, err1 := s.FindReleases(t.Context(), f)
		got, err2 := scan(t.Context(), s, f)
		if err := errors.Join(err1, err2); err != nil {
			t.Errorf("%+v: %v", f, err)
			continue
		}
		same(t, fmt.Sprintf("%+v", f), append([]purser.Release{}, got...), append([]purser.Release{}, want...))
	}
}

func scanInOrder(t *testing.T, s scanner) {
	const names, versions = 20, 15
	var made []purser.Release
	for v := range versions {
		for n := range names {
			r := ReleaseOf(fmt.Sprintf("r%02d", (n*7)%names), 1+v, purser.StageDeployed)
			r.Package.Values = ptr(fmt.Sprint(n % 3)) // contents take turns
			made = append(made, r)
		}
	}
	MustCreateReleases(t, s, made...)
	got, err := scan(t.Context(), s, purser.ReleaseFilter{Order: []purser.Order{{Field: purser.OrderName}, desc(purser.OrderVersion)}})
	if err != nil || len(got) != names*versions {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, r := range got {
		if want := fmt.Sprintf("r%02d v%d", i/versions, versions-i%versions); r.Label() != want {
			t.Fatalf("row %d is %s, want %s", i, r.Label(), want)
		}
	}
}

// mustFillForScan stores more versions than a store reads at once.
func mustFillForScan(t *testing.T, s scanner) int {
	t.Helper()
	var made []purser.Release
	for v := range 100 {
		made = append(made, ReleaseOf("a", 1+v, purser.StageDeployed))
	}
	MustCreateReleases(t, s, made...)
	return len(made)
}

func scanEndedByVisit(t *testing.T, s scanner) {
	all := mustFillForScan(t, s)
	for _, after := range []int{1, 50, all} {
		visited := 0
		err := s.ScanReleases(t.Context(), purser.ReleaseFilter{}, func(purser.Release) error {
			if visited++; visited == after {
				return errOnPurpose
			}
			return nil
		})
		if !errors.Is(err, errOnPurpose) || err.Error() != errOnPurpose.Error() || visited != after {
			t.Errorf("error %v after %d visits, want the visit's own after %d", err, visited, after)
		}
	}
}

func scanEndedByPanic(t *testing.T, s scanner) {
	mustFillForScan(t, s)
	defer func() { same(t, "recovered", recover() == any(errOnPurpose), true) }()
	_ = s.ScanReleases(t.Context(), purser.ReleaseFilter{}, func(purser.Release) error { panic(errOnPurpose) })
}

func scanEndedByContext(t *testing.T, s scanner) {
	all := mustFillForScan(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	visited := 0
	err := s.ScanReleases(ctx, purser.ReleaseFilter{}, func(purser.Release) error {
		visited++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || visited == all {
		t.Errorf("error %v after %d visits", err, visited)
	}
	visited = 0
	err = s.ScanReleases(ctx, purser.ReleaseFilter{}, func(purser.Release) error {
		visited++
		return nil
	})
	if !errors.Is(err, context.Canceled) || visited > 0 {
		t.Errorf("error %v after %d visits, with an ended context", err, visited)
	}
}

func scanAndWrite(t *testing.T, s scanner) {
	all := mustFillForScan(t, s)
	visited := 0
	err := s.ScanReleases(t.Context(), purser.ReleaseFilter{}, func(r purser.Release) error {
		visited++
		if r.Version > all {
			t.Errorf("%s was made after the call", r.Label())
		}
		if got := mustFindRelease(t, s, "a", r.Version); got.ID != r.ID {
			t.Errorf("id %d, want %d", got.ID, r.ID)
		}
		next := ReleaseOf("a", all+r.Version, purser.StageDeployed)
		return update(t, s, func(ctx context.Context, tx purser.Tx) error { return tx.CreateRelease(ctx, &next) })
	})
	if err != nil || visited != all {
		t.Errorf("%d visits, %v", visited, err)
	}
}

func scanAndScribble(t *testing.T, s scanner) {
	MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed), ReleaseOf("a", 2, purser.StageDeployed))
	for range 2 {
		err := s.ScanReleases(t.Context(), purser.ReleaseFilter{}, func(r purser.Release) error {
			want := ReleaseOf("a", r.Version, purser.StageDeployed)
			want.ID = r.ID
			same(t, r.Label(), r, want)
			scribble(&r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func scanClosed(t *testing.T, s scanner) {
	MustCreateReleases(t, s, ReleaseOf("a", 1, purser.StageDeployed))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := scan(t.Context(), s, purser.ReleaseFilter{})
	refused(t, err, purser.CodeUnavailable)
}
