package browse

import (
	"net/url"
	"slices"
	"strings"

	"purser"
)

// packagesData is a list of packages.
type packagesData struct {
	Search  string
	Exact   bool // the search was for a whole name
	Groups  []packageGroup
	Paging  *paging
	Summary bool
}

// packageGroup is what a page shows of one package: its versions on this page, the highest first.
type packageGroup struct {
	Name     exact
	Versions []wirePackage
}

type wirePackages struct {
	Embedded struct {
		PackageMetadata []wirePackage `json:"packageMetadata"`
	} `json:"_embedded"`
	Page  *wirePage `json:"page"`
	Links links     `json:"_links"`
}

// packages is the page of the collection and of its searches.
func (v *visit) packages(p *page, a *answer, params []string) error {
	p.Template, p.Title, p.Section = "packages", "Packages", "packages"
	var doc wirePackages
	if err := a.decode(&doc); err != nil {
		return err
	}
	d := &packagesData{Search: v.r.URL.Query().Get("name"), Groups: grouped(doc.Embedded.PackageMetadata)}
	d.Exact = len(params) > 0 && params[0] == "findByName"
	d.Paging = v.paging(doc.Page, doc.Links)
	p.Data = d
	return nil
}

// grouped puts the versions of each package together and keeps the order of the packages.
func grouped(list []wirePackage) []packageGroup {
	var groups []packageGroup
	at := map[exact]int{}
	for _, one := range list {
		i, ok := at[one.Name]
		if !ok {
			i = len(groups)
			at[one.Name] = i
			groups = append(groups, packageGroup{Name: one.Name})
		}
		groups[i].Versions = append(groups[i].Versions, one)
	}
	for _, g := range groups {
		highestFirst(g.Versions)
	}
	return groups
}

func highestFirst(list []wirePackage) {
	slices.SortStableFunc(list, func(a, b wirePackage) int { return purser.CompareVersions(string(b.Version), string(a.Version)) })
}

// versions lists the versions of a package, the highest first.
func (v *visit) versions(name exact) ([]wirePackage, error) {
	var doc wirePackages
	_, err := v.fetch("/api/packageMetadata/search/findByName?name="+name.Query(), &doc)
	highestFirst(doc.Embedded.PackageMetadata)
	return doc.Embedded.PackageMetadata, err
}

// packageData is a version of a package with what is inside.
type packageData struct {
	Package  wirePackage
	ID       string
	Versions []wirePackage
	Content  *wireContent // nil: it cannot be read
	Problem  string       // why
}

// packageMetadata is the page of a version of a package.
func (v *visit) packageMetadata(p *page, a *answer, params []string) error {
	var one wirePackage
	if err := a.decode(&one); err != nil {
		return err
	}
	content, err := v.get("/api/purser/packages/" + url.PathEscape(params[0]))
	if err != nil {
		return err
	}
	return v.packagePage(p, one, params[0], content)
}

// packageContent is the page of the same with its content.
func (v *visit) packageContent(p *page, a *answer, params []string) error {
	var one wirePackage
	if err := a.decode(&one); err != nil {
		return err
	}
	return v.packagePage(p, one, params[0], a)
}

func (v *visit) packagePage(p *page, one wirePackage, id string, content *answer) error {
	d := &packageData{Package: one, ID: id}
	var err error
	if d.Versions, err = v.versions(one.Name); err != nil {
		return err
	}
	if content.failed() {
		d.Problem = problemText(content)
	} else {
		d.Content = &wireContent{}
		if err := content.decode(d.Content); err != nil {
			return err
		}
	}
	p.Template, p.Section = "package", "packages"
	p.Title = one.Name.String() + " " + one.Version.String()
	p.Crumbs = []crumb{{Text: "Packages", Href: "/api/packageMetadata"}, {Text: one.Name}}
	p.Data = d
	return nil
}

// paging leads through a collection.
type paging struct {
	From, To, Total         int
	First, Prev, Next, Last string
}

func (v *visit) paging(page *wirePage, l links) *paging {
	if page == nil || page.TotalPages < 2 {
		return nil
	}
	href := func(rel string) string {
		if len(l[rel]) == 0 {
			return ""
		}
		return v.local(strings.SplitN(l[rel][0].Href, "{", 2)[0])
	}
	return &paging{
		From: page.Number*page.Size + 1, To: min((page.Number+1)*page.Size, page.TotalElements), Total: page.TotalElements,
		First: href("first"), Prev: href("prev"), Next: href("next"), Last: href("last"),
	}
}
