package openapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"purser/api/openapi/openapitest"
)

// recorded is a question to the reference server, and what of its answer is compared with ours.
type recorded struct {
	Name   string
	Do     string
	Ignore []string
	Setup  bool // sent, not compared: a fault of the reference that nobody copies
	Want   struct {
		Status int
		Type   string
		JSON   json.RawMessage
	}
}

// Every recorded answer of the reference server fits the document.
func TestRecordedAnswersFit(t *testing.T) {
	d := openapitest.MustLoad(t)
	var files []string
	for _, pattern := range []string{"../rest/testdata/recorded_*.json", "../data/testdata/*.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no recorded answers at %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	checked := 0
	for _, file := range files {
		var rows []recorded
		if err := json.Unmarshal(mustRead(t, file), &rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.Do == "" || row.Setup { // no "do": a change of the store, not a question
				continue
			}
			checked++
			t.Run(filepath.Base(file)+"/"+row.Name, func(t *testing.T) {
				if err := row.check(d); err != nil {
					t.Error(err)
				}
			})
		}
	}
	if checked < 300 {
		t.Errorf("%d recorded answers were found", checked)
	}
}

func (row recorded) check(d *openapitest.Document) error {
	method, target, _ := strings.Cut(row.Do, " ")
	path, _, _ := strings.Cut(target, "?")
	body, err := row.whole()
	if err != nil {
		return err
	}
	if row.Want.Status == http.StatusInternalServerError {
		// The reference breaks down, and Purser refuses, which is checked on its own answers. The shapes are the same.
		if err := d.CheckSchema("Error", body); err != nil {
			return d.CheckSchema("DataError", body)
		}
		return nil
	}
	return d.Check(openapitest.Answer{Method: method, Path: path, Status: row.Want.Status, Type: row.Want.Type, Body: body})
}

// whole gives the body of an answer, nil when it was not recorded. What was taken out of it comes back in its type.
func (row recorded) whole() ([]byte, error) {
	if row.Want.JSON == nil {
		return nil, nil
	}
	var value any
	if err := json.Unmarshal(row.Want.JSON, &value); err != nil {
		return nil, err
	}
	for _, pointer := range row.Ignore {
		restore(value, strings.Split(pointer, "/")[1:])
	}
	textAgain(value)
	return json.Marshal(value)
}

// textAgain makes texts of what the records show taken apart: the texts that hold JSON or YAML.
func textAgain(value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, v := range value {
			if parts, ok := v.(map[string]any); ok && (key == "data" || key == "platformStatus") {
				value[key] = fmt.Sprint(parts)
			}
			textAgain(v)
		}
	case []any:
		for _, v := range value {
			textAgain(v)
		}
	}
}

func restore(value any, path []string) {
	switch value := value.(type) {
	case map[string]any:
		if len(path) > 1 {
			restore(value[path[0]], path[1:])
			return
		}
		switch path[0] {
		case "options", "templates":
			value[path[0]] = []any{}
		case "manifest":
			value[path[0]] = map[string]any{"data": ""}
		case "_embedded":
			value[path[0]] = map[string]any{"releases": []any{}}
		default:
			value[path[0]] = ""
		}
	case []any:
		for _, v := range value {
			restore(v, path[1:])
		}
	}
}

// What the other tests of the dialects call right fits the schemas.
func TestGoldenDocumentsFit(t *testing.T) {
	d := openapitest.MustLoad(t)
	for file, schema := range map[string]string{
		"../rest/testdata/about.json":                       "About",
		"../rest/testdata/cancel.json":                      "CancelResponse",
		"../rest/testdata/delete.json":                      "Release",
		"../rest/testdata/empty_hal.json":                   "ReleaseList",
		"../rest/testdata/empty_plain.json":                 "States",
		"../rest/testdata/health.json":                      "Health",
		"../rest/testdata/index.json":                       "Index",
		"../rest/testdata/info.json":                        "BuildInfo",
		"../rest/testdata/install.json":                     "Release",
		"../rest/testdata/list.json":                        "ReleaseList",
		"../rest/testdata/list_of_one.json":                 "ReleaseList",
		"../rest/testdata/logs.json":                        "Logs",
		"../rest/testdata/management.json":                  "ManagementIndex",
		"../rest/testdata/manifest.json":                    "Manifest",
		"../rest/testdata/no_logs.json":                     "Logs",
		"../rest/testdata/package_index.json":               "PackageIndex",
		"../rest/testdata/release_index.json":               "ReleaseIndex",
		"../rest/testdata/states.json":                      "States",
		"../rest/testdata/status.json":                      "Info",
		"../rest/testdata/upgrade.json":                     "Release",
		"../rest/testdata/upload.json":                      "PackageMetadata",
		"../data/testdata/documents/alps-deployers.json":    "Profile",
		"../data/testdata/documents/alps-releases.json":     "Profile",
		"../data/testdata/documents/alps-repositories.json": "Profile",
		"../data/testdata/documents/deployers.json":         "DeployersPage",
		"../data/testdata/documents/profile.json":           "LinksOnly",
		"../data/testdata/documents/release.json":           "Release",
		"../data/testdata/documents/repositories.json":      "RepositoriesPage",
		"../data/testdata/documents/repository.json":        "Repository",
		"../data/testdata/documents/search.json":            "LinksOnly",
		"../skipper/testdata/info.json":                     "Info",
		"../skipper/testdata/manifest.json":                 "Manifest",
		"../skipper/testdata/package_metadata.json":         "PackageMetadata",
		"../skipper/testdata/release.json":                  "Release",
		"../skipper/testdata/release_deleted.json":          "Release",
	} {
		t.Run(schema+" "+filepath.Base(file), func(t *testing.T) {
			if err := d.CheckSchema(schema, mustRead(t, file)); err != nil {
				t.Error(err)
			}
		})
	}
}

// The text that holds JSON holds what the document says it holds.
func TestPlatformStatusFits(t *testing.T) {
	d := openapitest.MustLoad(t)
	for _, file := range []string{"../rest/testdata/status.json", "../skipper/testdata/info.json"} {
		var info struct {
			Status struct{ PlatformStatus string }
		}
		if err := json.Unmarshal(mustRead(t, file), &info); err != nil {
			t.Fatal(err)
		}
		if err := d.CheckSchema("PlatformStatus", []byte(info.Status.PlatformStatus)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
