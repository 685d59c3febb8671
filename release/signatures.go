package release

import (
	"context"

	"purser"
)

func unavailable() error { return purser.Errorf(purser.CodeUnavailable, "The server is starting.") }

// Start claims the open operations of the store and continues them.
func (e *Engine) Start(_ context.Context) error { return nil }

// Close ends the engine; what is open stays resumable.
func (e *Engine) Close(_ context.Context) error { return nil }

// Install makes a release of a package.
func (e *Engine) Install(_ context.Context, _ purser.InstallRequest) (purser.Release, error) {
	return purser.Release{}, unavailable()
}

// Upgrade replaces the current version of a release.
func (e *Engine) Upgrade(_ context.Context, _ purser.UpgradeRequest) (purser.Release, error) {
	return purser.Release{}, unavailable()
}

// Rollback brings back the content of an earlier version.
func (e *Engine) Rollback(_ context.Context, _ purser.RollbackRequest) (purser.Release, error) {
	return purser.Release{}, unavailable()
}

// Delete ends a release.
func (e *Engine) Delete(_ context.Context, _ purser.DeleteRequest) (purser.Release, error) {
	return purser.Release{}, unavailable()
}

// Scale changes the number of instances.
func (e *Engine) Scale(_ context.Context, _ purser.ScaleReleaseRequest) (purser.Release, error) {
	return purser.Release{}, unavailable()
}

// Cancel ends the upgrade under way of a key: true when it is cancelled by this.
func (e *Engine) Cancel(_ context.Context, _ purser.ReleaseKey) (bool, error) {
	return false, unavailable()
}

// Status gives a version (0: the latest) without package, values and manifest, its statuses as the platform knows them.
func (e *Engine) Status(_ context.Context, _ purser.ReleaseKey, _ int) (purser.Release, error) {
	return purser.Release{}, unavailable()
}

// Statuses gives the latest version of each name that is known, as Status does.
func (e *Engine) Statuses(_ context.Context, _ string, _ []string) (map[string]purser.Release, error) {
	return nil, unavailable()
}

// States gives, for each name that is known, the state of each deployment of the latest version.
func (e *Engine) States(_ context.Context, _ string, _ []string) (map[string]map[string]purser.AppState, error) {
	return nil, unavailable()
}

// Logs gives the logs of the latest version by deployment id; deployment "" means all.
func (e *Engine) Logs(_ context.Context, _ purser.ReleaseKey, _ string) (map[string]string, error) {
	return nil, unavailable()
}

// Actuator passes a call on to an instance of the latest version.
func (e *Engine) Actuator(_ context.Context, _ purser.ActuatorRequest) (purser.ActuatorResponse, error) {
	return purser.ActuatorResponse{}, unavailable()
}

// Strategies lists the names of the upgrade strategies.
func Strategies() []string { return []string{"redblack"} }
