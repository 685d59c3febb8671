package purser

import (
	"context"
	"log/slog"
	"time"
)

// Deployer runs applications on one account of one platform. It is safe for concurrent use.
type Deployer interface {
	// Info describes the account for GET /api/deployers.
	Info() PlatformInfo
	// DeploymentID gives the id under which an application of that group and name (<app>-v<n>) is deployed
	// (spec/packages.md §5.4). It is known before the platform is touched, so that the intention can be recorded.
	DeploymentID(group, name string) string

	// Deploy sees to it that the deployment exists: a second call with the same id changes nothing. It returns when the
	// platform has accepted it, not when it is healthy; an application that cannot start is a state, not an error.
	// CodeInvalid for properties that cannot be meant, CodePlatform when the platform refused.
	Deploy(ctx context.Context, d Deployment) error
	// Undeploy sees to it that the deployment does not exist; an unknown id is no error. It returns when the platform
	// took the order and will carry it out, even over a restart of the server. CodePlatform.
	Undeploy(ctx context.Context, id string) error
	// Scale sets the number of instances, 0 included. CodeNotFound for an unknown id, CodeInvalid, CodePlatform.
	Scale(ctx context.Context, id string, count int, properties map[string]string) error

	// Status gives the last known state of each deployment in the order asked, StateUnknown without instances for unknown
	// ids. It never probes: watchers keep a cache.
	Status(ctx context.Context, ids ...string) ([]AppStatus, error)
	// Watch sends the status of each deployment at once and then after each change, until ctx ends; then the channel is
	// closed. A slow receiver misses states in between, never the last one.
	Watch(ctx context.Context, ids ...string) (<-chan AppStatus, error)
	// Logs gives the tail of what the deployment printed; "" for unknown ids. CodePlatform.
	Logs(ctx context.Context, id string) (string, error)
	// Actuator passes a call on to one instance. CodeNotFound when the deployment or the instance is not running,
	// CodePlatform when it does not answer. An answer with a status of 400 and more is no error.
	Actuator(ctx context.Context, r ActuatorRequest) (ActuatorResponse, error)

	// Close stops watching. What runs on the platform goes on. A second Close does nothing.
	Close() error
}

// PlatformInfo describes an account of a platform.
type PlatformInfo struct {
	Name        string // of the account
	Type        string // local, kubernetes, ...
	Description string
	Options     []PlatformOption
}

// PlatformOption is one deployment property that the platform understands, in the words of Spring's configuration
// metadata (spec/deployers.md §3.7).
type PlatformOption struct {
	ID          string // e.g. spring.cloud.deployer.local.java-opts
	Name        string // e.g. java-opts
	Type        string // a Java class name
	Description string
	Default     any // nil, string, number, bool or []string
}

// Platforms holds the accounts by name. Names are unique over all platforms.
type Platforms map[string]Deployer

// Find gives the account with that name. CodeNotFound, with the text of spec/rest.md §3.3.
func (p Platforms) Find(name string) (Deployer, error) {
	if d, ok := p[name]; ok {
		return d, nil
	}
	return nil, Errorf(CodeNotFound, "No deployer named '%s'", name)
}

// PackageReader finds and reads packages for the life cycle of releases.
type PackageReader interface {
	// Choose gives the package with that name and version, by the rules of spec/rest.md §5.2. CodeNotFound.
	Choose(ctx context.Context, q Reader, id PackageIdentifier) (PackageMetadata, error)
	// Read gives the content of a package; a remote one is fetched first and kept. CodeNotFound, CodeInvalid,
	// CodeTooLarge, CodePlatform when the repository does not answer.
	Read(ctx context.Context, m PackageMetadata) (Package, error)
	// Remove deletes all versions of a package, if no release but the ones of ignore has a version of it in use
	// (spec/rest.md §5.7). CodePackageInUse; CodeNotFound when there is no such package.
	Remove(ctx context.Context, tx Tx, name string, ignore ...ReleaseKey) error
}

// Renderer turns packages and values into manifests, and manifests into applications. It does no I/O and gives the
// same answer for the same question, always. All errors are CodeInvalid unless said, with the place that is wrong.
type Renderer interface {
	// Render gives the manifest of a package with override values (spec/packages.md §2-4).
	Render(r RenderRequest) (string, error)
	// MergeValues lays override values over base values and gives a fresh dump of the result (spec/packages.md §5.6).
	// nil or blank override: nil. nil or blank base: a dump of the override.
	MergeValues(base, override *string) (*string, error)
	// Applications reads a manifest (spec/packages.md §5.1-5.2).
	Applications(manifest string) ([]AppSpec, error)
	// Compare tells what an upgrade from one version to another changes (spec/packages.md §5.7). CodeConflict with the
	// reference's text when the two cannot be compared (recorded as a SkipperException); equal releases are no error but
	// an empty Difference. An existing release without a manifest stands for none: every application is added.
	Compare(existing, replacing Release) (Difference, error)
}

// RenderRequest is what a manifest is made of.
type RenderRequest struct {
	Package Package
	Values  *string        // override values; nil for none
	Counts  map[string]int // application -> instances it has now, which go into its count (spec/packages.md §5.8)
}

// Difference is what changes between two manifests.
type Difference struct {
	Apps []AppDifference // by name
}

// AppDifference is what changes of one application.
type AppDifference struct {
	Name       string
	Added      bool // only in the replacing manifest
	Removed    bool // only in the existing manifest
	Properties []PropertyDifference
}

// PropertyDifference is one property that differs; equal ones are left out.
type PropertyDifference struct {
	Section string // "manifest", "metadata", "spec", "applicationProperties", "deploymentProperties"
	Name    string
	Old     *string // nil: not there before
	New     *string // nil: not there any more
}

// Empty tells whether nothing changes.
func (d Difference) Empty() bool { return len(d.Apps) == 0 }

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// SystemClock is the clock of the machine, in UTC and in the milliseconds that the wire knows.
type SystemClock struct{}

// Now implements Clock.
func (SystemClock) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Publisher is told what has happened, after it was committed. It must not block.
type Publisher interface {
	Publish(ctx context.Context, events ...Event)
}

// Event is one thing that happened to a release. Stores keep the last ones of them, so that nobody who was away for a
// moment misses any.
type Event struct {
	ID      int64 // rises in the order in which transactions are committed; 0 before the event is stored
	Kind    EventKind
	Key     ReleaseKey
	Version int
	At      time.Time
	Detail  string // for people

	Stage     Stage         // of the version; "" with EventOperation
	Operation int64         // id of the operation that is meant or that caused it; 0 when there is none
	Change    OperationKind // what that operation does, with EventOperation
	Phase     Phase         // with EventOperation
	Outcome   Outcome       // with EventOperation when it is closed

	Application  string   // name, with EventApplication
	DeploymentID string   // with EventApplication
	State        AppState // with EventApplication
}

// EventKind says what kind of thing happened.
type EventKind string

// The kinds.
const (
	EventRelease     EventKind = "release"     // a version came to be, or changed its stage
	EventOperation   EventKind = "operation"   // an operation came to be, changed its phase, or was asked to end
	EventApplication EventKind = "application" // an application, or an instance of it, changed its state
)

// Publishers tells each of them in turn.
type Publishers []Publisher

// Publish implements Publisher.
func (p Publishers) Publish(ctx context.Context, events ...Event) {
	for _, one := range p {
		one.Publish(ctx, events...)
	}
}

// LogPublisher writes events to a log at debug level.
type LogPublisher struct{ Log *slog.Logger }

// Publish implements Publisher.
func (p LogPublisher) Publish(ctx context.Context, events ...Event) {
	for _, e := range events {
		p.Log.DebugContext(ctx, "event", "id", e.ID, "kind", e.Kind, "release", e.Key.String(), "version", e.Version,
			"stage", e.Stage, "operation", e.Operation, "phase", e.Phase, "deployment", e.DeploymentID, "state", e.State, "detail", e.Detail)
	}
}

var (
	_ Clock     = SystemClock{}
	_ Publisher = LogPublisher{}
	_ Publisher = Publishers{}
)
