package akkeris

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxBody is the size that the body of a request may have, in bytes.
const maxBody = 1 << 20

// fields are the members of a body, as they were sent.
type fields map[string]json.RawMessage

// readFields reads a body, whatever type it says it has: the API's own examples are sent as forms. What is JSON but no object
// has no members.
func readFields(v *visit) (fields, error) {
	data, err := io.ReadAll(http.MaxBytesReader(v.w, v.r.Body, maxBody))
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, refuse(http.StatusRequestEntityTooLarge, textTooLarge, large.Limit)
	}
	if err != nil { // the caller is gone or does not keep to its own framing
		return nil, refuse(http.StatusBadRequest, "The request body ended early.")
	}
	return parseFields(data)
}

func parseFields(data []byte) (fields, error) {
	text := []byte(strings.ToValidUTF8(string(data), "\uFFFD"))
	if !json.Valid(text) {
		return nil, refuse(http.StatusBadRequest, "%s", syntaxError(text))
	}
	f := fields{}
	if start := bytes.TrimLeft(text, " \t\r\n"); start[0] != '{' {
		return f, nil
	}
	return f, json.Unmarshal(text, &f)
}

// syntaxError tells what is wrong with text that is no JSON, in the words of Node.js. Places are in units of UTF-16.
func syntaxError(text []byte) string {
	// The zero byte is nowhere good, so that the end of the text is told from its last character.
	var wrong *json.SyntaxError
	var drop json.RawMessage
	if !errors.As(json.Unmarshal(append(bytes.Clone(text), 0), &drop), &wrong) || wrong.Offset > int64(len(text)) {
		return "SyntaxError: Unexpected end of JSON input"
	}
	before, after := text[:wrong.Offset-1], text[wrong.Offset-1:]
	place := 0
	for _, r := range string(before) {
		place += utf16.RuneLen(r)
	}
	what := "token "
	switch first, _ := utf8.DecodeRune(after); {
	case first == '"':
		what = "string"
	case first == '-', first >= '0' && first <= '9':
		what = "number"
	case first > 0xFFFF: // half of it, which cannot be shown
		what += "\uFFFD"
	default:
		what += string(first)
	}
	return "SyntaxError: Unexpected " + what + " in JSON at position " + strconv.Itoa(place)
}

// given tells whether a member is there and is not what JavaScript takes for false.
func (f fields) given(name string) bool {
	switch string(f[name]) {
	case "", "null", "false", `""`, "0", "-0":
		return false
	}
	return true
}

// shown gives a member as it reads in a text: texts without their quotes, anything else as JSON.
func (f fields) shown(name string) string {
	var text string
	if json.Unmarshal(f[name], &text) == nil {
		return text
	}
	return string(f[name])
}

// text gives a member that is a text, or a number or truth that can be taken for one; nil when it is null or not there.
func (f fields) text(name string) (*string, error) {
	raw := f[name]
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if raw[0] == '{' || raw[0] == '[' {
		return nil, refuse(http.StatusUnprocessableEntity, textNotText, name)
	}
	text := f.shown(name)
	return &text, nil
}

// strict is text for members that are texts and nothing else.
func (f fields) strict(name string) (*string, error) {
	if raw := f[name]; len(raw) > 0 && raw[0] != '"' && raw[0] != 'n' {
		return nil, refuse(http.StatusUnprocessableEntity, textNotText, name)
	}
	return f.text(name)
}

// object gives a member that is an object; empty when it is none.
func (f fields) object(name string) fields {
	inner := fields{}
	if raw := f[name]; len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &inner) != nil {
		return fields{}
	}
	return inner
}
