package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

var (
	errOnPurpose = errors.New("rolled back on purpose")
	version4     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

var longKey = purser.ReleaseKey{Space: "orgs/acme/workspaces/main", Name: "shop"}

// MustOpenHistory opens a store with one key of many versions: the first is deployed, every tenth is shown, the others are
// archived.
func MustOpenHistory(tb testing.TB, versions int) (*sqlite.Store, *statements) {
	tb.Helper()
	counter := &statements{}
	s := MustOpenStore(tb, sqlite.Options{OnStatement: counter.observe})
	for first := 1; first <= versions; first += 1000 {
		err := s.Update(tb.Context(), func(tx purser.Tx) error {
			for v := first; v < first+1000 && v <= versions; v++ {
				r := storetest.SnapshotOf("shop", v, purser.StageSuperseded)
				r.Key, r.Archived = longKey, v%10 != 0
				if v == 1 {
					r.Stage, r.Archived = purser.StageDeployed, false
				}
				if err := tx.CreateRelease(tb.Context(), &r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	counter.take()
	return s, counter
}

// A page costs the same wherever it is, and however much is left out before it.
func TestPagesOfALongHistory(t *testing.T) {
	const versions = 10_000
	s, counter := MustOpenHistory(t, versions)
	for _, archived := range []bool{true, false} {
		var times []time.Duration
		for name, after := range map[string]int{"first": 0, "middle": versions / 2, "last": 60} {
			f := purser.VersionFilter{Key: longKey, After: after, Archived: archived, Light: true, Limit: 50}
			best := time.Hour
			for range 5 {
				begun := time.Now()
				list, err := s.FindVersions(t.Context(), f)
				if err != nil || len(list) == 0 {
					t.Fatalf("%d versions, %v", len(list), err)
				}
				best = min(best, time.Since(begun))
			}
			times = append(times, best)
			t.Logf("archived too %v, %s page: %.2f ms", archived, name, best.Seconds()*1000)
		}
		begun := time.Now()
		total, err := s.CountVersions(t.Context(), purser.VersionFilter{Key: longKey, Archived: archived})
		t.Logf("archived too %v, count of %d: %.2f ms", archived, total, time.Since(begun).Seconds()*1000)
		if err != nil || total != map[bool]int{true: versions, false: versions/10 + 1}[archived] {
			t.Errorf("%d, %v", total, err)
		}
		if slices.Max(times) > 20*max(slices.Min(times), time.Millisecond) {
			t.Errorf("pages took %v", times)
		}
	}
	for name, ask := range map[string]func() error{
		"a page": func() error {
			_, err := s.FindVersions(t.Context(), purser.VersionFilter{Key: longKey, After: 5000, Limit: 50})
			return err
		},
		"a page with archived ones": func() error {
			_, err := s.FindVersions(t.Context(), purser.VersionFilter{Key: longKey, After: 5000, Limit: 50, Archived: true, Ascending: true})
			return err
		},
		"the count": func() error {
			_, err := s.CountVersions(t.Context(), purser.VersionFilter{Key: longKey})
			return err
		},
		"the deployed one": func() error {
			_, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{
				Space: longKey.Space, Names: []string{longKey.Name}, Stages: []purser.Stage{purser.StageDeployed}, Latest: true, Light: true,
			})
			return err
		},
		"by UUID": func() error {
			_, err := s.FindVersion(t.Context(), "uuid of shop 5")
			return err
		},
		"by tag": func() error {
			_, _, err := s.FindReleases(t.Context(), purser.ReleaseFilter{Space: longKey.Space, Names: []string{longKey.Name}, Tag: "v7"})
			return err
		},
		"checks": func() error {
			_, err := s.FindChecks(t.Context(), "uuid of shop 5")
			return err
		},
		"the next version": func() error {
			_, err := s.NextVersion(t.Context(), longKey)
			return err
		},
		"the queue": func() error {
			_, _, err := s.FindOperations(t.Context(), purser.OperationFilter{Key: &longKey, Open: true})
			return err
		},
		"the operation under way": func() error {
			_, err := s.FindOperation(t.Context(), longKey)
			if purser.ErrorCode(err) == purser.CodeNotFound {
				err = nil
			}
			return err
		},
		"packages by UUID": func() error {
			_, _, err := s.FindPackages(t.Context(), purser.PackageFilter{UUID: "x"})
			return err
		},
		"deliveries": func() error {
			_, err := s.FindDeliveries(t.Context(), purser.DeliveryFilter{State: purser.DeliveryPending, Limit: 1})
			return err
		},
	} {
		counter.take()
		if err := ask(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, statement := range counter.take() {
			statement = strings.NewReplacer("<> '?'", "<> ''", "stage\" = '?'", "stage\" = 'deployed'", "r.stage = '?'", "r.stage = 'deployed'", "'?'", "'x'", "?1", "'x'", "?2", "'x'", "?", "'x'").Replace(statement)
			plan, err := sqlite.Explain(t.Context(), s, statement)
			if err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
			for _, step := range plan {
				if name == "the deployed one" && strings.Contains(statement, "LIMIT") && strings.Contains(step, "autoindex") {
					t.Errorf("%s looks at every version: %s", name, step)
				}
				scan := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "subquery") && !strings.Contains(step, "json_each") && !strings.Contains(step, "CONSTANT ROW")
				if scan || strings.Contains(step, "TEMP B-TREE FOR ORDER BY") && strings.HasPrefix(name, "a page") {
					t.Errorf("%s: %s\nin %s", name, step, statement)
				}
			}
		}
	}
}

// What an older version of the server has stored is there after the migration, with ids of its own.
func TestAnOlderStoreGetsIds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	sqlite.MustMakeOld(t, path, "0002")
	MustExec(t, path, `INSERT INTO package_contents (hash, body) VALUES ('h', '{"templates":null,"dependencies":null,"values":null,"files":null}')`)
	for i := range 20 {
		MustExec(t, path, fmt.Sprintf(`INSERT INTO releases (space, name, folded_name, version, stage, revision, description, platform, package_id,
			package_metadata, applications, statuses, created_at, updated_at) VALUES ('', 'r', 'r', %d, 'superseded', 0, '', '', 1, '{"name":"log"}', 'null', 'null', 1, 1)`, 1+i))
		MustExec(t, path, fmt.Sprintf(`INSERT INTO release_contents (release_id, package_hash, override_values, manifest) VALUES (%d, 'h', NULL, 'm')`, 1+i))
	}
	MustExec(t, path, `INSERT INTO packages (revision, api_version, kind, name, folded_name, version, repository_id, repository_name) VALUES (0, '', '', 'log', 'log', '1.0.0', 1, 'it''s')`)
	MustExec(t, path, `INSERT INTO operations (space, name, kind, phase, is_rollback, from_version, to_version, deploy, remove, scale, timeout, requested_by, failure_reason, owner, outcome, message)
		VALUES ('', 'r', 'upgrade', 'wait', 0, 1, 2, 'null', 'null', 'null', 0, '', '', '', '', '')`)
	s := MustOpenStore(t, sqlite.Options{Path: path})
	list, total, err := s.FindReleases(t.Context(), purser.ReleaseFilter{})
	if err != nil || total != 20 {
		t.Fatalf("%d, %v", total, err)
	}
	seen := map[string]bool{}
	for _, r := range list {
		if !version4.MatchString(r.UUID) || seen[r.UUID] || r.Archived || r.Tag != "" || !r.HealthyAt.IsZero() {
			t.Errorf("%+v", r)
		}
		seen[r.UUID] = true
		if _, err := s.FindVersion(t.Context(), r.UUID); err != nil {
			t.Error(err)
		}
	}
	m := purser.PackageMetadata{RepositoryName: "it's", Name: "log", Version: "1.0.0"}
	if found, _, err := s.FindPackages(t.Context(), purser.PackageFilter{UUID: m.UUID()}); err != nil || len(found) != 1 || !found[0].CreatedAt.IsZero() {
		t.Errorf("%+v, %v", found, err)
	}
	op, err := s.FindOperation(t.Context(), purser.ReleaseKey{Name: "r"})
	if err != nil || op.Activation != nil {
		t.Errorf("%+v, %v", op, err)
	}
}

// Skipper's paths run as many statements as they did before there were snapshots.
func TestHotPathsRunNoMoreStatements(t *testing.T) {
	counter := &statements{}
	s := MustOpenStore(t, sqlite.Options{OnStatement: counter.observe})
	var made purser.Release
	for name, row := range map[string]struct {
		most int
		do   func(ctx context.Context, tx purser.Tx) error
	}{
		"CreateRelease": {3, func(ctx context.Context, tx purser.Tx) error {
			made = storetest.ReleaseOf("a", 1, purser.StageDeploying)
			return errors.Join(tx.CreateRelease(ctx, &made), errOnPurpose)
		}},
		"NextVersion": {1, func(ctx context.Context, tx purser.Tx) error {
			_, err := tx.NextVersion(ctx, purser.ReleaseKey{Name: "a"})
			return err
		}},
		"CreateOperation": {1, func(ctx context.Context, tx purser.Tx) error {
			o := storetest.OperationOf("a")
			return errors.Join(tx.CreateOperation(ctx, &o), errOnPurpose)
		}},
		"CreatePackage": {1, func(ctx context.Context, tx purser.Tx) error {
			m := storetest.MetadataOf("log", "1.0.0", 1)
			return errors.Join(tx.CreatePackage(ctx, &m, nil), errOnPurpose)
		}},
	} {
		counter.take()
		if err := s.Update(t.Context(), func(tx purser.Tx) error { return row.do(t.Context(), tx) }); err != nil && !errors.Is(err, errOnPurpose) {
			t.Errorf("%s: %v", name, err)
		}
		if ran := counter.take(); len(ran) > row.most {
			t.Errorf("%s: %d statements, want %d:\n%s", name, len(ran), row.most, strings.Join(ran, "\n"))
		}
	}
}
