package config

import (
	"log/slog"
	"strings"
	"time"
)

// levels are the words of logging.level.root.
var levels = map[string]slog.Level{
	"trace": slog.LevelDebug - 4, "debug": slog.LevelDebug, "info": slog.LevelInfo,
	"warn": slog.LevelWarn, "error": slog.LevelError, "off": slog.LevelError + 100,
}

// build makes the configuration of checked settings. What is wrong in trees is noted in the report.
func (l *layers) build(s *scalars, e environment) *Config {
	c := &Config{
		Server: Server{
			Port:           s.number("server.port"),
			Address:        s.text("server.address"),
			ShutdownGrace:  s.time("server.shutdown-grace"),
			ForwardHeaders: l.forwardHeaders(s, e),
			Probes:         l.probes(s, e),
		},
		Logging: Logging{Level: levels[s.text("logging.level.root")], Format: s.text("logging.format")},
		Health: Health{
			Timeout:  positive(s.time(skipper+"strategies.healthcheck.timeout-in-millis"), 300*time.Second),
			FailFast: s.truth("purser.strategies.fail-fast"),
			Grace:    s.time("purser.strategies.fail-fast-grace"),
		},
		VersionInfo: buildVersionInfo(s),
		Options: OptionFilter{
			PropertyIncludes: s.list(skipper + "deployer-properties.property-includes"),
			PropertyExcludes: s.list(skipper + "deployer-properties.property-excludes"),
			GroupIncludes:    s.list(skipper + "deployer-properties.group-includes"),
			GroupExcludes:    s.list(skipper + "deployer-properties.group-excludes"),
		},
		Store: Store{
			Synchronous: strings.ToUpper(s.text("purser.store.synchronous")),
			Readers:     s.number("purser.store.readers"),
			CacheBytes:  s.size("purser.store.cache-size"),
		},
		Events:    Events{Keep: s.number("purser.events.keep"), Streams: s.number("purser.events.streams")},
		Logs:      Logs{Streams: s.number("purser.logs.streams")},
		Engine:    Engine{Parallel: s.number("purser.engine.parallel"), Lease: s.time("purser.engine.lease")},
		Resources: Resources{CacheDir: s.text("purser.resources.cache-dir"), Timeout: s.time("purser.resources.timeout"), Redirects: s.number("purser.resources.redirects")},
		Local: Local{
			StopOnExit: s.truth("purser.platform.local.stop-on-exit"),
			LogBytes:   s.size("purser.platform.local.log-size"),
			KeepFiles:  s.time("purser.platform.local.keep-files"),
		},
		Limits:            buildLimits(s),
		DataDir:           s.text("purser.data-dir"),
		BareLinks:         s.truth("purser.api.bare-links"),
		Browse:            s.truth("purser.browse.enabled"),
		PollStates:        s.truth(skipper + "enable-release-state-update-service"),
		ReadIndexes:       s.truth(skipper + "synchonize-index-on-context-refresh"),
		RefreshInterval:   s.time("purser.repositories.refresh-interval"),
		FetchTimeout:      s.time("purser.repositories.fetch-timeout"),
		PackageCacheBytes: s.size("purser.packages.cache-size"),
	}
	c.Maven = l.buildMaven(s)
	c.Repositories = l.buildRepositories()
	c.Accounts = l.buildAccounts()
	c.Dialects = l.buildDialects()
	c.lines = l.lines(s, e)
	return c
}

// positive is d, or fallback for 0 and less.
func positive(d, fallback time.Duration) time.Duration {
	if d <= 0 {
		return fallback
	}
	return d
}

func (l *layers) forwardHeaders(s *scalars, e environment) string {
	if value, ok := e.platformDefault(forwardKey); ok && l.slots[canonical(forwardKey)] == nil {
		return value
	}
	return s.text(forwardKey)
}

func (l *layers) probes(s *scalars, e environment) bool {
	if value, ok := e.platformDefault(probesKey); ok && l.slots[canonical(probesKey)] == nil {
		return value == "true"
	}
	return s.truth(probesKey)
}

func buildVersionInfo(s *scalars) VersionInfo {
	const (
		server = skipper + "version-info.dependencies.spring-cloud-skipper-server."
		shell  = skipper + "version-info.dependencies.spring-cloud-skipper-shell."
	)
	return VersionInfo{
		ServerName:       s.text(server + "name"),
		ServerVersion:    s.text(server + "version"),
		ShellName:        s.text(shell + "name"),
		ShellVersion:     s.text(shell + "version"),
		ShellURL:         s.text(shell + "url"),
		ShellSHA1:        s.text(shell + "checksum-sha1"),
		ShellSHA256:      s.text(shell + "checksum-sha256"),
		ShellSHA1URL:     s.text(shell + "checksum-sha1-url"),
		ShellSHA256URL:   s.text(shell + "checksum-sha256-url"),
		FetchesChecksums: s.truth(skipper + "version-info.dependency-fetch.enabled"),
	}
}

func buildLimits(s *scalars) Limits {
	const limit = "purser.limits."
	return Limits{
		RequestBytes:  s.size(limit + "request-body"),
		ArchiveBytes:  s.size(limit + "archive-size"),
		Entries:       s.number(limit + "archive-entries"),
		EntryBytes:    s.size(limit + "entry-size"),
		UnpackedBytes: s.size(limit + "unpacked-size"),
		Ratio:         s.number(limit + "ratio"),
		Depth:         s.number(limit + "package-depth"),
		IndexBytes:    s.size(limit + "index-size"),
		IndexEntries:  s.number(limit + "index-entries"),
		ResourceBytes: s.size(limit + "resource-size"),
	}
}
