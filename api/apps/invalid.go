package apps

import (
	"encoding/json"
	"fmt"
	"net/http"

	"purser/api"
)

// issue is one thing that is not valid, as Pydantic tells it (spec/dialects.md §3.2). The order of its members is
// FastAPI's.
type issue struct {
	Type  string          `json:"type"`
	Loc   []any           `json:"loc"`
	Msg   string          `json:"msg"`
	Input json.RawMessage `json:"input"`
	Ctx   map[string]any  `json:"ctx,omitempty"`
}

// The kinds of issues and what they say.
const (
	kindMissing   = "missing"
	kindModel     = "model_attributes_type"
	kindString    = "string_type"
	kindUnicode   = "string_unicode"
	kindShort     = "string_too_short"
	kindLong      = "string_too_long"
	kindJSON      = "json_invalid"
	kindBool      = "bool_parsing"
	kindInt       = "int_parsing"
	kindIntSize   = "int_parsing_size"
	kindLeast     = "greater_than_equal"
	kindMost      = "less_than_equal"
	kindValue     = "value_error"
	textMissing   = "Field required"
	textModel     = "Input should be a valid dictionary or object to extract fields from"
	textString    = "Input should be a valid string"
	textUnicode   = "Input should be a valid string, unable to parse raw data as a unicode string"
	textJSON      = "JSON decode error"
	textBool      = "Input should be a valid boolean, unable to interpret input"
	textInt       = "Input should be a valid integer, unable to parse string as an integer"
	textIntSize   = "Unable to parse input string as an integer, exceeded maximum size"
	textUnparsed  = "There was an error parsing the body"
	textBodyLarge = "The request body is larger than %d bytes"
)

// Places of issues.
const (
	inQuery = "query"
	inBody  = "body"
)

// invalid is a request that is not valid.
type invalid struct{ issues []issue }

// Error implements error.
func (e *invalid) Error() string {
	return fmt.Sprintf("%d issues, the first at %v: %s", len(e.issues), e.issues[0].Loc, e.issues[0].Msg)
}

// invalidate gives the failure for issues, nil when there are none.
func invalidate(issues []issue) error {
	if len(issues) == 0 {
		return nil
	}
	e := &invalid{issues}
	return &api.Failure{Status: http.StatusUnprocessableEntity, Message: e.Error(), Err: e}
}

// unworthy is an issue that only this server sees, in the form of a validator's.
func unworthy(loc []any, input json.RawMessage, why string) issue {
	return issue{Type: kindValue, Loc: loc, Msg: "Value error, " + why, Input: input, Ctx: map[string]any{"error": struct{}{}}}
}

// bound makes an issue that of a number out of bounds.
func (i *issue) bound(kind, word string, limit int) {
	than := map[string]string{kindLeast: "greater", kindMost: "less"}[kind]
	i.Type, i.Ctx = kind, map[string]any{word: limit}
	i.Msg = fmt.Sprintf("Input should be %s than or equal to %d", than, limit)
}

// quote gives a text as JSON.
func quote(text string) json.RawMessage {
	quoted, err := json.Marshal(text)
	if err != nil { // texts always have a JSON form
		return json.RawMessage("null")
	}
	return quoted
}
