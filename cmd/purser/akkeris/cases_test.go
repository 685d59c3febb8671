package akkeris_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
)

const nobody = "00000000-0000-4000-8000-000000000000" // a UUID that nothing has

var (
	uuidForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	momentForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
)

// MustShop is a site with packages.
func MustShop(tb testing.TB, u setup) *site {
	tb.Helper()
	s := MustSite(tb, u)
	s.mustUpload(tb, "demo", "1.0.0", hello("1.0.0"))
	s.mustUpload(tb, "demo", "1.0.1", hello("1.0.1"))
	s.mustUpload(tb, "demo", "0.9.0", hello("2.0.0")) // ends at once
	s.mustUpload(tb, "other", "1.0.0", hello("1.0.0"))
	s.mustUpload(tb, "silent", "1.0.0", silent("1.0.0"))
	return s
}

// The numbered cases of spec/dialects.md §4.5; the others are in TestSilence and TestHooks.
func TestNumberedCases(t *testing.T) {
	s := MustShop(t, setup{})
	for n, c := range []func(a app){
		1: goodSlug, 2: ownDescription, 3: noChoice, 4: slugsThatAreNot, 5: latestBuild, 6: succeeded, 7: failed,
		9: secondPending, 10: rollback, 11: rollbackToNothing, 12: list, 13: unknownReleases, 14: twoNames, 15: callers,
		16: noStatuses, 17: statusChanges, 18: statusesThatAreNot, 19: patchOfAContext, 20: worstStatus, 21: downstream,
		22: headers, 23: rapidReleases,
	} {
		if c != nil {
			t.Run(fmt.Sprintf("Case%02d", n), func(t *testing.T) { c(s.app(t, fmt.Sprintf("app-c%d", n))) })
		}
	}
}

func goodSlug(a app) {
	slug := a.slug("1.0.0")
	h := a.want(201, "POST /releases", fmt.Sprintf(`{"slug":%q}`, slug))
	h.is(a.tb, "status", "queued", "version", 1, "current", true, "state", "success", "description", "Deploy of "+slug, "slug.id", slug,
		"app.name", a.name, "user.email", "")
	for _, id := range []string{"id", "app.id", "user.id", "slug.id"} {
		if text, _ := h.at(id).(string); !uuidForm.MatchString(text) {
			a.tb.Errorf("%s is %v", id, h.at(id))
		}
	}
	if created, _ := h.at("created_at").(string); !momentForm.MatchString(created) {
		a.tb.Error(created)
	}
	for _, r := range []heard{a.until(h.at("id").(string), "succeeded"), a.want(200, "GET ", "")} {
		if h.at("app.id") != r.at("app.id") && h.at("app.id") != r.at("id") {
			a.tb.Errorf("%s has another app than %s", r.text, h.text)
		}
	}
}

func ownDescription(a app) {
	slug := a.slug("1.0.0")
	for text, want := range map[string]string{
		`"new release v1.0"`: "new release v1.0", `"<b>é\u0000 & \ud83d\ude80"`: "<b>é\x00 & 🚀", `7`: "7",
		`""`: "Deploy of " + slug, `null`: "Deploy of " + slug, `0`: "Deploy of " + slug, `false`: "Deploy of " + slug,
	} {
		h := a.want(201, "POST /releases", fmt.Sprintf(`{"slug":%q,"description":%s,"trigger_notes":"n"}`, slug, text))
		h.is(a.tb, "description", want)
		a.want(200, "GET /releases/"+h.at("id").(string), "").is(a.tb, "description", want)
	}
	a.do("POST /releases", fmt.Sprintf(`{"slug":%q,"description":{}}`, slug)).refuses(a.tb, 422, "The specified description was invalid: it must be a text.")
}

func noChoice(a app) {
	const (
		neither = `The specified "slug" (or) "release" field was not provided.`
		both    = `The specified request may only contain either a "slug" field for the build to deploy or the "release" field for the release to roll back to, not both.`
	)
	for body, text := range map[string]string{
		`{}`: neither, `{"slug":"","release":null}`: neither, `null`: neither, `[]`: neither, `"x"`: neither, `7`: neither, `{"Slug":"x"}`: neither,
		`{"slug":"a","release":"b"}`: both, `{"slug":"latest","release":"` + nobody + `"}`: both,
	} {
		a.do("POST /releases", body).refuses(a.tb, 422, text)
	}
	for body, text := range map[string]string{
		`{`:                    "Unexpected end of JSON input",
		``:                     "Unexpected end of JSON input",
		`slug=x`:               "Unexpected token s in JSON at position 0",
		`{"slug":"é🚀"]`:        "Unexpected token ] in JSON at position 13",
		`{"slug":01}`:          "Unexpected number in JSON at position 9",
		`{"slug" "x"}`:         "Unexpected string in JSON at position 8",
		"{\"slug\":\"a\nb\"}":  "Unexpected token \n in JSON at position 10",
		`{"slug":"x"} trailer`: "Unexpected token t in JSON at position 13",
	} {
		a.do("POST /releases", body).refuses(a.tb, 400, "SyntaxError: "+text)
	}
	a.want(201, "POST /releases", fmt.Sprintf(`{"slug":%q}`, a.slug("1.0.0")), "Content-Type", "application/x-www-form-urlencoded")
}

func slugsThatAreNot(a app) {
	const unfinished = "The slug %s does not exist or is still in process of building"
	foreign := a.app(a.tb, "other-dev").slug("1.0.0")
	a.do("POST /releases", `{"slug":"`+nobody+`"}`).refuses(a.tb, 404, "The specified build "+nobody+" was not found.")
	a.do("POST /releases", fmt.Sprintf(`{"slug":%q}`, foreign)).refuses(a.tb, 409, fmt.Sprintf(unfinished, foreign))
	for _, text := range []string{`"x"`, `7`, `{"a":1}`, `["latest"]`, `true`, `"Latest"`, `"` + nobody + `0"`, `"{` + nobody + `}"`} {
		a.do("POST /releases", `{"slug":`+text+`}`).refuses(a.tb, 422, "The specified uuid was invalid.")
	}
	a.want(200, "GET /releases", "").refuses(a.tb, 200, "[]")
	a.do("GET /builds/"+foreign, "").refuses(a.tb, 404, "The specified build "+foreign+" was not found.")
	a.do("GET /builds/zzz", "").refuses(a.tb, 422, "The specified uuid was invalid.")
	a.do("GET /builds/"+strings.ToUpper(a.slug("1.0.0")), "").is(a.tb, "status", "succeeded", "id", a.slug("1.0.0"), "slug.id", a.slug("1.0.0"),
		"source_blob.version", "1.0.0", "app.name", a.name)
	late := a.app(a.tb, "late-dev")
	late.do("POST /releases", `{"slug":"latest"}`).refuses(a.tb, 404,
		"The specified build latest was not found: the package comes-later of the application late-dev does not exist.")
	late.want(200, "GET /builds", "").refuses(a.tb, 200, "[]")
	nowhere := a.app(a.tb, "nowhere-dev")
	nowhere.do("POST /releases", fmt.Sprintf(`{"slug":%q}`, a.slug("1.0.0"))).refuses(a.tb, 404, "No deployer named 'nowhere'")
}

func latestBuild(a app) {
	h := a.want(201, "POST /releases", `{"slug":"latest"}`)
	h.is(a.tb, "slug.id", a.slug("0.9.0"), "description", "Deploy of "+a.slug("0.9.0")) // the newest, whatever its version
}

func succeeded(a app) {
	first := a.release("1.0.0")
	a.until(first, "succeeded").is(a.tb, "current", true, "version", 1)
	second := a.release("1.0.1")
	a.until(second, "succeeded").is(a.tb, "current", true, "version", 2)
	a.want(200, "GET /releases/"+first, "").is(a.tb, "current", false, "status", "succeeded")
	a.isCurrent(second)
}

func failed(a app) {
	first := a.release("1.0.0")
	a.until(first, "succeeded")
	second := a.release("0.9.0")
	a.until(second, "failed").is(a.tb, "current", false, "version", 2)
	a.isCurrent(first)
	third := a.rollBack(second) // even a failed one
	a.until(third, "failed").is(a.tb, "description", "Rollback to "+second)
	a.isCurrent(first)
	a.until(a.release("1.0.1"), "succeeded").is(a.tb, "current", true, "version", 4)
}

func secondPending(a app) {
	first := a.release("1.0.0")
	a.until(first, "succeeded")
	silent := a.app(a.tb, "silent-dev")
	pending := silent.release("1.0.0")
	silent.until(pending, "pending").is(a.tb, "current", false)
	silent.isCurrent("")
	queued := silent.release("1.0.0")
	silent.want(200, "GET /releases/"+queued, "").is(a.tb, "status", "queued", "current", false)
	// What is told of from outside is live.
	a.ask(a.tb, "POST /events", fmt.Sprintf(`{"action":"released","key":"silent-dev","release":{"id":%q},"dyno":{"type":"web"},"slug":{}}`, pending)).
		refuses(a.tb, 200, `{"status":"ok"}`)
	silent.until(pending, "succeeded").is(a.tb, "current", true)
	silent.want(200, "GET /releases/"+queued, "").is(a.tb, "status", "queued", "current", false)
	a.isCurrent(first)
}

func rollback(a app) {
	first := a.release("1.0.0")
	a.until(first, "succeeded")
	a.until(a.release("1.0.1"), "succeeded")
	h := a.want(201, "POST /releases", fmt.Sprintf(`{"release":%q,"description":"mine"}`, strings.ToUpper(first)))
	h.is(a.tb, "version", 3, "slug.id", a.slug("1.0.0"), "description", "Rollback to "+first, "current", true, "status", "queued")
	a.until(h.at("id").(string), "succeeded").is(a.tb, "current", true, "slug.id", a.slug("1.0.0"), "version", 3)
	if h.at("id") == first {
		a.tb.Error("a rollback is no release of its own")
	}
}

func rollbackToNothing(a app) {
	other := a.app(a.tb, "shop-dev")
	foreign := other.release("1.0.0")
	for text, shown := range map[string]string{
		`"12345"`: "12345", `12345`: "12345", `"` + nobody + `"`: nobody, `"` + foreign + `"`: foreign, `"latest"`: "latest", `["a"]`: `["a"]`,
	} {
		a.do("POST /releases", `{"release":`+text+`}`).refuses(a.tb, 404, "The specified release "+shown+" was not found.")
	}
	a.do("GET /releases/"+foreign, "").refuses(a.tb, 404, "The specified release "+foreign+" was not found.")
	a.want(200, "GET /releases", "").refuses(a.tb, 200, "[]")
}

func list(a app) {
	const releases = 5
	first := a.release("1.0.0")
	for range releases - 1 {
		a.rollBack(first)
	}
	h := a.want(200, "GET /releases", "")
	all := h.body.([]any)
	seen := map[any]bool{}
	for i, one := range all {
		r := heard{body: one, text: h.text}
		r.is(a.tb, "version", i+1)
		seen[r.at("id")] = true
		if single := a.want(200, "GET /releases/"+r.at("id").(string), ""); single.at("version") != r.at("version") {
			a.tb.Errorf("%s is not in %s", single.text, h.text)
		}
	}
	if len(all) != releases || len(seen) != releases {
		a.tb.Error(h.text)
	}
}

func unknownReleases(a app) {
	for _, below := range []string{"", "/statuses", "/statuses/" + nobody} {
		a.do("GET /releases/zzz"+below, "").refuses(a.tb, 422, "The specified uuid was invalid.")
		a.do("GET /releases/"+nobody+"0"+below, "").refuses(a.tb, 422, "The specified uuid was invalid.")
		a.do("GET /releases/"+nobody+below, "").refuses(a.tb, 404, "The specified release "+nobody+" was not found.")
	}
	a.do("POST /releases/"+nobody+"/statuses", `{}`).refuses(a.tb, 404, "The specified release "+nobody+" was not found.")
}

func twoNames(a app) {
	release := a.release("1.0.0")
	a.until(release, "succeeded")
	id := a.want(200, "GET ", "").at("id").(string)
	for _, path := range []string{"", "/builds", "/builds/" + a.slug("1.0.0"), "/releases", "/releases/" + release, "/releases/" + release + "/statuses"} {
		want := a.want(200, "GET "+path, "").text
		for _, other := range []string{
			"/apps/" + id + path, "/apps/" + strings.ToUpper(id+path), "/apps/" + strings.ToUpper(a.name) + path, "/APPS/" + a.name + path + "/",
			"/aPPs/" + a.name + strings.ToUpper(path) + "?x=y", "/apps/%61pp-" + strings.TrimPrefix(a.name, "app-") + path,
		} {
			if got := a.ask(a.tb, "GET "+other, ""); got.text != want {
				a.tb.Errorf("%s: %d %s, want %s", other, got.status, got.text, want)
			}
		}
	}
	a.app(a.tb, "big-letters").want(200, "GET ", "").is(a.tb, "name", "Big", "key", "Big-Letters", "space.name", "Letters")
	for _, name := range []string{"nosuch-dev", "app", nobody, "shop", "shop-dev-x"} {
		a.ask(a.tb, "GET /apps/"+name+"/releases", "").refuses(a.tb, 404, "The specified application "+name+" does not exist.")
		a.ask(a.tb, "POST /apps/"+name+"/releases", "{").refuses(a.tb, 404, "The specified application "+name+" does not exist.")
	}
	found := 0
	for _, one := range a.ask(a.tb, "GET /apps", "").body.([]any) {
		if (heard{body: one}).at("id") == id {
			found++
		}
	}
	if found != 1 {
		a.tb.Errorf("the app is %d times in the list", found)
	}
}

func callers(a app) {
	for rule, header := range map[string]string{
		"nobody": "", "another key": "s3crets", "the key in another case": "S3CRET", "the key as a token": "Bearer s3cret",
		"no token": "Bearer a.b.c", "another scheme": "Basic czNjcmV0",
	} {
		for _, do := range []string{"GET /apps", "GET /apps/nosuch/releases", "POST /apps/" + a.name + "/releases", "POST /events", "GET /apps/" + a.name + "/releases/zzz"} {
			h, err := a.tell(a.tb, do, "{", "Authorization", header)
			if err != nil || h.status != 401 || h.text != "" {
				a.tb.Errorf("%s, %s: %d %q, %v", rule, do, h.status, h.text, err)
			}
		}
	}
	for _, do := range []string{
		"GET /apps/" + a.name + "/nosuch", "GET /apps/" + a.name + "/releases/" + nobody + "/nosuch", "DELETE /apps", "PUT /apps/" + a.name + "/releases",
		"GET /events", "POST /events/more", "POST /apps", "DELETE /apps/" + a.name + "/releases/" + nobody, "GET /apps//releases",
	} {
		for _, header := range []string{theKey, ""} {
			h, err := a.tell(a.tb, do, "", "Authorization", header)
			if err != nil || h.status != 404 || h.text != "" || h.header.Get("Allow") != "" {
				a.tb.Errorf("%s: %d %q %v, %v", do, h.status, h.text, h.header, err)
			}
		}
	}
	a.do("POST /releases", "{").refuses(a.tb, 400, "SyntaxError: Unexpected end of JSON input")
	a.do("POST /releases", `{"description":"`+strings.Repeat("x", 1<<20)+`"}`).refuses(a.tb, 413, "The request body is larger than 1048576 bytes.")
}

func noStatuses(a app) {
	release := a.release("1.0.0")
	a.until(release, "succeeded")
	h := a.want(200, "GET /releases/"+release+"/statuses", "")
	h.is(a.tb, "state", "success", "release.id", release, "release.current", true)
	if list, ok := h.at("statuses").([]any); !ok || len(list) != 0 {
		a.tb.Error(h.text)
	}
}

func statusChanges(a app) {
	release := a.release("1.0.0")
	at := "/releases/" + release
	h := a.want(201, "POST "+at+"/statuses", `{"state":"pending","context":"ci/integration","name":"Integration","description":"It <runs>.","target_url":"https://ci.example.org/1?a=b","image_url":"http://ci.example.org/i.png"}`)
	h.is(a.tb, "state", "pending", "context", "ci/integration", "name", "Integration", "description", "It <runs>.",
		"target_url", "https://ci.example.org/1?a=b", "image_url", "http://ci.example.org/i.png", "release.id", release, "release.state", "pending")
	a.want(200, "GET "+at, "").is(a.tb, "state", "pending")
	id := h.at("id").(string)
	read := a.want(200, "GET "+at+"/statuses/"+id, "")
	read.is(a.tb, "id", id, "state", "pending", "created_at", h.at("created_at"), "updated_at", h.at("updated_at"), "release.id", release)
	changed := a.want(200, "PATCH "+at+"/statuses/"+strings.ToUpper(id), `{"state":"success","description":"All is well."}`)
	changed.is(a.tb, "id", id, "state", "success", "description", "All is well.", "name", "Integration", "context", "ci/integration",
		"target_url", "https://ci.example.org/1?a=b", "created_at", h.at("created_at"), "release.state", "success")
	a.want(200, "GET "+at, "").is(a.tb, "state", "success")
	all := a.want(200, "GET "+at+"/statuses", "")
	all.is(a.tb, "state", "success", "statuses.0.id", id, "statuses.0.release", nil, "statuses.1", nil)
	if a.until(release, "succeeded").at("state") != "success" {
		a.tb.Error("statuses change what the release is")
	}
	a.want(200, "GET /releases", "").is(a.tb, "0.state", "success")
}

func statusesThatAreNot(a app) {
	release := a.release("1.0.0")
	at := "POST /releases/" + release + "/statuses"
	good := map[string]any{"state": "success", "context": "ci/one", "name": "Name"}
	with := func(name string, value any) string {
		body := map[string]any{}
		for n, v := range good {
			body[n] = v
		}
		if body[name] = value; value == nil {
			delete(body, name)
		}
		text, err := json.Marshal(body)
		if err != nil {
			a.tb.Fatal(err)
		}
		return string(text)
	}
	for rule, body := range map[string]string{
		"a bad state": with("state", "fine"), "no state": with("state", nil), "a state in capitals": with("state", "SUCCESS"), "a state that is no text": with("state", 1),
		"a bad context": with("context", "bad context"), "a context of 5": with("context", "ci/on"), "one of 32": with("context", strings.Repeat("c", 32)),
		"no context": with("context", nil), "a context with an underscore": with("context", "ci_one"), "a context that is no text": with("context", []int{1}),
		"a name of 3": with("name", "abc"), "a name of 256": with("name", strings.Repeat("n", 256)), "no name": with("name", nil), "a name that is no text": with("name", true),
		"an address that is none": with("target_url", "nowhere"), "another scheme": with("target_url", "ftp://x.example.org"), "a long address": with("target_url", "https://x.example.org/"+strings.Repeat("u", 256)),
		"an image of another scheme": with("image_url", "javascript:alert(1)"), "an image that is no text": with("image_url", map[string]int{}),
		"a long description": with("description", strings.Repeat("d", 1024)), "a description that is no text": with("description", 5), "nothing": "{}",
	} {
		if h := a.do(at, body); h.status != 422 || h.text == "" || strings.HasPrefix(h.text, "{") {
			a.tb.Errorf("%s: %d %s", rule, h.status, h.text)
		}
	}
	a.want(400, at, "{")
	for rule, body := range map[string]string{
		"the least": with("description", ""), "a context of 6": with("context", "ci/tw0"), "one of 31": with("context", strings.Repeat("c", 31)),
		"all signs": with("context", `./\+-aZ9`), "the longest texts": fmt.Sprintf(`{"state":"error","context":"longest","name":%q,"description":%q,"target_url":%q}`,
			strings.Repeat("é", 255), strings.Repeat("é", 1023), "https://x.example.org/"+strings.Repeat("u", 255-len("https://x.example.org/"))),
		"null where nothing is": `{"state":"failure","context":"nothing","name":"Name","description":null,"target_url":null,"image_url":null}`,
	} {
		if h := a.do(at, body); h.status != 201 {
			a.tb.Errorf("%s: %d %s", rule, h.status, h.text)
		}
	}
	a.do(at, with("name", "Another")).refuses(a.tb, 422, "The release "+release+" already has a status with the context ci/one.")
	second := a.rollBack(release)
	a.want(201, "POST /releases/"+second+"/statuses", with("name", "Another"))
}

func patchOfAContext(a app) {
	release := a.release("1.0.0")
	at := "/releases/" + release + "/statuses"
	id := a.want(201, "POST "+at, `{"state":"pending","context":"ci/one","name":"Name"}`).at("id").(string)
	for rule, body := range map[string]string{
		"a context": `{"state":"success","context":"ci/two"}`, "the same context": `{"state":"success","context":"ci/one"}`, "no state": `{"name":"Other"}`,
		"a bad state": `{"state":"fine"}`, "nothing": `{}`, "a short name": `{"state":"success","name":"abc"}`,
	} {
		if h := a.do("PATCH "+at+"/"+id, body); h.status != 422 || h.text == "" {
			a.tb.Errorf("%s: %d %s", rule, h.status, h.text)
		}
	}
	a.want(200, "GET "+at+"/"+id, "").is(a.tb, "state", "pending", "name", "Name")
	a.do("PATCH "+at+"/"+nobody, `{"state":"success"}`).refuses(a.tb, 422, "The specified release status "+nobody+" was not found.")
	a.do("PATCH "+at+"/zzz", `{"state":"success"}`).refuses(a.tb, 422, "The specified uuid was invalid.")
	a.do("GET "+at+"/"+nobody, "").refuses(a.tb, 404, "The specified release status "+nobody+" was not found.")
	a.do("GET "+at+"/zzz", "").refuses(a.tb, 422, "The specified uuid was invalid.")
	second := a.rollBack(release)
	a.do("GET /releases/"+second+"/statuses/"+id, "").refuses(a.tb, 404, "The specified release status "+id+" was not found.")
	a.do("PATCH /releases/"+second+"/statuses/"+id, `{"state":"success"}`).refuses(a.tb, 422, "The specified release status "+id+" was not found.")
	a.want(400, "PATCH "+at+"/"+id, "[")
}

func worstStatus(a app) {
	release := a.release("1.0.0")
	at := "/releases/" + release
	for i, state := range []string{"success", "pending", "failure", "error", "success", "failure"} {
		a.want(201, "POST "+at+"/statuses", fmt.Sprintf(`{"state":%q,"context":"context/%d","name":"Name"}`, state, i))
		want := []string{"success", "pending", "failure", "error", "error", "error"}[i]
		a.want(200, "GET "+at, "").is(a.tb, "state", want)
		a.want(200, "GET "+at+"/statuses", "").is(a.tb, "state", want)
		a.want(200, "GET /releases", "").is(a.tb, "0.state", want)
	}
}

func downstream(a app) {
	slug := a.slug("1.0.0")
	prod := a.app(a.tb, "shop-prod")
	for _, body := range []string{fmt.Sprintf(`{"slug":%q}`, slug), `{"slug":"latest"}`, `{"release":"` + nobody + `"}`} {
		prod.do("POST /releases", body).refuses(a.tb, 422,
			"The application shop-prod is downstream in a pipeline: its releases come by promotion, and cannot be created.")
	}
	prod.want(400, "POST /releases", "{")
	prod.want(200, "GET ", "").is(a.tb, "downstream", true)
	a.want(201, "POST /releases", fmt.Sprintf(`{"slug":%q}`, slug))
}

func headers(a app) {
	a.release("1.0.0")
	plain := a.want(200, "GET /builds", "").text
	for header, zipped := range map[string]bool{
		"gzip": true, "deflate, gzip;q=0.5": true, "*": true, "GZIP": true, "x-gzip": true, "gzip;q=0": false, "br": false, "identity": false,
		"*;q=0": false, "*, gzip;q=0": false, "gzip;q=x": false,
	} {
		h := a.do("GET /builds", "", "Accept-Encoding", header)
		if got := h.header.Get("Content-Encoding") == "gzip"; got != zipped {
			a.tb.Errorf("%s: %v", header, h.header)
			continue
		}
		if h.header.Get("RateLimit-Remaining") != "2400" || h.header.Get("Content-Type") != "application/json" || h.header.Get("Vary") != "Accept-Encoding" {
			a.tb.Errorf("%s: %v", header, h.header)
		}
		if text := mustUnzip(a.tb, h); text != plain {
			a.tb.Errorf("%s: %s, want %s", header, text, plain)
		}
	}
	h := a.do("GET /releases/zzz", "", "Accept-Encoding", "gzip")
	if h.status != 422 || mustUnzip(a.tb, h) != "The specified uuid was invalid." || h.header.Get("Content-Encoding") != "gzip" {
		a.tb.Errorf("%d %v %s", h.status, h.header, h.text)
	}
	if h := a.ask(a.tb, "GET /apps/a/nosuch", "", "Accept-Encoding", "gzip"); h.status != 404 || h.text != "" || h.header.Get("Content-Encoding") != "" {
		a.tb.Errorf("%d %v %q", h.status, h.header, h.text)
	}
}

// mustUnzip gives the text of an answer, which may be compressed.
func mustUnzip(tb testing.TB, h heard) string {
	tb.Helper()
	if h.header.Get("Content-Encoding") != "gzip" {
		return h.text
	}
	z, err := gzip.NewReader(strings.NewReader(h.text))
	if err != nil {
		tb.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func rapidReleases(a app) {
	const releases = 10
	slugs := []string{a.slug("1.0.0"), a.slug("1.0.1")}
	answers := make(chan heard, releases)
	for n := range releases {
		go func() {
			h, err := a.tell(a.tb, "POST /apps/"+a.name+"/releases", fmt.Sprintf(`{"slug":%q}`, slugs[n%2]), "Authorization", theKey)
			if err != nil {
				a.tb.Error(err)
			}
			answers <- h
		}()
	}
	seen, last := map[any]bool{}, heard{}
	for range releases {
		h := <-answers
		h.is(a.tb, "status", "queued", "current", true)
		if h.status != 201 || seen[h.at("version")] {
			a.tb.Errorf("%d %s", h.status, h.text)
		}
		if seen[h.at("version")] = true; h.at("version") == float64(releases) {
			last = h
		}
	}
	id, _ := last.at("id").(string)
	a.until(id, "succeeded").is(a.tb, "current", true)
	a.isCurrent(id)
	for i, one := range a.want(200, "GET /releases", "").body.([]any) {
		heard{body: one}.is(a.tb, "version", i+1, "status", "succeeded", "current", i == releases-1)
	}
}
