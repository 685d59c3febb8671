package akkeris_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"purser/cmd/purser/live"
)

const theSecret = "hooksecret"

// receiver is somebody who is told of releases.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	all   []told
	fails int           // so many calls are refused first
	hangs chan struct{} // not nil: calls are answered when it is closed
}

// told is one call of a hook.
type told struct {
	header http.Header
	heard
}

func mustReceive(tb testing.TB) *receiver {
	tb.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	tb.Cleanup(r.Close)
	return r
}

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, call *http.Request) {
	text, _ := io.ReadAll(call.Body)
	one := told{call.Header, heard{text: string(text)}}
	_ = json.Unmarshal(text, &one.body)
	r.mu.Lock()
	r.all = append(r.all, one)
	refused := r.fails > 0
	r.fails--
	r.mu.Unlock()
	if r.hangs != nil {
		<-r.hangs
	}
	if refused {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// hooks is the configuration of the hook.
func (r *receiver) hooks() string {
	return fmt.Sprintf(`{url: "%s/hook", secret: %s}`, r.URL, theSecret)
}

// calls gives what was told of a release, as "event dyno", each delivery once.
func (r *receiver) calls(release string) (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := map[string]bool{}
	for _, one := range r.all {
		id := one.header.Get("X-Akkeris-Delivery")
		if one.at("release.id") != release || seen[id] {
			continue
		}
		seen[id] = true
		dyno, _ := one.at("dyno.type").(string)
		list = append(list, strings.TrimSpace(one.header.Get("X-Akkeris-Event")+" "+dyno))
	}
	slices.Sort(list)
	return list
}

// hears waits until that was told of a release.
func (r *receiver) hears(tb testing.TB, release string, want ...string) {
	tb.Helper()
	err := live.Until(tb.Context(), 30*time.Second, 10*time.Millisecond, "the hook is told", func() (bool, error) {
		return len(r.calls(release)) >= len(want), nil
	})
	if got := r.calls(release); err != nil || !slices.Equal(got, want) {
		tb.Errorf("told of %s: %q, want %q; %v", release, got, want, err)
	}
}

// find gives the call of an event and a dyno about a release.
func (r *receiver) find(release, event, dyno string) told {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.all {
		of, _ := one.at("dyno.type").(string)
		if one.at("release.id") == release && one.at("action") == event && of == dyno {
			return one
		}
	}
	return told{}
}

// worker is a second application of a package.
func worker(version string) string {
	return fmt.Sprintf(template, "worker", theBuilt.folder, version, "spring.cloud.deployer.count: 2")
}

// Case 24 of spec/dialects.md §4.5: hooks are told, once, of what begins and of each application that is live, signed.
func TestHooks(t *testing.T) {
	r := mustReceive(t)
	s := MustShop(t, setup{hooks: r.hooks()})
	s.mustUpload(t, "two", "1.0.0", hello("1.0.0"), worker("1.0.0"))
	s.mustUpload(t, "two", "1.0.1", hello("1.0.1"), worker("1.0.0"))
	a := s.app(t, "two-dev")
	appID := a.want(200, "GET ", "").at("id")
	first := a.want(201, "POST /releases", fmt.Sprintf(`{"slug":%q,"description":"The <first>."}`, a.slug("1.0.0")))
	id := first.at("id").(string)
	r.hears(t, id, "release", "released web", "released worker")

	begun := r.find(id, "release", "")
	begun.is(t, "action", "release", "key", "two-dev", "app.name", "two", "app.id", appID, "space.name", "dev", "release.result", "succeeded",
		"release.version", 1, "release.description", "The <first>.", "release.created_at", first.at("created_at"), "build.id", a.slug("1.0.0"), "build.result", "succeeded", "dyno", nil)
	web := r.find(id, "released", "web")
	web.is(t, "action", "released", "key", "two-dev", "app.name", "two", "app.id", appID, "space.name", "dev", "slug.id", a.slug("1.0.0"),
		"slug.source_blob.version", "1.0.0", "release.version", 1, "release.result", nil)
	if at, _ := web.at("released_at").(string); !momentForm.MatchString(at) {
		t.Error(web.text)
	}
	for _, one := range []told{begun, web} {
		mac := hmac.New(sha1.New, []byte(theSecret))
		mac.Write([]byte(one.text))
		if got := one.header.Get("X-Akkeris-Signature"); got != "sha1="+hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("signed as %q", got)
		}
		if !uuidForm.MatchString(one.header.Get("X-Akkeris-Delivery")) || one.header.Get("Content-Type") != "application/json" {
			t.Errorf("%v", one.header)
		}
		token := one.header.Get("X-Akkeris-Token")
		if h, err := s.tell(t, "GET /apps/two-dev", "", "Authorization", "Bearer "+token); err != nil || h.status != 200 {
			t.Errorf("the token opens nothing: %d, %v", h.status, err)
		}
		if h, err := s.tell(t, "GET /apps/two-dev", "", "Authorization", token); err != nil || h.status != 401 {
			t.Errorf("the token is a key: %d, %v", h.status, err)
		}
	}

	t.Run("applications that go on are live as well", func(t *testing.T) {
		second := a.release("1.0.1")
		r.hears(t, second, "release", "released web", "released worker")
	})
	t.Run("a rollback is a release", func(t *testing.T) {
		third := a.rollBack(id)
		r.hears(t, third, "release", "released web", "released worker")
		r.find(third, "release", "").is(t, "release.description", "Rollback to "+id, "build.id", a.slug("1.0.0"))
	})
	t.Run("what has failed is not live", func(t *testing.T) {
		shop := s.app(t, "shop-dev")
		broken := shop.release("0.9.0")
		shop.until(broken, "failed")
		r.hears(t, broken, "release")
	})
	t.Run("what is reported from outside is live", func(t *testing.T) {
		quiet := s.app(t, "silent-dev")
		silent := quiet.release("1.0.0")
		quiet.until(silent, "pending")
		r.hears(t, silent, "release")
		event := fmt.Sprintf(`{"action":"released","key":"silent-dev","release":{"id":%q},"dyno":{"type":"web"},"slug":{}}`, silent)
		for range 3 {
			s.ask(t, "POST /events", event).refuses(t, 200, `{"status":"ok"}`)
		}
		r.hears(t, silent, "release", "released web")
	})
	t.Run("a restart tells nothing again", func(t *testing.T) {
		if err := s.server.Stop(); err != nil {
			t.Fatal(err)
		}
		s.mustStart(t)
		last := a.rollBack(id)
		r.hears(t, last, "release", "released web", "released worker")
		r.hears(t, id, "release", "released web", "released worker")
	})
}

// Events that are not taken, and those that change nothing.
func TestEvents(t *testing.T) {
	s := MustShop(t, setup{})
	a := s.app(t, "shop-dev")
	release := a.release("1.0.0")
	foreign := s.app(t, "other-dev").release("1.0.0")
	for _, row := range []struct {
		rule, body string
		status     int
		text       string
	}{
		{"no JSON", `{`, 400, "SyntaxError: Unexpected end of JSON input"},
		{"nothing", `{}`, 400, "The specified event was invalid: it has no action or no key."},
		{"no key", `{"action":"released"}`, 400, "The specified event was invalid: it has no action or no key."},
		{"no action", `{"key":"shop-dev"}`, 400, "The specified event was invalid: it has no action or no key."},
		{"an unknown app", `{"action":"released","key":"nosuch-dev"}`, 404, "The specified application nosuch-dev does not exist."},
		{"no release", `{"action":"released","key":"shop-dev"}`, 422, "The specified uuid was invalid."},
		{"a release that is no object", `{"action":"released","key":"shop-dev","release":"x"}`, 422, "The specified uuid was invalid."},
		{"an unknown release", `{"action":"released","key":"shop-dev","release":{"id":"` + nobody + `"}}`, 404, "The specified release " + nobody + " was not found."},
		{"another app's release", `{"action":"released","key":"shop-dev","release":{"id":"` + foreign + `"}}`, 404, "The specified release " + foreign + " was not found."},
		{"another action", `{"action":"crashed","key":"shop-dev"}`, 200, `{"status":"ok"}`},
		{"the app by its id", `{"action":"released","key":"` + a.want(200, "GET ", "").at("id").(string) + `","release":{"id":"` + release + `"}}`, 200, `{"status":"ok"}`},
	} {
		t.Run(row.rule, func(t *testing.T) { s.ask(t, "POST /events", row.body).refuses(t, row.status, row.text) })
	}
}

// A hook that does not answer delays nobody, and one that refuses is told again, under the same id.
func TestHooksThatAreSlowOrRefuse(t *testing.T) {
	slow, stubborn := mustReceive(t), mustReceive(t)
	slow.hangs, stubborn.fails = make(chan struct{}), 2
	t.Cleanup(func() { close(slow.hangs) })
	s := MustShop(t, setup{hooks: slow.hooks() + ", " + stubborn.hooks()})
	a := s.app(t, "shop-dev")
	slug := fmt.Sprintf(`{"slug":%q}`, a.slug("1.0.0"))
	begun := time.Now()
	release := a.want(201, "POST /releases", slug).at("id").(string)
	a.until(release, "succeeded")
	second := a.want(201, "POST /releases", slug).at("id").(string)
	a.until(second, "succeeded")
	if took := time.Since(begun); took > 8*time.Second {
		t.Errorf("two releases took %s", took)
	}
	stubborn.hears(t, release, "release", "released web")
	stubborn.hears(t, second, "release", "released web")
	err := live.Until(t.Context(), 30*time.Second, 10*time.Millisecond, "what was refused is told again", func() (bool, error) {
		stubborn.mu.Lock()
		defer stubborn.mu.Unlock()
		return len(stubborn.all) == 4+2, nil
	})
	if err != nil {
		t.Error(err)
	}
}
