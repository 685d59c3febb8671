package purser

// Preview is what an install, an upgrade or a rollback would do. Nothing of it is stored, and no platform is told of it.
type Preview struct {
	// Release is the version that would come to be: Version is the number that it would get now, Values and Manifest are
	// those that it would have, Applications carry the ids they would be deployed under. ID and times are zero.
	Release      Release
	Applications []PreviewedApplication // those of the version in manifest order, then those that would be removed
	Difference   Difference             // from what it would replace; of an install everything is added
}

// PreviewedApplication tells what would become of one application.
type PreviewedApplication struct {
	Name         string
	Action       PreviewAction
	DeploymentID string // the one that would be deployed, goes on, or would be removed
}

// PreviewAction is what would happen to an application.
type PreviewAction string

// The actions.
const (
	ActionDeploy  PreviewAction = "deploy"  // it is new
	ActionReplace PreviewAction = "replace" // it is deployed anew, and what runs of it is removed afterwards
	ActionKeep    PreviewAction = "keep"    // what runs goes on as it is
	ActionRemove  PreviewAction = "remove"  // it runs, and would not any more
)

// VersionDifference is what changes from one version of a release to another.
type VersionDifference struct {
	From       int // 0: there was none, so everything is added
	To         int
	Difference Difference
}
