package browse

import (
	"net/http"
	"strings"

	"purser/api"
)

const typeHTML = "text/html"

// wantsPage tells whether a request is a person's who looks at a resource: a GET or HEAD that prefers HTML to what the API
// has, and comes from a browser. The API answers HTML-loving programs itself, as Skipper does (spec/rest.md §1.1), and some
// prefer HTML without knowing: Java's own client does.
func wantsPage(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	accept := r.Header["Accept"]
	label, ok := api.Negotiate(accept, api.TypeHAL, api.TypeJSON, "text/event-stream", typeHTML)
	if !ok || label != typeHTML && !strings.HasPrefix(label, typeHTML+";") {
		return false
	}
	return isBrowser(r) || r.URL.RawQuery != "" && r.URL.Query().Has(paramFormat)
}

// isBrowser tells whether a person sits in front of what sent the request. The headers that tell it best are sent over
// HTTPS and to the own machine alone, so the name counts as well.
func isBrowser(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Mode") == "navigate" || r.Header.Get("Upgrade-Insecure-Requests") == "1" {
		return true
	}
	agent := r.UserAgent()
	for _, name := range browsers {
		if strings.HasPrefix(agent, name) {
			return true
		}
	}
	return false
}

// browsers are how the names of browsers begin, and of tools with which a person may ask for a page by hand.
var browsers = []string{
	"Mozilla/", "Opera/", "Lynx/", "w3m/", "ELinks", "Links ", "NetSurf/", "Dillo/",
	"curl/", "Wget/", "HTTPie/",
}

// isOwn tells whether a path belongs to the pages and not to the API.
func isOwn(path string) bool {
	path = strings.TrimSuffix(path, "/")
	return path == pathForms || strings.HasPrefix(path, pathForms+"/") || path == pathExplorer || path == pathDocs
}
