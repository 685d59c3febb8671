package akkeris_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
)

const longHistory = 10_000

// mustStore works on the store of a server that does not run.
func (s *site) mustStore(tb testing.TB, work func(tx purser.Tx) error) {
	tb.Helper()
	store, err := sqlite.Open(tb.Context(), sqlite.Options{Path: filepath.Join(s.server.DataDir(), "purser.db"), Synchronous: "off"})
	if err != nil {
		tb.Fatal(err)
	}
	if err := store.Update(tb.Context(), work); err != nil {
		tb.Fatal(err)
	}
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
}

// mustGrow gives an app whose first release is deployed many more, which have that stage, each tenth with a status.
func (s *site) mustGrow(tb testing.TB, name, first string, stage purser.Stage) {
	tb.Helper()
	s.mustStore(tb, func(tx purser.Tx) error {
		r, err := tx.FindVersion(tb.Context(), first)
		if err != nil {
			return err
		}
		if r.Key.Name+"-"+strings.TrimPrefix(r.Key.Space, "akkeris/") != name {
			return fmt.Errorf("%s is a release of %s", first, r.Key)
		}
		applications := r.Applications
		if stage == purser.StageSuperseded {
			older := r
			older.Stage = purser.StageSuperseded
			if err := tx.UpdateRelease(tb.Context(), older); err != nil {
				return err
			}
		}
		for v := 2; v <= longHistory; v++ {
			r.Version, r.UUID, r.Notes, r.Stage = v, uuid.NewString(), fmt.Sprintf("Release %d", v), stage
			r.Applications, r.Statuses, r.HealthyAt = nil, nil, time.Time{}
			if v == longHistory && stage == purser.StageSuperseded {
				r.Stage, r.Applications, r.HealthyAt = purser.StageDeployed, applications, r.CreatedAt
			}
			if err := tx.CreateRelease(tb.Context(), &r); err != nil {
				return err
			}
			if v%10 == 0 {
				c := purser.Check{UUID: uuid.NewString(), Release: r.UUID, Context: "ci/test", Name: "Test", State: purser.CheckFailure, CreatedAt: r.CreatedAt, UpdatedAt: r.CreatedAt}
				if err := tx.CreateCheck(tb.Context(), c); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Of 10,000 releases one is read as fast as of one, and all are told without memory to speak of.
func TestLongHistory(t *testing.T) {
	s := MustShop(t, setup{})
	few, many, failures := s.app(t, "app-c1"), s.app(t, "app-c2"), s.app(t, "app-c3")
	var firsts []string
	for _, a := range []app{few, many, failures} {
		firsts = append(firsts, a.release("1.0.0"))
	}
	for i, a := range []app{few, many, failures} {
		a.until(firsts[i], "succeeded")
	}
	if err := s.server.Stop(); err != nil {
		t.Fatal(err)
	}
	s.mustGrow(t, many.name, firsts[1], purser.StageSuperseded)
	s.mustGrow(t, failures.name, firsts[2], purser.StageFailed)
	s.mustStart(t)

	alone := few.median("GET /releases/" + firsts[0])
	crowded := many.median("GET /releases/" + firsts[1])
	t.Logf("one release of 1: %.2f ms, the first of %d: %.2f ms, the first behind %d failures: %.2f ms", milliseconds(alone), longHistory,
		milliseconds(crowded), longHistory-1, milliseconds(failures.median("GET /releases/"+firsts[2])))
	if crowded > 4*alone+15*time.Millisecond {
		t.Errorf("the first of many took %s, a single one %s", crowded, alone)
	}
	failures.want(200, "GET /releases/"+firsts[2], "").is(t, "current", true)

	before := s.peak(t)
	for range 3 {
		begun := time.Now()
		count := many.stream(t, func(n int, r heard) {
			if want := map[bool]string{true: "failure", false: "success"}[(n+1)%10 == 0]; r.at("version") != float64(n+1) || r.at("current") != (n+1 == longHistory) || r.at("state") != want {
				t.Errorf("%d: %+v", n, r.body)
			}
		})
		if count != longHistory {
			t.Errorf("%d releases", count)
		}
		t.Logf("a list of %d: %.0f ms", count, milliseconds(time.Since(begun)))
	}
	most := s.memory(t, "VmHWM:")
	t.Logf("the server had %.1f MiB before the lists, and never more than %.1f MiB with them", float64(before)/(1<<20), float64(most)/(1<<20))
	if most-before > 48<<20 {
		t.Errorf("the lists took %d MiB of memory", (most-before)>>20)
	}
	last := many.rollBack(firsts[1])
	many.until(last, "succeeded").is(t, "version", longHistory+1, "current", true)
}

// stream reads the list of releases, one at a time.
func (a app) stream(t *testing.T, look func(n int, r heard)) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.server.Base()+"/apps/"+a.name+"/releases", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", theKey)
	answer, err := a.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	d := json.NewDecoder(answer.Body)
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; d.More(); n++ {
		var one heard
		if err := d.Decode(&one.body); err != nil {
			t.Fatal(err)
		}
		look(n, one)
	}
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(answer.Body); err != nil || len(rest) > 0 {
		t.Errorf("%q behind the list, %v", rest, err)
	}
	return n
}

// median is how long a request takes.
func (a app) median(do string) time.Duration {
	a.tb.Helper()
	var all []time.Duration
	for range 21 {
		begun := time.Now()
		a.want(200, do, "")
		all = append(all, time.Since(begun))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// peak makes the memory that the server has now, in bytes, the most that it has had.
func (s *site) peak(tb testing.TB) int64 {
	tb.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.server.PID()), []byte("5"), 0); err != nil {
		tb.Fatal(err)
	}
	return s.memory(tb, "VmRSS:")
}

// memory gives a line of what the kernel tells about the memory of the server, in bytes.
func (s *site) memory(tb testing.TB, line string) int64 {
	tb.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.server.PID()))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), line); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return kib << 10
		}
	}
	tb.Fatalf("there is no %s", line)
	return 0
}
