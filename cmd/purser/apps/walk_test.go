package apps_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// modelled is a release as the table of spec/dialects.md §3.3 has it.
type modelled struct {
	id     string
	number int
	status string
	once   bool // it was active at some time
}

// allowed gives the answer to an action: its status, and the status of the release behind it.
func (m modelled) allowed(action string) (code int, next string) {
	once := map[bool]string{true: ", once active", false: ", never active"}[m.once]
	row := map[string]map[string]string{
		"draft, never active":    {"activate": "active", "archive": "archived", "delete": "gone"},
		"active, once active":    {"activate": "active"},
		"archived, once active":  {"rollback": "active", "archive": "archived", "delete": "gone"},
		"archived, never active": {"archive": "archived", "delete": "gone"},
	}[m.status+once]
	if next, ok := row[action]; ok {
		return 200, next
	}
	return 409, m.status
}

// A walk over the table: whatever is done in whatever order, the server answers as the table says, and reads so afterwards.
func TestWalk(t *testing.T) {
	s := MustShop(t)
	a := s.app(t, "app-0")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a walk is no secret
	var releases []*modelled
	made := 0
	for step := range 120 {
		if len(releases) < 2 || random.IntN(5) == 0 {
			made++
			h := a.want(201, "POST ", fmt.Sprintf(`{"release_tag":"v%d"}`, made))
			h.is(t, "release_number", made)
			releases = append(releases, &modelled{id: h.body["release_id"].(string), number: made, status: "draft"})
			continue
		}
		n := random.IntN(len(releases))
		r := releases[n]
		action := []string{"activate", "activate", "rollback", "rollback", "archive", "delete"}[random.IntN(6)]
		var former *modelled
		for _, other := range releases {
			if other.status == "active" && other != r {
				former = other
			}
		}
		do := "POST /" + r.id + "/" + action
		if action == "delete" {
			do = "DELETE /" + r.id
		}
		code, next := r.allowed(action)
		h := a.do(do, "")
		if h.status != code {
			t.Fatalf("step %d: %s of %+v: %d %s, want %d", step, action, *r, h.status, h.text, code)
		}
		if code == 409 {
			h.is(t, "details.current_status", r.status, "details.action", action, "details.resource_id", r.id)
			continue
		}
		if next == "active" && r.status != "active" {
			var want any
			if former != nil {
				want, former.status = former.id, "archived"
			}
			h.is(t, "previous_active_release_id", want)
			r.once = true
		}
		r.status = next
		if next == "gone" {
			releases = append(releases[:n], releases[n+1:]...)
		}
		if step%10 == 0 {
			a.reads(releases)
		}
	}
	a.reads(releases)
}

// reads compares the list with the model.
func (a app) reads(releases []*modelled) {
	a.tb.Helper()
	h := a.want(200, "GET ?include_archived=true&limit=200", "")
	h.is(a.tb, "total", len(releases))
	for i, r := range releases {
		at := fmt.Sprintf("releases.%d.", len(releases)-1-i)
		h.is(a.tb, at+"release_id", r.id, at+"status", r.status, at+"release_number", r.number)
		if (h.at(at+"activated_at") != nil) != r.once {
			a.tb.Errorf("%+v: %s", *r, h.text)
		}
		if r.status == "active" {
			h.is(a.tb, "active_release_id", r.id)
		}
	}
}

// Releases that are made at once have numbers without gaps, each after the one before; of those with one tag one is made.
func TestParallelCreation(t *testing.T) {
	s := MustShop(t)
	a := s.app(t, "app-0")
	const callers = 20
	var group sync.WaitGroup
	var mu sync.Mutex
	numbers, taken, previous := map[any]bool{}, 0, map[any]bool{}
	for n := range callers {
		for _, tag := range []string{fmt.Sprintf("v%d", n), "the same"} {
			group.Go(func() {
				h, err := a.tell(t, "t-admin", "POST "+a.path, fmt.Sprintf(`{"release_tag":%q}`, tag))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				switch h.status {
				case 201:
					numbers[h.at("release_number")] = true
					if previous[h.at("previous_release_id")] {
						t.Errorf("two releases come after %v", h.at("previous_release_id"))
					}
					previous[h.at("previous_release_id")] = true
				case 409:
					h.is(t, "details.action", "create", "details.current_status", "draft")
					taken++
				default:
					t.Errorf("%d %s", h.status, h.text)
				}
			})
		}
	}
	group.Wait()
	if taken != callers-1 {
		t.Errorf("%d were refused", taken)
	}
	for n := range callers + 1 {
		if !numbers[float64(n+1)] {
			t.Errorf("there is no %d in %v", n+1, numbers)
		}
	}
}
