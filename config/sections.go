package config

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"purser"
)

// defaultOrigin is where values come from that nobody has set.
var defaultOrigin = Origin{Source: "default"}

// addDefaults puts the repository and the account in that exist unless they are configured.
func (l *layers) addDefaults(host string) {
	repositories := l.schema.sections[canonical(repositoriesKey)]
	defaults := []struct{ key, value string }{
		{"url", ""}, {"local", "true"}, {"description", "Default local database backed repository"}, {"repo-order", "1"},
	}
	for _, d := range defaults {
		if l.trees[repositories].find("local", d.key) != nil {
			continue
		}
		if d.key == "url" {
			d.value = "http://" + hostAddress(host) + ":7577"
		}
		path := []segment{{text: d.key, quoted: true}}
		l.addDefault(repositories, place{section: repositories, name: "local", path: path}, &node{text: d.value, plain: true, origin: defaultOrigin})
	}
	for section, tree := range l.trees {
		if strings.HasPrefix(section.prefix, platform) && len(tree.keys) > 0 {
			return
		}
	}
	local := l.schema.sections[canonical(platform+"local.accounts")]
	l.addDefault(local, place{section: local, name: "default"}, &node{kind: mapNode, origin: defaultOrigin})
}

// addDefault adds a value as the least of all sources.
func (l *layers) addDefault(s *section, p place, n *node) {
	source := l.source
	l.source = 0
	l.add(p, n)
	l.source = source
	if tree := l.trees[s]; tree != nil {
		slices.SortStableFunc(tree.keys, func(a, b string) int { return defaultFirst(s, a) - defaultFirst(s, b) })
	}
}

// defaultFirst puts the default repository before all others.
func defaultFirst(s *section, name string) int {
	if s.prefix == repositoriesKey && name == "local" {
		return 0
	}
	return 1
}

// hostAddress gives the machine's own IPv4 address, as seen by others.
func hostAddress(given string) string {
	if given != "" {
		return given
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "127.0.0.1"
	}
	for _, address := range addresses {
		if ip, ok := address.(*net.IPNet); ok && ip.IP.To4() != nil && ip.IP.IsGlobalUnicast() {
			return ip.IP.String()
		}
	}
	return "127.0.0.1"
}

// sortedSections lists the sections that have something, by prefix.
func (l *layers) sortedSections() []*section {
	var sections []*section
	for s := range l.trees {
		sections = append(sections, s)
	}
	slices.SortFunc(sections, func(a, b *section) int { return strings.Compare(a.prefix, b.prefix) })
	return sections
}

// fields reads the known settings of one chosen name.
type fields struct {
	layers  *layers
	section *section
	name    string
	node    *node
}

// each gives the fields of every name of a section.
func (l *layers) fieldsOf(prefix string) []fields {
	s := l.schema.sections[canonical(prefix)]
	tree := l.trees[s]
	if tree == nil {
		return nil
	}
	var all []fields
	for _, name := range tree.keys {
		all = append(all, fields{l, s, name, tree.children[name]})
	}
	return all
}

// key gives the full name of a field, for messages.
func (f fields) key(name string) string {
	return join(append(split(f.section.prefix), segment{text: f.name, quoted: true})) + "." + name
}

// value reads a field; its default when it is absent, blank, or a problem. nil when there is no default either.
func (f fields) value(name string) any {
	i := slices.IndexFunc(f.section.keys, func(k Key) bool { return k.below(f.section.prefix) == name })
	key := f.section.keys[i]
	fallback, want := key.parse(key.Default)
	if want != "" || key.Default == "" {
		fallback = nil
	}
	n := f.node.find(name)
	switch {
	case n == nil || n.kind == scalarNode && (n.null || n.text == "" && key.Kind != Text):
		return fallback
	case n.kind != scalarNode:
		f.layers.report.problem(n.origin, f.key(name), n, wantOf(key))
		return fallback
	}
	value, want := key.parse(n.text)
	if want != "" {
		f.layers.report.problem(n.origin, f.key(name), n, want)
		return fallback
	}
	return value
}

func (f fields) text(name, fallback string) string {
	if s, ok := f.value(name).(string); ok && s != "" {
		return s
	}
	return fallback
}

// optional is nil for a field that is not there.
func (f fields) optional(name string) *string {
	if s, ok := f.value(name).(string); ok {
		return &s
	}
	return nil
}

// buildRepositories gives the package repositories.
func (l *layers) buildRepositories() []purser.Repository {
	var repositories []purser.Repository
	for _, f := range l.fieldsOf(repositoriesKey) {
		order, _ := f.value("repo-order").(int)
		local, _ := f.value("local").(bool)
		r := purser.Repository{
			Name: f.name, URL: f.text("url", ""), SourceURL: f.optional("source-url"), Local: local,
			Description: f.optional("description"), Order: order,
		}
		f.checkURL(r.URL, "http", "https", "file")
		repositories = append(repositories, r)
	}
	return repositories
}

// checkURL notes a URL that is none.
func (f fields) checkURL(text string, schemes ...string) {
	want := "a URL of scheme " + strings.Join(schemes, ", ")
	n := f.node.find("url")
	if n == nil {
		f.layers.report.problem(f.node.origin, f.key("url"), &node{null: true}, want)
		return
	}
	if n.kind != scalarNode {
		return // noted already
	}
	if u, err := url.Parse(text); err != nil || !slices.Contains(schemes, u.Scheme) || u.Host == "" && u.Scheme != "file" {
		f.layers.report.problem(n.origin, f.key("url"), n, want)
	}
}

// buildAccounts gives the accounts of all platforms. Their names are unique.
func (l *layers) buildAccounts() []Account {
	var accounts []Account
	seen := map[string]Account{}
	for _, s := range l.sortedSections() {
		kind, ok := strings.CutPrefix(s.prefix, platform)
		if !ok {
			continue
		}
		kind = strings.TrimSuffix(kind, ".accounts")
		for _, f := range l.fieldsOf(s.prefix) {
			a := Account{Platform: kind, Name: f.name, Origin: f.node.origin}
			a.Settings, _ = f.node.value().(map[string]any)
			if before, ok := seen[f.name]; ok {
				l.report.problem(a.Origin, strings.TrimSuffix(f.key(""), "."), &node{kind: mapNode}, "a name that no other account has, "+before.Platform+" has it already ("+before.Origin.String()+")")
			}
			seen[f.name] = a
			accounts = append(accounts, a)
		}
	}
	return accounts
}

// updatePolicy is the form of Maven's update policies.
var updatePolicy = regexp.MustCompile(`(?i)^(always|daily|never|interval:\d{1,7})$`)

const wantUpdatePolicy = "always, daily, never or interval:MINUTES"

// buildMaven gives maven.*.
func (l *layers) buildMaven(s *scalars) Maven {
	m := Maven{
		LocalRepository: s.text("maven.local-repository"),
		Offline:         s.truth("maven.offline"),
		IncludeDefaults: s.truth("maven.include-default-remote-repos"),
		ConnectTimeout:  s.time("maven.connect-timeout"),
		RequestTimeout:  s.time("maven.request-timeout"),
		Policy:          MavenPolicy{Enabled: true, Update: s.text("maven.update-policy"), Checksum: s.text("maven.checksum-policy")},
	}
	if !updatePolicy.MatchString(m.Policy.Update) {
		l.report.problem(l.slots["maven.updatepolicy"].origin(), "maven.update-policy", &node{text: m.Policy.Update}, wantUpdatePolicy)
	}
	proxy := MavenProxy{
		Protocol: s.text("maven.proxy.protocol"), Host: s.text("maven.proxy.host"), Port: s.number("maven.proxy.port"),
		User: s.text("maven.proxy.auth.username"), Password: s.text("maven.proxy.auth.password"),
	}
	for _, hosts := range s.list("maven.proxy.non-proxy-hosts") {
		proxy.NonProxyHosts = append(proxy.NonProxyHosts, strings.Split(hosts, "|")...)
	}
	if proxy.Host != "" {
		m.Proxy = &proxy
	}
	for _, f := range l.fieldsOf(remotesKey) {
		r := MavenRemote{
			Name: f.name, URL: f.text("url", ""), User: f.text("auth.username", ""), Password: f.text("auth.password", ""),
			Releases: f.policy("release-policy", m.Policy), Snapshots: f.policy("snapshot-policy", m.Policy),
		}
		f.checkURL(r.URL, "http", "https")
		m.Remotes = append(m.Remotes, r)
	}
	return m
}

// policy reads the policy for one kind of artifact: what it says itself, else what the repository's common policy says,
// else what maven.* says.
func (f fields) policy(kind string, base MavenPolicy) MavenPolicy {
	p := base
	for _, key := range []string{"policy", kind} {
		if f.node.find(key+".enabled") != nil {
			p.Enabled, _ = f.value(key + ".enabled").(bool)
		}
		p.Checksum = f.text(key+".checksum-policy", p.Checksum)
		update := f.text(key+".update-policy", p.Update)
		if n := f.node.find(key + ".update-policy"); n != nil && !updatePolicy.MatchString(update) {
			f.layers.report.problem(n.origin, f.key(key+".update-policy"), n, wantUpdatePolicy)
			continue
		}
		p.Update = update
	}
	return p
}
