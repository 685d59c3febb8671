package openapi_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"purser/api/openapi"
	"purser/api/openapi/openapitest"
)

func TestDocumentIsOpenAPI31(t *testing.T) {
	d := openapitest.MustLoad(t) // refuses what is not valid
	if !d.IsOpenAPI31OrLater() {
		t.Errorf("the version is %s", d.OpenAPI)
	}
}

func TestJSONSaysWhatYAMLSays(t *testing.T) {
	text, err := openapi.YAML()
	if err != nil {
		t.Fatal(err)
	}
	var fromYAML any
	if err := yaml.Unmarshal(text, &fromYAML); err != nil {
		t.Fatal(err)
	}
	numbered, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	got, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mustUnmarshal(t, numbered), mustUnmarshal(t, got)); diff != "" {
		t.Errorf("-yaml +json:\n%s", diff)
	}
	if !strings.HasPrefix(string(got), `{"openapi":"3.1.0","info":{"title":`) {
		t.Errorf("the order is not kept: %.60s", got)
	}
}

// Each operation says what it is for, once, and belongs to one group that is described.
func TestOperationsAreDescribed(t *testing.T) {
	d := openapitest.MustLoad(t)
	seen := map[string]string{}
	used := map[string]bool{}
	for _, o := range d.Operations() {
		name := o.Method + " " + o.Path
		if o.OperationID == "" || seen[o.OperationID] != "" {
			t.Errorf("%s has the operationId %q, as has %q", name, o.OperationID, seen[o.OperationID])
		}
		seen[o.OperationID] = name
		if o.Summary == "" || strings.HasSuffix(o.Summary, ".") || len(o.Summary) > 120 {
			t.Errorf("%s has the summary %q", name, o.Summary)
		}
		if len(o.Tags) != 1 || d.Tags.Get(o.Tags[0]) == nil {
			t.Errorf("%s has the tags %q", name, o.Tags)
		}
		for _, tag := range o.Tags {
			used[tag] = true
		}
		if o.Responses.Default() == nil {
			t.Errorf("%s does not say what may go wrong", name)
		}
		for _, p := range append(slices.Clone(o.Parameters), d.Paths.Value(o.Path).Parameters...) {
			if p.Value.Description == "" {
				t.Errorf("%s does not say what %s is", name, p.Value.Name)
			}
		}
		if o.RequestBody != nil {
			for label, media := range o.RequestBody.Value.Content {
				if len(media.Examples) == 0 {
					t.Errorf("%s has no example of a body of the type %s", name, label)
				}
			}
		}
	}
	for _, tag := range d.Tags {
		if !used[tag.Name] || tag.Description == "" {
			t.Errorf("the tag %s is used: %v, described: %q", tag.Name, used[tag.Name], tag.Description)
		}
	}
}

// Nothing is kept that nothing refers to. The data of events are described only in words: the stream itself is a text.
func TestComponentsAreUsed(t *testing.T) {
	text, err := openapi.YAML()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Components map[string]map[string]any }
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for kind, list := range doc.Components {
		for name := range list {
			if name != "Event" && !strings.Contains(string(text), `"#/components/`+kind+"/"+name+`"`) {
				t.Errorf("nothing refers to %s/%s", kind, name)
			}
		}
	}
}

func mustUnmarshal(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v in %.100s", err, text)
	}
	return value
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
