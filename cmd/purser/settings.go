package main

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"purser/api/data"
	"purser/api/rest"
	"purser/config"
	"purser/deployer"
	"purser/packages"
	"purser/repository/sqlite"
)

// compatibleVersion is the version of Skipper that clients are told.
const compatibleVersion = "2.11.5"

// The functions below say a part of the configuration in the words of the package that it is for.

func storeOptions(c *config.Config, log *slog.Logger) sqlite.Options {
	return sqlite.Options{
		Path: filepath.Join(c.DataDir, "purser.db"), Log: log,
		Synchronous: c.Store.Synchronous, Readers: c.Store.Readers, CacheBytes: orNone(c.Store.CacheBytes),
		KeepEvents: c.Events.Keep,
	}
}

func packageLimits(l config.Limits) packages.Limits {
	return packages.Limits{
		ArchiveBytes: l.ArchiveBytes, Entries: l.Entries, EntryBytes: l.EntryBytes, TotalBytes: l.UnpackedBytes,
		Ratio: int64(l.Ratio), Depth: l.Depth, IndexBytes: l.IndexBytes, IndexEntries: l.IndexEntries,
	}
}

// orNone says "no cache" as the caches do: below 0. Their 0 stands for a default.
func orNone(bytes int64) int64 {
	if bytes == 0 {
		return -1
	}
	return bytes
}

func resourceOptions(c *config.Config, log *slog.Logger) (deployer.Options, error) {
	o := deployer.Options{
		CacheDir: c.Resources.CacheDir, MaxBytes: c.Limits.ResourceBytes,
		Timeout: c.Resources.Timeout, Redirects: c.Resources.Redirects,
		Offline: c.Maven.Offline, MavenLocal: c.Maven.LocalRepository,
		ConnectTimeout: c.Maven.ConnectTimeout, AnswerTimeout: c.Maven.RequestTimeout,
		Log: log,
	}
	if o.CacheDir == "" {
		o.CacheDir = filepath.Join(c.DataDir, "resources")
	}
	if o.Redirects == 0 {
		o.Redirects = -1 // none; 0 stands for the default there
	}
	if p := c.Maven.Proxy; p != nil {
		o.MavenProxy = &deployer.Proxy{
			Protocol: p.Protocol, Host: fmt.Sprintf("%s:%d", p.Host, p.Port),
			User: p.User, Password: p.Password, NonProxyHosts: p.NonProxyHosts,
		}
	}
	if c.Maven.IncludeDefaults {
		standard, err := policy(c.Maven.Policy)
		if err != nil {
			return o, err
		}
		for _, r := range deployer.DefaultRemotes() {
			r.Releases = with(standard, r.Releases.Disabled)
			r.Snapshots = with(standard, r.Snapshots.Disabled)
			o.Remotes = append(o.Remotes, r)
		}
	}
	for _, r := range c.Maven.Remotes {
		releases, err := policy(r.Releases)
		if err != nil {
			return o, fmt.Errorf("maven.remote-repositories.%s: %w", r.Name, err)
		}
		snapshots, err := policy(r.Snapshots)
		if err != nil {
			return o, fmt.Errorf("maven.remote-repositories.%s: %w", r.Name, err)
		}
		o.Remotes = append(o.Remotes, deployer.Remote{
			Name: r.Name, URL: r.URL, User: r.User, Password: r.Password, Releases: releases, Snapshots: snapshots,
		})
	}
	return o, nil
}

func policy(p config.MavenPolicy) (deployer.Policy, error) {
	age, err := deployer.ParseUpdatePolicy(p.Update)
	return deployer.Policy{Disabled: !p.Enabled, Checksums: deployer.ChecksumPolicy(p.Checksum), MaxAge: age}, err
}

func with(p deployer.Policy, disabled bool) deployer.Policy {
	p.Disabled = p.Disabled || disabled
	return p
}

func about(v config.VersionInfo) rest.About {
	return rest.About{
		ServerName: v.ServerName, ServerVersion: orCompatible(v.ServerVersion),
		ShellName: v.ShellName, ShellVersion: orCompatible(v.ShellVersion), ShellURL: v.ShellURL,
		SHA1:   rest.Checksum{Value: v.ShellSHA1, URL: v.ShellSHA1URL},
		SHA256: rest.Checksum{Value: v.ShellSHA256, URL: v.ShellSHA256URL},
		Fetch:  v.FetchesChecksums,
	}
}

func orCompatible(version string) string {
	if version == "" {
		return compatibleVersion
	}
	return version
}

func optionFilter(f config.OptionFilter) data.OptionFilter {
	return data.OptionFilter{
		GroupIncludes: f.GroupIncludes, GroupExcludes: f.GroupExcludes,
		PropertyIncludes: f.PropertyIncludes, PropertyExcludes: f.PropertyExcludes,
	}
}
