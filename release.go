package purser

import (
	"fmt"
	"time"
)

// ReleaseKey names a release. Space is "" in Skipper's dialect; other dialects map their tenants onto a path. Names
// are case-sensitive.
type ReleaseKey struct {
	Space string
	Name  string
}

// String gives the key for logs.
func (k ReleaseKey) String() string {
	if k.Space == "" {
		return k.Name
	}
	return k.Space + ":" + k.Name
}

// Release is one version of a release: what was asked for, what it was rendered to, and how far it has come.
type Release struct {
	ID       int64
	Key      ReleaseKey
	Version  int // counts from 1 within the key
	Stage    Stage
	Revision int64 // 0 until the status code changes after the first DEPLOYED, then one more at each change (the ETag)

	Description string // what the last operation had to say, e.g. "Install complete"
	Platform    string // name of the platform account
	Package     Package
	Values      *string // override values as they are stored; nil when none were given
	Manifest    string

	Applications []ReleaseApplication // in manifest order; kept applications carry the id of an earlier version
	Statuses     []AppStatus          // as last polled; nil when never polled or deleted

	UUID      string  // of this version: never changes, cannot be guessed; "" in stores' tests only
	Tag       string  // unique within the key; "" for none
	Notes     string  // what its maker says about it
	Trigger   Trigger // why it came to be; "" when nobody said
	Previous  string  // UUID of the highest version that was there when it was staged; "" for none
	ChangeLog *string // what is different from Previous, as text; nil without Previous. Light lists leave it out
	Facts     string  // a small JSON document of the dialect that staged it; "" for none

	Archived    bool // out of the way: lists leave it out unless they are asked for it
	Activations int  // how often it began to be deployed

	CreatedAt   time.Time
	CreatedBy   string // subjects, as requests name them; "" when nobody was named
	UpdatedAt   time.Time
	UpdatedBy   string
	ActivatedAt time.Time // when it was deployed last; zero: never
	ActivatedBy string
	ArchivedAt  time.Time // zero: never, or not any more
	ArchivedBy  string
	HealthyAt   time.Time // when the platform last reported all of its applications as healthy; zero: never
}

// Trigger says why a version came to be.
type Trigger string

// The triggers. A dialect may have others of its own.
const (
	TriggerInstall      Trigger = "install"
	TriggerUpgrade      Trigger = "upgrade"
	TriggerRollback     Trigger = "rollback"
	TriggerNewBuild     Trigger = "new_build"
	TriggerPromotion    Trigger = "promotion"
	TriggerConfigChange Trigger = "config_change"
)

// ReleaseApplication ties an application of a release version to its deployment.
type ReleaseApplication struct {
	Name         string
	DeploymentID string
}

// DeploymentIDs lists the deployments of the version in manifest order.
func (r Release) DeploymentIDs() []string {
	ids := make([]string, 0, len(r.Applications))
	for _, a := range r.Applications {
		ids = append(ids, a.DeploymentID)
	}
	return ids
}

// DeploymentID gives the deployment of one application, "" when the version has no such application.
func (r Release) DeploymentID(app string) string {
	for _, a := range r.Applications {
		if a.Name == app {
			return a.DeploymentID
		}
	}
	return ""
}

// Application gives the name of the application with that deployment, "" when the version has no such deployment.
func (r Release) Application(deploymentID string) string {
	for _, a := range r.Applications {
		if a.DeploymentID == deploymentID {
			return a.Name
		}
	}
	return ""
}

// Move puts the version into another stage, with the text that tells why. It returns an error with CodeInternal when
// the table of transitions does not have that move, and leaves the release as it was.
func (r *Release) Move(next Stage, description string, now time.Time) error {
	if !r.Stage.CanBecome(next) {
		return Errorf(CodeInternal, "release %s v%d cannot become %s: it is %s", r.Key, r.Version, next, r.Stage)
	}
	if r.Stage.StatusCode() != next.StatusCode() && r.Stage != StageDeploying && r.Stage != StageDraft {
		r.Revision++
	}
	r.Stage, r.Description, r.UpdatedAt = next, description, now
	if next.IsDeleted() {
		r.Statuses = nil
	}
	return nil
}

// Label names the version for logs: "name v3".
func (r Release) Label() string { return fmt.Sprintf("%s v%d", r.Key, r.Version) }
