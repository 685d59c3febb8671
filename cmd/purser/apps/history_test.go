package apps_test

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"purser"
	"purser/repository/sqlite"
	"purser/repository/storetest"
)

// What a page of a long history may take: more than the first one, by this factor and this much, since machines of tests
// are busy.
const (
	mayVary  = 4
	mayDelay = 15 * time.Millisecond
)

// The pages of 10,000 releases take the same time wherever they are, and reading them all takes no memory to speak of.
func TestLongHistory(t *testing.T) {
	const releases = 10_000
	s := MustShop(t)
	a := s.app(t, "app-0")
	first := a.make("v1")
	a.want(200, "POST /"+first+"/activate", "")
	if err := s.server.Stop(); err != nil {
		t.Fatal(err)
	}
	s.mustGrow(t, "app-0", first, releases)
	s.mustStart(t)
	for _, query := range []string{"", "&include_archived=true"} {
		total := a.want(200, "GET ?limit=1"+query, "").at("total").(float64)
		times := map[string]time.Duration{}
		for where, part := range map[string]float64{"first": 0, "middle": 0.5, "last": 1} {
			after := ""
			if part > 0 {
				after = "&cursor=" + url.QueryEscape(a.cursorAt(query, int(releases*(1-part))+51))
			}
			times[where] = a.median("GET ?limit=50" + query + after)
		}
		t.Logf("%.0f releases%s: first page %.2f ms, middle %.2f ms, last %.2f ms", total, query,
			milliseconds(times["first"]), milliseconds(times["middle"]), milliseconds(times["last"]))
		for _, where := range []string{"middle", "last"} {
			if times[where] > mayVary*times["first"]+mayDelay {
				t.Errorf("the %s page took %s, the first one %s", where, times[where], times["first"])
			}
		}
	}
	before := s.resident(t)
	seen := a.all("?include_archived=true&limit=200")
	after := s.resident(t)
	t.Logf("%d releases read, the server has %d MiB, and had %d MiB", seen, after>>20, before>>20)
	if seen != releases || after-before > 48<<20 {
		t.Errorf("%d releases read, the server has %d MiB, and had %d MiB", seen, after>>20, before>>20)
	}
	begun := time.Now()
	next := a.make("one more")
	made := time.Since(begun)
	begun = time.Now()
	a.want(200, "POST /"+next+"/activate", "").is(t, "previous_active_release_id", first, "release.release_number", releases+1)
	t.Logf("one more: made in %.2f ms, active in %.2f ms", milliseconds(made), milliseconds(time.Since(begun)))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// mustGrow stores copies of a release up to so many, every third of them archived. The server does not run meanwhile.
func (s *site) mustGrow(t *testing.T, app, id string, releases int) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(s.server.DataDir(), "purser.db"), Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	model, err := store.FindVersion(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if model.Key.Name != app {
		t.Fatalf("the release is one of %s", model.Key)
	}
	storetest.MustUpdate(t, store, func(ctx context.Context, tx purser.Tx) error {
		for version := 2; version <= releases; version++ {
			r := model
			r.Version, r.UUID, r.Tag = version, uuid.NewString(), fmt.Sprintf("v%d", version)
			r.Stage, r.Applications, r.Statuses = purser.StageDraft, nil, nil
			r.ActivatedAt, r.ActivatedBy, r.HealthyAt, r.Activations = time.Time{}, "", time.Time{}, 0
			r.Archived = version%3 == 0
			if err := tx.CreateRelease(ctx, &r); err != nil {
				return err
			}
		}
		return nil
	})
}

// cursorAt gives the cursor behind a release, by asking for the page that ends with it.
func (a app) cursorAt(query string, number int) string {
	a.tb.Helper()
	cursor := ""
	for {
		h := a.want(200, "GET ?limit=200"+query+cursor, "")
		list := h.at("releases").([]any)
		for i, one := range list {
			if int(one.(map[string]any)["release_number"].(float64)) <= number {
				return a.want(200, fmt.Sprintf("GET ?limit=%d%s%s", i+1, query, cursor), "").at("next_cursor").(string)
			}
		}
		cursor = "&cursor=" + url.QueryEscape(h.at("next_cursor").(string))
	}
}

// median is how long a request takes.
func (a app) median(do string) time.Duration {
	a.tb.Helper()
	const rounds = 15
	method, path, _ := strings.Cut(do, " ")
	var took []time.Duration
	for range rounds {
		begun := time.Now()
		h, err := a.raw("t-admin", method+" "+a.path+path)
		took = append(took, time.Since(begun))
		if err != nil || h != 200 {
			a.tb.Fatal(h, err)
		}
	}
	slices.Sort(took)
	return took[rounds/2]
}

// all reads all pages and counts the releases, which are in order.
func (a app) all(query string) (seen int) {
	a.tb.Helper()
	cursor, last := "", float64(1<<30)
	for {
		h := a.want(200, "GET "+query+cursor, "")
		for _, one := range h.at("releases").([]any) {
			number := one.(map[string]any)["release_number"].(float64)
			if number >= last {
				a.tb.Fatalf("%v comes after %v", number, last)
			}
			last = number
			seen++
		}
		next, more := h.at("next_cursor").(string)
		if !more {
			return seen
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}

// resident is the memory of the server, in bytes.
func (s *site) resident(tb testing.TB) int64 {
	tb.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.server.PID()))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return kib << 10
		}
	}
	tb.Fatal("no VmRSS")
	return 0
}
