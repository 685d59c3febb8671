package purser

import (
	"context"
	"time"
)

// Store keeps everything that outlives the process. Its own methods read, each in a transaction of its own; writes go
// through Update. All of it is safe for concurrent use.
type Store interface {
	Reader

	// Update runs f in one write transaction and commits it when f returns nil; any error, or a panic, rolls it back and
	// comes out as it is. Writers queue up, so f does nothing but talk to tx. f reads its own writes.
	Update(ctx context.Context, f func(tx Tx) error) error

	// Close ends the store after the transactions in flight. A second Close does nothing.
	Close() error
}

// Reader is what can be asked of the store, inside and outside of a transaction. Lists are empty, not errors, when
// nothing fits; storage order is by id.
type Reader interface {
	VersionReader
	CatalogReader

	// FindRelease gives one version of a release, or with version 0 the highest that is no draft. CodeReleaseNotFound.
	FindRelease(ctx context.Context, key ReleaseKey, version int) (Release, error)
	// FindReleases gives the versions that fit, and how many fit without the page.
	FindReleases(ctx context.Context, filter ReleaseFilter) ([]Release, int, error)
	// NextVersion gives the number that the next version of the key gets: the highest that is stored or was discarded, plus 1.
	NextVersion(ctx context.Context, key ReleaseKey) (int, error)

	// FindPackage gives the metadata with that id. CodeNotFound.
	FindPackage(ctx context.Context, id int64) (PackageMetadata, error)
	// FindPackages gives the metadata that fit, and how many fit without the page.
	FindPackages(ctx context.Context, filter PackageFilter) ([]PackageMetadata, int, error)
	// FindArchive gives the stored archive of a package; nil, and no error, when none is stored (a remote package that
	// was not fetched yet). CodeNotFound when there is no such package.
	FindArchive(ctx context.Context, packageID int64) ([]byte, error)

	// FindRepositories gives the repositories that fit, and how many fit without the page.
	FindRepositories(ctx context.Context, filter RepositoryFilter) ([]Repository, int, error)

	// FindOperation gives the operation of a key that is under way, not a queued one. CodeNotFound when there is none.
	FindOperation(ctx context.Context, key ReleaseKey) (Operation, error)
	// FindOperations gives the operations that fit, and how many fit without the page.
	FindOperations(ctx context.Context, filter OperationFilter) ([]Operation, int, error)

	// FindEvents gives the events of the log that fit, by id.
	FindEvents(ctx context.Context, filter EventFilter) ([]Event, error)
	// FindEventRange gives the ids of the oldest and of the newest event of the log, 0 when nothing was ever logged. There
	// are no gaps between them.
	FindEventRange(ctx context.Context) (oldest, newest int64, err error)
}

// VersionReader is what can be asked of the store about versions as snapshots, their keys and what hangs on them. It is
// part of Reader.
type VersionReader interface {
	// FindVersion gives the version with that UUID, drafts too, of whatever space. CodeReleaseNotFound.
	FindVersion(ctx context.Context, uuid string) (Release, error)
	// FindVersions gives a page of the versions of a key.
	FindVersions(ctx context.Context, filter VersionFilter) ([]Release, error)
	// CountVersions counts the versions of a key that fit; After and Limit do not count.
	CountVersions(ctx context.Context, filter VersionFilter) (int, error)
	// FindKey gives what is kept of a key; CodeNotFound when nothing is.
	FindKey(ctx context.Context, key ReleaseKey) (KeyRecord, error)
	// FindKeyByUUID gives the key with that UUID. CodeNotFound.
	FindKeyByUUID(ctx context.Context, uuid string) (KeyRecord, error)
	// FindChecks gives the checks of the versions with those UUIDs, in the order in which they were made.
	FindChecks(ctx context.Context, releases ...string) ([]Check, error)
	// FindDeliveries gives the deliveries that fit.
	FindDeliveries(ctx context.Context, filter DeliveryFilter) ([]Delivery, error)
}

// VersionWriter is what a write transaction can do for them. It is part of Tx.
type VersionWriter interface {
	// DiscardRelease removes a version for good and keeps its number from being used again. CodeReleaseNotFound.
	DiscardRelease(ctx context.Context, releaseID int64) error
	// SetKeyUUID gives a key its UUID. CodeConflict when it has one.
	SetKeyUUID(ctx context.Context, key ReleaseKey, uuid string) error
	// CreateCheck stores a check. CodeReleaseNotFound for its version, CodeConflict when that has one with its context.
	CreateCheck(ctx context.Context, c Check) error
	// UpdateCheck stores everything but UUID, version, context and CreatedAt. CodeNotFound.
	UpdateCheck(ctx context.Context, c Check) error
	// CreateDelivery stores a delivery and sets its ID.
	CreateDelivery(ctx context.Context, d *Delivery) error
	// UpdateDelivery stores everything but ID, UUID, hook, event, key, body and CreatedAt. CodeNotFound.
	UpdateDelivery(ctx context.Context, d Delivery) error
	// ClaimDeliveries makes owner the owner until then of pending deliveries that are due now and that nobody owns, that
	// owner owns already, or whose lease ended before now; at most limit of them, those that are due longest first.
	ClaimDeliveries(ctx context.Context, owner string, now, until time.Time, limit int) ([]Delivery, error)
	// DropDeliveries removes deliveries that ended before then.
	DropDeliveries(ctx context.Context, before time.Time) error
}

// ReleaseScanner is what a store can do besides, for lists that may be long. Whoever uses it asks by a type assertion
// and falls back to FindReleases.
type ReleaseScanner interface {
	// ScanReleases tells visit of each version that fits, in the filter's order, with a few statements however long the
	// list is, and without ever holding more than some versions and the ids of the rest. The list is of the moment of the
	// call, but what a slow visit keeps waiting may be newer, and is left out when it was removed meanwhile. visit may use
	// the store. An error of visit ends it and comes out as it is, an ended ctx as from any method.
	ScanReleases(ctx context.Context, filter ReleaseFilter, visit func(r Release) error) error
}

// Tx is a write transaction.
type Tx interface {
	Reader
	VersionWriter
	CatalogWriter

	// CreateRelease stores a new version and sets its ID. CodeConflict when the key has that version or that tag already.
	CreateRelease(ctx context.Context, r *Release) error
	// UpdateRelease stores everything of the version with that ID but key, version, package, UUID, tag, trigger, previous,
	// change log, and when and by whom it was created. CodeReleaseNotFound.
	UpdateRelease(ctx context.Context, r Release) error
	// UpdateStatuses stores what was polled of the version with that id, and nothing else but, unless it is zero, when
	// the platform reported health. CodeReleaseNotFound.
	UpdateStatuses(ctx context.Context, releaseID int64, statuses []AppStatus, healthyAt time.Time) error
	// DeleteRelease removes a version for good, and its number may be used again: only for an install that was refused
	// half-way. CodeReleaseNotFound.
	DeleteRelease(ctx context.Context, releaseID int64) error

	// CreatePackage stores metadata and archive (nil: not fetched yet) and sets the ID. CodeConflict when the repository
	// has that name and version already.
	CreatePackage(ctx context.Context, m *PackageMetadata, archive []byte) error
	// UpdateArchive stores the archive of a package that had none. CodeNotFound.
	UpdateArchive(ctx context.Context, packageID int64, archive []byte) error
	// DeletePackage removes metadata and archive. CodeNotFound.
	DeletePackage(ctx context.Context, packageID int64) error

	// CreateRepository stores a repository and sets its ID. CodeConflict when the name is taken.
	CreateRepository(ctx context.Context, r *Repository) error

	// CreateOperation stores an open operation and sets its ID. CodeBusy when the key has an open one.
	CreateOperation(ctx context.Context, o *Operation) error
	// UpdateOperation stores everything but ID, key, kind and StartedAt. CodeNotFound.
	UpdateOperation(ctx context.Context, o Operation) error
	// ClaimOperations makes owner the owner until then of every open operation that nobody owns, that owner owns
	// already, or whose lease ended before now, and gives them in storage order.
	ClaimOperations(ctx context.Context, owner string, now, until time.Time) ([]Operation, error)
	// RenewLeases prolongs the leases of the open operations that owner owns.
	RenewLeases(ctx context.Context, owner string, until time.Time) error

	// AppendEvents puts events at the end of the log and gives them with their ids. The log is bounded: the oldest events
	// leave it, but never those of the last transaction.
	AppendEvents(ctx context.Context, events ...Event) ([]Event, error)
}

// Page cuts a part out of a list. Limit 0 means all of it.
type Page struct {
	Offset int
	Limit  int
}

// Order sorts a list. Field is one of the constants of the list's type; a store ignores fields it does not know. Ties,
// and lists without any order, are in storage order.
type Order struct {
	Field      OrderField
	Descending bool
}

// OrderField names what a list can be sorted by, in the spelling of the Skipper dialect's JSON.
type OrderField string

// The fields. Each list knows the ones that its type has.
const (
	OrderName             OrderField = "name"
	OrderVersion          OrderField = "version" // a number for releases, text for packages
	OrderPlatformName     OrderField = "platformName"
	OrderAPIVersion       OrderField = "apiVersion"
	OrderOrigin           OrderField = "origin"
	OrderRepositoryID     OrderField = "repositoryId"
	OrderRepositoryName   OrderField = "repositoryName"
	OrderKind             OrderField = "kind"
	OrderDisplayName      OrderField = "displayName"
	OrderPackageSourceURL OrderField = "packageSourceUrl"
	OrderPackageHomeURL   OrderField = "packageHomeUrl"
	OrderTags             OrderField = "tags"
	OrderMaintainer       OrderField = "maintainer"
	OrderDescription      OrderField = "description"
	OrderSHA256           OrderField = "sha256"
	OrderIconURL          OrderField = "iconUrl"
	OrderURL              OrderField = "url"
	OrderSourceURL        OrderField = "sourceUrl"
	OrderLocal            OrderField = "local"
	OrderRepoOrder        OrderField = "repoOrder"
)

// ReleaseFilter narrows a list of release versions; zero fields do not narrow.
type ReleaseFilter struct {
	Space        string // exact; "" is Skipper's space, not all of them
	AllSpaces    bool   // Space does not count
	ID           int64
	Tag          string   // exact
	Names        []string // exact; an empty list that is not nil fits nothing
	NameContains string   // any case; % and _ are plain letters
	Version      int
	Stages       []Stage // nil: all but drafts
	PackageIDs   []int64 // of Package.Metadata.ID; an empty list that is not nil fits nothing
	Latest       bool    // of the versions that fit, only the highest of each key
	Light        bool    // leave Package (but for its metadata), Values and Manifest out
	Order        []Order
	Page         Page
}

// PackageFilter narrows a list of package metadata; zero fields do not narrow.
type PackageFilter struct {
	Name         string // exact in case
	NameContains string // any case; % and _ are plain letters
	Version      string
	UUID         string // of PackageMetadata.UUID
	RepositoryID int64
	Order        []Order
	Page         Page
}

// RepositoryFilter narrows a list of repositories; zero fields do not narrow.
type RepositoryFilter struct {
	ID    int64
	Name  string // exact in case
	Order []Order
	Page  Page
}

// OperationFilter narrows a list of operations; zero fields do not narrow.
type OperationFilter struct {
	ID     int64
	Key    *ReleaseKey
	Space  *string // exact; "" is Skipper's space
	Open   bool    // only open ones, queued ones too
	Newest bool    // the newest first, not in storage order
	Page   Page
}

// EventFilter narrows a list of events; zero fields do not narrow.
type EventFilter struct {
	After     int64    // only those with a greater id
	Space     string   // exact; "" is Skipper's space, not all of them
	AllSpaces bool     // Space does not count
	Names     []string // of releases, exact; an empty list that is not nil fits nothing
	Limit     int      // 0: no limit
}
