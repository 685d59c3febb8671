package api

import (
	"slices"
	"strings"
)

// bodyMedia is the type of a request body, as its header names it.
type bodyMedia struct {
	kind, sub string // lower case
	params    []string
	charset   string // without quotes, "" for none
}

// parseBodyType reads a Content-Type header, or tells in the words of Spring why it is none (spec/rest.md §3.1).
func parseBodyType(header string) (t bodyMedia, problem string) {
	name, params := cutOutsideQuotes(header, ';')
	name = strings.TrimSpace(name)
	kind, sub, slash := strings.Cut(name, "/")
	switch {
	case name == "":
		return t, "'mimeType' must not be empty"
	case !slash:
		return t, "does not contain '/'"
	case sub == "":
		return t, "does not contain subtype after '/'"
	case kind == "*" && sub != "*":
		return t, "wildcard type is legal only in '*/*' (all mime types)"
	case kind == "":
		return t, "'type' must not be empty"
	}
	for _, token := range []string{kind, sub} {
		if i := strings.IndexFunc(token, func(c rune) bool { return !isToken(string(c)) }); i >= 0 {
			return t, "Invalid token character '" + string([]rune(token[i:])[0]) + "' in token \"" + token + "\""
		}
	}
	t.kind, t.sub = strings.ToLower(kind), strings.ToLower(sub)
	for params != "" {
		var param string
		param, params = cutOutsideQuotes(params, ';')
		key, value, ok := strings.Cut(param, "=")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		t.params = append(t.params, key+"="+value)
		if strings.EqualFold(key, "charset") {
			t.charset = strings.Trim(value, `"'`)
		}
	}
	return t, ""
}

// isJSON tells whether bodies of this type are read.
func (t bodyMedia) isJSON() bool {
	return t.kind == "application" && (t.sub == "json" || strings.HasSuffix(t.sub, "+json") && t.sub != "*+json")
}

// String writes the type as refusals name it: with a charset, given or not.
func (t bodyMedia) String() string {
	params := t.params
	if t.charset == "" {
		params = append(slices.Clone(params), "charset=UTF-8")
	}
	return strings.Join(append([]string{t.kind + "/" + t.sub}, params...), ";")
}
