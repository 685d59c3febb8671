package apps

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"purser/api"
)

// longestBody is how many bytes a body may have.
const longestBody = 1 << 20

// longestTag is how many characters a tag may have.
const longestTag = 128

// draft is what a release is made with.
type draft struct {
	tag         string
	description *string
}

// readDraft reads and validates the body of a request as FastAPI and Pydantic do, and tells all that is wrong with it.
func readDraft(r *http.Request) (draft, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, longestBody+1))
	switch _, large := errors.AsType[*http.MaxBytesError](err); {
	case large:
		return draft{}, err
	case err != nil: // the caller is gone, or does not keep to its own framing
		return draft{}, &api.Failure{Status: http.StatusBadRequest, Message: textUnparsed, Err: err}
	case len(data) > longestBody:
		return draft{}, &api.Failure{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf(textBodyLarge, longestBody)}
	}
	return parseDraft(data, r.Header.Get("Content-Type"))
}

func parseDraft(data []byte, contentType string) (draft, error) {
	body := value{kind: textValue, text: string(data)}
	switch {
	case len(data) == 0:
		return draft{}, invalidate([]issue{{Type: kindMissing, Loc: []any{inBody}, Msg: textMissing}})
	case saysJSON(contentType):
		var err error
		if body, err = decodeJSON(data); err != nil {
			return draft{}, unparsed(err)
		}
	case !utf8.Valid(data):
		body.text = strings.ToValidUTF8(body.text, "\uFFFD")
	}
	if body.kind != objectValue {
		return draft{}, invalidate([]issue{{Type: kindModel, Loc: []any{inBody}, Msg: textModel, Input: body.append(nil)}})
	}
	return validate(body)
}

// unparsed is the failure for a body that is no JSON.
func unparsed(err error) error {
	if e, ok := errors.AsType[*jsonError](err); ok {
		return invalidate([]issue{{
			Type: kindJSON, Loc: []any{inBody, e.at}, Msg: textJSON, Input: []byte("{}"), Ctx: map[string]any{"error": e.message},
		}})
	}
	return &api.Failure{Status: http.StatusBadRequest, Message: textUnparsed, Err: err}
}

// saysJSON tells whether a type is JSON; none is taken for it.
func saysJSON(contentType string) bool {
	name, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	name = strings.TrimSpace(name)
	if contentType == "" {
		return true
	}
	sub, ok := strings.CutPrefix(name, "application/")
	return ok && (sub == "json" || strings.HasSuffix(sub, "+json"))
}

// validate takes the fields of a body, in the order in which they are declared.
func validate(body value) (d draft, err error) {
	var issues []issue
	add := func(field string, input value, kind, text string, ctx map[string]any) {
		issues = append(issues, issue{Type: kind, Loc: []any{inBody, field}, Msg: text, Input: input.append(nil), Ctx: ctx})
	}
	tag, given := body.find("release_tag")
	d.tag = strings.TrimSpace(tag.text)
	length := utf8.RuneCountInString(d.tag)
	switch {
	case !given:
		add("release_tag", body, kindMissing, textMissing, nil)
	case tag.kind != textValue:
		add("release_tag", tag, kindString, textString, nil)
	case tag.torn:
		add("release_tag", tag, kindUnicode, textUnicode, nil)
	case length == 0:
		add("release_tag", tag, kindShort, "String should have at least 1 character", map[string]any{"min_length": 1})
	case length > longestTag:
		add("release_tag", tag, kindLong, fmt.Sprintf("String should have at most %d characters", longestTag), map[string]any{"max_length": longestTag})
	case strings.ContainsRune(d.tag, 0):
		issues = append(issues, unworthy([]any{inBody, "release_tag"}, tag.append(nil), "a tag has no null characters"))
	}
	switch description, given := body.find("description"); {
	case !given, description.kind == nullValue:
	case description.kind != textValue:
		add("description", description, kindString, textString, nil)
	case description.torn:
		add("description", description, kindUnicode, textUnicode, nil)
	default:
		d.description = &description.text
	}
	return d, invalidate(issues)
}
