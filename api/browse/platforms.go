package browse

// wirePlatform is a platform.
type wirePlatform struct {
	Name        exact  `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description"`
	Options     []struct {
		ID           string  `json:"id"`
		Name         string  `json:"name"`
		Type         *string `json:"type"`
		Description  *string `json:"description"`
		DefaultValue any     `json:"defaultValue"`
		Deprecated   bool    `json:"deprecated"`
	} `json:"options"`
	Links links `json:"_links"`
}

// ID is what the platform is called in paths.
func (p wirePlatform) ID() string { return p.Links.id() }

type wirePlatforms struct {
	Embedded struct{ Deployers []wirePlatform } `json:"_embedded"`
	Page     *wirePage                          `json:"page"`
	Links    links                              `json:"_links"`
}

// platforms is the page of what releases run on.
func (v *visit) platforms(p *page, a *answer, _ []string) error {
	p.Template, p.Title, p.Section = "platforms", "Platforms", "platforms"
	var doc wirePlatforms
	if err := a.decode(&doc); err != nil {
		return err
	}
	p.Data = map[string]any{"Platforms": doc.Embedded.Deployers, "Paging": v.paging(doc.Page, doc.Links)}
	return nil
}

// platform is the page of one of them, with the properties that it understands.
func (v *visit) platform(p *page, a *answer, _ []string) error {
	var one wirePlatform
	if err := a.decode(&one); err != nil {
		return err
	}
	p.Template, p.Title, p.Section = "platform", one.Name.String(), "platforms"
	p.Crumbs = []crumb{{Text: "Platforms", Href: "/api/deployers"}, {Text: one.Name}}
	p.Data = one
	return nil
}

// wireRepository is a place that packages come from.
type wireRepository struct {
	Name        exact   `json:"name"`
	URL         string  `json:"url"`
	SourceURL   *string `json:"sourceUrl"`
	Local       bool    `json:"local"`
	Description *string `json:"description"`
	RepoOrder   int     `json:"repoOrder"`
	Links       links   `json:"_links"`
}

// ID is the number of the repository in paths.
func (r wireRepository) ID() string { return r.Links.id() }

type wireRepositories struct {
	Embedded struct{ Repositories []wireRepository } `json:"_embedded"`
	Page     *wirePage                               `json:"page"`
	Links    links                                   `json:"_links"`
}

// repositories is the page of where packages come from.
func (v *visit) repositories(p *page, a *answer, _ []string) error {
	p.Template, p.Title, p.Section = "repositories", "Repositories", "repositories"
	var doc wireRepositories
	if err := a.decode(&doc); err != nil {
		return err
	}
	p.Data = map[string]any{"Repositories": doc.Embedded.Repositories, "Paging": v.paging(doc.Page, doc.Links)}
	return nil
}

// operations is the page of the changes to releases.
func (v *visit) operations(p *page, a *answer, _ []string) error {
	p.Template, p.Title, p.Section, p.Live = "operations", "Operations", "operations", true
	var doc wireOperations
	if err := a.decode(&doc); err != nil {
		return err
	}
	query := v.r.URL.Query()
	if name := query.Get("name"); name != "" {
		p.Names = []exact{exact(name)}
	}
	p.Data = map[string]any{
		"Operations": doc.Embedded.Operations, "Paging": v.paging(&doc.Page, doc.Links),
		"Name": query.Get("name"), "OnlyOpen": query.Get("open") == "true",
	}
	return nil
}

// eventLog is the page of the stream of events; what it shows comes while it is open.
func (v *visit) eventLog(p *page, _ *answer, _ []string) error {
	p.Template, p.Title, p.Section = "events", "Events", "events"
	p.Crumbs = trail("/api/events")
	return nil
}
