package openapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Answer is what the server answered to a request.
type Answer struct {
	Method string
	Path   string // as it was sent, without the query
	Status int
	Type   string // the Content-Type
	Body   []byte // nil: not known, which is not the same as an empty one
	Header http.Header
}

// Check compares an answer with the document. Requests that the document does not know must be refused.
func (d *Document) Check(a Answer) error {
	o, known := find(d.strict, a.Method, a.Path)
	var problem error
	switch {
	case known:
		problem = checkOperation(o, a)
	case a.Method == http.MethodHead && a.Status < http.StatusBadRequest:
		if _, readable := find(d.strict, http.MethodGet, a.Path); !readable {
			problem = fmt.Errorf("is not in the document")
		}
	case a.Method == http.MethodOptions && a.Status == http.StatusOK, a.Path == "/" && a.Status == http.StatusFound:
	case a.Status < http.StatusBadRequest:
		problem = fmt.Errorf("is not in the document")
	default:
		problem = d.checkRefusal(a)
	}
	if problem != nil {
		return fmt.Errorf("%s %s, %d %s: %w", a.Method, a.Path, a.Status, a.Type, problem)
	}
	return nil
}

func checkOperation(o Operation, a Answer) error {
	response := o.Responses.Status(a.Status)
	if response == nil {
		// What any operation may run into: a path that cannot be meant, a fault, the end of the server.
		if a.Status != http.StatusBadRequest && a.Status < http.StatusInternalServerError {
			return fmt.Errorf("this status is not in the document")
		}
		response = o.Responses.Default()
	}
	if a.Header != nil {
		for name, header := range response.Value.Headers {
			if header.Value.Required && len(a.Header.Values(name)) == 0 {
				return fmt.Errorf("the header %s is missing", name)
			}
		}
	}
	return checkContent(response.Value.Content, a, mayBeEmpty(o))
}

// mayBeEmpty tells whether a successful answer may have no body although it has content: the description of the operation
// says when.
func mayBeEmpty(o Operation) bool {
	switch o.OperationID {
	case "getStates", "postToActuator", "createPackageMetadata":
		return true
	}
	return false
}

func checkContent(content openapi3.Content, a Answer, mayBeEmpty bool) error {
	if a.Body != nil && len(a.Body) == 0 {
		if len(content) == 0 || mayBeEmpty || a.Status >= http.StatusBadRequest || a.Method == http.MethodHead {
			return nil
		}
		return fmt.Errorf("a body is missing")
	}
	if len(content) == 0 {
		if a.Body != nil {
			return fmt.Errorf("a body is not expected")
		}
		return nil
	}
	if a.Type == "" {
		return nil // not known
	}
	label, _, err := mime.ParseMediaType(a.Type)
	if err != nil {
		return err
	}
	media := content[label]
	if media == nil {
		return fmt.Errorf("this type is not in the document")
	}
	if a.Body == nil || media.Schema == nil || !strings.HasSuffix(label, "json") {
		return nil
	}
	return visit(media.Schema.Value, a.Body)
}

// checkRefusal looks at the answer to what is no operation: it has one of the shapes of errors.
func (d *Document) checkRefusal(a Answer) error {
	oneOf := openapi3.SchemaRefs{}
	for _, name := range d.refusals {
		oneOf = append(oneOf, d.strict.Components.Schemas[name])
	}
	shapes := openapi3.NewMediaType().WithSchema(&openapi3.Schema{OneOf: oneOf})
	return checkContent(openapi3.Content{
		"application/json": shapes, "application/hal+json": shapes, "text/html": openapi3.NewMediaType(),
	}, a, true)
}

// CheckRequest compares the body of a request with the document.
func (d *Document) CheckRequest(method, path string, body []byte) error {
	o, known := find(d.strict, method, path)
	if !known || o.RequestBody == nil {
		return fmt.Errorf("%s %s takes no body", method, path)
	}
	if err := visit(o.RequestBody.Value.Content["application/json"].Schema.Value, body); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// CheckSchema compares JSON with a schema of the document.
func (d *Document) CheckSchema(name string, body []byte) error {
	schema := d.strict.Components.Schemas[name]
	if schema == nil {
		return fmt.Errorf("there is no schema %s", name)
	}
	return visit(schema.Value, body)
}

func visit(schema *openapi3.Schema, body []byte) error {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return short(schema.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()))
}

// short leaves the schema and the value, which may be long, out of an error.
func short(err error) error {
	if several, ok := errors.AsType[openapi3.MultiError](err); ok {
		var list []error
		for _, one := range several {
			list = append(list, short(one))
		}
		return errors.Join(list...)
	}
	if one, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		return fmt.Errorf("at /%s: %s", strings.Join(one.JSONPointer(), "/"), one.Reason)
	}
	return err
}
