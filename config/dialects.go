package config

import (
	"bytes"
	"time"

	"gopkg.in/yaml.v3"
)

// Dialects is purser.dialects: who may use the further APIs, and for what.
type Dialects struct {
	Connect ConnectDialect
	Catalog CatalogDialect
	Apps    AppsDialect
	Akkeris AkkerisDialect
}

// Token is a credential and who shows it.
type Token struct {
	Token   string
	Subject string
}

// User is somebody with a bearer token. Which of the lists count depends on the dialect.
type User struct {
	Token
	Roles       []string
	Permissions []string
	Projects    []string
	Orgs        []string
}

// ConnectDialect is purser.dialects.connect.
type ConnectDialect struct {
	Enabled      bool
	Strict       bool // a missing Connect-Protocol-Version is refused
	DefaultScope string
	Tokens       []Token // none: anybody may
}

// CatalogDialect is purser.dialects.catalog.
type CatalogDialect struct {
	Enabled      bool
	StrictImport bool // an existing draft is refused as well
	Verify       Verify
	Projects     []Project
	Users        []User
}

// Verify is how artifacts are fetched and checked.
type Verify struct {
	InlineTimeout time.Duration // within the request; the rest is done in the background
	InlineBytes   int64
	MaxBytes      int64 // of one artifact
	Redirects     int
	AllowHosts    []string // host or host:port
	DenyPrivate   bool     // addresses that are not public are refused, but for AllowHosts
}

// Project is a project of the catalog.
type Project struct {
	ID     int
	Name   string // of its package as well
	Tokens []Token
}

// AppsDialect is purser.dialects.apps.
type AppsDialect struct {
	Enabled           bool
	ActivationTimeout time.Duration
	Orgs              []Org
	Users             []User
}

// Org is an organisation with its workspaces.
type Org struct {
	ID         string
	Workspaces []Workspace
}

// Workspace is a workspace with its apps.
type Workspace struct {
	ID   string
	Apps []App
}

// App is an app: the package that its releases are made of.
type App struct {
	ID       string
	Package  string
	Platform string
	Values   *string // YAML, laid over those of the package; nil for none
}

// AkkerisDialect is purser.dialects.akkeris.
type AkkerisDialect struct {
	Enabled      bool
	Key          string // what the Authorization header has to be; "": anybody may
	UnknownAfter time.Duration
	Hooks        []Hook
	Apps         []AkkerisApp
}

// Hook is an address that is told of releases.
type Hook struct {
	URL    string
	Secret string
	Events []string // release, released
}

// AkkerisApp is an app in a space.
type AkkerisApp struct {
	Name       string
	Space      string
	Package    string
	Platform   string
	Downstream bool // of a pipeline: it gets its releases by promotion only
	Values     *string
}

// The words that a list may have.
var (
	roleWords       = []string{"create-release", "upload-artifact"}
	permissionWords = []string{"release:read", "release:create", "release:activate", "release:archive", "release:delete", "release:*", "*"}
	eventWords      = []string{"release", "released"}
)

// buildDialects decodes the tree. Whatever is wrong in it is noted in the report.
func (l *layers) buildDialects() Dialects {
	top := l.object(dialectsKey, l.trees[l.schema.sections[dialectsKey]])
	d := Dialects{
		Connect: buildConnect(top.object("connect")), Catalog: buildCatalog(top.object("catalog")),
		Apps: buildApps(top.object("apps")), Akkeris: buildAkkeris(top.object("akkeris")),
	}
	top.end()
	return d
}

func buildConnect(o *object) ConnectDialect {
	defer o.end()
	return ConnectDialect{
		Enabled: o.truth("enabled", true), Strict: o.truth("strict-protocol-version", false), DefaultScope: o.text("default-scope", "default"),
		Tokens: buildTokens(o),
	}
}

// buildTokens reads tokens, which are unique.
func buildTokens(o *object) []Token {
	var tokens []Token
	seen := names{}
	for _, one := range o.objects("tokens") {
		tokens = append(tokens, Token{Token: one.unique("token", seen), Subject: one.text("subject", "")})
		one.end()
	}
	return tokens
}

func buildCatalog(o *object) CatalogDialect {
	defer o.end()
	c := CatalogDialect{Enabled: o.truth("enabled", true), StrictImport: o.truth("strict-import", false)}
	v := o.object("verify")
	c.Verify = Verify{
		InlineTimeout: v.time("inline-timeout", 10*time.Second), InlineBytes: v.size("inline-bytes", 64<<20), MaxBytes: v.size("max-bytes", 1<<30),
		Redirects: v.number("redirects", 3, 0, 20), AllowHosts: v.texts("allow-hosts"), DenyPrivate: v.truth("deny-private", true),
	}
	v.end()
	ids, known := names{}, names{}
	for _, one := range o.objects("projects") {
		p := Project{ID: one.number("id", 0, 1, 1<<31-1), Name: one.unique("name", known), Tokens: buildTokens(one)}
		one.needed("id")
		one.checkUnique("id", ids)
		one.end()
		c.Projects = append(c.Projects, p)
	}
	c.Users = buildUsers(o, func(one *object, u *User) {
		u.Roles, u.Projects = one.words("roles", roleWords), one.texts("projects")
	})
	return c
}

// buildUsers reads users, whose tokens are unique; more reads what only this dialect knows of them.
func buildUsers(o *object, more func(one *object, u *User)) []User {
	var users []User
	seen := names{}
	for _, one := range o.objects("users") {
		u := User{Token: Token{Token: one.unique("token", seen), Subject: one.text("subject", "")}}
		more(one, &u)
		one.end()
		users = append(users, u)
	}
	return users
}

func buildApps(o *object) AppsDialect {
	defer o.end()
	a := AppsDialect{Enabled: o.truth("enabled", true), ActivationTimeout: o.time("activation-timeout", time.Minute)}
	orgs := names{}
	for _, one := range o.objects("orgs") {
		org := Org{ID: one.unique("id", orgs)}
		workspaces := names{}
		for _, w := range one.objects("workspaces") {
			workspace := Workspace{ID: w.unique("id", workspaces)}
			apps := names{}
			for _, app := range w.objects("apps") {
				workspace.Apps = append(workspace.Apps, App{
					ID: app.unique("id", apps), Package: app.must("package"), Platform: app.text("platform", "default"), Values: app.values("values"),
				})
				app.end()
			}
			w.end()
			org.Workspaces = append(org.Workspaces, workspace)
		}
		one.end()
		a.Orgs = append(a.Orgs, org)
	}
	a.Users = buildUsers(o, func(one *object, u *User) {
		u.Permissions, u.Orgs = one.words("permissions", permissionWords), one.texts("orgs")
		if !one.has("orgs") {
			u.Orgs = []string{"*"}
		}
	})
	return a
}

func buildAkkeris(o *object) AkkerisDialect {
	defer o.end()
	a := AkkerisDialect{Enabled: o.truth("enabled", true), Key: o.text("key", ""), UnknownAfter: o.time("unknown-after", 10*time.Minute)}
	urls, apps := names{}, names{}
	for _, one := range o.objects("hooks") {
		h := Hook{URL: one.unique("url", urls), Secret: one.text("secret", ""), Events: one.words("events", eventWords)}
		one.checkURL("url")
		if !one.has("events") {
			h.Events = eventWords
		}
		one.end()
		a.Hooks = append(a.Hooks, h)
	}
	for _, one := range o.objects("apps") {
		app := AkkerisApp{
			Name: one.must("name"), Space: one.must("space"), Package: one.must("package"), Platform: one.text("platform", "default"),
			Downstream: one.truth("downstream", false), Values: one.values("values"),
		}
		one.checkName(app.Name+"-"+app.Space, apps)
		one.end()
		a.Apps = append(a.Apps, app)
	}
	return a
}

// yamlText writes a map of values as it was said: what was no text stays none.
func (n *node) yamlText() (string, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n.yaml()); err != nil {
		return "", err
	}
	return b.String(), e.Close()
}

func (n *node) yaml() *yaml.Node {
	switch n.kind {
	case mapNode:
		y := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, key := range n.keys {
			y.Content = append(y.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, n.children[key].yaml())
		}
		return y
	case listNode:
		y := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, item := range n.items {
			y.Content = append(y.Content, item.yaml())
		}
		return y
	case scalarNode:
	}
	switch {
	case n.null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case n.plain:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: n.text}
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: n.text}
	}
}
