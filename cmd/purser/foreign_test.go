package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"purser"
	"purser/repository/storetest"
)

// What belongs to other spaces, and what is a draft, is nowhere in Skipper's API: not in lists, not in searches, not by
// name or id, and not in counts.
func TestForeignSpacesAndDraftsAreNotShown(t *testing.T) {
	s, _ := mustOpenCounting(t)
	ids := map[string]int64{}
	storetest.MustUpdate(t, s.store, func(ctx context.Context, tx purser.Tx) error {
		for n, r := range []purser.Release{
			storetest.SnapshotOf("foreign", 1, purser.StageDeployed),
			storetest.SnapshotOf("foreign", 2, purser.StageDraft),
			storetest.SnapshotOf("foreign", 3, purser.StageFailed),
			storetest.SnapshotOf("shared", 7, purser.StageDeployed),
			storetest.SnapshotOf("drafted", 1, purser.StageDraft),
			storetest.ReleaseOf("shared", 1, purser.StageDeployed),
		} {
			r.Manifest, r.Description = "manifest of "+r.Label(), "text of "+r.Label()
			if n < 4 {
				r.Key.Space = "orgs/acme/workspaces/main"
				r.Platform, r.Manifest, r.Description = "foreign", "foreign manifest", "foreign text"
			}
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
			ids[fmt.Sprint(n)] = r.ID
		}
		o := storetest.OperationOf("foreign")
		o.Key.Space, o.Phase = "orgs/acme/workspaces/main", purser.PhaseDone
		return tx.CreateOperation(ctx, &o)
	})
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		s.http.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	for _, path := range []string{
		"/api/release/list", "/api/release/list/foreign", "/api/release/list/shared", "/api/release/list/drafted",
		"/api/release/statuses?names=foreign,shared,drafted", "/api/release/states?names=foreign,shared,drafted",
		"/api/release/status/foreign", "/api/release/status/foreign/1", "/api/release/status/drafted", "/api/release/status/shared",
		"/api/release/manifest/foreign", "/api/release/manifest/foreign/1", "/api/release/manifest/drafted", "/api/release/manifest/shared/7",
		"/api/release/logs/foreign", "/api/release/logs/foreign/foreign.log-v1", "/api/releases", "/api/releases?size=1",
		"/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=",
		"/api/releases/search/findByNameIgnoreCaseContainingOrderByNameAscVersionDesc?name=foreign",
		"/api/releases/" + fmt.Sprint(ids["0"]), "/api/releases/" + fmt.Sprint(ids["1"]), "/api/releases/" + fmt.Sprint(ids["3"]), "/api/releases/" + fmt.Sprint(ids["4"]),
		"/api/release/actuator/foreign/foreign.log-v1/log-0", "/api/purser/operations", "/api/purser/releases/foreign/difference", "/api/purser/releases/foreign/logs",
	} {
		status, body := get(path)
		for _, word := range []string{"foreign manifest", "foreign text", "orgs/acme", `"platformName" : "foreign"`, "foreign.log-v1\"", `"version" : 7`, "text of drafted", "manifest of drafted"} {
			if strings.Contains(strings.ReplaceAll(body, path, ""), word) {
				t.Errorf("%s answers %d with %q:\n%.300s", path, status, word, body)
			}
		}
		if strings.HasPrefix(path, "/api/releases/") && !strings.Contains(path, "search") && status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
	if _, body := get("/api/releases"); !strings.Contains(body, `"totalElements" : 1`) {
		t.Errorf("the list counts what it does not show: %s", body)
	}
}
