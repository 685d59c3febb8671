package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"purser"
)

// What the reference says of a change alone, its scripts wait for: it stands behind the cause (spec/rest.md §3.1).
func TestUnspecificTextStandsBehindTheCause(t *testing.T) {
	const generic = " (Error waiting to get Release from a statemachine)"
	invalid := func(text string) error { return purser.Errorf(purser.CodeInvalid, "%s", text) }
	for _, row := range []struct {
		rule, do, body string
		err            error
		want           string
	}{
		{"an argument", "POST /api/package/install", `{"installProperties":{"releaseName":""}}`, invalid("Release name must not be empty"), "Release name must not be empty" + generic},
		{"by id", "POST /api/package/install/7", `{"releaseName":"a"}`, invalid("line 3"), "line 3" + generic},
		{"a template", "POST /api/release/upgrade", `{"upgradeProperties":{"releaseName":"a"}}`, invalid("templates/a.yml, line 3"), "templates/a.yml, line 3" + generic},
		{"a version", "POST /api/release/rollback", `{"releaseName":"a","version":-1}`, invalid("Value = -1"), "Value = -1" + generic},
		{"no version", "POST /api/release/rollback", `{"releaseName":"a"}`, nil, "Rollback version must not be null" + generic},
		{"a version in the path", "POST /api/release/rollback/a/-1", "", invalid("Value = -1"), "Value = -1" + generic},
		{"a platform's refusal", "POST /api/release/scale/a", `{}`, purser.Errorf(purser.CodePlatform, "no room"), "no room" + generic},
		{"no count", "POST /api/release/scale/a", `{"scale":[{"name":"b"}]}`, nil, "Count of application 'b' must not be null" + generic},
		{"an application that is null", "POST /api/release/scale/a", `{"scale":[null]}`, nil, "Count of application '' must not be null" + generic},
		{"values that are no map", "POST /api/release/upgrade", `{"upgradeProperties":{"releaseName":"a"}}`, invalid("Was expecting override values to produce a Map, instead got x"), "instead got x"},
		{"no kind", "POST /api/package/install", `{"installProperties":{"releaseName":"a"}}`, invalid("No release manager available for 'null'"), "available for 'null'"},
		{"an empty manifest", "POST /api/package/install", `{"installProperties":{"releaseName":"a"}}`, invalid("Can't parse manifest, it is empty"), "it is empty"},
		{"a platform that took nothing", "POST /api/package/install", `{"installProperties":{"releaseName":"a"}}`, purser.Errorf(purser.CodePlatform, "Could not install AppDeployRequest [x]"), "AppDeployRequest [x]"},
		{"no package", "POST /api/package/install", `{"installProperties":{"releaseName":"a"}}`, purser.Errorf(purser.CodeNotFound, "Can not find a package named 'p'"), "named 'p'"},
		{"busy", "POST /api/release/upgrade", `{"upgradeProperties":{"releaseName":"a"}}`, purser.Errorf(purser.CodeBusy, "to do UPGRADE"), "to do UPGRADE"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			f := mustServe(t)
			f.put(t, sampleRelease("a", 1))
			f.engine.err = row.err
			method, path, _ := strings.Cut(row.do, " ")
			w := call(f, method, path, row.body, "Content-Type", "application/json")
			if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), row.want+`","path"`) || !strings.Contains(w.Body.String(), skipperError) {
				t.Errorf("%d %s, want %s", w.Code, w.Body, row.want)
			}
		})
	}
}

func TestScaleWithoutACountOfAMissingRelease(t *testing.T) {
	w := call(mustServe(t), "POST", "/api/release/scale/nobody", `{"scale":[{"name":"a"}]}`, "Content-Type", "application/json")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `"releaseName":"nobody"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
