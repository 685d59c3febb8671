package browse

import (
	"net/url"
	"strings"
)

// indexData is the first page: what there is, and where to go.
type indexData struct {
	Packages, Releases, Platforms, Repositories int
	Failed                                      int
	Recent                                      []wireRelease
	Open                                        []wireOperation
}

// maxRecent is how many releases the first page shows.
const maxRecent = 8

// index is the page of /api.
func (v *visit) index(p *page, _ *answer, _ []string) error {
	p.Template, p.Title, p.Section, p.Live = "index", "Overview", "index", true
	d := &indexData{}
	var err error
	for _, row := range []struct {
		path  string
		count *int
	}{
		{"/api/packageMetadata?size=1", &d.Packages},
		{"/api/deployers?size=1", &d.Platforms},
		{"/api/repositories?size=1", &d.Repositories},
	} {
		var doc struct{ Page wirePage }
		if _, err = v.fetch(row.path, &doc); err != nil {
			return err
		}
		*row.count = doc.Page.TotalElements
	}
	current, err := v.current("/api/release/list")
	if err != nil {
		return err
	}
	d.Releases = len(current)
	for _, r := range current {
		if r.Info.Status.StatusCode == "FAILED" {
			d.Failed++
		}
	}
	d.Recent = current[:min(len(current), maxRecent)]
	if d.Open, err = v.openOperations(""); err != nil {
		return err
	}
	p.Data = d
	return nil
}

// openOperations lists what is under way, for one release or (name "") for all.
func (v *visit) openOperations(name exact) ([]wireOperation, error) {
	query := url.Values{"open": {"true"}}
	if name != "" {
		query.Set("name", name.Raw())
	}
	var doc wireOperations
	_, err := v.fetch("/api/purser/operations?"+query.Encode(), &doc)
	return doc.Embedded.Operations, err
}

type wireOperations struct {
	Embedded struct{ Operations []wireOperation } `json:"_embedded"`
	Page     wirePage                             `json:"page"`
	Links    links                                `json:"_links"`
}

// anything is the page of a resource that has no form of its own.
func (v *visit) anything(p *page, _ *answer, _ []string) error {
	path, _, _ := strings.Cut(v.target(), "?")
	p.Template, p.Title = "generic", path
	p.Crumbs = trail(path)
	return nil
}

// text is the page of an answer that is not JSON: shown as it is, or named if it has no end.
func (v *visit) text(p *page, a *answer, params []string) error {
	if err := v.anything(p, a, params); err != nil {
		return err
	}
	p.Template = "text"
	d := textData{Type: a.mediaType(), Stream: a.stream, Long: a.long, Size: len(a.body)}
	if !a.stream && !a.long {
		d.Text = string(a.body)
		d.YAML = strings.Contains(d.Type, "yaml")
	}
	p.Data = d
	return nil
}

type textData struct {
	Type         string
	Text         string
	Size         int
	YAML         bool
	Stream, Long bool
}

// trail gives the way from the index to a path.
func trail(path string) []crumb {
	crumbs := []crumb{{Text: "API", Href: "/api"}}
	segments := strings.Split(strings.Trim(path, "/"), "/")
	at := ""
	for i, s := range segments {
		at += "/" + s
		if at == "/api" {
			continue
		}
		c := crumb{Text: s, Href: at}
		if i == len(segments)-1 {
			c.Href = ""
		}
		crumbs = append(crumbs, c)
	}
	return crumbs
}
