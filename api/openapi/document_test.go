package openapi_test

import (
	"encoding/json"
	"os"
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

func TestOperationsAreDescribed(t *testing.T) {
	openapitest.CheckDescriptions(t, openapitest.MustLoad(t))
}

// The data of events are described only in words: the stream itself is a text.
func TestComponentsAreUsed(t *testing.T) {
	d, err := openapi.Main()
	if err != nil {
		t.Fatal(err)
	}
	openapitest.CheckComponents(t, d, "Event")
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
