package browse

import (
	"slices"
	"strings"
)

// releasesData is a list of versions of releases.
type releasesData struct {
	Search   string
	Releases []wireRelease
	Open     map[string]*wireOperation // what is under way, by the name of the release
	Paging   *paging
	Total    int
}

type wireReleases struct {
	Embedded struct {
		Releases []wireRelease `json:"releases"`
	} `json:"_embedded"`
	Page  *wirePage `json:"page"`
	Links links     `json:"_links"`
}

// maxListed is how many releases stand on one page.
const maxListed = 500

// releases is the page of those that are deployed or failed.
func (v *visit) releases(p *page, a *answer, params []string) error {
	p.Template, p.Title, p.Section, p.Live = "releases", "Releases", "releases", true
	var doc wireReleases
	if err := a.decode(&doc); err != nil {
		return err
	}
	d := &releasesData{Releases: latest(doc.Embedded.Releases), Open: map[string]*wireOperation{}}
	if len(params) > 0 {
		d.Search = params[0]
	}
	open, err := v.openOperations("")
	if err != nil {
		return err
	}
	for _, o := range open {
		d.Open[o.Name.Raw()] = &o
	}
	d.Total = len(d.Releases)
	d.Releases = d.Releases[:min(d.Total, maxListed)]
	p.Data = d
	return nil
}

// current lists the newest version of each release that is deployed or failed, the one that changed last first.
func (v *visit) current(target string) ([]wireRelease, error) {
	var doc wireReleases
	if _, err := v.fetch(target, &doc); err != nil {
		return nil, err
	}
	list := latest(doc.Embedded.Releases)
	slices.SortStableFunc(list, func(a, b wireRelease) int {
		return strings.Compare(asText(b.Info.LastDeployed), asText(a.Info.LastDeployed))
	})
	return list, nil
}

// latest keeps the highest version of each release: the list has the one that runs beside one that failed.
func latest(list []wireRelease) []wireRelease {
	at := map[exact]int{}
	var kept []wireRelease
	for _, r := range list {
		i, ok := at[r.Name]
		switch {
		case !ok:
			at[r.Name] = len(kept)
			kept = append(kept, r)
		case kept[i].Version < r.Version:
			kept[i] = r
		}
	}
	slices.SortStableFunc(kept, func(a, b wireRelease) int {
		return strings.Compare(strings.ToLower(string(a.Name)), strings.ToLower(string(b.Name)))
	})
	return kept
}

// history is the page of stored versions, and of the search among them.
func (v *visit) history(p *page, a *answer, _ []string) error {
	p.Template, p.Title, p.Section, p.Live = "history", "History", "releases", true
	p.Crumbs = []crumb{{Text: "Releases", Href: "/api/release/list"}, {Text: "History"}}
	var doc wireReleases
	if err := a.decode(&doc); err != nil {
		return err
	}
	d := &releasesData{Search: v.r.URL.Query().Get("name"), Releases: doc.Embedded.Releases}
	d.Total = len(d.Releases)
	d.Releases = d.Releases[:min(d.Total, maxListed)]
	d.Paging = v.paging(doc.Page, doc.Links)
	p.Data = d
	return nil
}
