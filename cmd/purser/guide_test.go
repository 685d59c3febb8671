package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// guided is an answer that the REST guide documents field by field. Types are the guide's: what was null in its samples may
// be a text or a number, as it is whenever there is something to say, and the time of an error is a text (spec/rest.md §0.1).
type guided struct {
	Do     string
	Bare   bool                // the sample has bare links, and was asked for as application/json
	Fields map[string][]string // paths by type
}

// fits tells whether a value has a documented type.
func fits(kind string, value any) bool {
	switch value.(type) {
	case nil:
		return kind == "Null" || kind == "Varies"
	case string:
		return kind == "String" || kind == "Null" || kind == "Varies"
	case float64:
		return kind == "Number" || kind == "Null" || kind == "Varies"
	case bool:
		return kind == "Boolean" || kind == "Varies"
	case []any:
		return kind == "Array" || kind == "Varies"
	}
	return kind == "Object"
}

// at gives the values that a path leads to; [] stands for each entry of a list. False: a part of it is not there.
func at(value any, path string) ([]any, bool) {
	values := []any{value}
	for part := range strings.SplitSeq(path, ".") {
		name, each := strings.CutSuffix(part, "[]")
		var next []any
		for _, v := range values {
			object, _ := v.(map[string]any)
			member, there := object[name]
			list, _ := member.([]any)
			switch {
			case !there || each && list == nil:
				return nil, false
			case each:
				next = append(next, list...)
			default:
				next = append(next, member)
			}
		}
		values = next
	}
	return values, len(values) > 0
}

func (g guided) check(t *testing.T, body []byte) {
	t.Helper()
	var doc any
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	other := `"_links" :`
	if !g.Bare {
		other = `"links" :`
	}
	if bytes.Contains(body, []byte(other)) {
		t.Errorf("links in the wrong form: %s", body)
	}
	for kind, paths := range g.Fields {
		for _, path := range paths {
			values, there := at(doc, path)
			if !there {
				t.Errorf("%s is not there", path)
			}
			for _, value := range values {
				if !fits(kind, value) {
					t.Errorf("%s is %v, the guide says %s", path, value, kind)
				}
			}
		}
	}
}

// guidePackage is a package that has what the one of the guide's samples has.
func guidePackage(t *testing.T, version string) []byte {
	t.Helper()
	return mustZip(t, "hello-"+version, map[string]string{
		"package.yml": metadataOf("hello", version) + "packageSourceUrl: https://example.org/source\n" +
			"packageHomeUrl: https://example.org/\ntags: logging, sink\nmaintainer: somebody\ndescription: It says hello.\n",
		"values.yml": "greeting: Hello\n",
		"templates/hello.yml": "apiVersion: skipper.spring.io/v1\nkind: SpringCloudDeployerApplication\nmetadata:\n  name: hello\n" +
			"spec:\n  resource: file:" + theBuilt.apps + "/hello-" + version + "\n  applicationProperties:\n    hello.greeting: {{greeting}}\n",
	})
}

// Every field that the REST guide documents is there, with its type, in the form of the guide's samples: bare links for what
// is asked for as application/json, HAL for the rest.
func TestAnswersHaveTheFieldsOfTheGuide(t *testing.T) {
	text, err := os.ReadFile("testdata/guide.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []guided
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	left := map[string]guided{}
	for _, row := range rows {
		left[row.Do] = row
	}
	s, _ := MustStart(t, "--purser.api.bare-links=true")
	w := newWitness(t, s.Base())
	w.doc = nil // it describes HAL
	ask := func(do string, body any) {
		t.Run(do, func(t *testing.T) {
			row, known := left[do]
			if !known {
				t.Fatal("the guide does not have it")
			}
			delete(left, do)
			var headers []string
			if row.Bare {
				headers = []string{"Accept", "application/json"}
			}
			row.check(t, w.ask(t, do, body, headers...).body)
		})
	}
	upload := func(version string) map[string]any {
		return map[string]any{
			"repoName": "local", "name": "hello", "version": version, "extension": "zip",
			"packageFileAsBytes": guidePackage(t, version),
		}
	}
	named := func(version string) map[string]any {
		return map[string]any{"packageName": "hello", "packageVersion": version}
	}
	values := map[string]any{"raw": "greeting: Hi\n"}
	properties := map[string]any{"releaseName": "hello", "platformName": "default", "configValues": values}
	ask("POST /api/package/upload", upload("1.0.0"))
	w.want(t, 201, "POST /api/package/upload", upload("1.0.1"))
	ask("POST /api/package/install", map[string]any{"packageIdentifier": named("1.0.0"), "installProperties": properties})
	upgrade := map[string]any{
		"packageIdentifier": named("1.0.1"), "upgradeProperties": map[string]any{"releaseName": "hello", "configValues": values},
	}
	ask("POST /api/release/upgrade", upgrade)
	w.until(t, "/api/release/status/hello/1", "Delete complete")
	ask("POST /api/release/rollback", map[string]any{"releaseName": "hello", "version": 1})
	w.until(t, "/api/release/status/hello/2", "Delete complete")
	w.want(t, 201, "POST /api/release/upgrade", upgrade)
	w.until(t, "/api/release/status/hello/3", "Delete complete")
	ask("POST /api/release/rollback/hello/1", nil)
	w.until(t, "/api/release/status/hello/4", "Delete complete")
	ask("POST /api/release/cancel", map[string]any{"releaseName": "hello"})
	for _, row := range rows {
		if strings.HasPrefix(row.Do, "GET ") {
			ask(row.Do, nil)
		}
	}
	ask("DELETE /api/release/hello", nil)
	ask("POST /api/package/install/1", properties)
	ask("DELETE /api/release/hello/package", nil)
	for do := range left {
		t.Errorf("%s was not asked", do)
	}
}
