package openapitest

import (
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"purser/api/openapi"
)

// CheckDescriptions sees to it that each operation says what it is for, once, and belongs to one group that is described.
func CheckDescriptions(tb testing.TB, d *Document) {
	tb.Helper()
	seen := map[string]string{}
	used := map[string]bool{}
	for _, o := range d.Operations() {
		name := o.Method + " " + o.Path
		if o.OperationID == "" || seen[o.OperationID] != "" {
			tb.Errorf("%s has the operationId %q, as has %q", name, o.OperationID, seen[o.OperationID])
		}
		seen[o.OperationID] = name
		if o.Summary == "" || strings.HasSuffix(o.Summary, ".") || len(o.Summary) > 120 {
			tb.Errorf("%s has the summary %q", name, o.Summary)
		}
		if len(o.Tags) != 1 || d.Tags.Get(o.Tags[0]) == nil {
			tb.Errorf("%s has the tags %q", name, o.Tags)
		}
		for _, tag := range o.Tags {
			used[tag] = true
		}
		if o.Responses.Default() == nil {
			tb.Errorf("%s does not say what may go wrong", name)
		}
		for _, p := range append(slices.Clone(o.Parameters), d.Paths.Value(o.Path).Parameters...) {
			if p.Value.Description == "" {
				tb.Errorf("%s does not say what %s is", name, p.Value.Name)
			}
		}
		if o.RequestBody != nil {
			for label, media := range o.RequestBody.Value.Content {
				if len(media.Examples) == 0 {
					tb.Errorf("%s has no example of a body of the type %s", name, label)
				}
			}
		}
	}
	for _, tag := range d.Tags {
		if !used[tag.Name] || tag.Description == "" {
			tb.Errorf("the tag %s is used: %v, described: %q", tag.Name, used[tag.Name], tag.Description)
		}
	}
}

// CheckComponents sees to it that nothing is kept that nothing refers to, but for what is described only in words.
func CheckComponents(tb testing.TB, d openapi.Document, inWords ...string) {
	tb.Helper()
	var doc struct{ Components map[string]map[string]any }
	if err := yaml.Unmarshal(d.YAML, &doc); err != nil {
		tb.Fatal(err)
	}
	for kind, list := range doc.Components {
		for name := range list {
			if kind != "securitySchemes" && !slices.Contains(inWords, name) && !strings.Contains(string(d.YAML), `"#/components/`+kind+"/"+name+`"`) {
				tb.Errorf("nothing refers to %s/%s", kind, name)
			}
		}
	}
}
