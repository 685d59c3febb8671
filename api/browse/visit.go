package browse

import (
	"net/http"
	"net/url"
	"strings"

	"purser/api"
)

// The parameters of a page's own query; the API does not see them.
const (
	paramFormat = "format" // json: the document of the API in place of the page
	paramSaid   = "said"   // what has just been done
)

// visit is one request of a browser.
type visit struct {
	*Handler
	w    http.ResponseWriter
	r    *http.Request
	base string // what the links of the API begin with
	root string // the part of it that is a path; "" unless a proxy adds one
}

func newVisit(h *Handler, w http.ResponseWriter, r *http.Request) *visit {
	v := &visit{Handler: h, w: w, r: r, base: api.Base(r)}
	if u, err := url.Parse(v.base); err == nil {
		v.root = strings.TrimRight(u.EscapedPath(), "/")
	}
	return v
}

// target gives the path and the query that the API is asked for: those of the page without the page's own parameters.
func (v *visit) target() string {
	path := api.RawPath(v.r)
	var kept []string
	for pair := range strings.SplitSeq(v.r.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && name != paramFormat && name != paramSaid {
			kept = append(kept, pair)
		}
	}
	if len(kept) == 0 {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
}

// local gives the address of a link of the API on this server as a path, "" for any other.
func (v *visit) local(href string) string {
	rest, ok := strings.CutPrefix(href, v.base)
	if !ok || !strings.HasPrefix(rest, "/") {
		return ""
	}
	return v.root + rest
}

// redirect leads to a page of this server. 303: whatever was sent, the page is to be fetched.
func (v *visit) redirect(path string) {
	header := v.w.Header()
	header.Set("Location", v.root+path)
	header.Set("Cache-Control", "no-store")
	v.w.WriteHeader(http.StatusSeeOther)
}

func (v *visit) toIndex() error {
	v.redirect("/api")
	return nil
}

// resource is the page of whatever the API has under this path.
func (v *visit) resource() error {
	target := v.target()
	if strings.HasPrefix(target, "/?") || target == "/" {
		v.redirect("/api")
		return nil
	}
	a, err := v.get(target)
	if err != nil {
		return err
	}
	switch {
	case v.r.URL.Query().Get(paramFormat) == "json":
		return v.raw(a)
	case a.status >= 300 && a.status < 400:
		return v.raw(a)
	}
	p := v.newPage()
	p.Source = v.source(target, a)
	if a.failed() {
		return v.problem(p, a)
	}
	path, _, _ := strings.Cut(target, "?")
	show, params := match(path)
	if a.long || show == nil && (a.stream || !a.isJSON()) {
		show = (*visit).text
	}
	if show == nil {
		show = (*visit).anything
	}
	if err := show(v, p, a, params); err != nil {
		return err
	}
	return v.render(http.StatusOK, p)
}

// raw passes the answer of the API on as it is.
func (v *visit) raw(a *answer) error {
	if a.long || a.stream {
		return errLong()
	}
	header := v.w.Header()
	for _, name := range []string{"Content-Type", "Location", "Etag", "Allow", "Retry-After"} {
		if values := a.header[name]; len(values) > 0 {
			header[name] = values
		}
	}
	header.Set("Cache-Control", "private, no-cache")
	header.Set("Vary", "Accept")
	header.Set("X-Content-Type-Options", "nosniff")
	v.write(a.status, a.body)
	return nil
}

// shower fills the page of a resource.
type shower func(v *visit, p *page, a *answer, params []string) error

// resources are the pages with a form of their own, by the path; a star stands for one segment.
func resources() []struct {
	path string
	show shower
} {
	return []struct {
		path string
		show shower
	}{
		{"/api", (*visit).index},
		{"/api/packageMetadata", (*visit).packages},
		{"/api/packageMetadata/search/*", (*visit).packages},
		{"/api/packageMetadata/*", (*visit).packageMetadata},
		{"/api/purser/packages/*", (*visit).packageContent},
		{"/api/release/list", (*visit).releases},
		{"/api/release/list/*", (*visit).releases},
		{"/api/releases", (*visit).history},
		{"/api/releases/search/*", (*visit).history},
		{"/api/releases/*", (*visit).stored},
		{"/api/release/status/*", (*visit).release},
		{"/api/release/status/*/*", (*visit).release},
		{"/api/release/manifest/*", (*visit).manifest},
		{"/api/release/manifest/*/*", (*visit).manifest},
		{"/api/purser/releases/*/difference", (*visit).difference},
		{"/api/purser/releases/*/logs", (*visit).logs},
		{"/api/release/logs/*", (*visit).oldLogs},
		{"/api/purser/operations", (*visit).operations},
		{"/api/deployers", (*visit).platforms},
		{"/api/deployers/*", (*visit).platform},
		{"/api/repositories", (*visit).repositories},
		{"/api/events", (*visit).eventLog},
	}
}

// match finds the form of a path, and what stands for its stars, decoded. The search index is a page like any other.
func match(path string) (shower, []string) {
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	if segments[len(segments)-1] == "search" {
		return nil, nil
	}
	for _, row := range resources() {
		want := strings.Split(row.path, "/")
		if len(want) != len(segments) {
			continue
		}
		var params []string
		fits := true
		for i, w := range want {
			if w == "*" {
				decoded, err := url.PathUnescape(segments[i])
				fits = fits && err == nil
				params = append(params, decoded)
			} else if w != segments[i] {
				fits = false
			}
		}
		if fits {
			return row.show, params
		}
	}
	return nil, nil
}
