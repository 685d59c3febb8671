package main

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"purser"
	"purser/api"
	"purser/api/catalog"
	"purser/artifacts"
	"purser/config"
	"purser/packages"
	"purser/principals"
	"purser/repository/sqlite"
)

// openArtifacts opens what fetches and keeps the artifacts of the catalog; nil when that is not enabled.
func openArtifacts(ctx context.Context, c *config.Config, store *sqlite.Store, reader *packages.Service, owner string, log *slog.Logger) (*artifacts.Service, error) {
	d := c.Dialects.Catalog
	if !d.Enabled {
		return nil, nil
	}
	v := d.Verify
	return artifacts.Open(ctx, artifacts.Options{
		Store: store, Packages: reader, Dir: filepath.Join(c.DataDir, "artifacts"), Owner: owner, Log: log,
		InlineTimeout: cmp.Or(v.InlineTimeout, time.Nanosecond), InlineBytes: orNone(v.InlineBytes), MaxBytes: orNone(v.MaxBytes),
		Redirects: v.Redirects, DenyPrivate: v.DenyPrivate, AllowHosts: v.AllowHosts,
	})
}

// catalogOptions maps purser.dialects.catalog.
func (s *server) catalogOptions(adapter *api.Adapter, c config.CatalogDialect) catalog.Options {
	o := catalog.Options{Adapter: adapter, Releases: s.artifacts, Store: s.store, Clock: purser.SystemClock{}, Strict: c.StrictImport}
	var callers []principals.Entry
	for _, p := range c.Projects {
		o.Projects = append(o.Projects, catalog.Project{ID: p.ID, Name: p.Name})
		for _, t := range p.Tokens {
			callers = append(callers, principals.Entry{Secret: t.Token, Principal: purser.Principal{
				Subject: t.Subject, Kind: purser.PrincipalProject, Tenants: []string{p.Name},
			}})
		}
	}
	for _, u := range c.Users {
		callers = append(callers, principals.Entry{Secret: u.Token.Token, Principal: purser.Principal{
			Subject: u.Subject, Kind: purser.PrincipalBearer, Roles: u.Roles, Tenants: u.Projects,
		}})
	}
	o.Callers = principals.New(principals.Options{Entries: callers})
	return o
}
