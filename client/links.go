package client

import (
	"bytes"
	"encoding/json"
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
	quoted := false
	for i := range len(text) {
		switch {
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

// choose expands one of several templates: the one that uses the most of the variables, needs no path variable besides
// them, and leaves out none that counts. False when there is none.
func choose(templates []string, v vars) (string, bool) {
	best, used := "", -1
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
		if !complete || len(filled) <= used {
			continue
		}
		values := uritemplate.Values{}
		for name, value := range v {
			values[name] = uritemplate.String(value)
		}
		if expanded, err := template.Expand(values); err == nil {
			best, used = expanded, len(filled)
		}
	}
	return best, used >= 0
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
