package data

import (
	"net/http"
	"strconv"
	"strings"
)

// entityTag writes a revision as a strong ETag.
func entityTag(revision int64) string { return `"` + strconv.FormatInt(revision, 10) + `"` }

// notModified tells whether a GET of an item with that tag ("" for none) is answered 304: the tag is among the
// client's, or the client sent any date at all (spec/rest.md §2.21). The tag "*" and unquoted ones do not count.
func notModified(h http.Header, tag string) bool {
	if tag != "" {
		for _, t := range parseTags(h.Values("If-None-Match")) {
			if t == tag {
				return true
			}
		}
	}
	_, err := http.ParseTime(h.Get("If-Modified-Since"))
	return err == nil
}

// preconditionFailed tells whether a write must not happen, because the client named tags with If-Match of which none
// is the item's. echo is the tag that the refusal carries.
func preconditionFailed(h http.Header, tag string) (echo string, failed bool) {
	values := h.Values("If-Match")
	if len(values) == 0 {
		return "", false
	}
	text := strings.TrimSpace(strings.Join(values, ","))
	if text == "*" {
		return "", false
	}
	tags := parseTags(values)
	if len(tags) == 0 {
		tags = []string{`"` + strings.Trim(text, `"`) + `"`}
	}
	for _, t := range tags {
		if t == tag {
			return "", false
		}
	}
	return tags[0], true
}

// parseTags reads quoted tags out of header values and gives them without the mark of a weak one. Anything else
// between the commas is left out.
func parseTags(values []string) []string {
	var tags []string
	rest := strings.Join(values, ",")
	for {
		rest = strings.TrimLeft(rest, " \t,")
		if rest == "" {
			return tags
		}
		text := strings.TrimPrefix(rest, "W/")
		if !strings.HasPrefix(text, `"`) {
			_, rest, _ = strings.Cut(rest, ",")
			continue
		}
		value, after, closed := strings.Cut(text[1:], `"`)
		if !closed {
			return tags
		}
		tags = append(tags, `"`+value+`"`)
		rest = after
	}
}
