package apps_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"purser/cmd/purser/live"
)

// parallelActivations: each of 20 callers activates a draft of his own; all are told the truth, and one is active.
func parallelActivations(a app) {
	const callers = 20
	ids := map[string]bool{}
	for n := range callers {
		ids[a.make(fmt.Sprintf("v%d", n))] = true
	}
	looked := a.watch()
	answers := a.together(ids, "activate")
	if n := looked(); n < 3 {
		a.tb.Errorf("only %d looks", n)
	}
	replaced := map[any]int{}
	for id, h := range answers {
		h.is(a.tb, "release.release_id", id, "release.status", "active")
		if h.status != 200 {
			a.tb.Errorf("%d %s", h.status, h.text)
		}
		replaced[h.at("previous_active_release_id")]++
	}
	active := a.want(200, "GET /active", "").at("release_id")
	for id := range ids {
		want := 1
		if id == active {
			want = 0
		}
		if replaced[id] != want {
			a.tb.Errorf("%s was replaced %d times, want %d", id, replaced[id], want)
		}
	}
	if replaced[nil] != 1 {
		a.tb.Errorf("%d replaced nothing", replaced[nil])
	}
	a.oneIsActive(callers)
}

// watch lists the releases again and again: at any time at most one is active, and it is the one that the list names.
func (a app) watch() (end func() (looks int)) {
	stop, ended := make(chan struct{}), make(chan int)
	go func() {
		for looks := 0; ; looks++ {
			select {
			case <-stop:
				ended <- looks
				return
			default:
			}
			h, err := a.tell(a.tb, "t-view", "GET "+a.path+"?include_archived=true&limit=200", "")
			if err != nil {
				a.tb.Error(err)
				continue
			}
			var active any
			for _, one := range h.at("releases").([]any) {
				if r := one.(map[string]any); r["status"] == "active" {
					if active != nil {
						a.tb.Errorf("two are active: %s", h.text)
					}
					active = r["release_id"]
				}
			}
			if active != h.at("active_release_id") {
				a.tb.Errorf("%v is active in %s", active, h.text)
			}
		}
	}()
	return func() int {
		close(stop)
		return <-ended
	}
}

// together sends an action on each of the releases at once.
func (a app) together(ids map[string]bool, action string) map[string]heard {
	a.tb.Helper()
	var mu sync.Mutex
	var group sync.WaitGroup
	answers := map[string]heard{}
	for id := range ids {
		group.Go(func() {
			h, err := a.tell(a.tb, "t-admin", "POST "+a.path+"/"+id+"/"+action, "")
			if err != nil {
				a.tb.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			answers[id] = h
		})
	}
	group.Wait()
	return answers
}

// oneIsActive sees to it that of so many releases one is active, and that all that tell which tell the same.
func (a app) oneIsActive(releases int) {
	a.tb.Helper()
	h := a.want(200, "GET ?include_archived=true&limit=200", "")
	h.is(a.tb, "total", releases)
	active := 0
	for _, one := range h.at("releases").([]any) {
		r := one.(map[string]any)
		if r["status"] == "active" {
			active++
			if h.at("active_release_id") != r["release_id"] {
				a.tb.Errorf("%v is active, the list says %v", r["release_id"], h.at("active_release_id"))
			}
		}
	}
	if active != 1 {
		a.tb.Errorf("%d are active in %s", active, h.text)
	}
	a.want(200, "GET /active", "").is(a.tb, "release_id", h.at("active_release_id"))
}

// One draft that 20 callers activate at once, and one archived release that they roll back to.
func TestParallelCallsForOneRelease(t *testing.T) {
	s := MustShop(t)
	a := s.app(t, "app-0")
	first, second := a.make("v1"), a.make("v2")
	several := func(id, action string) (changed, same, refused int) {
		var group sync.WaitGroup
		var mu sync.Mutex
		for range 20 {
			group.Go(func() {
				h, err := a.tell(t, "t-admin", "POST "+a.path+"/"+id+"/"+action, "")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				switch {
				case h.status == 409:
					refused++
				case h.at("previous_active_release_id") != nil:
					changed++
				default:
					same++
				}
			})
		}
		group.Wait()
		return changed, same, refused
	}
	if changed, same, refused := several(first, "activate"); changed != 0 || same != 20 || refused != 0 {
		t.Errorf("%d changed, %d same, %d refused", changed, same, refused)
	}
	if changed, same, refused := several(second, "activate"); changed != 1 || same != 19 || refused != 0 {
		t.Errorf("%d changed, %d same, %d refused", changed, same, refused)
	}
	if changed, same, refused := several(first, "rollback"); changed != 1 || same != 0 || refused != 19 {
		t.Errorf("%d changed, %d same, %d refused", changed, same, refused)
	}
	a.oneIsActive(2)
	a.want(200, "GET /active", "").is(t, "release_id", first)
}

// failingDeployer: what the platform does not take, and what never becomes healthy.
func failingDeployer(a app) {
	for _, row := range []struct{ app, template string }{{"fragile", hello("2.0.0")}, {"gone", hello("nosuch")}} {
		b := a.site.app(a.tb, row.app)
		b.mustUpload(b.tb, row.app, "1.0.0", hello("1.0.0"))
		good := b.make("good")
		b.want(200, "POST /"+good+"/activate", "")
		b.mustUpload(b.tb, row.app, "1.1.0", row.template)
		before := b.want(200, "GET /active", "")
		bad := b.make("bad")
		target := b.want(200, "GET /"+bad, "")
		h := b.do("POST /"+bad+"/activate", "")
		h.refuses(b.tb, 500, "INTERNAL_SERVER_ERROR", "details.resource_id", bad, "details.action", "activate")
		if id, _ := h.at("details.error_id").(string); id == "" {
			b.tb.Errorf("%s", h.text)
		}
		b.tb.Logf("%s: %v", row.app, h.at("message"))
		if after := b.want(200, "GET /active", ""); string(after.text) != string(before.text) {
			b.tb.Errorf("before %s\nafter %s", before.text, after.text)
		}
		if after := b.want(200, "GET /"+bad, ""); string(after.text) != string(target.text) {
			b.tb.Errorf("before %s\nafter %s", target.text, after.text)
		}
		b.oneIsActive(2)
		b.mustUpload(b.tb, row.app, "1.2.0", hello("1.0.1"))
		mended := b.make("mended")
		b.want(200, "POST /"+mended+"/activate", "").is(b.tb, "previous_active_release_id", good)
		b.want(200, "POST /"+bad+"/archive", "")
	}
}

// A server whose configuration switches the dialect off does not know its paths.
func TestDisabled(t *testing.T) {
	s := MustSiteWith(t, theBuilt.purser, "purser.dialects.apps.enabled: false\n")
	for _, path := range []string{"/v1/orgs/acme/workspaces/main/apps/shop/releases", "/v1/openapi.yaml", "/v1"} {
		err := s.api.Call(t.Context(), "GET", path, nil, nil)
		if r, ok := errors.AsType[*live.Refusal](err); !ok || r.Status != 404 || r.Message != "No message available" {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Without tenants nobody gets in, and nothing is there.
func TestNobody(t *testing.T) {
	s := MustSiteWith(t, theBuilt.purser, "{}\n")
	s.ask(t, "x", "GET /v1/orgs/acme/workspaces/main/apps/shop/releases", "").refuses(t, 401, "AUTHENTICATION_FAILED")
	if h := s.ask(t, "x", "GET /v1/nosuch", ""); h.status != 404 || string(h.text) != `{"detail":"Not Found"}` {
		t.Errorf("%d %s", h.status, h.text)
	}
}

func TestPackages(t *testing.T) {
	s := MustShop(t)
	t.Run("a package that is missing", func(t *testing.T) {
		a := s.app(t, "late")
		h := a.do("POST ", `{"release_tag":"v1"}`)
		h.refuses(t, 404, "RESOURCE_NOT_FOUND", "details.resource_type", "package", "details.resource_id", "comes-later",
			"message", "The package 'comes-later' of the app was not found")
		a.do("POST ", `{}`).invalid(t, "missing", "body", "release_tag")
		s.mustUpload(t, "comes-later", "0.1.0", hello("1.0.0"))
		a.want(201, "POST ", `{"release_tag":"v1"}`).is(t, "release_number", 1)
	})
	t.Run("a platform that is missing", func(t *testing.T) {
		s.app(t, "nowhere").do("POST ", `{"release_tag":"v1"}`).refuses(t, 404, "RESOURCE_NOT_FOUND", "details.resource_type", "platform", "details.resource_id", "nowhere")
	})
	t.Run("a package that cannot be rendered", func(t *testing.T) {
		s.mustUpload(t, "broken", "1.0.0", "spec: {{\n")
		s.app(t, "broken").do("POST ", `{"release_tag":"v1"}`).refuses(t, 409, "RESOURCE_CONFLICT", "details.resource_id", "broken", "details.action", "create")
	})
	t.Run("the highest version, frozen", func(t *testing.T) {
		a := s.app(t, "app-1")
		for _, version := range []string{"1.9.0", "1.10.0-rc.1", "1.10.0"} {
			s.mustUpload(t, "demo", version, hello("1.0.1"))
		}
		first := a.want(201, "POST ", `{"release_tag":"v1"}`)
		s.mustUpload(t, "demo", "2.0.0", hello("1.0.0"))
		second := a.want(201, "POST ", `{"release_tag":"v2"}`)
		want := fmt.Sprintf("package demo 1.10.0 -> demo 2.0.0\napplication hello\n  spec resource: file:%s/hello-1.0.1 -> file:%[1]s/hello-1.0.0", theBuilt.folder)
		second.is(t, "change_log", want, "augmentations.0.resource", "file:"+theBuilt.folder+"/hello-1.0.0")
		a.want(200, "GET /"+first.at("release_id").(string), "").is(t, "augmentations.0.resource", "file:"+theBuilt.folder+"/hello-1.0.1")
		a.want(200, "POST /"+first.at("release_id").(string)+"/activate", "")
	})
	t.Run("ports and paths", func(t *testing.T) {
		s.mustUpload(t, "ports", "1.0.0", twoPorts)
		h := s.app(t, "ports").want(201, "POST ", `{"release_tag":"v1"}`)
		h.is(t, "endpoint_count", 2, "augmentation_count", 4,
			"endpoints.0.name", "web", "endpoints.0.path", "/", "endpoints.0.port", 8080,
			"endpoints.1.name", "admin", "endpoints.1.path", "/admin", "endpoints.1.port", 9090,
			"augmentations.0.version", "1.2.3", "augmentations.0.resource", "maven://org:web",
			"augmentations.1.name", "worker", "augmentations.1.version", nil, "augmentations.2.kind", "SpringBootApp", "augmentations.2.version", "7")
	})
	t.Run("values of the app", func(t *testing.T) {
		a := s.app(t, "shop")
		id := a.make("v1")
		a.want(200, "POST /"+id+"/activate", "")
		s.settles(t, "the greeting of the app", func(list []process) bool {
			return slices.ContainsFunc(list, func(p process) bool { return p.greeting == "Welcome" && p.program == "hello-1.0.0" })
		})
	})
}
