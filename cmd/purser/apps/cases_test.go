package apps_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// MustShop is a site with packages.
func MustShop(tb testing.TB) *site {
	tb.Helper()
	s := MustSite(tb, theBuilt.purser)
	s.mustUpload(tb, "demo", "1.0.0", hello("1.0.0"))
	return s
}

// The numbered cases of spec/dialects.md §3.5.
func TestNumberedCases(t *testing.T) {
	s := MustShop(t)
	for n, c := range []func(a app){
		1: emptyApp, 2: firstRelease, 3: secondRelease, 4: bodies, 5: duplicateTag, 6: activations, 7: rollbacks,
		8: rollbackOfADraft, 9: activationOfTheArchived, 10: activationOfTheActive, 11: archiving, 12: deleting,
		13: listsAndTheArchived, 14: pages, 15: limits, 16: cursors, 17: truths, 18: callers, 19: foreignIDs, 20: theActiveOne,
		21: parallelActivations, 22: failingDeployer, 23: methods,
	} {
		if c != nil {
			t.Run(fmt.Sprintf("Case%02d", n), func(t *testing.T) { c(s.app(t, fmt.Sprintf("app-%d", n))) })
		}
	}
	t.Run("the document", s.wholeDocument)
}

// wholeDocument sees to it that each operation has answered with each of the statuses that the document gives it.
func (s *site) wholeDocument(t *testing.T) {
	for _, path := range []string{"/v1/openapi.yaml", "/v1/openapi.json"} {
		if h := s.ask(t, "", "GET "+path, ""); h.status != 200 {
			t.Errorf("%s: %d", path, h.status)
		}
		s.ask(t, "", "GET "+path, "", "Accept", "image/png")
	}
	a := s.app(t, "app-0")
	a.want(413, "POST ", `{"release_tag":"`+strings.Repeat("x", 1<<20)+`"}`)
	a.want(400, "POST ", "\xff")
	for _, o := range s.doc.Operations() {
		for text := range o.Responses.Map() {
			status, err := strconv.Atoi(text)
			if err == nil && !s.seen[o.OperationID][status] {
				t.Errorf("%s %s was not answered %d", o.Method, o.Path, status)
			}
		}
	}
}

func emptyApp(a app) {
	h := a.want(200, "GET ", "")
	if got := string(h.text); got != `{"total":0,"has_more":false,"next_cursor":null,"releases":[],"active_release_id":null}` {
		a.tb.Error(got)
	}
	a.do("GET /active", "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND", "details.resource_type", "release", "details.resource_id", "active",
		"message", "The requested resource was not found")
}

func firstRelease(a app) {
	h := a.want(201, "POST ", `{"release_tag":"v1"}`)
	h.is(a.tb, "release_number", 1, "status", "draft", "activated_at", nil, "activated_by", nil, "previous_release_id", nil, "change_log", nil,
		"description", nil, "release_tag", "v1", "app_id", "app-2", "workspace_id", "main", "org_id", "acme", "created_by", "alice",
		"endpoint_count", 0, "augmentation_count", 1, "augmentations.0.name", "hello", "augmentations.0.kind", "SpringCloudDeployerApplication",
		"augmentations.0.version", nil)
	for _, name := range []string{"description", "activated_at", "activated_by", "change_log", "previous_release_id"} {
		if value, there := h.body[name]; !there || value != nil {
			a.tb.Errorf("%s is %v, there: %v", name, value, there)
		}
	}
	read := a.want(200, "GET /"+h.body["release_id"].(string), "")
	if string(read.text) != string(h.text) {
		a.tb.Errorf("created %s\nread %s", h.text, read.text)
	}
}

func secondRelease(a app) {
	first := a.make("v1")
	h := a.want(201, "POST ", `{"release_tag":"v2","description":"the second"}`)
	h.is(a.tb, "release_number", 2, "previous_release_id", first, "description", "the second", "change_log", "no changes")
	if h.body["release_id"] == first {
		a.tb.Error("two releases have one id")
	}
	a.want(200, "DELETE /"+first, "")
	a.want(200, "GET /"+h.body["release_id"].(string), "").is(a.tb, "previous_release_id", first)
}

func bodies(a app) {
	a.do("POST ", `{}`).invalid(a.tb, "missing", "body", "release_tag")
	a.do("POST ", `{"release_tag":5}`).invalid(a.tb, "string_type", "body", "release_tag")
	a.do("POST ", `{"release_tag":null}`).invalid(a.tb, "string_type", "body", "release_tag")
	a.do("POST ", `{"release_tag":"v1"`).invalid(a.tb, "json_invalid", "body", 19)
	a.do("POST ", `{"release_tag":"  "}`).invalid(a.tb, "string_too_short", "body", "release_tag")
	a.do("POST ", fmt.Sprintf(`{"release_tag":%q}`, strings.Repeat("é", 129))).invalid(a.tb, "string_too_long", "body", "release_tag")
	a.do("POST ", `{"release_tag":"v1","description":[]}`).invalid(a.tb, "string_type", "body", "description")
	a.do("POST ", `[]`).invalid(a.tb, "model_attributes_type", "body")
	a.do("POST ", ``).invalid(a.tb, "missing", "body")
	a.do("POST ", `release_tag=v1`, "Content-Type", "application/x-www-form-urlencoded").invalid(a.tb, "model_attributes_type", "body")
	both := a.do("POST ", `{"release_tag":5,"description":6}`)
	both.is(a.tb, "detail.0.loc.1", "release_tag", "detail.1.loc.1", "description", "detail.1.input", 6, "detail.2", nil)
	a.do("POST ", `{"release_tag":"a\u0000b"}`).invalid(a.tb, "value_error", "body", "release_tag")
	a.do("POST ", `{"release_tag":"\ud800"}`).invalid(a.tb, "string_unicode", "body", "release_tag")
	a.want(200, "GET ", "").is(a.tb, "total", 0)
	a.want(201, "POST ", fmt.Sprintf(`{"release_tag":%q}`, "\u3000"+strings.Repeat("é", 128)+" ")).is(a.tb, "release_tag", strings.Repeat("é", 128), "release_number", 1)
	for n, tag := range []string{"😀", "a/b?c#d", "<&>", "x\u2028y", "'; drop table releases", "\u200b"} {
		text, err := json.Marshal(map[string]string{"release_tag": tag, "description": "a\x00b " + tag})
		if err != nil {
			a.tb.Fatal(err)
		}
		h := a.want(201, "POST ", string(text))
		h.is(a.tb, "release_tag", tag, "description", "a\x00b "+tag, "release_number", 2+n)
		a.do("POST ", string(text)).refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.resource_id", h.at("release_id"))
	}
}

func duplicateTag(a app) {
	id := a.make("v1")
	a.do("POST ", `{"release_tag":" v1 "}`).refuses(a.tb, 409, "RESOURCE_CONFLICT",
		"details.resource_id", id, "details.current_status", "draft", "details.action", "create")
	a.make("V1")
	a.want(200, "DELETE /"+id, "")
	a.want(201, "POST ", `{"release_tag":"v1"}`).is(a.tb, "release_number", 3)
}

func activations(a app) {
	first, second := a.make("v1"), a.make("v2")
	h := a.want(200, "POST /"+first+"/activate", "")
	h.is(a.tb, "release.release_id", first, "release.status", "active", "release.activated_by", "alice", "previous_active_release_id", nil)
	if h.at("release.activated_at") == nil || h.at("release.endpoints") != nil || h.at("message") == "" {
		a.tb.Errorf("%s", h.text)
	}
	a.want(200, "POST /"+second+"/activate", "").is(a.tb, "release.status", "active", "previous_active_release_id", first)
	a.want(200, "GET /"+first, "").is(a.tb, "status", "archived", "activated_by", "alice")
	a.want(200, "GET ", "").is(a.tb, "active_release_id", second, "total", 1)
}

func rollbacks(a app) {
	first, second := a.make("v1"), a.make("v2")
	a.want(200, "POST /"+first+"/activate", "")
	a.want(200, "POST /"+second+"/activate", "")
	before := a.want(200, "GET /"+first, "")
	h := a.want(200, "POST /"+first+"/rollback", "")
	h.is(a.tb, "release.release_id", first, "release.status", "active", "release.release_number", 1, "previous_active_release_id", second)
	if h.at("release.activated_at").(string) <= before.at("activated_at").(string) {
		a.tb.Errorf("it was activated at %v, and is at %v", before.at("activated_at"), h.at("release.activated_at"))
	}
	a.want(200, "GET ?include_archived=true", "").is(a.tb, "total", 2, "active_release_id", first)
	a.want(200, "GET /"+second, "").is(a.tb, "status", "archived")
	a.want(200, "POST /"+second+"/rollback", "").is(a.tb, "previous_active_release_id", first)
}

func rollbackOfADraft(a app) {
	id := a.make("v1")
	a.do("POST /"+id+"/rollback", "").refuses(a.tb, 409, "RESOURCE_CONFLICT",
		"details.resource_id", id, "details.current_status", "draft", "details.action", "rollback")
	a.want(200, "POST /"+id+"/archive", "")
	a.do("POST /"+id+"/rollback", "").refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.current_status", "archived", "details.action", "rollback")
	a.want(200, "GET ?include_archived=1", "").is(a.tb, "active_release_id", nil)
}

func activationOfTheArchived(a app) {
	first, second, never := a.make("v1"), a.make("v2"), a.make("v3")
	a.want(200, "POST /"+first+"/activate", "")
	a.want(200, "POST /"+second+"/activate", "")
	a.want(200, "POST /"+never+"/archive", "")
	once := a.do("POST /"+first+"/activate", "")
	once.refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.resource_id", first, "details.current_status", "archived", "details.action", "activate")
	if !strings.Contains(once.at("message").(string), "use rollback") {
		a.tb.Errorf("%s", once.text)
	}
	a.do("POST /"+never+"/activate", "").refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.current_status", "archived")
	a.want(200, "GET ", "").is(a.tb, "active_release_id", second)
}

func activationOfTheActive(a app) {
	id := a.make("v1")
	a.want(200, "POST /"+id+"/activate", "")
	before := a.want(200, "GET /"+id, "")
	h := a.ask(a.tb, "t-all", "POST "+a.path+"/"+id+"/activate", "")
	h.is(a.tb, "release.status", "active", "previous_active_release_id", nil, "release.activated_by", "alice", "release.activated_at", before.at("activated_at"))
	if after := a.want(200, "GET /"+id, ""); h.status != 200 || string(after.text) != string(before.text) {
		a.tb.Errorf("%d, before %s\nafter %s", h.status, before.text, after.text)
	}
	a.do("POST /"+id+"/rollback", "").refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.current_status", "active", "details.action", "rollback")
}

func archiving(a app) {
	active, draft := a.make("v1"), a.make("v2")
	a.want(200, "POST /"+active+"/activate", "")
	a.do("POST /"+active+"/archive", "").refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.current_status", "active", "details.action", "archive")
	first := a.want(200, "POST /"+draft+"/archive", "")
	first.is(a.tb, "status", "archived", "release_id", draft, "activated_at", nil)
	if again := a.want(200, "POST /"+draft+"/archive", ""); string(again.text) != string(first.text) {
		a.tb.Errorf("first %s\nagain %s", first.text, again.text)
	}
	if _, there := first.body["endpoints"]; there {
		a.tb.Error("the answer is no summary")
	}
}

func deleting(a app) {
	active, draft := a.make("v1"), a.make("v2")
	a.want(200, "POST /"+active+"/activate", "")
	a.do("DELETE /"+active, "").refuses(a.tb, 409, "RESOURCE_CONFLICT", "details.current_status", "active", "details.action", "delete")
	if got := string(a.want(200, "DELETE /"+draft, "").text); got != "{}" {
		a.tb.Error(got)
	}
	for _, do := range []string{"GET /", "DELETE /"} {
		a.do(do+draft, "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND", "details.resource_type", "release", "details.resource_id", draft)
	}
	third := a.want(201, "POST ", `{"release_tag":"v2"}`)
	third.is(a.tb, "release_number", 3, "previous_release_id", active)
	a.want(200, "POST /"+third.body["release_id"].(string)+"/activate", "")
	a.want(200, "DELETE /"+active, "")
	a.do("POST /"+active+"/rollback", "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND")
	a.want(201, "POST ", `{"release_tag":"v1"}`).is(a.tb, "release_number", 4)
}

func listsAndTheArchived(a app) {
	first, second := a.make("v1"), a.make("v2")
	a.want(200, "POST /"+first+"/archive", "")
	a.want(200, "GET ", "").is(a.tb, "total", 1, "releases.0.release_id", second, "releases.1", nil)
	a.want(200, "GET ?include_archived=true", "").is(a.tb, "total", 2, "releases.0.release_id", second, "releases.1.release_id", first)
	a.want(200, "GET ?include_archived=false", "").is(a.tb, "total", 1)
}

func pages(a app) {
	for n := range 5 {
		a.make(fmt.Sprintf("v%d", n+1))
	}
	var numbers []any
	query := "?limit=2"
	for page := range 3 {
		h := a.want(200, "GET "+query, "")
		for _, r := range h.at("releases").([]any) {
			numbers = append(numbers, r.(map[string]any)["release_number"])
		}
		h.is(a.tb, "total", 5+page, "has_more", page < 2)
		if next := h.at("next_cursor"); next == nil != (page == 2) {
			a.tb.Errorf("page %d has the cursor %v", page, next)
		} else if next != nil {
			query = "?limit=2&cursor=" + url.QueryEscape(next.(string))
		}
		a.make(fmt.Sprintf("between-%d", page)) // total grows, the pages do not
	}
	if got := fmt.Sprint(numbers); got != "[5 4 3 2 1]" {
		a.tb.Error(got)
	}
}

func limits(a app) {
	for query, kind := range map[string]string{
		"limit=0": "greater_than_equal", "limit=201": "less_than_equal", "limit=abc": "int_parsing", "limit=": "int_parsing",
		"limit=-1": "greater_than_equal", "limit=1.5": "int_parsing",
	} {
		a.do("GET ?"+query, "").invalid(a.tb, kind, "query", "limit")
	}
	a.do("GET ?limit=0", "").is(a.tb, "detail.0.ctx.ge", 1, "detail.0.input", "0", "detail.0.msg", "Input should be greater than or equal to 1")
	a.do("GET ?limit=201", "").is(a.tb, "detail.0.ctx.le", 200, "detail.0.input", "201", "detail.0.msg", "Input should be less than or equal to 200")
	a.want(200, "GET ?limit=1", "")
	a.want(200, "GET ?limit=200", "")
}

func cursors(a app) {
	a.make("v1")
	a.make("v2")
	next := a.want(200, "GET ?limit=1", "").at("next_cursor").(string)
	for _, text := range []string{"%25%25%25", "%%%", "abc", "e30", next + "A", next[1:], "eyJsYXN0IjowfQ"} {
		a.do("GET ?cursor="+text, "").invalid(a.tb, "value_error", "query", "cursor")
	}
	a.do("GET ?include_archived=true&cursor="+next, "").invalid(a.tb, "value_error", "query", "cursor")
	a.want(200, "GET ?limit=200&cursor="+next, "").is(a.tb, "releases.0.release_number", 1, "has_more", false, "next_cursor", nil)
}

func truths(a app) {
	a.do("GET ?include_archived=maybe", "").invalid(a.tb, "bool_parsing", "query", "include_archived")
	a.do("GET ?include_archived=maybe", "").is(a.tb, "detail.0.input", "maybe")
	for _, text := range []string{"1", "TRUE", "on", "y", "0", "False", "off", "n"} {
		a.want(200, "GET ?include_archived="+text, "")
	}
	three := a.do("GET ?limit=0&cursor=x&include_archived=2", "")
	three.is(a.tb, "detail.0.loc.1", "include_archived", "detail.1.loc.1", "limit", "detail.2.loc.1", "cursor", "detail.3", nil)
}

func callers(a app) {
	id := a.make("v1")
	h := a.ask(a.tb, "", "GET "+a.path, "")
	h.refuses(a.tb, 401, "AUTHENTICATION_FAILED", "message", "Authentication required")
	if len(h.body) != 5 || fmt.Sprint(h.body["details"]) != "map[]" || len(h.body["timestamp"].(string)) != len("2025-01-01T00:00:00.000000") {
		a.tb.Errorf("%s", h.text)
	}
	for _, shown := range []string{"Bearer nobody", "Basic dC1hZG1pbjo=", "t-admin", "Bearer", "Bearer  ", "Token t-admin"} {
		a.ask(a.tb, "", "GET "+a.path, "", "Authorization", shown).refuses(a.tb, 401, "AUTHENTICATION_FAILED")
	}
	a.ask(a.tb, "", "GET "+a.path, "", "Authorization", "bearer t-admin").is(a.tb, "total", 1)
	for do, permission := range map[string]string{
		"POST ": "release:create", "DELETE /" + id: "release:delete", "POST /" + id + "/activate": "release:activate",
		"POST /" + id + "/rollback": "release:activate", "POST /" + id + "/archive": "release:archive",
	} {
		method, path, _ := strings.Cut(do, " ")
		a.ask(a.tb, "t-view", method+" "+a.path+path, "").refuses(a.tb, 403, "FORBIDDEN",
			"message", "You don't have permission to perform this action", "details.required_permission", permission)
	}
	for _, do := range []string{
		"POST ", "GET /active", "GET /" + id, "DELETE /" + id, "POST /" + id + "/activate", "POST /" + id + "/rollback", "POST /" + id + "/archive",
	} {
		method, path, _ := strings.Cut(do, " ")
		a.ask(a.tb, "", method+" "+a.path+path, "").refuses(a.tb, 401, "AUTHENTICATION_FAILED")
		a.ask(a.tb, "", method+" /v1/orgs/nosuch/workspaces/x/apps/y/releases"+path, "").refuses(a.tb, 401, "AUTHENTICATION_FAILED")
		a.ask(a.tb, "t-all", method+" /v1/orgs/nosuch/workspaces/x/apps/y/releases"+path, "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND")
	}
	for _, path := range []string{"", "/active", "/" + id} {
		a.ask(a.tb, "t-make", "GET "+a.path+path, "").refuses(a.tb, 403, "FORBIDDEN", "details.required_permission", "release:read")
	}
	a.ask(a.tb, "t-view", "GET "+a.path+"/"+id, "").is(a.tb, "release_id", id)
}

func foreignIDs(a app) {
	id := a.make("v1")
	for _, path := range []string{"/v1/orgs/acme/workspaces/main/apps/app-0", "/v1/orgs/acme/workspaces/other/apps/app-0", "/v1/orgs/globex/workspaces/main/apps/app-0"} {
		for _, do := range []string{"GET /%s", "DELETE /%s", "POST /%s/activate", "POST /%s/rollback", "POST /%s/archive"} {
			method, rest, _ := strings.Cut(fmt.Sprintf(do, id), " ")
			a.ask(a.tb, "t-admin", method+" "+path+"/releases"+rest, "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND",
				"details.resource_type", "release", "details.resource_id", id)
		}
	}
	for _, row := range []struct{ token, path, kind, id string }{
		{"t-admin", "/v1/orgs/nosuch/workspaces/main/apps/app-0", "organization", "nosuch"},
		{"t-view", "/v1/orgs/globex/workspaces/main/apps/app-0", "organization", "globex"},
		{"t-globex", "/v1/orgs/acme/workspaces/main/apps/app-19", "organization", "acme"},
		{"t-admin", "/v1/orgs/acme/workspaces/nosuch/apps/app-0", "workspace", "nosuch"},
		{"t-admin", "/v1/orgs/empty/workspaces/main/apps/app-0", "workspace", "main"},
		{"t-admin", "/v1/orgs/acme/workspaces/main/apps/nosuch", "app", "nosuch"},
		{"t-none", "/v1/orgs/acme/workspaces/main/apps/nosuch", "app", "nosuch"},
	} {
		for _, rest := range []string{"/releases", "/releases/active", "/releases/" + id, "/releases?limit=0"} {
			a.ask(a.tb, row.token, "GET "+row.path+rest, "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND",
				"details.resource_type", row.kind, "details.resource_id", row.id)
		}
	}
}

func theActiveOne(a app) {
	id := a.make("v1")
	a.make("v2")
	a.want(200, "POST /"+id+"/activate", "")
	active, read := a.want(200, "GET /active", ""), a.want(200, "GET /"+id, "")
	if string(active.text) != string(read.text) {
		a.tb.Errorf("active %s\nread %s", active.text, read.text)
	}
	for _, do := range []string{"DELETE /active", "POST /active/activate", "POST /active/rollback", "POST /active/archive"} {
		a.do(do, "").refuses(a.tb, 404, "RESOURCE_NOT_FOUND", "details.resource_id", "active")
	}
}

func methods(a app) {
	id := a.make("v1")
	for do, allow := range map[string]string{
		"PUT /" + id: "DELETE, GET", "PATCH /" + id: "DELETE, GET", "POST /" + id: "DELETE, GET", "DELETE ": "GET, POST", "PUT ": "GET, POST",
		"GET /" + id + "/activate": "POST", "DELETE /" + id + "/archive": "POST", "POST /active": "DELETE, GET",
	} {
		h := a.do(do, "")
		if h.status != 405 || string(h.text) != `{"detail":"Method Not Allowed"}` || h.header.Get("Allow") != allow {
			a.tb.Errorf("%s: %d %s, Allow %s", do, h.status, h.text, h.header.Get("Allow"))
		}
	}
	for _, do := range []string{"GET /" + id + "/nosuch", "POST /" + id + "/activate/more", "GET /" + id + "/endpoints"} {
		if h := a.do(do, ""); h.status != 404 || string(h.text) != `{"detail":"Not Found"}` {
			a.tb.Errorf("%s: %d %s", do, h.status, h.text)
		}
	}
	if h := a.do("HEAD /"+id, ""); h.status != 200 || len(h.text) != 0 || h.header.Get("Content-Length") == "0" {
		a.tb.Errorf("%d %q %v", h.status, h.text, h.header)
	}
	if h := a.do("OPTIONS /"+id, ""); h.status != 200 || h.header.Get("Allow") != "DELETE,GET,HEAD,OPTIONS" {
		a.tb.Errorf("%d %v", h.status, h.header)
	}
	for _, path := range []string{"/", "/active/", "/" + id + "/"} { // a slash at the end does not matter
		with, without := a.do("GET "+path, ""), a.do("GET "+strings.TrimSuffix(path, "/"), "")
		if with.status != without.status || path != "/active/" && string(with.text) != string(without.text) {
			a.tb.Errorf("%s: %d %s, without the slash %d %s", path, with.status, with.text, without.status, without.text)
		}
	}
	a.want(201, "POST /", `{"release_tag":"with a slash"}`)
}
