package main

import (
	"github.com/google/uuid"

	"purser"
	"purser/api"
	"purser/api/akkeris"
	"purser/api/apps"
	"purser/api/catalog"
	"purser/api/connect"
	"purser/api/openapi"
	"purser/config"
	"purser/principals"
)

// furtherDialects mounts the APIs of purser.dialects that are enabled, with their documents. A new one is one line here.
func (s *server) furtherDialects(adapter *api.Adapter) (dialects []api.Dialect, documents []openapi.Document) {
	d := s.config.Dialects
	if d.Connect.Enabled {
		dialects = append(dialects, connect.New(s.connectOptions(adapter, d.Connect)))
		documents = append(documents, openapi.Document{Path: connect.PathOfDocument, YAML: connect.Document()})
	}
	if d.Catalog.Enabled {
		dialects = append(dialects, catalog.New(s.catalogOptions(adapter, d.Catalog)))
		documents = append(documents, openapi.Document{Path: catalog.PathOfDocument, YAML: catalog.Document()})
	}
	if d.Apps.Enabled {
		dialects = append(dialects, apps.New(s.appsOptions(adapter, d.Apps)))
		documents = append(documents, openapi.Document{Path: apps.PathOfDocument, YAML: apps.Document()})
	}
	if d.Akkeris.Enabled {
		dialects = append(dialects, akkeris.New(s.akkerisOptions(adapter, d.Akkeris)))
		documents = append(documents, openapi.Document{Path: akkeris.PathOfDocument, YAML: akkeris.Document()})
	}
	return dialects, documents
}

// connectOptions maps purser.dialects.connect.
func (s *server) connectOptions(adapter *api.Adapter, c config.ConnectDialect) connect.Options {
	var callers []principals.Entry
	for _, t := range c.Tokens {
		callers = append(callers, principals.Entry{Secret: t.Token, Principal: purser.Principal{Subject: t.Subject, Kind: purser.PrincipalBearer}})
	}
	return connect.Options{
		Adapter: adapter, Engine: s.engine, Packages: s.packages, Store: s.store, Platforms: s.platforms,
		Callers: principals.New(principals.Options{Entries: callers, Open: &purser.Principal{Kind: purser.PrincipalNobody}}),
		Log:     s.log, NewID: uuid.NewString, MaxBody: s.config.Limits.RequestBytes,
		DefaultScope: c.DefaultScope, Strict: c.Strict,
	}
}

// appsOptions maps purser.dialects.apps.
func (s *server) appsOptions(adapter *api.Adapter, c config.AppsDialect) apps.Options {
	o := apps.Options{
		Adapter: adapter, Engine: s.engine, Store: s.store, Clock: purser.SystemClock{}, Timeout: c.ActivationTimeout,
	}
	var callers []principals.Entry
	for _, u := range c.Users {
		callers = append(callers, principals.Entry{Secret: u.Token.Token, Principal: purser.Principal{
			Subject: u.Subject, Kind: purser.PrincipalBearer, Permissions: u.Permissions, Tenants: u.Orgs,
		}})
	}
	o.Callers = principals.New(principals.Options{Entries: callers})
	for _, org := range c.Orgs {
		one := apps.Org{ID: org.ID}
		for _, w := range org.Workspaces {
			workspace := apps.Workspace{ID: w.ID}
			for _, app := range w.Apps {
				workspace.Apps = append(workspace.Apps, apps.App(app))
			}
			one.Workspaces = append(one.Workspaces, workspace)
		}
		o.Orgs = append(o.Orgs, one)
	}
	return o
}

// akkerisOptions maps purser.dialects.akkeris.
func (s *server) akkerisOptions(adapter *api.Adapter, c config.AkkerisDialect) akkeris.Options {
	o := akkeris.Options{
		Adapter: adapter, Engine: s.engine, Store: s.store, Clock: purser.SystemClock{}, Silence: c.UnknownAfter,
	}
	callers := principals.Options{SigningKey: c.Key, Open: &purser.Principal{Kind: purser.PrincipalNobody}}
	if c.Key != "" {
		callers.Entries = []principals.Entry{{Secret: c.Key, Principal: purser.Principal{Subject: "akkeris", Kind: purser.PrincipalKey}}}
	}
	o.Callers = principals.New(callers)
	for _, app := range c.Apps {
		o.Apps = append(o.Apps, akkeris.App(app))
	}
	return o
}
