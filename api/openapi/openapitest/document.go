package openapitest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"purser/api/openapi"
)

// Document is a document of the API, ready to be compared with answers.
type Document struct {
	*openapi3.T
	strict   *openapi3.T // the same, but no object has members that its schema does not know
	refusals []string    // the schemas of answers to what is no operation
}

// MustLoad loads the main document and refuses one that is not valid, its examples included.
func MustLoad(tb testing.TB) *Document {
	tb.Helper()
	d, err := openapi.Main()
	if err != nil {
		tb.Fatal(err)
	}
	return MustRead(tb, d, "Error", "DataError")
}

// MustRead is MustLoad for any document. The schemas are those that answers to unknown paths and methods may have; none
// when they have no JSON.
func MustRead(tb testing.TB, d openapi.Document, refusals ...string) *Document {
	tb.Helper()
	text, err := d.JSON()
	if err != nil {
		tb.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		tb.Fatal(err)
	}
	closeSchemas(tree)
	closed, err := json.Marshal(tree)
	if err != nil {
		tb.Fatal(err)
	}
	return &Document{T: mustParse(tb, text), strict: mustParse(tb, closed), refusals: refusals}
}

func mustParse(tb testing.TB, text []byte) *openapi3.T {
	tb.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		tb.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableMultiError()); err != nil {
		tb.Fatal(err)
	}
	return doc
}

// closeSchemas forbids further members wherever a schema lists members.
func closeSchemas(tree any) {
	switch tree := tree.(type) {
	case map[string]any:
		_, lists := tree["properties"].(map[string]any)
		if _, says := tree["additionalProperties"]; lists && !says && tree["type"] == "object" {
			tree["additionalProperties"] = false
		}
		for _, value := range tree {
			closeSchemas(value)
		}
	case []any:
		for _, value := range tree {
			closeSchemas(value)
		}
	}
}

// Operation is one method of one path of the document.
type Operation struct {
	Method string
	Path   string // with its placeholders
	*openapi3.Operation
}

// Operations lists all operations by path and method.
func (d *Document) Operations() []Operation { return operationsOf(d.T) }

func operationsOf(doc *openapi3.T) []Operation {
	var list []Operation
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			list = append(list, Operation{Method: method, Path: path, Operation: o})
		}
	}
	slices.SortFunc(list, func(a, b Operation) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return list
}

// Find gives the operation that answers a request: of those whose path fits the one with the fewest placeholders. A slash
// at the end does not count.
func (d *Document) Find(method, path string) (Operation, bool) { return find(d.T, method, path) }

func find(doc *openapi3.T, method, path string) (Operation, bool) {
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	best, found, fewest := Operation{}, false, 0
	for _, o := range operationsOf(doc) {
		if holes, fits := fit(o.Path, path); fits && o.Method == method && (!found || holes < fewest) {
			best, found, fewest = o, true, holes
		}
	}
	return best, found
}

// fit tells whether a path has the form of a template, and how many placeholders were filled.
func fit(template, path string) (holes int, fits bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return 0, false
	}
	for i, part := range want {
		switch {
		case strings.HasPrefix(part, "{") && got[i] != "":
			holes++
		case part != got[i]:
			return 0, false
		}
	}
	return holes, true
}
