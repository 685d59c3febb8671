package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"purser/api"
)

// maxBody is the largest body of an import, in bytes: it names artifacts, and holds none.
const maxBody = 10 << 20

// object is a JSON object: its members as they were sent. Names are exact, and of several with one name the last counts.
type object map[string]json.RawMessage

// readObject reads the body of a request. What is no object has no members: what is missing is told then.
func readObject(w http.ResponseWriter, r *http.Request) (object, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	if r.ContentLength == 0 {
		return object{}, nil
	}
	data, err := api.ReadBody(r)
	if err != nil {
		return nil, err
	}
	return parseObject(data)
}

func parseObject(data []byte) (object, error) {
	data = bytes.ToValidUTF8(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []byte("\uFFFD"))
	if len(bytes.TrimSpace(data)) == 0 {
		return object{}, nil
	}
	var value json.RawMessage
	if err := json.Unmarshal(data, &value); err != nil {
		return nil, refuse(http.StatusBadRequest, syntaxError(data, err))
	}
	if o, ok := objectOf(value); ok {
		return o, nil
	}
	if value[0] != '[' { // neither an object nor a list can be meant
		return nil, refuse(http.StatusBadRequest, fmt.Sprintf("Unexpected token %c in JSON at position 0", value[0]))
	}
	return object{}, nil
}

// syntaxError tells where a text is no JSON.
func syntaxError(data []byte, err error) string {
	bad, ok := errors.AsType[*json.SyntaxError](err)
	if !ok || bad.Offset < 1 || bad.Offset > int64(len(data)) || strings.HasPrefix(bad.Error(), "unexpected end") {
		return "Unexpected end of JSON input"
	}
	token := []rune(string(data[bad.Offset-1:]))[0]
	return fmt.Sprintf("Unexpected token %c in JSON at position %d", token, bad.Offset-1)
}

// objectOf reads an object that is known to be JSON.
func objectOf(value json.RawMessage) (object, bool) {
	value = bytes.TrimSpace(value)
	if len(value) == 0 || value[0] != '{' {
		return nil, false
	}
	var o object
	if err := json.Unmarshal(value, &o); err != nil {
		return nil, false
	}
	return o, true
}

// has tells whether a member is there and not null.
func (o object) has(name string) bool {
	value, ok := o[name]
	return ok && string(value) != "null"
}

// text gives a member that is a text.
func (o object) text(name string) (string, bool) {
	var text string
	value, ok := o[name]
	if !ok || len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return text, true
}

// list gives a member that is a list.
func (o object) list(name string) ([]json.RawMessage, bool) {
	var list []json.RawMessage
	value, ok := o[name]
	if !ok || len(value) == 0 || value[0] != '[' || json.Unmarshal(value, &list) != nil {
		return nil, false
	}
	return list, true
}
