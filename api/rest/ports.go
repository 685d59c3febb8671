package rest

import (
	"context"

	"purser"
)

// Engine is what this dialect needs of the life cycle of releases.
type Engine interface {
	Install(ctx context.Context, r purser.InstallRequest) (purser.Release, error)
	Upgrade(ctx context.Context, r purser.UpgradeRequest) (purser.Release, error)
	Rollback(ctx context.Context, r purser.RollbackRequest) (purser.Release, error)
	Delete(ctx context.Context, r purser.DeleteRequest) (purser.Release, error)
	Scale(ctx context.Context, r purser.ScaleReleaseRequest) (purser.Release, error)
	Cancel(ctx context.Context, key purser.ReleaseKey) (bool, error)
	// Status gives a version (0: the latest) with live statuses; package contents, values and manifest may be left out.
	Status(ctx context.Context, key purser.ReleaseKey, version int) (purser.Release, error)
	// Statuses gives the latest version of each known name, as Status does.
	Statuses(ctx context.Context, space string, names []string) (map[string]purser.Release, error)
	// States gives the state of each deployment of the latest version of each known name.
	States(ctx context.Context, space string, names []string) (map[string]map[string]purser.AppState, error)
	// Logs gives what the deployments of the latest version printed; app "" means all of them.
	Logs(ctx context.Context, key purser.ReleaseKey, app string) (map[string]string, error)
	Actuator(ctx context.Context, r purser.ActuatorRequest) (purser.ActuatorResponse, error)
}

// Packages is what this dialect needs of the life cycle of packages.
type Packages interface {
	Upload(ctx context.Context, r purser.UploadRequest) (purser.PackageMetadata, error)
	// Delete removes all versions of a package.
	Delete(ctx context.Context, name string) error
}
