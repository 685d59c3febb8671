package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The media types of the wire.
const (
	TypeHAL  = "application/hal+json"
	TypeJSON = "application/json"
	// TypeAnyJSON as an offer stands for each type that ends in +json, if it is asked for by name.
	TypeAnyJSON = "application/*+json"

	typeText = "text/plain"
	typeHTML = "text/html;charset=UTF-8"
)

// ModelTypes are the labels that a HAL document can have, the preferred one first (spec/rest.md §1.1).
func ModelTypes() []string { return []string{TypeHAL, TypeJSON, TypeAnyJSON} }

// PlainTypes are the labels that plain answers and errors can have, the preferred one first.
func PlainTypes() []string { return []string{TypeJSON, TypeAnyJSON} }

// mediaRange is one entry of an Accept header.
type mediaRange struct {
	kind, sub string // lower case; * for any
	params    string // parameters but the weight, each with a leading semicolon
	weight    float64
}

// Negotiate chooses the label of an answer: of the offers that fit the header, the one with the highest weight; ties
// follow the order of the header, with ranges that name a type before ranges that do not, and then the order of the
// offers. Without a header the first offer is taken. False: nothing fits, or the header makes no sense.
func Negotiate(accept []string, offers ...string) (contentType string, ok bool) {
	if absent(accept) {
		return offers[0], true
	}
	if len(accept) == 1 { // what many callers send needs no reading
		switch only := accept[0]; {
		case only == "*/*":
			return offers[0], true
		case only != TypeAnyJSON && slices.Contains(offers, only):
			return only, true
		}
	}
	var room [4]mediaRange
	ranges, ok := parseAccept(room[:0], accept)
	if !ok {
		return "", false
	}
	best := -1.0
	for _, r := range ranges {
		for _, offer := range offers {
			if r.weight <= best {
				continue
			}
			if label, fits := r.label(offer); fits {
				best, contentType = r.weight, label
			}
		}
	}
	return contentType, best > 0
}

// negotiateFor is Negotiate for a request, with the failure in place of false.
func negotiateFor(r *http.Request, offers []string) (string, error) {
	label, ok := Negotiate(r.Header["Accept"], offers...)
	if !ok {
		return "", NotAcceptable()
	}
	return label, nil
}

// asksHTML tells whether the header names HTML: then errors are pages (spec/rest.md §1.1).
func asksHTML(accept []string) bool {
	ranges, ok := parseAccept(nil, accept)
	return ok && slices.ContainsFunc(ranges, func(r mediaRange) bool {
		return r.kind == "text" && (r.sub == "html" || r.sub == "*") && r.weight > 0
	})
}

// label gives the type that an offer gets under this range.
func (r mediaRange) label(offer string) (string, bool) {
	kind, sub, _ := strings.Cut(offer, "/")
	switch {
	case offer == TypeAnyJSON:
		if r.kind != kind || r.sub == "*" || r.sub == "*+json" || !strings.HasSuffix(r.sub, "+json") {
			return "", false
		}
		return r.kind + "/" + r.sub + r.params, true
	case r.kind == kind && r.sub == sub:
		return offer + r.params, true
	case r.kind == "*" && r.sub == "*", r.kind == kind && r.sub == "*":
		return offer, true
	case r.kind == kind && strings.HasPrefix(r.sub, "*+"):
		return offer, strings.HasSuffix(sub, r.sub[1:])
	}
	return "", false
}

func absent(accept []string) bool {
	return !slices.ContainsFunc(accept, func(line string) bool { return strings.TrimSpace(line) != "" })
}

// parseAccept appends the ranges of the header's lines to those given, ranges that name a type first. False: it is no
// Accept header.
func parseAccept(ranges []mediaRange, lines []string) ([]mediaRange, bool) {
	for _, line := range lines {
		for line != "" {
			var entry string
			entry, line = cutOutsideQuotes(line, ',')
			if strings.TrimSpace(entry) == "" {
				continue
			}
			r, ok := parseRange(entry)
			if !ok {
				return nil, false
			}
			ranges = append(ranges, r)
		}
	}
	slices.SortStableFunc(ranges, func(a, b mediaRange) int { return a.vagueness() - b.vagueness() })
	return ranges, true
}

func (r mediaRange) vagueness() int {
	switch {
	case r.kind == "*":
		return 2
	case strings.HasPrefix(r.sub, "*"):
		return 1
	}
	return 0
}

func parseRange(entry string) (mediaRange, bool) {
	name, rest := cutOutsideQuotes(entry, ';')
	kind, sub, ok := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "/")
	if kind == "*" && !ok {
		sub, ok = "*", true // a bare asterisk, as some old clients send it
	}
	if !ok || !isToken(kind) || !isToken(sub) || kind == "*" && sub != "*" {
		return mediaRange{}, false
	}
	r := mediaRange{kind: kind, sub: sub, weight: 1}
	for rest != "" {
		var param string
		param, rest = cutOutsideQuotes(rest, ';')
		key, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		key = strings.ToLower(strings.TrimSpace(key))
		value = strings.TrimSpace(value)
		switch {
		case key == "":
		case !isToken(key) || strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' }):
			return mediaRange{}, false
		case key == "q":
			weight, err := strconv.ParseFloat(value, 64)
			if err != nil || !(weight >= 0 && weight <= 1) {
				return mediaRange{}, false
			}
			r.weight = weight
		case key == "charset" && !strings.EqualFold(strings.Trim(value, `"`), "utf-8"):
			// Everything here is UTF-8; a label that says otherwise would be wrong.
		default:
			r.params += ";" + key + "=" + value
		}
	}
	return r, true
}

// profileOf gives the parameter profile of a media type. False: it has none.
func profileOf(params string) (profile string, named bool) {
	for params != "" {
		var param string
		param, params = cutOutsideQuotes(params, ';')
		if key, value, _ := strings.Cut(param, "="); key == "profile" {
			return strings.Trim(value, `"`), true
		}
	}
	return "", false
}

// cutOutsideQuotes cuts s at the first sep that is not inside a quoted string.
func cutOutsideQuotes(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return c <= ' ' || c >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, c)
	})
}
