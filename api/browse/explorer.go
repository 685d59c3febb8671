package browse

import (
	"net/http"
	"strings"

	"purser/api/markup"
)

// explorerData is the page that sends requests of any kind.
type explorerData struct {
	Path   string // below the root
	Source *source
	Plain  *markup.Code // an answer that is not JSON
	Bodies []sample
}

// sample is a body to begin with.
type sample struct{ Method, Path, Body string }

// explorer is GET /explorer?path=: the answer of the API under a path, with its links. Without JavaScript it reads; with it,
// it sends requests of any method.
func (v *visit) explorer() error {
	p := v.newPage()
	p.Template, p.Title, p.Section, p.Scripts, p.Wide = "explorer", "Explorer", "explorer", []string{"explorer.js"}, true
	path := v.r.URL.Query().Get("path")
	if path == "" {
		path = "/api"
	}
	d := &explorerData{Path: path, Bodies: bodies()}
	if strings.HasPrefix(path, "/") && !strings.Contains(path, "{") && !isOwn(path) {
		a, err := v.get(path)
		if err != nil {
			return err
		}
		if !a.stream && !a.long {
			d.Source = v.source(path, a)
			if d.Source.JSON == nil && len(a.body) > 0 {
				code := markup.Plain(string(a.body))
				d.Plain = &code
			}
		}
	}
	p.Data = d
	return v.render(http.StatusOK, p)
}

// bodies are what the methods of the API take, with places to fill.
func bodies() []sample {
	const identifier = `  "packageIdentifier": {"packageName": "hello", "packageVersion": "1.0.0"},` + "\n"
	install := "{\n" + identifier + `  "installProperties": {"releaseName": "hello", "platformName": "default", "configValues": {"raw": ""}}` + "\n}"
	upgrade := "{\n" + identifier + `  "upgradeProperties": {"releaseName": "hello", "configValues": {"raw": ""}}` + "\n}"
	rollback := `{"releaseName": "hello", "version": 1}`
	return []sample{
		{http.MethodPost, "/api/package/install", install},
		{http.MethodPost, "/api/release/upgrade", upgrade},
		{http.MethodPost, "/api/release/rollback", rollback},
		{http.MethodPost, "/api/release/cancel", `{"releaseName": "hello"}`},
		{http.MethodPost, "/api/release/scale/{name}", `{"scale": [{"name": "hello", "count": 2}]}`},
		{http.MethodPost, "/api/purser/preview/install", install},
		{http.MethodPost, "/api/purser/preview/upgrade", upgrade},
		{http.MethodPost, "/api/purser/preview/rollback", rollback},
		{http.MethodPost, "/api/package/upload", `{"repoName": "local", "name": "hello", "version": "1.0.0", "extension": "zip", "packageFileAsBytes": ""}`},
		{http.MethodPost, "/api/package/install/{id}", `{"releaseName": "hello", "platformName": "default", "configValues": {"raw": ""}}`},
		{http.MethodDelete, "/api/release/{name}", ""},
		{http.MethodDelete, "/api/release/{name}/package", ""},
		{http.MethodDelete, "/api/package/{name}", ""},
	}
}

// docs is GET /api/docs: the OpenAPI document as pages.
func (v *visit) docs() error {
	p := v.newPage()
	p.Template, p.Title, p.Section, p.Wide = "docs", "API documentation", "docs", true
	p.Scripts = []string{"swagger-ui-bundle.js", "docs.js"}
	p.Styles = []string{"swagger-ui.css", "docs.css"}
	return v.render(http.StatusOK, p)
}
