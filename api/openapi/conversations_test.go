package openapi_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"purser/api/openapi/openapitest"
)

// Every answer of the conversations that were recorded with the reference server fits the document.
func TestRecordedConversationsFit(t *testing.T) {
	const folder = "../../cmd/purser/conformance/testdata/"
	d := openapitest.MustLoad(t)
	files, err := filepath.Glob(folder + "scenarios/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	checked := 0
	for _, file := range files {
		var steps []recorded
		if err := json.Unmarshal(mustRead(t, file), &steps); err != nil {
			t.Fatal(err)
		}
		var answers map[string]json.RawMessage
		if err := json.Unmarshal(mustRead(t, folder+"golden/"+filepath.Base(file)), &answers); err != nil {
			t.Fatal(err)
		}
		for i, step := range steps {
			name := fmt.Sprintf("%02d %s", i+1, step.Name)
			if answers[name] == nil || step.Setup {
				continue
			}
			checked++
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				if err := json.Unmarshal(answers[name], &step.Want); err != nil {
					t.Fatal(err)
				}
				if err := step.check(d); err != nil {
					t.Error(err)
				}
			})
		}
	}
	if checked < 1000 {
		t.Errorf("%d recorded answers were found", checked)
	}
}
