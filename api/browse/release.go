package browse

import "strconv"

// releaseData is what all pages of a release have: its head and the tabs.
type releaseData struct {
	Name    exact
	Tab     string
	Release wireRelease   // the version that is looked at
	Latest  wireRelease   // the newest one
	Shown   []wireRelease // all versions, the newest first
	Open    *wireOperation
	Past    map[int]wireOperation // what made each version, as far as it is known

	Manifest   string
	Difference *wireDifference
	From, To   int
	Logs       *wireLogs
	Lines      int
	App        string
	Missing    bool // there is no logs resource for this version
	Upgrade    *upgradeData
}

// IsLatest tells whether the newest version is looked at.
func (d *releaseData) IsLatest() bool { return d.Release.Version == d.Latest.Version }

// Rest is the end of the path of the version that is looked at; "" for the newest.
func (d *releaseData) Rest() string {
	if d.IsLatest() {
		return ""
	}
	return "/" + strconv.Itoa(d.Release.Version)
}

// Running tells whether there is something to change.
func (d *releaseData) Running() bool { return d.Latest.Info.Status.StatusCode != "DELETED" }

// Survivor is the version that runs on although a newer one failed; 0 when there is none.
func (d *releaseData) Survivor() int {
	if d.Latest.Info.Status.StatusCode == "FAILED" && d.Open == nil {
		for _, r := range d.Shown {
			if r.Info.Status.StatusCode == "DEPLOYED" {
				return r.Version
			}
		}
	}
	return 0
}

// releasePage reads what all pages of a release have. version 0 is the newest. nil: there is no such version.
func (v *visit) releasePage(p *page, name exact, version int, tab string) (*releaseData, error) {
	versions, err := v.versionsOf(name)
	if err != nil || len(versions) == 0 {
		return nil, err
	}
	d := &releaseData{Name: name, Tab: tab, Latest: versions[0], Release: versions[0], Shown: versions}
	for _, one := range versions {
		if one.Version == version {
			d.Release = one
		}
	}
	var doc wireOperations
	if _, err := v.fetch("/api/purser/operations?size=100&name="+name.Query(), &doc); err != nil {
		return nil, err
	}
	d.Past = map[int]wireOperation{}
	for _, o := range doc.Embedded.Operations {
		if o.Name != name {
			continue
		}
		if o.Open() && d.Open == nil {
			d.Open = &o
		}
		if _, known := d.Past[o.To]; !known && (o.Kind == "install" || o.Kind == "upgrade") {
			d.Past[o.To] = o
		}
	}
	p.Template, p.Section, p.Live, p.Names = "release", "releases", true, []exact{name}
	p.Title = name.String()
	p.Crumbs = []crumb{{Text: "Releases", Href: "/api/release/list"}, {Text: name}}
	p.Data = d
	return d, nil
}

// release is the page of how a release stands: /api/release/status/{name}[/{version}].
func (v *visit) release(p *page, a *answer, params []string) error {
	d, err := v.releasePage(p, exact(params[0]), number(params, 1), "overview")
	if err != nil || d == nil {
		return orAnything(v, p, a, err)
	}
	var live wireInfo // the platform is asked for this one
	if err := a.decode(&live); err != nil {
		return err
	}
	d.Release.Info = live
	if d.IsLatest() {
		d.Latest.Info = live
	}
	return nil
}

// stored is the page of a stored version.
func (v *visit) stored(p *page, a *answer, _ []string) error {
	var one wireRelease
	if err := a.decode(&one); err != nil {
		return err
	}
	d, err := v.releasePage(p, one.Name, one.Version, "overview")
	if err != nil || d == nil {
		return orAnything(v, p, a, err)
	}
	return nil
}

// manifest is the page of what a version is deployed from.
func (v *visit) manifest(p *page, a *answer, params []string) error {
	var doc struct{ Data string }
	if err := a.decode(&doc); err != nil {
		return err
	}
	d, err := v.releasePage(p, exact(params[0]), number(params, 1), "manifest")
	if err != nil || d == nil {
		return orAnything(v, p, a, err)
	}
	d.Manifest = doc.Data
	return nil
}

// difference is the page of what differs between two versions.
func (v *visit) difference(p *page, a *answer, params []string) error {
	var doc struct {
		From, To   int
		Difference wireDifference
	}
	if err := a.decode(&doc); err != nil {
		return err
	}
	d, err := v.releasePage(p, exact(params[0]), doc.To, "difference")
	if err != nil || d == nil {
		return orAnything(v, p, a, err)
	}
	d.Difference, d.From, d.To = &doc.Difference, doc.From, doc.To
	return nil
}

// logs is the page of what the applications print.
func (v *visit) logs(p *page, a *answer, params []string) error {
	doc := &wireLogs{}
	if !a.stream {
		if err := a.decode(doc); err != nil {
			return err
		}
	}
	d, err := v.releasePage(p, exact(params[0]), doc.Version, "logs")
	if err != nil || d == nil {
		return orAnything(v, p, a, err)
	}
	query := v.r.URL.Query()
	d.Logs, d.App, d.Lines = doc, query.Get("app"), 100
	if n, err := strconv.Atoi(query.Get("lines")); err == nil {
		d.Lines = n
	}
	return nil
}

// oldLogs is the page of the same in Skipper's own form: it leads to the other one.
func (v *visit) oldLogs(p *page, a *answer, params []string) error {
	d, err := v.releasePage(p, exact(params[0]), 0, "logs")
	if err != nil || d == nil {
		return orAnything(v, p, a, err)
	}
	var doc struct{ Logs map[string]string }
	if err := a.decode(&doc); err != nil {
		return err
	}
	d.Logs, d.Lines = &wireLogs{Name: exact(params[0]), Version: d.Release.Version}, 100
	fresh, err := v.fetch("/api/purser/releases/"+d.Name.Path()+"/logs", d.Logs)
	if err != nil {
		return err
	}
	d.Missing = !fresh
	return nil
}

// orAnything shows a resource in the common form when there is nothing to show it with.
func orAnything(v *visit, p *page, a *answer, err error) error {
	if err != nil {
		return err
	}
	return v.anything(p, a, nil)
}

// number reads a version out of a path; 0 when there is none.
func number(params []string, i int) int {
	if i >= len(params) {
		return 0
	}
	n, err := strconv.Atoi(params[i])
	if err != nil {
		return 0
	}
	return n
}
