package conformance

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

func split(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(part string) bool { return part == "" })
}

// pointer gives the value at a path of names and indexes; ~1 in a name is a slash. nil: there is none. It goes on in the
// JSON that platformStatus holds as a text.
func pointer(value any, path string) any {
	for _, part := range split(path) {
		part = strings.ReplaceAll(part, "~1", "/")
		if value = child(value, part); value == nil {
			return nil
		}
		if text, ok := value.(string); ok && part == "platformStatus" {
			value = parse(text)
		}
	}
	return value
}

func child(value any, part string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[part]
	case []any:
		if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}

// blank takes a value out; * stands for each element of a list.
func blank(value any, path string) {
	part, rest, more := strings.Cut(strings.Trim(path, "/"), "/")
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	switch {
	case part == "*" && isList:
		for _, v := range list {
			blank(v, rest)
		}
	case !more && isObject:
		delete(object, part)
	case more:
		blank(child(value, part), rest)
	}
}

// settle puts the elements of a list into an order that does not depend on the one they came in.
func settle(value any, path string) {
	parts := split(path)
	list, isList := value.([]any)
	switch {
	case len(parts) == 0:
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(short(a, 0), short(b, 0)) })
	case parts[0] == "*" && isList:
		for _, v := range list {
			settle(v, strings.Join(parts[1:], "/"))
		}
	default:
		settle(child(value, parts[0]), strings.Join(parts[1:], "/"))
	}
}

// short writes a value as JSON, cut at a number of bytes; 0 means all of it.
func short(value any, limit int) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if limit > 0 && len(text) > limit {
		return strings.ToValidUTF8(string(text[:limit]), "") + "…"
	}
	return string(text)
}
