package akkeris_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"purser"
	"purser/repository/storetest"
)

// MustFilledSite has releases in every state, builds of every kind, and statuses.
func MustFilledSite(tb testing.TB) *site {
	tb.Helper()
	s := MustSite(tb)
	s.mustStore(
		tb,
		versionOf(1, 300, stage(purser.StageSuperseded), activated),
		versionOf(2, 200, stage(purser.StageFailed)),
		versionOf(3, 100),
		versionOf(4, 50, stage(purser.StageFailed), healthy),
		versionOf(5, 5, stage(purser.StageDeploying)),
		versionOf(6, 4, stage(purser.StageDraft)),
	)
	storetest.MustUpdate(tb, s.store.Store, func(ctx context.Context, tx purser.Tx) error {
		for i, state := range []purser.CheckState{purser.CheckSuccess, purser.CheckPending} {
			c := purser.Check{
				UUID: idOf(100 + i), Release: idOf(3), Context: "ci/number" + string(rune('0'+i)), State: state, Name: "A <check>",
				Description: "It \"runs\".", TargetURL: "https://ci.example.org/?a=b&c=d", CreatedAt: noon, UpdatedAt: noon.Add(time.Second),
			}
			if err := tx.CreateCheck(ctx, c); err != nil {
				return err
			}
		}
		for i, version := range []string{"1.0.0", "0.9.0", "2.0.0"} {
			m := purser.PackageMetadata{Name: "demo", Version: version, RepositoryID: 1, RepositoryName: "local", CreatedAt: noon.Add(time.Duration(i) * time.Minute)}
			if version == "2.0.0" {
				m.CreatedAt = time.Time{}
			}
			if err := tx.CreatePackage(ctx, &m, nil); err != nil {
				return err
			}
		}
		for _, name := range []string{"remote", "first", "local"} {
			r := purser.Repository{Name: name, Local: name != "remote"}
			if err := tx.CreateRepository(ctx, &r); err != nil {
				return err
			}
		}
		draft := purser.PackageVersion{Package: "demo", Version: "3.0.0", Stage: purser.PackageDraft, StoredAt: noon.Add(time.Hour)}
		return tx.CreatePackageVersion(ctx, &draft)
	})
	return s
}

// What is answered, byte for byte but for white space, stands in golden files.
func TestAnswers(t *testing.T) {
	s := MustFilledSite(t)
	slug := purser.PackageMetadata{Name: "demo", Version: "1.0.0", RepositoryName: "local"}.UUID()
	s.engine.release = versionOf(7, 0, stage(purser.StageDraft))
	s.engine.check = purser.Check{
		UUID: idOf(200), Release: idOf(3), Context: "ci/more", Name: "More", State: purser.CheckError, CreatedAt: noon, UpdatedAt: noon,
	}
	for name, row := range map[string]struct {
		do, body string
		status   int
	}{
		"apps":          {"GET /apps", "", 200},
		"app":           {"GET /apps/shop-dev", "", 200},
		"builds":        {"GET /apps/shop-dev/builds", "", 200},
		"build":         {"GET /apps/shop-dev/builds/" + slug, "", 200},
		"releases":      {"GET /apps/shop-dev/releases", "", 200},
		"release":       {"GET /apps/shop-dev/releases/" + idOf(3), "", 200},
		"created":       {"POST /apps/shop-dev/releases", `{"slug":"` + slug + `"}`, 201},
		"statuses":      {"GET /apps/shop-dev/releases/" + idOf(3) + "/statuses", "", 200},
		"no-statuses":   {"GET /apps/shop-dev/releases/" + idOf(1) + "/statuses", "", 200},
		"status":        {"GET /apps/shop-dev/releases/" + idOf(3) + "/statuses/" + idOf(101), "", 200},
		"status-made":   {"POST /apps/shop-dev/releases/" + idOf(3) + "/statuses", `{"state":"error"}`, 201},
		"status-change": {"PATCH /apps/shop-dev/releases/" + idOf(3) + "/statuses/" + idOf(200), `{"state":"error"}`, 200},
		"event":         {"POST /events", `{"action":"released","key":"shop-dev","release":{"id":"` + idOf(3) + `"}}`, 200},
	} {
		t.Run(name, func(t *testing.T) {
			w := s.ask(row.do, row.body)
			if w.Code != row.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if !json.Valid(w.Body.Bytes()) || bytes.HasSuffix(w.Body.Bytes(), []byte("\n")) {
				t.Errorf("%q", w.Body)
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, w.Body.Bytes(), "", "  "); err != nil {
				t.Fatal(err)
			}
			pretty.WriteByte('\n')
			golden(t, name+".json", pretty.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// Which release is the current one, of those there are.
func TestCurrent(t *testing.T) {
	for _, row := range []struct {
		rule     string
		versions []purser.Release
		want     int
	}{
		{"none", nil, 0},
		{"one that has succeeded", []purser.Release{versionOf(1, 1, healthy)}, 1},
		{"one that is pending", []purser.Release{versionOf(1, 1, stage(purser.StageDeploying))}, 0},
		{"one that has failed", []purser.Release{versionOf(1, 1, stage(purser.StageFailed))}, 0},
		{"the newest that has succeeded", []purser.Release{versionOf(1, 9, stage(purser.StageSuperseded), activated), versionOf(2, 8, healthy)}, 2},
		{"a second one is pending", []purser.Release{versionOf(1, 9, healthy), versionOf(2, 8, stage(purser.StageDeploying))}, 1},
		{"a second one has failed", []purser.Release{versionOf(1, 9, healthy), versionOf(2, 8, stage(purser.StageFailed))}, 1},
		{"nobody has heard of the second one yet", []purser.Release{versionOf(1, 9, stage(purser.StageSuperseded), activated), versionOf(2, 8)}, 1},
		{"nobody has heard of the second one in time", []purser.Release{versionOf(1, 99, healthy), versionOf(2, 10, stage(purser.StageDeploying))}, 2},
		{"not even its turn has come in time", []purser.Release{versionOf(1, 99, healthy), versionOf(2, 10, stage(purser.StageDraft))}, 2},
		{"what was heard of from outside", []purser.Release{versionOf(1, 9, healthy), versionOf(2, 8, stage(purser.StageDeploying), healthy)}, 2},
		{"behind many that are queued", append([]purser.Release{versionOf(1, 9, healthy)}, many(2, 700, stage(purser.StageDraft))...), 1},
		{"behind many that have failed", append([]purser.Release{versionOf(1, 9, healthy)}, many(2, 700, stage(purser.StageFailed))...), 1},
		{"none behind as many as are read at once", many(1, 8+2*200, stage(purser.StageDraft)), 0},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s := MustSite(t)
			s.mustStore(t, row.versions...)
			var list []struct {
				Version int
				Current bool
			}
			w := s.ask("GET /apps/shop-dev/releases", "")
			if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list) != len(row.versions) {
				t.Fatalf("%v: %s", err, w.Body)
			}
			for i, r := range list {
				if r.Version != i+1 || r.Current != (r.Version == row.want) {
					t.Errorf("%+v, want %d", r, row.want)
				}
			}
		})
	}
}

func many(first, last int, change func(r *purser.Release)) (list []purser.Release) {
	for v := first; v <= last; v++ {
		list = append(list, versionOf(v, 1, change))
	}
	return list
}

// What the core is asked for.
func TestRequests(t *testing.T) {
	s := MustFilledSite(t)
	slug := purser.PackageMetadata{Name: "demo", Version: "0.9.0", RepositoryName: "local"}.UUID()
	patience := 9 * time.Minute
	base := purser.SubmitRequest{StageRequest: purser.StageRequest{Key: shop, Platform: "default", RequestedBy: "caller"}, Timeout: &patience, Lenient: true}
	with := func(change func(r *purser.SubmitRequest)) purser.SubmitRequest {
		r := base
		change(&r)
		return r
	}
	text, state, bad := "Name", purser.CheckPending, purser.CheckState("bad")
	none := purser.CheckState("")
	const at = " /apps/shop-dev/releases"
	for _, row := range []struct {
		rule, do, body string
		want           any
		facts          string
	}{
		{"a slug", "POST" + at, `{"slug":"` + slug + `"}`, with(func(r *purser.SubmitRequest) {
			r.PackageID, r.Trigger, r.Notes = 2, purser.TriggerNewBuild, "Deploy of "+slug
		}), ""},
		{"with notes", "POST" + at, `{"slug":"` + slug + `","description":"d","trigger_notes":"n"}`, with(func(r *purser.SubmitRequest) {
			r.PackageID, r.Trigger, r.Notes = 2, purser.TriggerNewBuild, "d"
		}), `{"trigger_notes":"n"}`},
		{"a failed release", "POST" + at, `{"release":"` + idOf(2) + `","description":"d"}`, with(func(r *purser.SubmitRequest) {
			r.Copy, r.Trigger, r.Notes = 2, purser.TriggerRollback, "Rollback to "+idOf(2)
		}), ""},
		{"a status", "POST" + at + "/" + idOf(1) + "/statuses", `{"state":"pending","context":"x","name":"Name"}`, purser.CheckRequest{
			Release: idOf(1), Context: "x", State: &state, Name: &text,
		}, ""},
		{"a status without anything", "POST" + at + "/" + idOf(1) + "/statuses", `{}`, purser.CheckRequest{Release: idOf(1)}, ""},
		{"a change", "PATCH" + at + "/" + idOf(1) + "/statuses/" + idOf(5), `{"state":"bad","description":"Name"}`, purser.CheckRequest{
			Release: idOf(1), UUID: idOf(5), State: &bad, Description: &text,
		}, ""},
		{"a change without a state", "PATCH" + at + "/" + idOf(1) + "/statuses/" + idOf(5), `{"state":null}`, purser.CheckRequest{
			Release: idOf(1), UUID: idOf(5), State: &none,
		}, ""},
		{"an event", "POST /events", `{"action":"released","key":"SHOP-DEV","release":{"id":"` + idOf(3) + `"}}`, idOf(3), ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			s.engine.got, s.engine.release = nil, purser.Release{}
			if w := s.ask(row.do, row.body); w.Code >= 300 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if diff := cmp.Diff(row.want, s.engine.got); diff != "" {
				t.Error(diff)
			}
			if s.engine.release.Facts != row.facts {
				t.Errorf("facts are %q", s.engine.release.Facts)
			}
		})
	}
}
