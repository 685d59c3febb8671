package browse

import (
	"net/http"
	"strings"
)

// problemData is a refusal of the API on a page.
type problemData struct {
	Status    int
	Reason    string
	Message   string
	Exception string
	Advice    string
}

// problem is the page of a refusal.
func (v *visit) problem(p *page, a *answer) error {
	d := &problemData{Status: a.status, Reason: http.StatusText(a.status), Message: problemText(a), Advice: advice[a.status]}
	var doc wireProblem
	if a.isJSON() && a.decode(&doc) == nil {
		d.Exception = doc.Exception[strings.LastIndexByte(doc.Exception, '.')+1:]
	}
	p.Template, p.Title, p.Data = "problem", d.Reason, d
	if values := a.header["Retry-After"]; len(values) > 0 {
		v.w.Header()["Retry-After"] = values
	}
	if values := a.header["Allow"]; len(values) > 0 {
		v.w.Header()["Allow"] = values
	}
	return v.render(a.status, p)
}

// problemText gives the message of a refusal.
func problemText(a *answer) string {
	var doc wireProblem
	if a.isJSON() && a.decode(&doc) == nil {
		switch {
		case doc.Message != "" && doc.Message != "No message available":
			return doc.Message
		case doc.Cause != nil && *doc.Cause != "":
			return *doc.Cause
		}
	}
	if text := messages[a.status]; text != "" {
		return text
	}
	return "The server refused this without a reason."
}

var messages = map[int]string{
	http.StatusNotFound:         "Nothing is here.",
	http.StatusMethodNotAllowed: "This resource cannot be read; requests are sent to it.",
	http.StatusNotAcceptable:    "This resource has no form that a browser shows.",
	http.StatusUnauthorized:     "The server wants to know who you are.",
	http.StatusForbidden:        "You may not see this.",
}

// advice says what may help.
var advice = map[int]string{
	http.StatusNotFound:           "It may have been deleted, or the address is not quite right. Everything there is can be reached from the overview.",
	http.StatusMethodNotAllowed:   "The explorer sends requests of any method.",
	http.StatusServiceUnavailable: "The server is busy or about to stop. Try again in a moment.",
	http.StatusBadRequest:         "The address holds something that the server cannot read.",
}
