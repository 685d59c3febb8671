package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

// statements collects what a store runs.
type statements struct {
	mu   sync.Mutex
	list []string
}

func (s *statements) observe(_ context.Context, statement string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, statement)
}

// take gives the statements since the last call.
func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

// MustOpenFull opens a store with 500 release versions of as many packages, and counts its statements.
func MustOpenFull(tb testing.TB, cacheBytes int64) (*sqlite.Store, *statements) {
	tb.Helper()
	counter := &statements{}
	s := MustOpenStore(tb, sqlite.Options{CacheBytes: cacheBytes, OnStatement: counter.observe})
	err := s.Update(tb.Context(), func(tx purser.Tx) error {
		for i := range 500 {
			r := storetest.ReleaseOf(fmt.Sprintf("r%d", i%50), 1+i/50, purser.StageDeployed)
			r.Package = storetest.PackageOf("log", fmt.Sprintf("1.0.%d", i))
			r.Package.Values = &r.Package.Metadata.Version
			if err := tx.CreateRelease(tb.Context(), &r); err != nil {
				return err
			}
			m := storetest.MetadataOf("log", fmt.Sprintf("1.0.%d", i), 1)
			if err := tx.CreatePackage(tb.Context(), &m, []byte("archive")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	counter.take()
	return s, counter
}

func TestListsTakeThreeStatementsAtMost(t *testing.T) {
	for name, cache := range map[string]int64{"WithCache": 0, "WithoutCache": -1} {
		t.Run(name, func(t *testing.T) {
			s, counter := MustOpenFull(t, cache)
			for i, f := range []purser.ReleaseFilter{
				{},
				{Light: true},
				{Latest: true},
				{Page: purser.Page{Limit: 20}},
				{Page: purser.Page{Offset: 900, Limit: 20}},
				{NameContains: "R1", Latest: true, Order: []purser.Order{{Field: purser.OrderName}}, Page: purser.Page{Limit: 5}},
			} {
				if _, _, err := s.FindReleases(t.Context(), f); err != nil {
					t.Fatal(err)
				}
				if ran := counter.take(); len(ran) > 3 {
					t.Errorf("filter %d: %d statements", i, len(ran))
				}
			}
			for i, f := range []purser.PackageFilter{{}, {Page: purser.Page{Limit: 20}}} {
				if _, _, err := s.FindPackages(t.Context(), f); err != nil {
					t.Fatal(err)
				}
				if ran := counter.take(); len(ran) > 2 {
					t.Errorf("filter %d: %d statements", i, len(ran))
				}
			}
		})
	}
}

func TestFindReleaseTakesOneStatementWhenItsPackageIsKnown(t *testing.T) {
	s, counter := MustOpenFull(t, 0)
	for _, want := range []int{3, 1} { // at first, and again
		if _, err := s.FindRelease(t.Context(), purser.ReleaseKey{Name: "r7"}, 0); err != nil {
			t.Fatal(err)
		}
		if ran := counter.take(); len(ran) > want {
			t.Errorf("%d statements: %s", len(ran), strings.Join(ran, "\n"))
		}
	}
}

func TestLightListsDoNotReadContents(t *testing.T) {
	s, counter := MustOpenFull(t, 0)
	if _, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Light: true, Page: purser.Page{Limit: 10}}); err != nil {
		t.Fatal(err)
	}
	if ran := strings.Join(counter.take(), "\n"); strings.Contains(ran, "contents") {
		t.Error(ran)
	}
}

func TestSearchesUseAnIndex(t *testing.T) {
	s, counter := MustOpenFull(t, 0)
	for name, ask := range map[string]func(ctx context.Context, s *sqlite.Store) error{
		"FindRelease latest": func(ctx context.Context, s *sqlite.Store) error {
			_, err := s.FindRelease(ctx, purser.ReleaseKey{Name: "r7"}, 0)
			return err
		},
		"FindReleases names": releasesBy(purser.ReleaseFilter{Names: []string{"r7"}, Latest: true}),
		"FindReleases stages": releasesBy(purser.ReleaseFilter{
			Stages: []purser.Stage{purser.StageDeployed, purser.StageFailed}, Page: purser.Page{Limit: 20},
		}),
		"FindReleases packages": releasesBy(purser.ReleaseFilter{PackageIDs: []int64{1}, AllSpaces: true}),
		"FindReleases id":       releasesBy(purser.ReleaseFilter{ID: 7}),
		"FindReleases contains": releasesBy(purser.ReleaseFilter{NameContains: "r7"}),
		"FindPackages name": func(ctx context.Context, s *sqlite.Store) error {
			_, _, err := s.FindPackages(ctx, purser.PackageFilter{Name: "log", Version: "1.0.1"})
			return err
		},
		"FindPackages repository": func(ctx context.Context, s *sqlite.Store) error {
			_, _, err := s.FindPackages(ctx, purser.PackageFilter{RepositoryID: 1})
			return err
		},
		"FindEvents": func(ctx context.Context, s *sqlite.Store) error {
			_, err := s.FindEvents(ctx, purser.EventFilter{After: 3, AllSpaces: true})
			return err
		},
		"FindOperations open": func(ctx context.Context, s *sqlite.Store) error {
			_, _, err := s.FindOperations(ctx, purser.OperationFilter{Open: true, Key: &purser.ReleaseKey{}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			counter.take()
			if err := ask(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			for _, statement := range counter.take() {
				plan, err := sqlite.Explain(t.Context(), s, statement)
				if err != nil {
					t.Fatalf("%s: %v", statement, err)
				}
				for _, step := range plan {
					if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "INDEX") && !strings.Contains(step, "subquery") {
						t.Errorf("%s\nin %s", step, statement)
					}
				}
			}
		})
	}
}

func releasesBy(f purser.ReleaseFilter) func(ctx context.Context, s *sqlite.Store) error {
	return func(ctx context.Context, s *sqlite.Store) error {
		_, _, err := s.FindReleases(ctx, f)
		return err
	}
}

func TestTheLogHasNoTexts(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := MustOpenStore(t, sqlite.Options{Log: log})
	const secret = "se'cret"
	r := storetest.ReleaseOf(secret, 1, purser.StageDeployed)
	text := secret
	r.Values, r.Manifest, r.Description, r.Package.Values = &text, secret, secret, &text
	storetest.MustCreateReleases(t, s, r)
	m := storetest.MustCreatePackage(t, s, storetest.MetadataOf(secret, "1.0.0", 1), []byte(secret))
	o := storetest.OperationOf(secret)
	o.FailureReason = secret
	storetest.MustCreateOperation(t, s, o)
	if _, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Names: []string{secret, "\x00" + secret}, NameContains: secret}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FindArchive(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"cret", "se''", "736527637265"} {
		if strings.Contains(out.String(), part) {
			t.Errorf("the log has %q", part)
		}
	}
	if n := strings.Count(out.String(), "msg=statement"); n < 8 {
		t.Errorf("%d statements in the log:\n%s", n, out.String())
	}
}
