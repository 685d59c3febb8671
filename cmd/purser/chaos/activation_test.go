package chaos_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// maxActivations is how many apps are configured: one to find the edges, and one for each edge.
const maxActivations = 24

// snapshotsOf speaks the dialect of snapshots for one app.
type snapshotsOf struct {
	s   *site
	app string
}

type snapshotList struct {
	Active   *string `json:"active_release_id"`
	Releases []struct {
		ID     string `json:"release_id"`
		Status string `json:"status"`
	} `json:"releases"`
}

// call sends a request; an error means that there was no good answer.
func (a snapshotsOf) call(method, path, body string, answer any) error {
	url := a.s.server.Base() + "/v1/orgs/acme/workspaces/main/apps/" + a.app + "/releases" + path
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer t")
	r.Header.Set("Content-Type", "application/json")
	got, err := (&http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(got.Body); err != nil {
		return err
	}
	if got.StatusCode > 299 {
		return fmt.Errorf("%s %s: %d %s", method, path, got.StatusCode, &text)
	}
	return json.Unmarshal(text.Bytes(), answer)
}

// mustStage makes a snapshot and gives its id.
func (a snapshotsOf) mustStage(t *testing.T) string {
	t.Helper()
	var made struct {
		ID string `json:"release_id"`
	}
	if err := a.call(http.MethodPost, "", `{"release_tag":"v1"}`, &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// active tells what is not as it should be when the snapshot is the active one, with its two applications and no others.
func (a snapshotsOf) active(id string, before []int) error {
	var list snapshotList
	if err := a.call(http.MethodGet, "?include_archived=true", "", &list); err != nil {
		return err
	}
	if list.Active == nil || *list.Active != id || len(list.Releases) != 1 || list.Releases[0].Status != "active" {
		return fmt.Errorf("%+v", list)
	}
	if now := takeCensus(a.s.server.Folder).appPIDs(); len(now) != len(before)+2 {
		return fmt.Errorf("%d applications run, there were %d", len(now), len(before))
	}
	return nil
}

// A server that dies at any edge of an activation is succeeded by one that brings it to its end, unasked: one snapshot is
// active, and each of its applications runs once.
func TestDeathAtEveryEdgeOfAnActivation(t *testing.T) {
	t.Parallel()
	args := []string{"--purser.dialects.apps.orgs[0].id=acme", "--purser.dialects.apps.orgs[0].workspaces[0].id=main"}
	for n := range maxActivations {
		app := fmt.Sprintf("--purser.dialects.apps.orgs[0].workspaces[0].apps[%d].", n)
		args = append(args, fmt.Sprintf("%sid=app%d", app, n), app+"package=pair")
	}
	args = append(args, "--purser.dialects.apps.users[0].token=t", "--purser.dialects.apps.users[0].subject=alice", "--purser.dialects.apps.users[0].permissions=release:*")
	s := MustSite(t, args...)
	var points []string
	for n := 0; n <= len(points) && n < maxActivations; n++ {
		a := snapshotsOf{s, fmt.Sprintf("app%d", n)}
		s.mustStart(t)
		id := a.mustStage(t)
		before := takeCensus(s.server.Folder).appPIDs()
		s.mustStop(t)
		if n == 0 {
			points = a.edges(t, id)
			if len(points) < 8 || len(points) >= maxActivations {
				t.Fatalf("these points were found: %v", points)
			}
		} else {
			s.mustStartCrashing(t, points[n-1])
			_ = a.call(http.MethodPost, "/"+id+"/activate", "", &struct{}{}) // the server may have answered or not
			s.mustDie(t)
			s.mustStart(t)
			s.mustSettle(t, "killed at "+points[n-1], func() error { return a.active(id, before) })
			s.mustStop(t)
		}
	}
	t.Logf("%d edges, all resumed", len(points))
}

// edges activates a snapshot on a server that prints the points it comes by.
func (a snapshotsOf) edges(t *testing.T, id string) []string {
	t.Helper()
	printed := fileSize(t, a.s.server.LogFile())
	a.s.mustStartCrashing(t, "?")
	err := a.call(http.MethodPost, "/"+id+"/activate", "", &struct{}{})
	a.s.mustSettle(t, "without a crash", func() error { return errors.Join(err, a.active(id, nil)) })
	a.s.mustStop(t)
	text, err := os.ReadFile(a.s.server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	var points []string
	for line := range strings.Lines(string(text[printed:])) {
		point, ok := strings.CutPrefix(strings.TrimSpace(line), "crash point ")
		if ok && strings.HasPrefix(point, "activate/") && !slices.Contains(points, point) {
			points = append(points, point)
		}
	}
	return points
}
