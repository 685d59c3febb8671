package config

import (
	"log/slog"
	"time"

	"purser"
)

// Config is what the server is to do, with every value checked. Durations and sizes are above their least values; sizes
// are bytes.
type Config struct {
	Server       Server
	Logging      Logging
	Health       Health
	VersionInfo  VersionInfo
	Options      OptionFilter
	Repositories []purser.Repository // package repositories, `local` first, else as written; without IDs
	Accounts     []Account           // of all platforms, by platform, else as written; names are unique
	Maven        Maven
	Store        Store
	Engine       Engine
	Events       Events
	Logs         Logs
	Resources    Resources
	Local        Local
	Limits       Limits
	Dialects     Dialects

	DataDir           string        // purser.data-dir
	BareLinks         bool          // of documents asked for as plain JSON
	Browse            bool          // whether browsers get pages
	PollStates        bool          // enable-release-state-update-service
	ReadIndexes       bool          // synchonize-index-on-context-refresh
	RefreshInterval   time.Duration // of remote indexes; 0: only at start
	FetchTimeout      time.Duration // of one index or package
	PackageCacheBytes int64

	lines []printed
}

// Server is server.*.
type Server struct {
	Port           int
	Address        string
	ShutdownGrace  time.Duration
	ForwardHeaders string // which headers of a proxy count in links: none, native or framework
	Probes         bool   // the groups of the health
}

// Logging is logging.*.
type Logging struct {
	Level  slog.Level
	Format string // auto, text or json
}

// Health is how an upgrade waits for its applications.
type Health struct {
	Timeout  time.Duration
	FailFast bool
	Grace    time.Duration // of FailFast
}

// VersionInfo is what GET /api/about says. Empty versions are those of the compatible Skipper.
type VersionInfo struct {
	ServerName       string
	ServerVersion    string
	ShellName        string
	ShellVersion     string
	ShellURL         string // with {repository} and {version} to be filled in
	ShellSHA1        string
	ShellSHA256      string
	ShellSHA1URL     string
	ShellSHA256URL   string
	FetchesChecksums bool
}

// OptionFilter narrows the deployment properties that GET /api/deployers shows.
type OptionFilter struct {
	PropertyIncludes []string
	PropertyExcludes []string
	GroupIncludes    []string
	GroupExcludes    []string
}

// Account is an account of a platform. The platform decodes its settings.
type Account struct {
	Platform string // local, kubernetes, cloudfoundry
	Name     string
	Settings map[string]any // by kebab-case names where they are known, with dots for nested ones; else as written
	Origin   Origin
}

// Maven is where maven: resources come from.
type Maven struct {
	LocalRepository string // "": ~/.m2/repository
	Offline         bool
	IncludeDefaults bool // put Maven Central and Spring's repositories first
	ConnectTimeout  time.Duration
	RequestTimeout  time.Duration
	Proxy           *MavenProxy // nil: none
	Policy          MavenPolicy // of the default repositories
	Remotes         []MavenRemote
}

// MavenProxy is a proxy for Maven repositories.
type MavenProxy struct {
	Protocol      string
	Host          string
	Port          int
	User          string
	Password      string
	NonProxyHosts []string
}

// MavenRemote is a Maven repository.
type MavenRemote struct {
	Name      string
	URL       string
	User      string
	Password  string
	Releases  MavenPolicy
	Snapshots MavenPolicy
}

// MavenPolicy says whether and how a Maven repository is used.
type MavenPolicy struct {
	Enabled  bool
	Update   string // always, daily, never or interval:MINUTES
	Checksum string // warn, fail or ignore
}

// Store is purser.store.*.
type Store struct {
	Synchronous string // FULL, NORMAL, EXTRA or OFF
	Readers     int
	CacheBytes  int64
}

// Engine is purser.engine.*.
type Engine struct {
	Parallel int
	Lease    time.Duration
}

// Events is purser.events.*.
type Events struct {
	Keep    int
	Streams int
}

// Resources is purser.resources.*.
type Resources struct {
	CacheDir  string // "": below the data folder
	Timeout   time.Duration
	Redirects int
}

// Local is purser.platform.local.*, common to all accounts of the local platform.
type Local struct {
	StopOnExit bool
	LogBytes   int64
	KeepFiles  time.Duration
}

// Logs is purser.logs.*.
type Logs struct {
	Streams int // that are followed at one time
}

// Limits is purser.limits.*.
type Limits struct {
	RequestBytes  int64
	ArchiveBytes  int64
	Entries       int
	EntryBytes    int64
	UnpackedBytes int64
	Ratio         int
	Depth         int
	IndexBytes    int64
	IndexEntries  int
	ResourceBytes int64
}
