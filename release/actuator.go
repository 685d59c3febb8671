package release

import (
	"context"
	"net/http"
	"slices"

	"purser"
)

// Actuator passes a call on to a management endpoint of one instance of the latest version (spec/rest.md §2.20, §10). An
// answer with a status of 400 and more is no error. CodeReleaseNotFound, CodeInvalid for a POST without endpoint, CodeNotFound
// for a deployment or instance that does not run, CodePlatform when it does not answer.
func (e *Engine) Actuator(ctx context.Context, r purser.ActuatorRequest) (purser.ActuatorResponse, error) {
	current, err := findLight(ctx, e.Store, r.Key, 0)
	if err != nil {
		return purser.ActuatorResponse{}, err
	}
	if r.Method == http.MethodPost && r.Endpoint == "" {
		return purser.ActuatorResponse{}, purser.Errorf(purser.CodeInvalid, "Actuator endpoint must not be empty")
	}
	if current.Stage.IsDeleted() || !slices.Contains(current.DeploymentIDs(), r.DeploymentID) {
		return purser.ActuatorResponse{}, purser.Errorf(purser.CodeNotFound, "app %s is not found in release %s", r.DeploymentID, r.Key.Name)
	}
	platform, err := e.Platforms.Find(current.Platform)
	if err != nil {
		return purser.ActuatorResponse{}, err
	}
	answer, err := platform.Actuator(ctx, r)
	if purser.ErrorCode(err) == purser.CodeNotFound {
		err = purser.Errorf(purser.CodeNotFound, "App with deploymentId %s and guid %s not deployed", r.DeploymentID, r.InstanceGUID)
	}
	return answer, err
}
