package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/yosida95/uritemplate/v3"
)

// links are the links of a HAL document, as URI templates by relation. Several of one relation stand in their order.
type links map[string][]string

// UnmarshalJSON reads _links: each relation has one link or a list of them. What is no link is passed over.
func (l *links) UnmarshalJSON(raw []byte) error {
	var relations map[string]json.RawMessage
	if err := json.Unmarshal(raw, &relations); err != nil {
		return nil //nolint:nilerr // not the links of HAL
	}
	*l = links{}
	for relation, value := range relations {
		type link struct {
			Href string `json:"href"`
		}
		var list []link
		if bytes.HasPrefix(value, []byte("[")) {
			if json.Unmarshal(value, &list) != nil {
				continue
			}
		} else {
			var one link
			if json.Unmarshal(value, &one) != nil {
				continue
			}
			list = []link{one}
		}
		for _, one := range list {
			if one.Href != "" {
				(*l)[relation] = append((*l)[relation], one.Href)
			}
		}
	}
	return nil
}

// id gives the number at the end of the first link of the relations that has one, 0 for none.
func (l links) id(relations ...string) int64 {
	for _, relation := range relations {
		for _, href := range l[relation] {
			if id, err := strconv.ParseInt(href[strings.LastIndexByte(href, '/')+1:], 10, 64); err == nil && id > 0 {
				return id
			}
		}
	}
	return 0
}

// addHeader takes the links of Link headers (RFC 8288). Parts that cannot be read are passed over.
func (l links) addHeader(h http.Header) {
	for _, line := range h.Values("Link") {
		for line != "" {
			_, rest, ok := strings.Cut(line, "<")
			if !ok {
				break
			}
			href, parameters, ok := strings.Cut(rest, ">")
			if !ok {
				break
			}
			var own string
			own, line = cutOutsideQuotes(parameters, ',')
			for relation := range strings.FieldsSeq(parameter(own, "rel")) {
				l[relation] = append(l[relation], href)
			}
		}
	}
}

// parameter gives the value of ;name=value, "" for none.
func parameter(text, name string) string {
	for text != "" {
		var one string
		one, text = cutOutsideQuotes(text, ';')
		key, value, _ := strings.Cut(one, "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// cutOutsideQuotes cuts at the first mark that stands outside of double quotes.
func cutOutsideQuotes(text string, mark byte) (before, after string) {
	quoted, escaped := false, false
	for i := range len(text) {
		switch {
		case escaped:
			escaped = false
		case text[i] == '\\' && quoted:
			escaped = true
		case text[i] == '"':
			quoted = !quoted
		case text[i] == mark && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

var _ json.Unmarshaler = (*links)(nil)

// vars are the values of the variables of a template.
type vars map[string]string

// errNoLink says that no link fits.
var errNoLink = errors.New("the server has no link for this")

// choose expands one of several templates: the one that uses the most of the variables, needs no path variable besides
// them, and leaves out none that counts. errNoLink when there is none; another error for values that no address can have.
func choose(templates []string, v vars) (string, error) {
	var best *uritemplate.Template
	used := -1
	for _, text := range templates {
		template, err := uritemplate.New(text)
		if err != nil {
			continue
		}
		filled := map[string]bool{}
		complete := true
		for _, name := range template.Varnames() {
			if _, given := v[name]; given {
				filled[name] = true
			} else {
				complete = complete && optional(text, name)
			}
		}
		for name := range v {
			complete = complete && (filled[name] || negligible[name])
		}
		if complete && len(filled) > used {
			best, used = template, len(filled)
		}
	}
	if best == nil {
		return "", errNoLink
	}
	values := uritemplate.Values{}
	for name, value := range v {
		if err := possible(best.Raw(), name, value); err != nil {
			return "", err
		}
		values[name] = uritemplate.String(latin(value))
	}
	return best.Expand(values)
}

// possible refuses values that would make the address of something else.
func possible(template, name, value string) error {
	switch {
	case strings.Contains(value, "\x00"):
		return fmt.Errorf("%s must not hold a NUL", name)
	case optional(template, name):
		return nil
	case value == "":
		return fmt.Errorf("%s must not be empty", name)
	case value == ".", value == "..":
		return fmt.Errorf("%s must not be %q", name, value)
	}
	return nil
}

// latin gives a character for each byte of a text: the library writes characters of one byte each, where RFC 6570 §3.2.1
// wants those of UTF-8.
func latin(text string) string {
	characters := make([]rune, len(text))
	for i := range len(text) {
		characters[i] = rune(text[i])
	}
	return string(characters)
}

// optional tells whether the template has the variable in a query expression only, which vanishes without a value.
func optional(template, name string) bool {
	for rest := template; ; {
		_, behind, ok := strings.Cut(rest, "{")
		if !ok {
			return true
		}
		expression, after, _ := strings.Cut(behind, "}")
		rest = after
		if strings.HasPrefix(expression, "?") || strings.HasPrefix(expression, "&") {
			continue
		}
		for one := range strings.SplitSeq(strings.TrimLeft(expression, "+#./;"), ",") {
			if strings.TrimRight(one, "*") == name {
				return false
			}
		}
	}
}
